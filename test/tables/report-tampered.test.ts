/**
 * A published table edited in the log itself, hash and all: found by the checkpoint that was signed over it, and
 * nothing is signed or published on top.
 */
import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateSignerKey } from '../../src/ledger/signed-note.js';
import { lastSignedIn, type Signing } from '../../src/runtime/signing-keys.js';
import { tableHash } from '../../src/tables/table-hash.js';
import type { Table } from '../../src/tables/table.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from '../read-models/open-ledger.js';
import { record } from '../support/histories.js';
import { TEST_NOW } from '../support/ledger.js';
import { AGENCY } from '../support/messages.js';
import { compiled, published, reportOf, signed, tableNow } from '../support/reports.js';
import { oneMoreItem, smallYear } from '../support/year.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';

const ORIGIN = 'ledger.example/disclosure';
const key = generateSignerKey(ORIGIN);

let folder: string;
let ledger: OpenLedger;

function open(): OpenLedger {
  const signing: Signing = { signer: { origin: ORIGIN, keys: [key], lastSigned: lastSignedIn(folder) }, interval: 3_600_000 };
  return openLedger(
    folder,
    () => TEST_NOW,
    () => undefined,
    signing,
  );
}

beforeEach(async () => {
  folder = newFolder();
  ledger = open();
  await record(ledger, smallYear());
  await record(ledger, reportOf(await tableNow(ledger)));
  await ledger.settled();
  await ledger.close();
});

afterEach(async () => {
  await ledger.close();
  removeFolder(folder);
});

const view = (): Promise<Table> => ledger.tables.table({ agency: AGENCY, year: 2017, view: 'published' });

/** Writes another figure into the stored compilation, and its new hash wherever the report says it. */
function forge(): string {
  const db = new Database(join(folder, 'log.db'));
  const rows = db.prepare("SELECT position, type, data FROM events WHERE type LIKE 'report.%' ORDER BY position").all() as {
    position: number;
    type: string;
    data: string;
  }[];
  const first = JSON.parse(rows[0]?.data ?? '') as { tableHash: string; derived: { table: Table } };
  const table = JSON.parse(JSON.stringify(first.derived.table).replace('"value":"2"', '"value":"9"')) as Table;
  const hash = tableHash(table);
  expect(hash).not.toBe(first.tableHash);
  for (const { position, data } of rows) {
    const said = JSON.parse(data) as { tableHash: string; derived: { table?: Table } };
    const forged = {
      ...said,
      tableHash: hash,
      derived: { ...said.derived, ...(said.derived.table === undefined ? {} : { table: { ...table, hash } }) },
    };
    db.prepare('UPDATE events SET data = ? WHERE position = ?').run(JSON.stringify(forged), position);
  }
  db.close();
  return hash;
}

test('a rebuild stops at the checkpoint', async () => {
  // The read models go on with what they hold; rebuilt, the ledger stands still at the checkpoint.
  ledger = open();
  await ledger.settled();
  const before = await view();
  await ledger.close();
  const forged = forge();
  ledger = open();
  await ledger.settled();
  expect(await view()).toEqual(before);
  await ledger.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `read.db${suffix}`), { force: true });
  ledger = open();
  await ledger.settled();
  // Consistent in itself, and still not what was signed.
  expect((await view()).hash).toBe(forged);
  const stopped = ledger.store.bookmarks().find(({ name }) => name === 'ledger')?.stopped;
  expect(stopped?.why).toMatch(/checkpoint/);
  expect(() => ledger.proofs.checkpoint()).toThrow(/stands still/);
  // Another report may be compiled and signed by people, but nothing is published where no checkpoint is true.
  await record(ledger, oneMoreItem('late'));
  const table = await tableNow(ledger);
  await record(ledger, [compiled(table), ...signed(table)]);
  const receipt = await ledger.recorder.recordValue(published(table), NO_IDENTITY);
  expect(receipt).toMatchObject({ status: 'refused', error: { code: 'store-unavailable' } });
  expect(receipt.error?.message).toMatch(/ledger stands still/);
});

test('only the table edited: not handed out', async () => {
  // Only the table edited: it is not handed out either.
  const db = new Database(join(folder, 'log.db'));
  const edited = db.prepare("SELECT position, data FROM events WHERE type = 'report.compiled'").get() as { position: number; data: string };
  db.prepare('UPDATE events SET data = ? WHERE position = ?').run(edited.data.replace('"value":"2"', '"value":"9"'), edited.position);
  db.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `read.db${suffix}`), { force: true });
  ledger = open();
  await ledger.settled();
  await expect(view()).rejects.toMatchObject({ code: 'read-model-stopped' });
});
