/**
 * One deed, one finding: whatever is done once to the files of a ledger, wherever in it, with its read store or
 * without, is told once and names its place. What else shows the same deed stands under the finding.
 */
import Database from 'better-sqlite3';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointService } from '../../src/signing/checkpoint-service.js';
import { newFolder, openLedger, removeFolder } from '../read-models/open-ledger.js';
import { record } from '../support/histories.js';
import { AGENCY, approvedItem, released, setUp } from '../support/messages.js';
import { LEDGER_KEY, signingIn, verifyFolder } from '../support/verify.js';

const ITEMS = 24;
let clean: string;
let folder: string;
/**
 * Events when the two checkpoints were cut, and in all; the last checkpoint of the variant that is signed to its end.
 */
let [first, second, total] = [0, 0, 0];
let signedToEnd: string;

beforeAll(async () => {
  [clean, signedToEnd] = [newFolder(), newFolder()];
  const ledger = openLedger(clean);
  const keeper = new CheckpointService({
    ...{ log: ledger.log, store: ledger.store, signer: signingIn(clean).signer },
    now: () => Date.parse('2030-01-01T00:00:00Z'),
  });
  const cut = async (): Promise<number> => {
    await ledger.settled();
    expect(await keeper.cut()).toBe('signed');
    await ledger.settled();
    return (ledger.runner.status().bookmarks[0]?.index ?? -1) + 1;
  };
  await record(ledger, setUp());
  for (let index = 0; index < ITEMS; index += 1) {
    await record(ledger, [...approvedItem(`i-${index}`, '2017-03-01'), released(`i-${index}`, '2017-03-02', 'website')]);
    if (index === 7) first = await cut();
    if (index === 15) second = await cut();
  }
  await ledger.settled();
  total = (ledger.runner.status().bookmarks[0]?.index ?? -1) + 1;
  await ledger.close();
  cpSync(clean, signedToEnd, { recursive: true });
  const end = openLedger(signedToEnd);
  const last = new CheckpointService({ log: end.log, store: end.store, signer: signingIn(signedToEnd).signer, now: Date.now });
  await end.settled();
  expect(await last.cut()).toBe('signed');
  await end.settled();
  await end.close();
});

afterEach(() => removeFolder(folder));
afterAll(() => [clean, signedToEnd].forEach(removeFolder));

interface Stored {
  readonly position: number;
  readonly stream: string;
  readonly streamId: number;
  readonly revision: number;
}

/** An event of the ledger by its index. */
function eventAt(db: Database.Database, index: number): Stored {
  return db
    .prepare(
      `SELECT position, name AS stream, stream_id AS streamId, revision FROM events JOIN streams USING (stream_id)
       WHERE name <> 'checkpoints' ORDER BY position LIMIT 1 OFFSET ?`,
    )
    .get(index) as Stored;
}

const run = (db: Database.Database, sql: string, ...values: unknown[]): void => void db.prepare(sql).run(...values);

/** Positions from one on make room. */
function moveUp(db: Database.Database, position: number): void {
  run(db, 'UPDATE events SET position = -(position + 1) WHERE position > ?', position);
  run(db, 'UPDATE events SET position = -position WHERE position < 0');
}

interface Deed {
  /** Does it at an index; gives the first and the last index that it touched, as they were. */
  readonly act: (db: Database.Database, index: number) => readonly [number, number];
  readonly rule: string;
  /**
   * What is found where there is no read store to hold the log against, and where no checkpoint covers it; null =
   * nothing can.
   */
  readonly alone?: string | null;
}

const edit =
  (set: string) =>
  (db: Database.Database, index: number): readonly [number, number] => {
    run(db, `UPDATE events SET ${set} WHERE position = ?`, eventAt(db, index).position);
    return [index, index];
  };

const swap = (db: Database.Database, index: number, other: number): readonly [number, number] => {
  const [a, b] = [eventAt(db, index).position, eventAt(db, other).position];
  run(db, 'UPDATE events SET position = -1 WHERE position = ?', a);
  run(db, 'UPDATE events SET position = ? WHERE position = ?', a, b);
  run(db, 'UPDATE events SET position = ? WHERE position = -1', b);
  return [index, other];
};

const remove =
  (count: number) =>
  (db: Database.Database, index: number): readonly [number, number] => {
    const positions = Array.from({ length: count }, (_, more) => eventAt(db, index + more).position);
    for (const position of positions) run(db, 'DELETE FROM events WHERE position = ?', position);
    return [index, index + count - 1];
  };

const FORGED = '00000000-0000-4000-8000-00000000000f';

const insert =
  (stream: (db: Database.Database, event: Stored) => number, id: string) =>
  (db: Database.Database, index: number): readonly [number, number] => {
    const event = eventAt(db, index);
    moveUp(db, event.position);
    run(
      db,
      `INSERT INTO events (position, stream_id, revision, id, type, version, recorded_at, data, metadata)
       SELECT position + 1, ?, COALESCE((SELECT MAX(revision) + 1 FROM events WHERE stream_id = ?), 0), ${id}, type, version, recorded_at, data, metadata
       FROM events WHERE position = ?`,
      ...[stream(db, event), stream(db, event), event.position],
    );
    return [index + 1, index + 1];
  };

const ofNewStream = (db: Database.Database): number => {
  run(db, `INSERT OR IGNORE INTO streams (name) VALUES ('meeting-${AGENCY}/forged')`);
  return db.prepare(`SELECT stream_id FROM streams WHERE name = 'meeting-${AGENCY}/forged'`).pluck().get() as number;
};

const DEEDS: Readonly<Record<string, Deed>> = {
  'a byte of the data changed': { act: edit(`data = replace(data, '"derived"', '"dErived"')`), rule: 'event-changed', alone: null },
  'the metadata changed': { act: edit(`metadata = json_set(metadata, '$.actor', 'nobody')`), rule: 'event-changed', alone: null },
  'the time moved on by an hour': { act: edit('recorded_at = recorded_at + 3600000'), rule: 'event-changed', alone: 'time-goes-back' },
  'the time moved back by an hour': { act: edit('recorded_at = recorded_at - 3600000'), rule: 'event-changed', alone: 'time-goes-back' },
  'the type changed': { act: edit(`type = 'publication.checked'`), rule: 'event-changed', alone: null },
  'the version changed': { act: edit('version = version + 1'), rule: 'event-changed', alone: null },
  'the id changed': { act: edit(`id = '${FORGED}'`), rule: 'event-changed', alone: 'event-inconsistent' },
  'the revision changed': { act: edit('revision = revision + 100'), rule: 'event-changed', alone: 'stream-gap' },
  'no JSON any more': { act: edit('data = substr(data, 2)'), rule: 'event-unreadable', alone: 'event-unreadable' },
  removed: { act: remove(1), rule: 'event-removed', alone: 'stream-gap' },
  'three side by side removed': { act: remove(3), rule: 'event-removed' },
  'swapped with the next': { act: (db, index) => swap(db, index, index + 1), rule: 'event-reordered', alone: 'stream-gap' },
  'swapped with one far behind': { act: (db, index) => swap(db, index, index + 9), rule: 'event-reordered' },
  'put in, of a new stream': { act: insert(ofNewStream, `'${FORGED}'`), rule: 'event-inserted', alone: 'event-inconsistent' },
  'put in behind its stream': { act: insert((_, { streamId }) => streamId, `'${FORGED}'`), rule: 'event-inserted' },
};

type Where = readonly [string, () => number];
const WHERE: readonly Where[] = [
  ['before the first checkpoint', () => first - 12],
  ['between checkpoints', () => first + 12],
  ['behind the last', () => second + 12],
];

const cases = Object.entries(DEEDS).flatMap(([name, deed]) => WHERE.map(([where, index]) => [name, where, deed, index] as const));

async function done(of: string, act: (db: Database.Database) => readonly [number, number], readStore = true) {
  folder = newFolder();
  cpSync(of, folder, { recursive: true });
  const db = new Database(join(folder, 'log.db'));
  const touched = db.transaction(() => act(db))();
  db.close();
  if (!readStore) for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `read.db${suffix}`), { force: true });
  const { findings } = await verifyFolder({ folder, keys: [LEDGER_KEY] });
  return { findings, touched };
}

test.each(cases)('an event %s, %s', async (_name, _where, { act, rule }, index) => {
  for (const history of [clean, signedToEnd]) {
    const { findings, touched } = await done(history, (db) => act(db, index()));
    expect(findings.map((finding) => finding.rule)).toEqual([rule]);
    const { index: from = NaN, to = from } = findings[0]?.where ?? {};
    expect(from).toBeLessThanOrEqual(touched[1]);
    expect(to).toBeGreaterThanOrEqual(touched[0]);
    removeFolder(folder);
  }
});

test.each(cases.filter(([, , { alone }]) => alone !== undefined))(
  'an event %s, %s, without a read store',
  async (_name, where, { act, alone }, index) => {
    // An event …, …, and no read store to compare with.
    const { findings } = await done(clean, (db) => act(db, index()), false);
    const covered = where !== 'behind the last';
    const ofItself = alone === 'time-goes-back' || alone === 'event-inconsistent';
    // What an event says of itself may have been so when the checkpoint was signed: without leaves nobody knows that
    // both are one deed.
    const only = [...(alone === null || ofItself ? (covered ? ['checkpoint-contradicted'] : []) : []), ...(alone == null ? [] : [alone])];
    expect(findings.map(({ rule }) => rule).sort()).toEqual(only);
  },
);

describe('more than one event', () => {
  const cut = (db: Database.Database, from: number, checkpoints: boolean): readonly [number, number] => {
    const { position } = eventAt(db, from);
    const kept = checkpoints ? '' : " AND stream_id <> (SELECT stream_id FROM streams WHERE name = 'checkpoints')";
    run(db, `DELETE FROM events WHERE position >= ?${kept}`, position);
    return [from, total - 1];
  };

  test.each([
    ['behind the last checkpoint', clean_, 4, 'log-truncated'],
    ['the last event alone', clean_, 1, 'log-truncated'],
    ['with the last checkpoint', clean_, 50, 'log-rolled-back'],
    ['with the checkpoint of the end', ended_, 4, 'log-rolled-back'],
  ] as const)('the end cut off %s', async (_what, of, back, rule) => {
    const { findings } = await done(of(), (db) => cut(db, total - back, true));
    expect(findings.map((finding) => finding.rule)).toEqual([rule]);
    expect(findings[0]?.where.index).toBe(total - back);
  });

  test('the end cut off, its checkpoint left', async () => {
    const { findings } = await done(signedToEnd, (db) => cut(db, total - 4, false));
    expect(findings.map(({ rule, where: { index, to }, also }) => [rule, index, to, also?.map((one) => one.rule)])).toEqual([
      ['log-truncated', total - 4, total - 1, ['log-rolled-back']],
    ]);
  });

  test('a stream changed, and a stream removed', async () => {
    const { streamId } = await streamAt(first + 12);
    const all = (set: string) => (db: Database.Database) => {
      run(db, `UPDATE events SET ${set} WHERE stream_id = ?`, streamId);
      return [0, 0] as const;
    };
    expect((await done(signedToEnd, all(`metadata = json_set(metadata, '$.actor', 'x')`))).findings.map(({ rule }) => rule)).toEqual([
      'stream-replaced',
    ]);
    removeFolder(folder);
    const gone = await done(signedToEnd, (db) => {
      run(db, 'DELETE FROM events WHERE stream_id = ?', streamId);
      return [0, 0];
    });
    expect(gone.findings.map(({ rule }) => rule)).toEqual(['stream-removed']);
  });

  test('two distant deeds are two findings', async () => {
    // Two deeds far from each other are two findings.
    const { findings } = await done(signedToEnd, (db) => {
      edit(`data = replace(data, '"derived"', '"dErived"')`)(db, first - 12);
      remove(1)(db, second + 12);
      return [0, 0];
    });
    expect(findings.map(({ rule, where: { index } }) => [rule, index])).toEqual([
      ['event-changed', first - 12],
      ['event-removed', second + 12],
    ]);
  });

  test('a clock set back is one finding', async () => {
    // A clock that was set back for a while is one finding, at its events.
    const { findings } = await done(
      clean,
      (db) => {
        for (let more = 0; more < 5; more += 1) edit('recorded_at = recorded_at - 3600000')(db, second + 12 + more);
        return [0, 0];
      },
      false,
    );
    expect(findings.map(({ rule, where: { index, to } }) => [rule, index, to])).toEqual([['time-goes-back', second + 12, second + 16]]);
  });
});

describe('checkpoints', () => {
  const OF = "stream_id = (SELECT stream_id FROM streams WHERE name = 'checkpoints')";

  test.each<[string, readonly string[], string, number]>([
    ['one removed', [`DELETE FROM events WHERE ${OF} AND revision = 1`], 'checkpoint-removed', 1],
    ['all removed', [`DELETE FROM events WHERE ${OF}`], 'checkpoint-removed', 0],
    ['the first behind the others', [`UPDATE events SET position = 100000 WHERE ${OF} AND revision = 0`], 'checkpoint-removed', 0],
    ['one renumbered', [`UPDATE events SET revision = 77 WHERE ${OF} AND revision = 1`], 'checkpoint-removed', 1],
    ['another version', [`UPDATE events SET version = 2 WHERE ${OF} AND revision = 1`], 'checkpoint-changed', 1],
  ])('%s', async (_what, statements, rule, checkpoint) => {
    const { findings } = await done(signedToEnd, (db) => {
      for (const sql of statements) db.exec(sql);
      return [0, 0];
    });
    expect(findings.map((finding) => [finding.rule, finding.where.checkpoint])).toEqual([[rule, checkpoint]]);
  });
});

describe('rows of the read store', () => {
  const rows = async (...statements: readonly string[]) => {
    folder = newFolder();
    cpSync(clean, folder, { recursive: true });
    const db = new Database(join(folder, 'read.db'));
    for (const sql of statements) db.exec(sql);
    db.close();
    return (await verifyFolder({ folder, keys: [LEDGER_KEY] })).findings.map(({ rule, where: { table, rows: count } }) => [
      rule,
      table,
      count,
    ]);
  };

  test.each<[string, readonly string[], unknown[]]>([
    ['a whole table emptied', ['DELETE FROM cases'], ['row-removed', 'cases', expect.any(Number)]],
    ['a column of every row changed', ['UPDATE cases SET acts = acts + 1'], ['row-changed', 'cases', expect.any(Number)]],
    ['some rows side by side removed', ['DELETE FROM events WHERE idx BETWEEN 40 AND 49'], ['row-removed', 'events', 10]],
    [
      'a bookmark that says no position',
      [`UPDATE projections SET position = 'x' WHERE name = 'journal'`],
      ['row-changed', 'projections', undefined],
    ],
    ['a row put elsewhere in the order', ['UPDATE cases SET stream_id = 100000 WHERE stream_id = 5'], ['row-changed', 'cases', undefined]],
  ])('%s', async (_what, statements, found) => {
    expect(await rows(...statements)).toEqual([found]);
  });
});

function clean_(): string {
  return clean;
}

function ended_(): string {
  return signedToEnd;
}

async function streamAt(index: number): Promise<Stored> {
  const db = new Database(join(clean, 'log.db'), { readonly: true });
  const stored = eventAt(db, index);
  db.close();
  return Promise.resolve(stored);
}
