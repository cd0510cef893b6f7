/**
 * One bit of one index turned over, on copies of a ledger's files: found by what `verify` checks first, or refused, or
 * harmless: every answer byte for byte as before, and the next act recorded as it would have been. Seeds are printed by
 * a failure, so that a flip can be told to another. `DISCLOSURE_FLIP_EVENTS=100000` takes a generated ledger of that
 * size instead of the example year: half an hour, by hand.
 */
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sha256 } from '../../src/encoding/canonical-json.js';
import { openCaughtUp } from '../../src/runtime/open-caught-up.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { readEvents } from '../../src/read-models/journal/event-reader.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { checkFile } from '../../src/audit/verify-store/check-files.js';
import { compareReadStores, ReadStore } from '../../src/read-models/read-store.js';
import { budget } from '../support/budget.js';
import { randomFrom } from '../support/kill-import.js';
import { openTestLedger, TEST_NOW } from '../support/ledger.js';
import { run } from '../support/cli.js';

const FILES = { 'log-damaged': 'log.db', 'read-damaged': 'read.db', 'keys-damaged': 'keys.db' } as const;
type Rule = keyof typeof FILES;

interface History {
  readonly agency: string;
  readonly year: number;
  /** A released item. */
  readonly item: string;
  readonly messages: () => Promise<Iterable<unknown>>;
}

const EXAMPLE: History = {
  agency: '370828-commerce',
  year: 2017,
  item: '2017-0001',
  messages: async () =>
    readFileSync(join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
};
const generated = (count: number): History => ({
  agency: 'agency-0',
  year: 2014,
  item: '2014-0000000',
  messages: async () => {
    const { history } = (await import(join(__dirname, '../../bench/histories.mjs'))) as {
      history: (this: void, count: number) => Iterable<unknown>;
    };
    return history(count);
  },
});

const EVENTS = Number(process.env['DISCLOSURE_FLIP_EVENTS'] ?? 0);
const { agency: AGENCY, year: YEAR, item: ITEM, messages } = EVENTS > 0 ? generated(EVENTS) : EXAMPLE;
/** Few trees are in the log, many in the read store. */
const FLIPS: Readonly<Record<Rule, number>> = {
  'log-damaged': EVENTS > 0 ? 100 : budget(20, 150),
  'read-damaged': EVENTS > 0 ? 100 : budget(2, 30),
  'keys-damaged': EVENTS > 0 ? 100 : budget(20, 150),
};

const whole = mkdtempSync(join(tmpdir(), 'disclosure-whole-'));
const copy = mkdtempSync(join(tmpdir(), 'disclosure-flipped-'));
let expected: string;

/** What the ledger answers, and what it answers after one more act. */
async function answersOf(folder: string): Promise<string> {
  const runtime = await openCaughtUp({ config: { data: folder, eventStoreDbUrl: null }, now: () => TEST_NOW, notice: () => undefined });
  try {
    const before = await answers(runtime);
    // What a receipt names of the store would differ from run to run only by chance: it is part of the answer.
    const next = {
      ...{ specversion: '1.0', id: 'next', source: '/flips', type: 'disclosure.publication.checked', subject: `publication/${ITEM}` },
      ...{ time: '2018-06-01T09:00:00+08:00', agency: AGENCY, actor: 'office', data: { finding: 'ok' } },
    };
    const receipt = await runtime.writer?.recorder.recordValue(next, NO_IDENTITY);
    await runtime.writer?.runner.caughtUp(600_000);
    return JSON.stringify({ before: digestOf(before), receipt, after: digestOf(await answers(runtime)) });
  } finally {
    await runtime.close();
  }
}

const digestOf = (value: unknown): string[] => (value as unknown[]).map((one) => sha256(JSON.stringify(one)));

async function answers({ tables, trails, log, store }: Runtime): Promise<unknown> {
  const question = { agency: AGENCY, year: YEAR };
  return [
    await tables.table(question),
    await Promise.all(['1.1', '1.2.1', '9.1'].map((cell) => tables.explain({ ...question, cell }))),
    trails.trail(AGENCY, { kind: 'publication', number: ITEM }),
    await readEvents({ log, store }, { limit: 1000 }),
  ];
}

/** Pages of each index of a file, the table itself where it is one tree with its key. */
function pagesOf(file: string): [string, number[]][] {
  const db = new Database(file, { readonly: true });
  const rows = db
    .prepare(
      `SELECT s.name, s.pageno FROM dbstat s JOIN sqlite_schema m ON m.name = s.name
       WHERE m.type = 'index' OR m.sql LIKE '%WITHOUT ROWID%' ORDER BY s.name, s.pageno`,
    )
    .all() as { name: string; pageno: number }[];
  db.close();
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, pages]) => [name, pages.map(({ pageno }) => pageno)]);
}

beforeAll(async () => {
  const ledger = openTestLedger({ folder: whole });
  const receipts = await ledger.send(...(await messages()));
  expect(receipts.filter(({ status }) => status !== 'recorded')).toEqual([]);
  await ledger.settled();
  ledger.store.db.pragma('wal_checkpoint(TRUNCATE)');
  await ledger.stop();
  lay();
  expected = await answersOf(copy);
  lay();
});
afterAll(() => {
  for (const folder of [whole, copy]) rmSync(folder, { recursive: true, force: true });
});

/** The copy as it was before anything was asked of it. */
function lay(): void {
  for (const name of Object.values(FILES)) {
    copyFileSync(join(whole, name), join(copy, name));
    for (const suffix of ['-wal', '-shm', '.damaged']) rmSync(join(copy, name + suffix), { force: true });
  }
}

interface Flip {
  readonly file: string;
  readonly offset: number;
  readonly bit: number;
}

/** Turns the bit over; once more, and it is as before. */
function turn({ file, offset, bit }: Flip): void {
  const fd = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, offset);
  writeSync(fd, Buffer.of(byte.readUInt8() ^ (1 << bit)), 0, 1, offset);
  closeSync(fd);
}

/** The copy has the flip and is whole to `verify`'s check of files. Leaves it without the flip. */
async function outcomeOf(flip: Flip, where: string): Promise<'harmless' | 'refused' | 'byVerify'> {
  const given = await answersOf(copy).catch((error: Error) => error);
  lay();
  if (given === expected) return 'harmless';
  if (given instanceof Error && given.name === 'DamagedFile') return 'refused';
  turn(flip);
  // A row that is a tree of its own is content: the whole verification builds it anew and compares.
  const found = EVENTS > 0 && flip.file.endsWith('read.db') ? differsFromWhole() : (await run(['verify'], VERIFYING)).code === 1;
  lay();
  expect({ where, given, found }).toEqual({ where, given, found: true });
  return 'byVerify';
}

const VERIFYING = { folder: copy, env: { DISCLOSURE_DATA: copy } };

/**
 * What a verification compares with a rebuild, against the store as it was: of a large ledger that takes seconds, a
 * rebuild each time would take hours.
 */
function differsFromWhole(): boolean {
  const stores = [whole, copy].map((folder) => new ReadStore(join(folder, 'read.db'), { readonly: true }));
  try {
    const [before, now] = stores as [ReadStore, ReadStore];
    const marks = ({ db }: ReadStore): string => JSON.stringify(db.prepare('SELECT * FROM projections ORDER BY name').all());
    return marks(before) !== marks(now) || compareReadStores(before, now).difference !== null;
  } finally {
    for (const store of stores) store.close();
  }
}
describe.each(Object.entries(FILES) as [Rule, string][])('%s: %s', (rule, name) => {
  test(`${FLIPS[rule]} flips in each of its indexes`, async () => {
    const file = join(copy, name);
    const head = readFileSync(file).readUInt16BE(16);
    const pageSize = head === 1 ? 65536 : head;
    const found = { byVerify: 0, refused: 0, harmless: 0 };
    for (const [index, pages] of pagesOf(join(whole, name))) {
      for (let seed = 1; seed <= FLIPS[rule]; seed += 1) {
        const random = randomFrom(seed * 7919 + index.length);
        const page = pages[Math.floor(random() * pages.length)] as number;
        // Most of a page of a small table is unused: every other flip is where the page says what it holds.
        const offset = (page - 1) * pageSize + Math.floor(random() * (seed % 2 === 1 ? 64 : pageSize));
        const flip = { file, offset, bit: Math.floor(random() * 8) };
        turn(flip);
        if (checkFile(rule, file).length > 0) {
          turn(flip);
          found.byVerify += 1;
        } else found[await outcomeOf(flip, `${name} ${index} seed ${seed}: byte ${offset}, bit ${flip.bit}`)] += 1;
      }
    }
    expect(found.byVerify).toBeGreaterThan(0);
    if (EVENTS > 0) process.stderr.write(`${name}: ${JSON.stringify(found)}\n`);
  });
});

test.each(Object.entries(FILES))('the command finds %s, exits 1', async (rule, name) => {
  // … by the command: verify exits 1 and names it.
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-flipped-cli-'));
  for (const other of Object.values(FILES)) copyFileSync(join(whole, other), join(folder, other));
  const file = join(folder, name);
  const bytes = readFileSync(file);
  const [, pages] = pagesOf(file).find(([, found]) => found.length > 0) as [string, number[]];
  // The number of cells on the page.
  const at = ((pages[0] as number) - 1) * bytes.readUInt16BE(16) + 4;
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(file, bytes);
  const { code, stdout } = await run(['verify', '--json'], { folder, env: { DISCLOSURE_DATA: folder } });
  expect({ code, rules: (JSON.parse(stdout) as { findings: { rule: string }[] }).findings.map((one) => one.rule) }).toEqual({
    code: 1,
    rules: [rule],
  });
  rmSync(folder, { recursive: true, force: true });
});
