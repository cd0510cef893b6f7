/**
 * One bit of one index turned over, on copies of a ledger's files: found by what `verify` checks first, or refused, or harmless: every answer byte for byte
 * as before, and the next act recorded as it would have been. Seeds are printed by a failure, so that a flip can be told to another.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sha256 } from '../../src/ledger/canonical-json.js';
import { openCaughtUp } from '../../src/open-caught-up.js';
import type { Runtime } from '../../src/runtime.js';
import { readEvents } from '../../src/use-cases/event-reader.js';
import { NO_IDENTITY } from '../../src/use-cases/record-message.js';
import { checkFile } from '../../src/use-cases/verify-store/check-files.js';
import { budget } from '../support/budget.js';
import { randomFrom } from '../support/kill-import.js';
import { openTestLedger, TEST_NOW } from '../support/ledger.js';
import { AGENCY, message } from '../support/messages.js';
import { run } from '../support/cli.js';
import { smallYear, YEAR } from '../support/year.js';

const FILES = { 'log-damaged': 'log.db', 'read-damaged': 'read.db', 'keys-damaged': 'keys.db' } as const;
type Rule = keyof typeof FILES;
/** Few trees are in the log, many in the read store. */
const FLIPS: Readonly<Record<Rule, number>> = {
  'log-damaged': budget(20, 400),
  'read-damaged': budget(2, 100),
  'keys-damaged': budget(20, 400),
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
    const next = message(
      'publication.checked',
      'publication/plain',
      `${YEAR}-06-01T09:00:00+08:00`,
      'office',
      { finding: 'ok' },
      { id: 'next' },
    );
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
    trails.trail(AGENCY, { kind: 'publication', number: 'plain' }),
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
  await ledger.send(...smallYear());
  await ledger.settled();
  for (const db of [ledger.store.db]) db.pragma('wal_checkpoint(TRUNCATE)');
  await ledger.stop();
  for (const name of Object.values(FILES)) copyFileSync(join(whole, name), join(copy, name));
  expected = await answersOf(copy);
});
afterAll(() => {
  for (const folder of [whole, copy]) rmSync(folder, { recursive: true, force: true });
});

/** The copy as it was before anything was asked of it, with this one file changed. */
function lay(name: string, bytes: Buffer): void {
  for (const other of Object.values(FILES)) {
    copyFileSync(join(whole, other), join(copy, other));
    for (const suffix of ['-wal', '-shm', '.damaged']) rmSync(join(copy, other + suffix), { force: true });
  }
  writeFileSync(join(copy, name), bytes);
}

describe.each(Object.entries(FILES) as [Rule, string][])('%s: %s', (rule, name) => {
  test(`${FLIPS[rule]} flips in each of its indexes`, async () => {
    const bytes = readFileSync(join(whole, name));
    const pageSize = bytes.readUInt16BE(16) === 1 ? 65536 : bytes.readUInt16BE(16);
    const found = { byVerify: 0, refused: 0, harmless: 0 };
    for (const [index, pages] of pagesOf(join(whole, name))) {
      for (let seed = 1; seed <= FLIPS[rule]; seed += 1) {
        const random = randomFrom(seed * 7919 + index.length);
        const page = pages[Math.floor(random() * pages.length)] as number;
        // Most of a page of a small table is unused: every other flip is where the page says what it holds.
        const offset = (page - 1) * pageSize + Math.floor(random() * (seed % 2 === 1 ? 64 : pageSize));
        const bit = Math.floor(random() * 8);
        const flipped = Buffer.from(bytes);
        flipped[offset] = (flipped[offset] as number) ^ (1 << bit);
        lay(name, flipped);
        const where = `${name} ${index} seed ${seed}: byte ${offset}, bit ${bit}`;
        if (checkFile(rule, join(copy, name)).length > 0) found.byVerify += 1;
        else {
          const given = await answersOf(copy).catch((error: Error) => error);
          if (given === expected) found.harmless += 1;
          else if (given instanceof Error && given.name === 'DamagedFile') found.refused += 1;
          else {
            // A row that is a tree of its own is content: the whole verification builds it anew and compares.
            lay(name, flipped);
            const { code } = await run(['verify'], { folder: copy, env: { DISCLOSURE_DATA: copy } });
            expect({ where, given, code }).toEqual({ where, given, code: 1 });
            found.byVerify += 1;
          }
        }
      }
    }
    expect(found.byVerify).toBeGreaterThan(0);
  });
});

test.each(Object.entries(FILES))('%s by the command: verify exits 1 and names it', async (rule, name) => {
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
