/**
 * Tampering with what witnesses signed and with a published report, on the embedded log: found under the right rule and
 * at the right place. One ledger with three checkpoints, each cosigned, a report, and a case that was erased, is
 * tampered with in copies.
 */
import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKPOINT_STREAM, COSIGNED_TYPE } from '../../src/events/catalog.js';
import { parseCheckpoint } from '../../src/ledger/checkpoint.js';
import { cosignedData } from '../../src/ledger/cosigning.js';
import { addSignature, generateSignerKey, parseNote, type SignerKey, type VerifierKey } from '../../src/ledger/signed-note.js';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { CheckpointService } from '../../src/signing/checkpoint-service.js';
import type { Verification } from '../../src/audit/verify-store/verify-store.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from '../read-models/open-ledger.js';
import { appendForeign } from '../read-models/stored.js';
import { received } from '../support/applications.js';
import { record } from '../support/histories.js';
import { at, message } from '../support/messages.js';
import { reportOf, tableNow } from '../support/reports.js';
import { LEDGER_KEY, signingIn, verifyFolder } from '../support/verify.js';
import { smallYear } from '../support/year.js';

const witness = generateSignerKey('witness.example/w1', 'cosignature');
/** Another key that bears the name and id of the witness. */
const forger: SignerKey = { ...generateSignerKey(witness.name, 'cosignature'), id: witness.id };
const NOW = Date.parse('2030-01-01T00:00:00Z');
const A_TEXT: unknown = expect.any(String);
let clean: string;
let folder: string;
let total = 0;

const short = ({ findings }: Verification): unknown[] => findings.map(({ rule, where }) => [rule, where]);
const verify = (more: { readonly witnesses?: readonly VerifierKey[] } = {}): Promise<Verification> =>
  verifyFolder({ folder, keys: [LEDGER_KEY], witnesses: [witness], ...more });

/** Appends what a witness would have signed under the last checkpoint; gives its line. */
async function cosign({ log, store, settled }: Pick<OpenLedger, 'log' | 'store' | 'settled'>, key: SignerKey): Promise<void> {
  const note = store.checkpoints.last()?.note ?? '';
  const { size, root } = parseCheckpoint(parseNote(note).text);
  const line = addSignature(note, key, NOW).slice(note.length, -1);
  const data = cosignedData({ size, root, cosignatures: [line] });
  await log.append(CHECKPOINT_STREAM, 'any', [{ id: randomUUID(), type: COSIGNED_TYPE, version: 1, data, metadata: {} }]);
  await settled();
}

beforeAll(async () => {
  clean = newFolder();
  const ledger = openLedger(clean);
  const { log, store } = ledger;
  const keeper = new CheckpointService({ log, store, signer: signingIn(clean).signer, now: () => NOW });
  const cut = async (): Promise<void> => {
    await ledger.settled();
    expect(await keeper.cut()).toBe('signed');
    await ledger.settled();
    await cosign(ledger, witness);
  };
  await record(ledger, smallYear());
  await cut();
  await record(ledger, reportOf(await tableNow(ledger)));
  await cut();
  await record(ledger, [
    received('gone', '2017-03-01', { applicant: { kind: 'natural-person', name: '欧阳某某' }, request: '征地补偿明细' }),
    message('application.withdrawn', 'application/gone', at('2017-03-05'), 'clerk', { note: '本人撤回' }),
    message('record.erased', 'application/gone', at('2018-01-22'), 'auditor', { reason: '保存期限已满', approvedBy: 'leader' }),
  ]);
  await cut();
  total = (ledger.runner.status().bookmarks[0]?.index ?? -1) + 1;
  await ledger.close();
});

beforeEach(() => {
  folder = newFolder();
  cpSync(clean, folder, { recursive: true });
});

afterEach(() => removeFolder(folder));
afterAll(() => removeFolder(clean));

function tamper(file: 'log.db' | 'read.db', ...statements: readonly string[]): void {
  const db = new Database(join(folder, file));
  for (const sql of statements) db.exec(sql);
  db.close();
}

const STREAM = "stream_id = (SELECT stream_id FROM streams WHERE name = 'checkpoints')";

/** Changes the data of an event of the log. */
function edit<T>(where: string, change: (data: T) => unknown): void {
  const db = new Database(join(folder, 'log.db'));
  const { position, data } = db.prepare(`SELECT position, data FROM events WHERE ${where}`).get() as { position: number; data: string };
  db.prepare('UPDATE events SET data = ? WHERE position = ?').run(JSON.stringify(change(JSON.parse(data) as T)), position);
  db.close();
}

/** Makes room in the stream of checkpoints, or closes a gap, from a revision on. */
function renumber(from: number, by: number): string[] {
  return [
    `UPDATE events SET revision = -(revision + ${by}) - 1 WHERE ${STREAM} AND revision >= ${from}`,
    `UPDATE events SET revision = -revision - 1 WHERE revision < 0`,
  ];
}

test('a clean witnessed ledger holds, fully checked', async () => {
  // A clean ledger holds, with a published report and a case that was erased; nothing is left unchecked.
  expect(await verify()).toMatchObject({ holds: true, events: total, checkpoints: 3, findings: [], unchecked: [] });
  expect((await verify({ witnesses: [] })).unchecked).toEqual([expect.stringContaining('3 signatures of witnesses are of no known key')]);
});

describe('what witnesses signed', () => {
  type Said = { readonly size: number; readonly root: string; readonly cosignatures: readonly string[] };
  /** Flips a bit in the signature. */
  const otherLine = (line: string): string => {
    const [dash, name, encoded] = line.split(' ') as [string, string, string];
    const bytes = Buffer.from(encoded, 'base64');
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    return `${dash} ${name} ${bytes.toString('base64')}`;
  };
  const editLine = (): void =>
    edit<Said>(`${STREAM} AND revision = 3`, (said) => ({ ...said, cosignatures: said.cosignatures.map(otherLine) }));

  test('an edited signature is found', async () => {
    // A signature edited: its key denies it, and the read models took another.
    editLine();
    const found = await verify();
    expect(short(found)).toEqual([['cosignature-forged', { checkpoint: 3 }]]);
    expect(found.findings[0]?.also).toEqual([{ rule: 'checkpoint-changed', where: { checkpoint: 3 } }]);
    expect(short(await verify({ witnesses: [] }))).toEqual([['checkpoint-changed', { checkpoint: 3 }]]);
    rmSync(join(folder, 'read.db'));
    expect(short(await verify())).toEqual([['cosignature-forged', { checkpoint: 3 }]]);
  });

  test('another size claimed: no checkpoint is of it', async () => {
    edit<Said>(`${STREAM} AND revision = 3`, (said) => ({ ...said, size: said.size - 1 }));
    const found = await verify();
    expect(short(found)).toEqual([['cosignature-forged', { checkpoint: 3 }]]);
    expect(found.findings[0]?.also).toEqual([{ rule: 'checkpoint-changed', where: { checkpoint: 3 } }]);
  });

  test('another root claimed does not blame the log', async () => {
    // Another root claimed: the log is not blamed for it.
    edit<Said>(`${STREAM} AND revision = 5`, (said) => ({ ...said, root: Buffer.alloc(32, 7).toString('base64') }));
    expect(short(await verify())).toEqual([['cosignature-forged', { checkpoint: 5 }]]);
  });

  test('no cosignature at all', async () => {
    edit<Said>(`${STREAM} AND revision = 3`, () => ({ size: 'many' }));
    expect(short(await verify())).toEqual([['checkpoint-unreadable', { checkpoint: 3 }]]);
  });

  test('one taken out, gap closed or not', async () => {
    // One taken out, from a gap and where the others were moved up.
    tamper('log.db', `DELETE FROM events WHERE ${STREAM} AND revision = 1`);
    expect(short(await verify())).toEqual([['checkpoint-removed', { checkpoint: 1, position: A_TEXT }]]);
    tamper('log.db', ...renumber(2, -1));
    expect(short(await verify())).toEqual([['checkpoint-removed', { checkpoint: 1 }]]);
  });

  test('the last one taken out', async () => {
    tamper('log.db', `DELETE FROM events WHERE ${STREAM} AND revision = 5`);
    expect(short(await verify())).toEqual([['checkpoint-removed', { checkpoint: 5 }]]);
  });

  test('one put in between, even a right one', async () => {
    // One put in between, even one that is right.
    tamper(
      'log.db',
      ...renumber(4, 1),
      `UPDATE events SET position = -position - 1 WHERE position > (SELECT position FROM events WHERE ${STREAM} AND revision = 3)`,
      'UPDATE events SET position = -position WHERE position < 0',
      `INSERT INTO events (position, stream_id, revision, id, type, version, recorded_at, data, metadata)
         SELECT position + 1, stream_id, 4, '${randomUUID()}', type, version, recorded_at, data, metadata FROM events WHERE ${STREAM} AND revision = 3`,
    );
    expect(short(await verify())).toEqual([['checkpoint-inserted', { checkpoint: 4 }]]);
  });

  test('an unsigned one behind the others is found', async () => {
    // One that the witness did not sign put behind the others, also where a running ledger took it.
    const ledger = openLedger(folder);
    await cosign(ledger, forger);
    await ledger.close();
    expect(short(await verify())).toEqual([['cosignature-forged', { checkpoint: 6 }]]);
  });

  test('in the read store only: row named', async () => {
    // In the read store only: its row is named, and the log is not.
    tamper('read.db', `UPDATE cosignatures SET line = '— witness.example/w1 AAAAAAA=' WHERE size = ${total}`);
    const row = { size: total, name: witness.name, key_id: witness.id };
    expect(short(await verify())).toEqual([['row-changed', { table: 'cosignatures', row }]]);
    tamper('read.db', `DELETE FROM cosignatures WHERE size = ${total}`);
    expect(short(await verify())).toEqual([['row-removed', { table: 'cosignatures', row }]]);
  });
});

describe('a published report', () => {
  const compiled = (): { readonly index: number; readonly stream: string; readonly revision: number; readonly eventId: string } => {
    const db = new Database(join(folder, 'log.db'), { readonly: true });
    const row = db
      .prepare(
        "SELECT id AS eventId, name AS stream, revision, position - 1 AS at FROM events JOIN streams USING (stream_id) WHERE type = 'report.compiled'",
      )
      .get() as { eventId: string; stream: string; revision: number; at: number };
    db.close();
    const { at: before, ...rest } = row;
    // Two events of the stream of checkpoints stand before it.
    return { index: before - 2, ...rest };
  };

  test('its table edited in the log', async () => {
    // Its table edited in the log: the table, the event and the checkpoint say so.
    const event = compiled();
    edit<object>("type = 'report.compiled'", (data) => JSON.parse(JSON.stringify(data).replace('"value":"2"', '"value":"9"')) as unknown);
    const found = await verify();
    expect(short(found)).toEqual([['event-changed', event]]);
    expect(found.findings[0]?.also?.map(({ rule }) => rule)).toEqual(['published-table', 'checkpoint-contradicted']);
  });

  test('its table edited in the read store', async () => {
    // Its table edited in the read store: the row is named.
    const { index } = compiled();
    tamper('read.db', `UPDATE report_tables SET body = replace(body, '"value":"2"', '"value":"9"')`);
    expect(short(await verify())).toEqual([['row-changed', { table: 'report_tables', row: { idx: index } }]]);
  });
});

test('a read store behind the log is reported', async () => {
  // A read store behind the log is compared as far as it goes, and verify reports that.
  const log = new SqliteEventLog({ file: join(folder, 'log.db') });
  const source = await log.head();
  await appendForeign(log, { type: 'meeting.held', subject: 'meeting/late', data: { title: '会' } });
  await log.close();
  const found = await verify();
  expect(found).toMatchObject({ events: total + 1, rows: expect.any(Number) as number });
  expect(found.position).not.toBe(source);
  expect(found.unchecked).toEqual([expect.stringContaining(`ends at index ${total - 1}, the log at ${total}`)]);
  tamper('read.db', 'UPDATE cases SET acts = acts + 1 WHERE stream_id = 1');
  expect((await verify()).findings.map(({ rule }) => rule)).toContain('row-changed');
});

test('a damaged read store is one finding', async () => {
  // A read store that is damaged within is one finding, and the log is verified all the same.
  const file = join(folder, 'read.db');
  const db = new Database(file);
  db.pragma('wal_checkpoint(TRUNCATE)');
  // Pages of rows: those that say which tables there are must be left, or there is no read store to compare.
  const roots = db
    .prepare<[], number>("SELECT rootpage FROM sqlite_schema WHERE name IN ('trail', 'events', 'agency_years')")
    .pluck()
    .all();
  db.close();
  expect(roots).toHaveLength(3);
  const whole = readFileSync(file);
  for (const root of roots) whole.fill(0xff, 4096 * (root - 1), 4096 * root);
  writeFileSync(file, whole);
  const found = await verify();
  expect(found).toMatchObject({ holds: false, events: total });
  expect(found.findings.map(({ rule }) => rule)).toContain('read-damaged');
});
