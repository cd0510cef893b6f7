/** The tree in the read store is the tree of the log: every event, in order, whatever it is and however it came. */
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leafText } from '../../src/ledger/leaf.js';
import { leafHash, rootOf } from '../../src/ledger/merkle.js';
import { readerOfTiles, tilesOf } from '../../src/ledger/tiles.js';
import type { NewEvent, StoredEvent } from '../../src/log/event-log.js';
import { storedTiles } from '../../src/read-models/ledger/ledger.js';
import { compareReadStores, ReadStore } from '../../src/read-models/read-store.js';
import { ProjectionRunner } from '../../src/read-models/runner.js';
import { mth, tileOf } from '../ledger/c2sp.js';
import { record, sendAll } from '../support/histories.js';
import { at, message, released, setUp } from '../support/messages.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
import { appendForeign, foreignEvent } from './stored.js';
import { PATIENCE_MS } from '../support/until.js';

let ledger: OpenLedger;

beforeEach(async () => {
  ledger = openLedger(newFolder());
  await record(ledger, setUp());
});

afterEach(async () => {
  await ledger.close();
  removeFolder(ledger.folder);
});

async function everyEvent(): Promise<readonly StoredEvent[]> {
  return ledger.log.readAll(null, 1_000_000);
}

/** Insists that the stored tiles are exactly those of the log's events; gives their number. */
async function expectTreeOfTheLog(): Promise<number> {
  await ledger.settled();
  const leaves = (await everyEvent()).map((event) => leafHash(leafText(event)));
  const tiles = [...tilesOf(leaves.length)];
  expect(ledger.store.db.prepare('SELECT level, n FROM tiles ORDER BY level, n').raw().all()).toEqual(
    tiles.map(({ level, n }) => [level, n]),
  );
  const stored = storedTiles(ledger.store.db);
  for (const { level, n } of tiles) expect(stored(level, n)?.equals(tileOf(leaves, level, n))).toBe(true);
  expect(rootOf(leaves.length, readerOfTiles(stored))).toEqual(mth(leaves));
  return leaves.length;
}

/** Many events at once, as no recorder would make them: `count` streams of one event. */
async function appendMany(count: number, name: string): Promise<void> {
  const events = Array.from({ length: count }, (_, number): [string, NewEvent] => {
    const subject = `meeting/${name}-${number}`;
    return [`meeting-370828-commerce/${name}-${number}`, foreignEvent({ type: 'meeting.held', subject, data: { title: '会议' } })];
  });
  await Promise.all(events.map(([stream, event]) => ledger.log.append(stream, 'no-stream', [event])));
}

function stopped(): readonly string[] {
  return ledger.runner
    .status()
    .bookmarks.filter((bookmark) => bookmark.stopped !== null)
    .map(({ name }) => name);
}

async function reopenedAfter(change: (db: Database.Database) => void): Promise<void> {
  await ledger.settled();
  await ledger.close();
  const db = new Database(join(ledger.folder, 'read.db'));
  change(db);
  db.close();
  ledger = openLedger(ledger.folder);
  await ledger.settled();
}

test('acts, voids and refusals are leaves in order', async () => {
  // Acts, voids and refusals have a leaf each, in the order of the log.
  const early = released('9', '2017-03-02', 'website');
  await sendAll(ledger, [early, { nonsense: true }]);
  await ledger.settled();
  await sendAll(ledger, [early]);
  await record(ledger, [message('meeting.held', 'meeting/1', at('2017-11-01'), 'clerk', { title: '会议' })]);
  const size = await expectTreeOfTheLog();
  expect(size).toBe((await everyEvent()).length);
  expect((await everyEvent()).map(({ type }) => type)).toEqual(expect.arrayContaining(['refusal.kept', 'refusal.repeated']));
});

test('any batches give the same tree', async () => {
  // One by one, in hundreds and over the edges of tiles and transactions.
  await expectTreeOfTheLog();
  const before = (await everyEvent()).length;
  // One short of a full tile, then the one that fills it, then one more.
  await appendMany(255 - before, 'a');
  expect(await expectTreeOfTheLog()).toBe(255);
  await appendMany(1, 'b');
  expect(await expectTreeOfTheLog()).toBe(256);
  await appendMany(1, 'c');
  expect(await expectTreeOfTheLog()).toBe(257);
  await appendMany(1100, 'd');
  expect(await expectTreeOfTheLog()).toBe(1357);
});

test('started again at any size it continues', async () => {
  // Started again at any size it goes on there.
  for (const [name, count] of Object.entries({ a: 3, b: 240, c: 300 })) {
    await appendMany(count, name);
    await ledger.settled();
    await reopenedAfter(() => undefined);
    await expectTreeOfTheLog();
  }
});

test('unknown events are leaves, though counting stops', async () => {
  // Events of types and versions that nobody here knows are in the tree, while the counting stops at them.
  await appendForeign(ledger.log, { type: 'publication.eaten', subject: 'publication/1' });
  await appendForeign(ledger.log, { type: 'meeting.held', version: 99, subject: 'meeting/1' });
  await appendForeign(ledger.log, { type: 'meeting.held', subject: 'meeting/2', data: { title: '会议' } });
  const size = await expectTreeOfTheLog();
  expect(stopped()).not.toContain('ledger');
  expect(stopped()).toContain('contributions');
  expect(ledger.store.bookmarks().find(({ name }) => name === 'ledger')?.index).toBe(size - 1);
});

test('a rebuild agrees, a changed leaf is found', async () => {
  // A rebuild cut into other transactions has the same rows, and one changed leaf is found.
  await appendMany(600, 'a');
  await ledger.settled();
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-tiles-'));
  const rebuilt = new ReadStore(join(folder, 'read.db'));
  const end = (await ledger.log.head()) as string;
  const runner = new ProjectionRunner(ledger.log, rebuilt, { until: end });
  runner.start();
  expect(await runner.reached(end, PATIENCE_MS)).toBe(true);
  await runner.stop();
  expect(compareReadStores(rebuilt, ledger.store).difference).toBeNull();
  const tile = storedTiles(rebuilt.db)(0, 1) as Buffer;
  tile[100] = (tile[100] as number) ^ 1;
  rebuilt.db.prepare('UPDATE tiles SET hashes = ? WHERE level = 0 AND n = 1').run(tile);
  expect(compareReadStores(rebuilt, ledger.store).difference).toBe('tiles, row 1');
  rebuilt.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['lacks its last tile', 'DELETE FROM tiles WHERE level = 0'],
  ['holds a tile that is too short', 'UPDATE tiles SET hashes = substr(hashes, 1, length(hashes) - 32) WHERE level = 0'],
  ['holds a tile that is too long', 'UPDATE tiles SET hashes = randomblob(length(hashes) + 32) WHERE level = 0'],
])('a store that %s stops the ledger alone', async (_what, sql) => {
  // A read store that … stops the ledger and nothing else, and is rebuilt with the projection.
  await reopenedAfter((db) => db.exec(sql));
  await record(ledger, [message('meeting.held', 'meeting/1', at('2017-11-01'), 'clerk', { title: '会议' })]);
  await ledger.settled();
  expect(stopped()).toEqual(['ledger']);
  await reopenedAfter((db) => db.exec("UPDATE projections SET version = 0 WHERE name = 'ledger'"));
  expect(stopped()).toEqual([]);
  await expectTreeOfTheLog();
});

test('a lagging tree catches up beside the others', async () => {
  // A tree that lags catches up beside the others.
  await appendMany(300, 'a');
  await ledger.settled();
  await reopenedAfter((db) => {
    // As a shorter run of it would have left it: the tiles of the first 256 events.
    const position = db.prepare('SELECT CAST(position AS TEXT) FROM events WHERE idx = 255').pluck().get();
    db.exec('DELETE FROM tiles WHERE level = 0 AND n = 1');
    db.prepare("UPDATE projections SET idx = 255, position = ? WHERE name = 'ledger'").run(position);
  });
  expect(stopped()).toEqual([]);
  await expectTreeOfTheLog();
});
