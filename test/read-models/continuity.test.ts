/**
 * A log that is not whole: revisions of a stream that do not follow one another stop everything, by name; nothing is
 * counted past the gap.
 */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { createApp } from '../../src/main.js';
import { record, sendAll } from '../support/histories.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
import { foreignEvent } from './stored.js';
import { PATIENCE_MS, until } from '../support/until.js';

let ledger: OpenLedger;

beforeEach(async () => {
  ledger = openLedger(newFolder());
  await record(ledger, setUp());
  await ledger.settled();
});

afterEach(async () => {
  await ledger.close();
  removeFolder(ledger.folder);
});

const delivery = (): Message =>
  message('delivery.made', 'delivery/1', at('2017-05-01'), 'clerk', { place: '馆', medium: 'paper', items: 1 });

/** Runs SQL on the file of the log, beside every port. */
function tamper(change: (db: Database.Database) => void): void {
  const db = new Database(join(ledger.folder, 'log.db'));
  try {
    change(db);
  } finally {
    db.close();
  }
}

async function broken(): Promise<string> {
  return (await until(() => ledger.runner.status().broken)) ?? 'not broken';
}

/** Appends an event with this revision to the stream of the delivery. */
function append(revision: number): void {
  const event = foreignEvent({ type: 'delivery.made', subject: 'delivery/1', data: { place: '馆', medium: 'paper', items: 100 } });
  tamper((db) => {
    db.prepare('INSERT OR IGNORE INTO streams (name) VALUES (?)').run(`delivery-${AGENCY}/1`);
    const id = db.prepare('SELECT stream_id FROM streams WHERE name = ?').pluck().get(`delivery-${AGENCY}/1`);
    db.prepare(
      'INSERT INTO events (stream_id, revision, id, type, version, recorded_at, data, metadata) VALUES (?, ?, ?, ?, 1, 0, ?, ?)',
    ).run(id, revision, event.id, event.type, JSON.stringify(event.data), JSON.stringify(event.metadata));
  });
}

test.each([
  ['a gap in a stream', 3, /revision 3 where 1 should follow/],
  ['a stream that does not begin at 0', null, /revision 2 where 0 should follow/],
])('%s stops all read models, restarts included', async (_what, after, message_) => {
  // … stops all read models, visibly, and stays visible after a restart.
  if (after !== null) await record(ledger, [delivery()]);
  append(after ?? 2);
  expect(await broken()).toMatch(message_);
  const marks = ledger.store.bookmarks();
  expect(new Set(marks.map(({ index }) => index))).toEqual(new Set([setUp().length + (after === null ? -1 : 0)]));
  expect(marks.every(({ stopped }) => stopped === null)).toBe(true);
  await ledger.close();
  ledger = openLedger(ledger.folder);
  expect(await broken()).toMatch(message_);
});

test('health is unready, and waiting ends at once', async () => {
  // Health is not ready then, and says why; waiting for a position ends at once.
  append(7);
  expect(await broken()).toContain('revision 7');
  const app = await createApp(ledger);
  try {
    const { statusCode, payload } = await app.inject({ url: '/health/ready' });
    expect([statusCode, JSON.parse(payload)]).toMatchObject([
      503,
      { status: 'not-ready', broken: expect.stringContaining('revision 7') as unknown },
    ]);
  } finally {
    await app.close();
  }
  expect(await ledger.runner.reached('999999', PATIENCE_MS)).toBe(false);
});

test('a rebuild finds an event taken out', async () => {
  // An event taken out of the log is found by a rebuild.
  await record(ledger, [delivery(), delivery(), delivery()]);
  await ledger.settled();
  await ledger.close();
  tamper((db) =>
    db.prepare("DELETE FROM events WHERE revision = 1 AND stream_id = (SELECT stream_id FROM streams WHERE name LIKE 'delivery-%')").run(),
  );
  removeReadStore();
  ledger = openLedger(ledger.folder);
  expect(await broken()).toMatch(/delivery-test-agency\/1: revision 2 where 1 should follow/);
});

function removeReadStore(): void {
  for (const suffix of ['', '-wal', '-shm']) removeFolder(join(ledger.folder, `read.db${suffix}`));
}

test('the recorder decides on no stream with gap', async () => {
  // The recorder does not decide on a stream with a gap.
  append(4);
  await ledger.close();
  ledger = openLedger(ledger.folder);
  const [receipt] = await sendAll(ledger, [delivery()]);
  expect(receipt).toMatchObject({ status: 'refused', error: { code: 'store-unavailable' } });
});
