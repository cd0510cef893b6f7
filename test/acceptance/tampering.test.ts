/**
 * The tampering table on the embedded log: whatever is done to the files behind the program's back is found, under the
 * right rule and at the right place, by as few findings as tell it. Each case begins with a clean ledger of two
 * checkpoints and more events behind the last, which gives no finding.
 */
import Database from 'better-sqlite3';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCheckpoint, signCheckpoint, type Checkpoint } from '../../src/ledger/checkpoint.js';
import { leafText } from '../../src/ledger/leaf.js';
import { Frontier, leafHash } from '../../src/ledger/merkle.js';
import { generateSignerKey, parseNote, type SignerKey } from '../../src/ledger/signed-note.js';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { CheckpointService } from '../../src/signing/checkpoint-service.js';
import type { Verification } from '../../src/audit/verify-store/verify-store.js';
import { newFolder, openLedger, removeFolder } from '../read-models/open-ledger.js';
import { record } from '../support/histories.js';
import { AGENCY, approvedItem, at, message, released, setUp } from '../support/messages.js';
import { LEDGER_KEY, signingIn, verifyFolder } from '../support/verify.js';
import { atRest } from '../support/until.js';

const ITEMS = 60;
const A_NUMBER: unknown = expect.any(Number);
const A_TEXT: unknown = expect.any(String);
const ANYTHING: unknown = expect.anything();
let clean: string;
let folder: string;
/** Events when the two checkpoints were cut, and in all. */
let [first, second, total] = [0, 0, 0];

/** Any signature is checked unless a case says otherwise. */
const keys = [LEDGER_KEY];
const verify = (more: { readonly note?: string; readonly keys?: typeof keys } = {}): Promise<Verification> =>
  verifyFolder({ folder, keys, ...more });

const short = ({ findings }: Verification): unknown[] => findings.map(({ rule, where }) => [rule, where]);

/** What is done to a file while nobody has it open. */
function tamper(file: 'log.db' | 'read.db', ...statements: readonly string[]): void {
  const db = new Database(join(folder, file));
  for (const sql of statements) db.exec(sql);
  db.close();
}

function query<T>(file: 'log.db' | 'read.db', sql: string): T {
  const db = new Database(join(folder, file), { readonly: true });
  try {
    return db.prepare(sql).pluck().get() as T;
  } finally {
    db.close();
  }
}

const item = (index: number): unknown[] => [...approvedItem(`i-${index}`, '2017-03-01'), released(`i-${index}`, '2017-03-02', 'website')];

beforeAll(async () => {
  clean = newFolder();
  const ledger = openLedger(clean);
  const { signer } = signingIn(clean);
  const keeper = new CheckpointService({ log: ledger.log, store: ledger.store, signer, now: () => Date.parse('2030-01-01T00:00:00Z') });
  const size = async (): Promise<number> => {
    await ledger.settled();
    return (ledger.runner.status().bookmarks[0]?.index ?? -1) + 1;
  };
  const cut = async (): Promise<number> => {
    const events = await size();
    expect(await keeper.cut()).toBe('signed');
    return events;
  };
  await record(ledger, setUp());
  for (let index = 0; index < ITEMS; index += 1) {
    await record(ledger, item(index));
    if (index === 19) first = await cut();
    if (index === 54) second = await cut();
  }
  const subject = 'publication/i-3';
  // What history also has: a refusal, an act taken back, an agency that ends a role.
  await ledger.recorder.recordValue(
    { ...message('meeting.held', 'meeting/1', at('2017-05-01'), 'clerk'), agency: 'nobody' },
    {
      attestation: 'none',
      caller: null,
    },
  );
  const withdrawn = message('publication.checked', subject, at('2017-05-02'), 'editor', { finding: 'ok' });
  await record(ledger, [
    withdrawn,
    message('record.voided', subject, at('2017-05-03'), 'auditor', { message: { id: withdrawn.id }, reason: '错', approvedBy: 'leader' }),
    message('agency.role-ended', `agency/${AGENCY}`, at('2017-02-01'), 'root', { actor: 'lawyer', role: 'regulations-reviewer' }),
  ]);
  total = await size();
  await ledger.close();
});

beforeEach(() => {
  folder = newFolder();
  cpSync(clean, folder, { recursive: true });
});

afterEach(() => removeFolder(folder));
afterAll(() => removeFolder(clean));

test('a clean ledger gives no finding', async () => {
  expect(await verify()).toEqual({
    holds: true,
    events: total,
    position: A_TEXT,
    checkpoints: 2,
    rows: A_NUMBER,
    findings: [],
    unchecked: [],
  });
});

/** Where an event of the ledger stands in the files. */
interface Stood {
  readonly index: number;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
}

function stood(index: number): Stood & { readonly position: number } {
  const db = new Database(join(folder, 'log.db'), { readonly: true });
  const position = query<number>('read.db', `SELECT position FROM events WHERE idx = ${index}`);
  const row = db
    .prepare('SELECT name AS stream, revision, id AS eventId FROM events JOIN streams USING (stream_id) WHERE position = ?')
    .get(position) as Omit<Stood, 'index'>;
  db.close();
  return { index, ...row, position };
}

const place = ({ position: _, ...rest }: Stood & { readonly position: number }): Stood => rest;
const contradicted = (): unknown => ['checkpoint-contradicted', { checkpoint: 1, index: first, to: second - 1 }];
/** What else shows the one deed that was found. */
const alsoIn = ({ findings: [only] }: Verification): unknown[] => (only?.also ?? []).map(({ rule, where }) => [rule, where]);

describe('one event', () => {
  const edits: readonly (readonly [string, string])[] = [
    ['a byte of its data', `data = replace(data, '"derived"', '"dErived"')`],
    ['a byte of its metadata', `metadata = replace(metadata, '"none"', '"nome"')`],
    ['what attests it', `metadata = replace(metadata, '"attestation":"none"', '"attestation":"own-token"')`],
    ['its time of recording', 'recorded_at = recorded_at + 1'],
    ['its version', 'version = version + 1'],
  ];
  test.each(edits)('%s changed behind the last checkpoint', async (_, set) => {
    const event = stood(second + 5);
    tamper('log.db', `UPDATE events SET ${set} WHERE position = ${event.position}`);
    expect(short(await verify())).toEqual([['event-changed', place(event)]]);
  });

  test.each(edits)('%s changed before a checkpoint: it tells', async (_, set) => {
    // … changed before a checkpoint, which says so too.
    const event = stood(first + 40);
    tamper('log.db', `UPDATE events SET ${set} WHERE position = ${event.position}`);
    const found = await verify();
    expect(short(found)).toEqual([['event-changed', place(event)]]);
    expect(alsoIn(found)).toEqual([contradicted()]);
  });

  test('its type changed', async () => {
    const event = stood(second + 5);
    tamper('log.db', `UPDATE events SET type = 'publication.checked' WHERE position = ${event.position}`);
    const found = await verify();
    expect(short(found)).toEqual([['event-changed', place(event)]]);
    expect(found.findings[0]?.message).toMatch(/its type was publication\.\w+, it is publication\.checked/);
  });

  test('its id changed: it is another', async () => {
    // Its id changed: it says itself that it is another.
    const event = stood(second + 5);
    const id = '00000000-0000-4000-8000-000000000000';
    tamper('log.db', `UPDATE events SET id = '${id}' WHERE position = ${event.position}`);
    const found = await verify();
    expect(short(found)).toEqual([['event-changed', place(event)]]);
    expect(alsoIn(found)).toEqual([['event-inconsistent', { ...place(event), eventId: id }]]);
  });

  test('its data broken: the rest is read', async () => {
    // Its data no JSON any more: the rest is read all the same.
    const event = stood(second + 5);
    tamper('log.db', `UPDATE events SET data = substr(data, 2) WHERE position = ${event.position}`);
    const { stream, revision, position, index } = event;
    expect(short(await verify())).toEqual([['event-unreadable', { index, stream, revision, position: String(position) }]]);
  });

  test('deleted', async () => {
    const event = stood(second + 5);
    const next = stood(second + 6);
    expect(next.stream).toBe(event.stream);
    tamper('log.db', `DELETE FROM events WHERE position = ${event.position}`);
    expect(short(await verify())).toEqual([['event-removed', place(event)]]);
  });

  test('deleted before a checkpoint, many leaves moved', async () => {
    // Deleted before a checkpoint, with many leaves that moved.
    const event = stood(first + 41);
    tamper('log.db', `DELETE FROM events WHERE position = ${event.position}`);
    const found = await verify();
    expect(short(found)).toEqual([['event-removed', place(event)]]);
    expect(alsoIn(found)).toEqual([contradicted()]);
  });

  test('several side by side deleted: one finding', async () => {
    const [from, to] = [stood(second + 6), stood(second + 8)];
    expect(from.stream).toBe(to.stream);
    tamper('log.db', `DELETE FROM events WHERE position BETWEEN ${from.position} AND ${to.position}`);
    expect(short(await verify())).toEqual([['event-removed', { ...place(from), to: to.index }]]);
  });

  test('inserted in the middle', async () => {
    // A place is made for it: positions are moved up from behind.
    const event = stood(second + 4);
    tamper(
      'log.db',
      `UPDATE events SET position = -(position + 1) WHERE position > ${event.position}`,
      'UPDATE events SET position = -position WHERE position < 0',
      `INSERT INTO streams (name) VALUES ('meeting-${AGENCY}/forged')`,
      `INSERT INTO events (position, stream_id, revision, id, type, version, recorded_at, data, metadata)
       SELECT ${event.position + 1}, (SELECT MAX(stream_id) FROM streams), 0, '00000000-0000-4000-8000-00000000000f', 'meeting.held', 1, recorded_at, '{"title":"会","derived":{}}',
         '{"source":"/x","id":"1","agency":"${AGENCY}","subject":"meeting/forged","at":"2017-01-01T00:00:00Z"}' FROM events WHERE position = ${event.position}`,
    );
    const where = {
      index: second + 5,
      stream: `meeting-${AGENCY}/forged`,
      revision: 0,
      eventId: '00000000-0000-4000-8000-00000000000f',
    };
    const found = await verify();
    expect(short(found)).toEqual([['event-inserted', { ...where, position: String(event.position + 1) }]]);
    expect(alsoIn(found)).toEqual([['event-inconsistent', where]]);
  });

  test('two that have changed places', async () => {
    // Of different cases: each stream is still in order.
    const [a, b] = [stood(second + 1), stood(second + 10)];
    expect(a.stream).not.toBe(b.stream);
    tamper(
      'log.db',
      `UPDATE events SET position = -1 WHERE position = ${a.position}`,
      `UPDATE events SET position = ${a.position} WHERE position = ${b.position}`,
      `UPDATE events SET position = ${b.position} WHERE position = -1`,
    );
    const found = await verify();
    expect(short(found)).toEqual([['event-reordered', place(a)]]);
    expect(found.findings[0]?.message).toContain(`${a.index} and ${b.index} have changed places`);
  });
});

describe('more than one event', () => {
  test('the end cut off, behind the last checkpoint', async () => {
    const from = stood(second + 4);
    tamper('log.db', `DELETE FROM events WHERE position >= ${from.position}`);
    expect(short(await verify())).toEqual([['log-truncated', { ...place(from), to: total - 1 }]]);
  });

  test('a whole stream replaced', async () => {
    const event = stood(second + 7);
    tamper(
      'log.db',
      `UPDATE events SET data = replace(data, 'passed', 'passeD'), recorded_at = recorded_at + 1 WHERE stream_id = (SELECT stream_id FROM streams WHERE name = '${event.stream}')`,
    );
    expect(short(await verify())).toEqual([['stream-replaced', { stream: event.stream, index: A_NUMBER, to: A_NUMBER }]]);
  });

  test('a whole stream deleted', async () => {
    const event = stood(second + 7);
    tamper('log.db', `DELETE FROM events WHERE stream_id = (SELECT stream_id FROM streams WHERE name = '${event.stream}')`);
    expect(short(await verify())).toEqual([['stream-removed', { stream: event.stream, index: A_NUMBER, to: A_NUMBER }]]);
  });
});

describe('the log put back to before a checkpoint', () => {
  const back = (): void => {
    const from = stood(second - 20);
    tamper('log.db', `DELETE FROM events WHERE position >= ${from.position}`);
  };
  const rolledBack = (checkpoint: string | number): unknown => ['log-rolled-back', { checkpoint, index: second - 20, to: second - 1 }];

  test('with its read store', async () => {
    back();
    const found = await verify();
    expect(short(found)).toEqual([rolledBack(1)]);
    expect(alsoIn(found)).toEqual([
      ['log-truncated', { ...place({ ...stoodBefore(second - 20) }), to: total - 1 }],
      ['checkpoint-removed', { checkpoint: 1 }],
    ]);
  });

  test('without its read store: the signing state tells', async () => {
    // Without its read store: what was signed last here says so.
    back();
    rmSync(join(folder, 'read.db'));
    const found = await verify();
    expect(short(found)).toEqual([rolledBack('last-checkpoint')]);
    expect(found.unchecked).toEqual([expect.stringContaining('no read store')]);
  });

  test('without either, only a checkpoint elsewhere tells', async () => {
    // Without either nothing here knows; a checkpoint kept elsewhere does.
    const note = readFileSync(join(folder, 'last-checkpoint'), 'utf8');
    back();
    rmSync(join(folder, 'read.db'));
    rmSync(join(folder, 'last-checkpoint'));
    expect((await verify()).holds).toBe(true);
    expect(short(await verify({ note }))).toEqual([rolledBack('kept')]);
  });

  test('and grown again by other events', async () => {
    const note = readFileSync(join(folder, 'last-checkpoint'), 'utf8');
    back();
    rmSync(join(folder, 'read.db'));
    rmSync(join(folder, 'last-checkpoint'));
    const ledger = openLedger(folder);
    await record(
      ledger,
      Array.from({ length: 40 }, (_, index) => message('meeting.held', `meeting/${index}`, at('2017-06-01'), 'clerk', { title: '会' })),
    );
    await ledger.settled();
    await ledger.close();
    expect((await verify()).holds).toBe(true);
    expect(short(await verify({ note }))).toEqual([['checkpoint-contradicted', { checkpoint: 'kept', index: first, to: second - 1 }]]);
  });
});

/** As the clean ledger has it. */
function stoodBefore(index: number): Stood & { readonly position: number } {
  const tampered = folder;
  folder = clean;
  try {
    return stood(index);
  } finally {
    folder = tampered;
  }
}

test('a rebuilt read store contradicts its checkpoints', async () => {
  // A log changed under a read store that was rebuilt: its checkpoints contradict it.
  const event = stood(first + 40);
  tamper('log.db', `UPDATE events SET data = replace(data, '"derived"', '"dErived"') WHERE position = ${event.position}`);
  rmSync(join(folder, 'read.db'));
  const ledger = openLedger(folder, undefined, () => undefined);
  await atRest(ledger.runner);
  await ledger.close();
  const found = await verify();
  expect(short(found)).toEqual([contradicted()]);
  expect(alsoIn(found).map((one) => (one as string[])[0])).toEqual(Array(3).fill('read-model-stopped'));
});

/** Every table of the read store but the tree's, with the order of its rows. */
const { tiles: _tiles, ...TABLES } = { ...ReadStore.tables(), projections: 'name' } as Record<string, string>;

/** What an edit and a forged row of a table look like: of the last column that is no key, where there is one. */
function columnsOf(table: string): { readonly key: string; readonly text: string; readonly names: string; readonly values: string } {
  const db = new Database(join(folder, 'read.db'), { readonly: true });
  const columns = db.pragma(`table_info(${table})`) as { name: string; type: string }[];
  db.close();
  const key = TABLES[table] as string;
  const isKey = ({ name }: { readonly name: string }): boolean => key.split(', ').includes(name);
  const [edited] = [...columns.filter((column) => !isKey(column)).slice(-1), ...columns.slice(-1)];
  if (edited === undefined) throw new Error(`${table} has no columns`);
  const other = {
    INTEGER: `COALESCE(${edited.name}, 0) + 1`,
    TEXT: `COALESCE(${edited.name}, '') || 'x'`,
    BLOB: `zeroblob(length(${edited.name}))`,
  };
  const made = { INTEGER: '1', TEXT: `'x'`, BLOB: `x'00'` };
  return {
    key,
    text: `${edited.name} = ${other[edited.type as keyof typeof other]}`,
    names: columns.map(({ name }) => name).join(', '),
    values: columns.map(({ type }) => made[type as keyof typeof made]).join(', '),
  };
}

describe('the read store', () => {
  test('a tile, before a checkpoint and behind it', async () => {
    tamper(
      'read.db',
      `UPDATE tiles SET hashes = CAST(substr(hashes, 1, 640) || zeroblob(32) || substr(hashes, 673) AS BLOB) WHERE level = 0 AND n = 0`,
    );
    expect(short(await verify())).toEqual([['tile-changed', { table: 'tiles', tile: { level: 0, n: 0 }, index: 20 }]]);
  });

  test('a tile deleted', async () => {
    tamper('read.db', `DELETE FROM tiles WHERE level = 0 AND n = 0`);
    expect(short(await verify())).toEqual([['tile-changed', { table: 'tiles', tile: { level: 0, n: 0 }, index: 0 }]]);
  });

  test.each(Object.keys(TABLES))('a row of %s edited, deleted, added', async (table) => {
    const rows = query<number>('read.db', `SELECT COUNT(*) FROM ${table}`);
    if (rows === 0) {
      // Nothing of this history stands in it: a row is made up.
      const { names, values } = columnsOf(table);
      tamper('read.db', `INSERT INTO ${table} (${names}) VALUES (${values})`);
      expect(short(await verify())).toEqual([['row-inserted', { table, row: ANYTHING }]]);
      return;
    }
    const { text, key } = columnsOf(table);
    const pick = `(SELECT ${key} FROM ${table} ORDER BY ${key} LIMIT 1 OFFSET ${Math.floor(rows / 2)})`;
    tamper('read.db', `UPDATE ${table} SET ${text} WHERE (${key}) = ${pick}`);
    expect(short(await verify())).toEqual([['row-changed', { table, row: ANYTHING }]]);
    for (const suffix of ['-wal', '-shm']) rmSync(join(folder, `read.db${suffix}`), { force: true });
    cpSync(join(clean, 'read.db'), join(folder, 'read.db'));
    tamper('read.db', `DELETE FROM ${table} WHERE (${key}) = ${pick}`);
    expect(short(await verify())).toEqual([['row-removed', { table, row: ANYTHING }]]);
  });
});

describe('checkpoints', () => {
  /** What a checkpoint of the log says, changed. */
  const rewrite = (revision: number, change: (note: string) => string): void => {
    const db = new Database(join(folder, 'log.db'));
    const where = "stream_id = (SELECT stream_id FROM streams WHERE name = 'checkpoints') AND revision = ?";
    const { note } = JSON.parse(db.prepare(`SELECT data FROM events WHERE ${where}`).pluck().get(revision) as string) as { note: string };
    db.prepare(`UPDATE events SET data = ? WHERE ${where}`).run(JSON.stringify({ note: change(note) }), revision);
    db.close();
  };
  const signedAgain =
    (key: SignerKey, checkpoint?: Partial<Checkpoint>) =>
    (note: string): string =>
      signCheckpoint({ ...parseCheckpoint(parseNote(note).text), ...checkpoint }, [key], Date.parse('2030-01-01T00:00:00Z'));
  const otherRoot = (note: string): string => note.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${Buffer.alloc(32, 7).toString('base64')}\n`);

  test('the root edited: signature and read store tell', async () => {
    // The root in a note edited: its signature denies it, its copy in the read store is another.
    rewrite(0, otherRoot);
    const found = await verify();
    expect(short(found)).toEqual([['checkpoint-changed', { checkpoint: 0 }]]);
    expect(alsoIn(found)).toEqual([
      ['checkpoint-signature', { checkpoint: 0 }],
      ['checkpoint-contradicted', { checkpoint: 0, index: 0, to: first - 1 }],
    ]);
  });

  test('the root edited, without key and read store', async () => {
    // The same without any key, and without a read store.
    rewrite(0, otherRoot);
    const rules = async (): Promise<unknown[]> => (await verify({ keys: [] })).findings.map(({ rule }) => rule);
    expect(await rules()).toEqual(['checkpoint-changed']);
    rmSync(join(folder, 'read.db'));
    expect(await rules()).toEqual(['checkpoint-contradicted']);
  });

  test('a note that is none', async () => {
    rewrite(1, () => 'none');
    const found = await verify();
    expect(short(found)).toEqual([['checkpoint-changed', { checkpoint: 1 }]]);
    expect(alsoIn(found)).toEqual([['checkpoint-unreadable', { checkpoint: 1 }]]);
  });

  test('signed again with another key', async () => {
    const other = generateSignerKey(LEDGER_KEY.name);
    rewrite(1, signedAgain(other));
    const found = await verify();
    expect(short(found)).toEqual([['checkpoint-changed', { checkpoint: 1 }]]);
    expect(alsoIn(found)).toEqual([['checkpoint-signature', { checkpoint: 1 }]]);
  });

  test('an unknown old key is no finding', async () => {
    // An old key that is not known any more is no finding where a later checkpoint stands on the same log.
    const old = generateSignerKey(LEDGER_KEY.name);
    rewrite(0, signedAgain(old));
    rmSync(join(folder, 'read.db'));
    const found = await verify();
    expect(found.findings).toEqual([]);
    expect(found.unchecked).toContainEqual(expect.stringContaining('1 checkpoints bear no known key'));
    expect((await verify({ keys: [LEDGER_KEY, old] })).unchecked).toEqual([expect.stringContaining('no read store')]);
  });

  test('the first of them deleted', async () => {
    tamper('log.db', "DELETE FROM events WHERE stream_id = (SELECT stream_id FROM streams WHERE name = 'checkpoints') AND revision = 0");
    expect(short(await verify())).toEqual([['checkpoint-removed', { checkpoint: 0, position: A_TEXT }]]);
  });

  test('a re-signed log contradicts kept checkpoints', async () => {
    // A log that its own operator rewrote and signed again contradicts what anybody kept.
    const note = readFileSync(join(folder, 'last-checkpoint'), 'utf8');
    const event = stood(first + 40);
    tamper('log.db', `UPDATE events SET data = replace(data, '"derived"', '"dErived"') WHERE position = ${event.position}`);
    const [root] = await rootsNow();
    rewrite(1, signedAgain(LEDGER_KEY, { root }));
    // The read store of before still knows, and names the event.
    const found = await verify();
    expect(short(found)).toEqual([
      ['checkpoint-changed', { checkpoint: 1 }],
      ['event-changed', place(event)],
    ]);
    expect(found.findings[1]?.also).toEqual([
      { rule: 'checkpoint-contradicted', where: { checkpoint: 'last-checkpoint', index: first, to: second - 1 } },
    ]);
    rmSync(join(folder, 'read.db'));
    rmSync(join(folder, 'last-checkpoint'));
    expect((await verify()).findings).toEqual([]);
    expect(short(await verify({ note }))).toEqual([['checkpoint-contradicted', { checkpoint: 'kept', index: first, to: second - 1 }]]);
  });

  /** The root of the tree as the log is now, of the size of the second checkpoint. */
  async function rootsNow(): Promise<Buffer[]> {
    const log = new SqliteEventLog({ file: join(folder, 'log.db'), readonly: true });
    const tree = new Frontier();
    for (const event of await log.readAll(null, 1000))
      if (event.stream !== 'checkpoints' && tree.size < second) tree.append(leafHash(leafText(event)));
    await log.close();
    return [tree.root()];
  }
});

test('damaged file bytes are named, nothing throws', async () => {
  // A byte of the files themselves: what is damaged is named, and nothing thrown.
  const damage = (name: string, at: number): void => {
    const bytes = readFileSync(join(folder, name));
    bytes.fill(0xff, at, at + 2000);
    writeFileSync(join(folder, name), bytes);
  };
  // In the middle of the table of events.
  damage('log.db', 40_000);
  expect((await verify()).findings.map(({ rule }) => rule)).toContain('log-damaged');
});
