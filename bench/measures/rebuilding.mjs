// Every read model built anew, and the least that any replay has to do: two plain tables and a bookmark.
import Database from 'better-sqlite3';
import { rmSync, statSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { EventStoreDbEventLog } from '../../dist/log/eventstoredb-event-log.js';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';
import { PROJECTIONS, ReadStore } from '../../dist/read-models/read-store.js';
import { ProjectionRunner } from '../../dist/read-models/runner.js';
import { timed } from '../measure.mjs';

const PAGE = 1000;
const A_DAY = 24 * 60 * 60 * 1000;

const filesOf = (file) => ['', '-wal', '-shm'].map((suffix) => file + suffix);
const bytesOf = (file) => filesOf(file).reduce((sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0);

function remove(file) {
  for (const one of filesOf(file)) rmSync(one, { force: true });
}

/** Resident memory at each quarter of the way, and the peak as the operating system knows it. */
function watchMemory(index, count) {
  const quarters = [];
  const look = () => {
    while (quarters.length < 4 && index() >= Math.floor((count * (quarters.length + 1)) / 4) - 1) quarters.push(process.memoryUsage.rss());
  };
  const timer = setInterval(look, 20);
  return () => {
    look();
    clearInterval(timer);
    return { quarters, peak: process.resourceUsage().maxRSS * 1024 };
  };
}

/** `look` is given the read store before it goes. */
export async function rebuild(log, { file, count, look = () => undefined }) {
  remove(file);
  const store = new ReadStore(file);
  const runner = new ProjectionRunner(log, store);
  const stopWatching = watchMemory(() => runner.status().bookmarks[0].index, count);
  const { value, seconds, cpu } = await timed(async () => {
    runner.start();
    return runner.caughtUp(A_DAY);
  });
  const memory = stopWatching();
  const { bookmarks, broken } = runner.status();
  await log.close();
  await runner.stop();
  look(store);
  const disk = bytesOf(file);
  store.close();
  remove(file);
  const stopped = bookmarks.find((bookmark) => bookmark.stopped !== null);
  if (!value || stopped !== undefined) throw new Error(`the rebuild stopped: ${broken ?? JSON.stringify(stopped)}`);
  return { count: bookmarks[0].index + 1, seconds, cpu, disk, ...memory };
}

export function fromEmbedded({ log, file, count }) {
  return rebuild(new SqliteEventLog({ file: log, readonly: true }), { file, count });
}

/** The same without the Merkle tree: the list of read models is one shorter in this process. */
export function withoutLedger(args) {
  PROJECTIONS.splice(
    PROJECTIONS.findIndex(({ name }) => name === 'ledger'),
    1,
  );
  return fromEmbedded(args);
}

export function fromEventStoreDb({ url, namespace, file, count }) {
  return rebuild(new EventStoreDbEventLog({ url, namespace }), { file, count });
}

/** Reads and parses the same events, a row for each and a count for each type; rows and bookmark in one transaction. */
export async function bare({ log, file, count }) {
  remove(file);
  const source = new Database(log, { readonly: true });
  const page = source.prepare(
    'SELECT e.position, s.name AS stream, e.revision, e.id, e.type, e.data, e.metadata FROM events e JOIN streams s USING (stream_id) WHERE e.position > ? ORDER BY e.position LIMIT ?',
  );
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(`CREATE TABLE acts (idx INTEGER PRIMARY KEY, id TEXT NOT NULL, stream TEXT NOT NULL, type TEXT NOT NULL, at TEXT NOT NULL) STRICT;
    CREATE TABLE counts (agency TEXT, year TEXT, type TEXT, n INTEGER NOT NULL, PRIMARY KEY (agency, year, type)) STRICT, WITHOUT ROWID;
    CREATE TABLE bookmark (position INTEGER NOT NULL) STRICT;
    INSERT INTO bookmark VALUES (0)`);
  const add = db.prepare('INSERT INTO acts VALUES (?, ?, ?, ?, ?)');
  const sum = db.prepare('INSERT INTO counts VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1');
  const save = db.prepare('UPDATE bookmark SET position = ?');
  let index = 0;
  const stopWatching = watchMemory(() => index - 1, count);
  const apply = db.transaction((rows) => {
    for (const row of rows) {
      const data = JSON.parse(row.data);
      const { agency, at } = JSON.parse(row.metadata);
      add.run(index, row.id, row.stream, data.channel ?? row.type, at);
      sum.run(agency, at.slice(0, 4), row.type);
      index += 1;
    }
    save.run(rows.at(-1).position);
  });
  const { seconds, cpu } = await timed(async () => {
    for (let rows = page.all(0, PAGE); rows.length > 0; rows = page.all(rows.at(-1).position, PAGE)) {
      apply(rows);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  const memory = stopWatching();
  source.close();
  db.close();
  remove(file);
  return { count: index, seconds, cpu, ...memory };
}
