// NDJSON in: as `disclosure import` does it, the same without read models, and the least that any read-decide-append
// has to do.
import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageLines } from '../../dist/cli/message-lines.js';
import { runImport } from '../../dist/cli/commands/import.js';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';
import { ReadStore } from '../../dist/read-models/read-store.js';
import { ProjectionRunner } from '../../dist/read-models/runner.js';
import { openCaughtUp } from '../../dist/runtime/open-caught-up.js';
import { CaseKeys } from '../../dist/sealing/case-keys.js';
import { SqliteKeyStore } from '../../dist/sealing/key-store.js';
import { CaseStore } from '../../dist/recording/facts/case-store.js';
import { inOrder } from '../../dist/recording/in-order.js';
import { MessageIndex } from '../../dist/read-models/journal/message-index.js';
import { MessageRecorder } from '../../dist/recording/message-recorder.js';
import { NO_IDENTITY } from '../../dist/recording/sender.js';
import { RefusalService } from '../../dist/recording/refusal-service.js';
import { RemedyIndex } from '../../dist/read-models/cases/remedy-index.js';
import { ReportFactsService } from '../../dist/tables/report-facts.js';
import { TableReader } from '../../dist/tables/table-reader.js';
import { peakMemory, timed } from '../measure.mjs';
import { storedEvents } from './events.mjs';

/** Messages on their way at once, as in src/cli/import/record-files.ts. */
const IN_FLIGHT = 128;
/** Appends sharing a transaction in the bare one, as in src/log/sqlite-event-log.ts. */
const GROUP = 512;

/** The whole command but the start of Node. What the read models still lacked at its end is measured too. */
export async function throughTheCommand({ file, folder }) {
  process.env.DISCLOSURE_DATA = folder;
  const { value, seconds, cpu } = await timed(() => runImport([file]));
  if (value.refused > 0) throw new Error(`the history was refused: ${JSON.stringify(value.refusals[0])}`);
  const after = await timed(async () => {
    const runtime = await openCaughtUp({ config: { data: folder, eventStoreDbUrl: null } });
    await runtime.close();
  });
  return { count: value.recorded, seconds, cpu, rest: after.seconds, restCpu: after.seconds * after.cpu, peak: peakMemory() };
}

/** The same messages through the same recorder, with a read store that nobody fills. */
export async function withoutReadModels({ file, folder }) {
  mkdirSync(folder);
  const log = new SqliteEventLog({ file: join(folder, 'log.db') });
  const store = new ReadStore(join(folder, 'read.db'));
  const keyStore = new SqliteKeyStore(join(folder, 'keys.db'));
  const keys = new CaseKeys(keyStore);
  const now = Date.now;
  const refusals = new RefusalService({ log, store, keys: keyStore, now });
  const reports = new ReportFactsService({
    store,
    tables: new TableReader(store, Date.now),
    runner: new ProjectionRunner(log, store),
    cut: null,
    notice: () => undefined,
  });
  const parts = {
    log,
    cases: new CaseStore(log, keys),
    index: new MessageIndex(store, { settled: () => true }),
    room: () => null,
    remedies: new RemedyIndex(store),
    refusals,
    reports,
    keys,
    now,
  };
  const recorder = new MessageRecorder(parts);
  let count = 0;
  const lines = messageLines([file], () => undefined);
  const { seconds, cpu } = await timed(async () => {
    for await (const receipt of inOrder(lines, IN_FLIGHT, ({ bytes }) => recorder.recordBytes(bytes, NO_IDENTITY))) {
      if (receipt.status !== 'recorded') throw new Error(JSON.stringify(receipt));
      count += 1;
    }
  });
  await log.close();
  keys.close();
  store.close();
  keyStore.close();
  return { count, seconds, cpu };
}

/**
 * Per event: the last revision of its stream, a decision that only adds one, the same JSON. Nothing is parsed, checked
 * or hashed.
 */
export async function bare({ log, folder, count }) {
  const events = storedEvents(log, count);
  mkdirSync(folder);
  const db = new Database(join(folder, 'bare.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    data TEXT NOT NULL, metadata TEXT NOT NULL, UNIQUE (stream, revision)) STRICT`);
  const last = db.prepare('SELECT MAX(revision) FROM events WHERE stream = ?').pluck();
  const insert = db.prepare('INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)');
  const { seconds, cpu } = await timed(() => {
    for (let start = 0; start < events.length; start += GROUP) {
      db.exec('BEGIN IMMEDIATE');
      for (const { stream, id, type, data, metadata } of events.slice(start, start + GROUP)) {
        insert.run(stream, (last.get(stream) ?? -1) + 1, id, type, data, metadata);
      }
      db.exec('COMMIT');
    }
  });
  db.close();
  return { count: events.length, seconds, cpu };
}
