// Ours, for the comparison with other libraries: commands the whole way, and the projection that all of them build.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SqliteEventLog } from '../../../dist/log/sqlite-event-log.js';
import { PROJECTIONS } from '../../../dist/read-models/read-store.js';
import { openWriter } from '../../../dist/runtime/runtime.js';
import { messageLines } from '../../../dist/cli/message-lines.js';
import { NO_IDENTITY } from '../../../dist/recording/sender.js';
import { inFlight, timed } from '../../measure.mjs';
import { storedEvents } from '../events.mjs';
import { rebuild } from '../rebuilding.mjs';
import { ADD, COUNT, countedOf, DROP, rowOf, sureOf, TABLES, TOTALS } from './same-work.mjs';

/** Ours: the whole way of a message, validation, keys, read models and all. */
export async function commands({ file, folder, flight, count }) {
  const runtime = openWriter({ config: { data: folder, eventStoreDbUrl: null } });
  const lines = [];
  for await (const { bytes } of messageLines([file], () => undefined)) {
    lines.push(bytes);
    if (lines.length === count) break;
  }
  let next = 0;
  const { seconds, cpu } = await timed(() =>
    inFlight(flight, () => {
      const bytes = lines[next++];
      if (bytes === undefined) return undefined;
      return async () => {
        const receipt = await runtime.writer.recorder.recordBytes(bytes, NO_IDENTITY);
        if (receipt.status !== 'recorded') throw new Error(JSON.stringify(receipt));
      };
    }),
  );
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
  return { count: lines.length, seconds, cpu };
}

/** A log of our own with as many events as the others get. */
export async function fill({ folder, log, count }) {
  mkdirSync(folder, { recursive: true });
  const target = new SqliteEventLog({ file: join(folder, 'log.db') });
  const appended = storedEvents(log, count).map(({ stream, id, type, version, data, metadata }) =>
    target.append(stream, 'any', [{ id, type, version, data: JSON.parse(data), metadata: JSON.parse(metadata) }]),
  );
  await Promise.all(appended);
  await target.close();
  return { count: appended.length };
}

const projected = ({ stream, type, metadata }) => ({ stream, type, agency: metadata.agency, at: metadata.at });

function writerOf(db) {
  const [count, add] = [COUNT, ADD].map((sql) => db.prepare(sql));
  return (event) => {
    count.run(...countedOf(event));
    add.run(...rowOf(event));
  };
}

/** The only read model of our runner: the journal, which every read model stands on, is written beside it. */
const sameWork = {
  name: 'same-work',
  version: 1,
  schema: TABLES.join(';'),
  tables: { counts: 'agency, type', trail_rows: 'idx' },
  figures: [],
  handles: [],
  ignores: [],
  everything: true,
  open(db) {
    const write = writerOf(db);
    return { apply: ({ stored }) => write(projected(stored)), flush: () => undefined, reset: () => undefined };
  },
};

export async function onRunner({ log, file, count }) {
  PROJECTIONS.splice(0, PROJECTIONS.length, sameWork);
  const look = (store) => sureOf('our runner', store.db.prepare(TOTALS).get(), count);
  return rebuild(new SqliteEventLog({ file: log, readonly: true }), { file, count, look });
}

/** By the log's subscription alone, in a transaction for each batch, as a program beside ours would do it. */
export async function onLog({ log, file, count }) {
  const source = new SqliteEventLog({ file: log, readonly: true });
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  for (const sql of [...DROP, ...TABLES, 'DROP TABLE IF EXISTS bookmark', 'CREATE TABLE bookmark (position TEXT)']) db.exec(sql);
  db.exec('INSERT INTO bookmark VALUES (NULL)');
  const [write, save] = [writerOf(db), db.prepare('UPDATE bookmark SET position = ?')];
  const apply = db.transaction((events) => {
    for (const event of events) write(projected(event));
    save.run(events.at(-1).position);
  });
  const end = new globalThis.AbortController();
  const { seconds, cpu } = await timed(async () => {
    let seen = 0;
    for await (const { events } of source.subscribe(null, end.signal)) {
      if (events.length > 0) apply(events);
      seen += events.length;
      if (seen >= count) break;
    }
  });
  end.abort();
  sureOf('our log', db.prepare(TOTALS).get(), count);
  db.close();
  await source.close();
  rmSync(file);
  return { count, seconds, cpu };
}
