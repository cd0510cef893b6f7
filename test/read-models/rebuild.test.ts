/**
 * Read models are disposable: deleted, of another version, or applied again, they come out the same rows in the same
 * order.
 */
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareReadStores, PROJECTIONS, ReadStore } from '../../src/read-models/read-store.js';
import { ProjectionRunner } from '../../src/read-models/runner.js';
import { checkLedger } from '../support/check-ledger.js';
import { record, sendAll } from '../support/histories.js';
import { AGENCY, approvedItem, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
import { PATIENCE_MS } from '../support/until.js';

let ledger: OpenLedger;
let copies: string;

/** Something of everything: voids, refusals, late arrivals, a role ended early, a chain changed, figures. */
function history(): Message[] {
  const agency = (type: string, day: string, data: Record<string, unknown>): Message =>
    message(`agency.${type}`, `agency/${AGENCY}`, at(day), 'root', data);
  const second = released('1', '2018-01-05', 'weibo');
  const same = { contentHash: hashOf('same') };
  return [
    ...setUp(),
    ...approvedItem('1', '2017-03-01', { normative: 'rules', documentNumber: '一号' }),
    second,
    released('1', '2017-03-02', 'website'),
    message('record.voided', 'publication/1', at('2018-06-01'), 'auditor', {
      message: { id: second.id },
      reason: '错',
      approvedBy: 'leader',
    }),
    ...approvedItem('2', '2017-04-01', same),
    ...approvedItem('3', '2017-04-01', same),
    released('2', '2017-04-02', 'gazette', same.contentHash),
    released('3', '2017-04-02', 'gazette', same.contentHash),
    message('hotspot.answered', 'hotspot/1', at('2017-05-01'), 'clerk', { topic: '物价', means: 'other' }),
    agency('figure-declared', '2018-01-10', { year: 2017, form: '2014-shandong', cell: '9.4', value: '0.2', evidence: '文' }),
    agency('role-ended', '2017-03-15', { actor: 'lawyer', role: 'regulations-reviewer' }),
    agency('clearance-chain-set', '2017-09-01', { steps: [] }),
    message('training.held', 'training/1', at('2017-10-01'), 'clerk', { title: '培训', trainees: 12 }),
  ];
}

beforeEach(async () => {
  ledger = openLedger(newFolder());
  copies = mkdtempSync(join(tmpdir(), 'disclosure-copies-'));
  await record(ledger, history());
  await sendAll(ledger, [released('9', '2017-03-02', 'website'), released('9', '2017-03-02', 'website'), { nonsense: true }]);
  await ledger.settled();
});

afterEach(async () => {
  await ledger.close();
  removeFolder(ledger.folder);
  rmSync(copies, { recursive: true, force: true });
});

/** A copy of the read models as they are now, to compare with later. */
async function copy(): Promise<string> {
  const file = join(copies, `${Math.random()}.db`);
  await ledger.store.db.backup(file);
  return file;
}

function difference(file: string): string | null {
  const before = new ReadStore(file);
  try {
    return compareReadStores(before, ledger.store).difference;
  } finally {
    before.close();
  }
}

async function reopenedAfter(change: (db: Database.Database) => void): Promise<void> {
  await ledger.close();
  const db = new Database(join(ledger.folder, 'read.db'));
  change(db);
  db.close();
  ledger = openLedger(ledger.folder);
  await ledger.settled();
}

test('rebuilt ones equal the live ones', async () => {
  // Rebuilt from nothing they equal the live ones.
  await checkLedger(ledger.log, ledger.store);
});

test('a changed, missing or extra row is found', async () => {
  // The comparison finds a single changed, a missing and a superfluous row.
  const file = await copy();
  expect(difference(file)).toBeNull();
  const spoil = (sql: string): string | null => {
    const db = new Database(file);
    db.exec(`BEGIN; ${sql}; COMMIT`);
    db.close();
    return difference(file);
  };
  expect(spoil('UPDATE sums SET amount = amount + 1 WHERE key_id = 1')).toMatch(/^sums/);
  expect(spoil('DELETE FROM cases WHERE stream_id = (SELECT MAX(stream_id) FROM cases)')).not.toBeNull();
  expect(spoil("INSERT INTO names (name) VALUES ('nobody')")).toMatch(/^names/);
});

test.each([...PROJECTIONS.map(({ name }) => name), 'journal'])('%s of another version is rebuilt', async (name) => {
  // … of another version is thrown away and rebuilt, beside the others.
  const file = await copy();
  const marks = ledger.store.bookmarks();
  await reopenedAfter((db) => db.prepare('UPDATE projections SET version = 0 WHERE name = ?').run(name));
  expect(difference(file)).toBeNull();
  expect(ledger.store.bookmarks()).toEqual(marks);
  // And it goes on from there.
  await record(ledger, [message('meeting.held', 'meeting/1', at('2017-11-01'), 'clerk', { title: '会议' })]);
  await ledger.settled();
  await checkLedger(ledger.log, ledger.store);
});

test('one that lags catches up, counting once', async () => {
  // One that lags in the middle of the log catches up while the others wait for it, and counts nothing twice.
  const file = await copy();
  await reopenedAfter((db) => {
    // As a crash or a shorter run would leave it: rows and bookmark of an earlier event.
    const [middle, position] = db.prepare('SELECT idx, CAST(position AS TEXT) FROM events WHERE idx = 20').raw().get() as [number, string];
    db.prepare('DELETE FROM trail WHERE idx > ?').run(middle);
    db.prepare('DELETE FROM role_changes WHERE idx > ?').run(middle);
    db.prepare('DELETE FROM signed_without_role WHERE idx > ?').run(middle);
    db.prepare("UPDATE projections SET idx = ?, position = ? WHERE name = 'audit-trail'").run(middle, position);
  });
  expect(difference(file)).toBeNull();
});

test('repeated restarts change nothing', async () => {
  // Started again and again on the same log nothing changes.
  const file = await copy();
  for (let time = 0; time < 3; time += 1) await reopenedAfter(() => undefined);
  expect(difference(file)).toBeNull();
});

test('built to an event they hold nothing later', async () => {
  // Built up to an event they hold that event and nothing behind it.
  const [position] = ledger.store.db.prepare('SELECT CAST(position AS TEXT) FROM events WHERE idx = 15').raw().get() as [string];
  const store = new ReadStore(join(copies, 'part.db'));
  const runner = new ProjectionRunner(ledger.log, store, { until: position });
  runner.start();
  expect(await runner.reached(position, PATIENCE_MS)).toBe(true);
  await runner.stop();
  expect(store.bookmarks().map(({ index }) => index)).toEqual([...PROJECTIONS, 'journal'].map(() => 15));
  expect(store.db.prepare('SELECT COUNT(*) FROM events').pluck().get()).toBe(16);
  store.close();
});
