/**
 * The threads of `verify`: whatever was done to the files, they find what is found where one thing is done after the
 * other, and the command answers it.
 */
import Database from 'better-sqlite3';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatVerifierKey } from '../../src/ledger/signed-note.js';
import { CheckpointService } from '../../src/signing/checkpoint-service.js';
import { openLedger } from '../read-models/open-ledger.js';
import { newFolder, run } from '../support/cli.js';
import { record } from '../support/histories.js';
import { approvedItem, released, setUp } from '../support/messages.js';
import { LEDGER_KEY, signingIn, verifyFolder } from '../support/verify.js';

const clean = newFolder();
let folder: string;

const item = (index: number): unknown[] => [...approvedItem(`i-${index}`, '2017-03-01'), released(`i-${index}`, '2017-03-02', 'website')];

beforeAll(async () => {
  const ledger = openLedger(join(clean, 'data'));
  const { signer } = signingIn(join(clean, 'data'));
  const keeper = new CheckpointService({ log: ledger.log, store: ledger.store, signer, now: () => Date.parse('2030-01-01T00:00:00Z') });
  await record(ledger, setUp());
  for (const to of [20, 40]) {
    for (let index = to - 20; index < to; index += 1) await record(ledger, item(index));
    await ledger.settled();
    expect(await keeper.cut()).toBe('signed');
  }
  await record(ledger, item(40));
  await ledger.settled();
  await ledger.close();
});

beforeEach(() => {
  folder = newFolder();
  cpSync(clean, folder, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => rmSync(clean, { recursive: true, force: true }));

function tamper(file: 'log.db' | 'read.db', sql: string): void {
  const db = new Database(join(folder, 'data', file));
  db.exec(sql);
  db.close();
}

/** Where the events of a stream of checkpoints stand. */
const CHECKPOINTS = `SELECT position FROM events JOIN streams USING (stream_id) WHERE name = 'checkpoints'`;

const DEEDS: readonly (readonly [string, 'log.db' | 'read.db', string, readonly string[]])[] = [
  ['nothing', 'log.db', 'SELECT 1', []],
  ['an event edited', 'log.db', `UPDATE events SET data = '{}' WHERE position = 60`, ['event-changed']],
  ['an event deleted', 'log.db', 'DELETE FROM events WHERE position = 50', ['event-removed']],
  ['two events exchanged', 'log.db', EXCHANGE(50, 90), ['event-reordered']],
  ['an event twice', 'log.db', 'UPDATE events SET id = (SELECT id FROM events WHERE position = 51) WHERE position = 52', ['event-changed']],
  ['the end cut off', 'log.db', 'DELETE FROM events WHERE position > 150', ['log-rolled-back']],
  ['what is no JSON', 'log.db', `UPDATE events SET data = '{' WHERE position = 70`, ['event-unreadable']],
  ['a checkpoint before its events', 'log.db', `UPDATE events SET position = -1 WHERE position = (${CHECKPOINTS} LIMIT 1)`, []],
  ['a bookmark beyond the log', 'read.db', 'UPDATE projections SET position = 100000', ['row-changed']],
  ['a bookmark of no event', 'read.db', `UPDATE projections SET position = 205, idx = idx - 3 WHERE name = 'journal'`, []],
  ['the ledger behind', 'read.db', `UPDATE projections SET idx = idx - 1 WHERE name = 'ledger'`, []],
  ['a tile edited', 'read.db', `UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE level = 0`, []],
  ['a tile deleted', 'read.db', 'DELETE FROM tiles', []],
  ['a tile too many', 'read.db', `INSERT INTO tiles VALUES (3, 0, zeroblob(32))`, ['row-inserted']],
  ['rows edited', 'read.db', `UPDATE trail SET idx = idx + 1000 WHERE idx IN (80, 81, 95)`, []],
  ['a row of another type', 'read.db', `UPDATE events SET message_id = message_id || ' ' WHERE idx = 40`, ['row-changed']],
  ['an earlier version', 'read.db', `UPDATE projections SET version = 0 WHERE name = 'trail'`, []],
];

function EXCHANGE(one: number, other: number): string {
  return `UPDATE events SET position = -5 WHERE position = ${one}; UPDATE events SET position = ${one} WHERE position = ${other};
    UPDATE events SET position = ${other} WHERE position = -5`;
}

test.each(DEEDS)('%s: found alike in threads', async (_name, file, sql, rules) => {
  tamper(file, sql);
  cpSync(join(folder, 'data'), join(folder, 'copy'), { recursive: true });
  const here = await verifyFolder({ folder: join(folder, 'copy'), keys: [LEDGER_KEY] });
  const found = await run(['verify', '--json', '--key', formatVerifierKey(LEDGER_KEY)], { folder });
  expect([found.stderr, found.code]).toEqual(['', here.holds ? 0 : 1]);
  expect(found.json()).toEqual(JSON.parse(JSON.stringify(here)));
  if (rules.length > 0) expect(here.findings.map(({ rule }) => rule)).toEqual(rules);
});

test('threads leave nothing behind', async () => {
  mkdirSync(join(folder, 'tmp'));
  const found = await run(['verify'], { folder, env: { TMPDIR: join(folder, 'tmp') } });
  expect([found.stderr, found.code]).toEqual(['', 0]);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
});
