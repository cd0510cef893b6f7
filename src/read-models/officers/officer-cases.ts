/**
 * In which cases an officer has a standing act: of each block of cases a row of bits, a bit for each case. Officers act
 * in case after case, so what some events change is few rows, where a row for each case would be one for each event.
 */
import type Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Preparing } from '../../sqlite/statements.js';
import type { Ids } from '../lists.js';

/** Cases of a block, as a power of two. */
const BLOCK_BITS = 10;
const CASES = 2 ** BLOCK_BITS;
/** Blocks there can be: far more than a ledger has. */
const MOST_BLOCKS = 2 ** 21;

/** Blocks kept at hand: more than officers act side by side. */
const REMEMBERED = 2000;

/** `cases`: bit n, of byte n / 8 from the lowest on, is the case with row id 1,024 × `block` + n. */
export const OFFICER_CASES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS officer_cases (
    officer_id INTEGER NOT NULL,
    block INTEGER NOT NULL,
    cases BLOB NOT NULL,
    PRIMARY KEY (officer_id, block)
  ) STRICT, WITHOUT ROWID;
`;

/** By the primary key; test/read-models/case-list-plans.test.ts looks at how they are run. */
export const BY_ACTOR = 'SELECT block, cases FROM officer_cases WHERE officer_id = @officer AND block >= @block ORDER BY block';
export const ACTED_IN = 'SELECT cases FROM officer_cases WHERE officer_id = @officer AND block = @block';

interface Block {
  readonly block: number;
  readonly cases: Buffer;
}

const blockOf = (streamId: number): number => Math.floor(streamId / CASES);

function has(cases: Buffer, bit: number): boolean {
  return ((cases[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}

/** Row ids of the cases, ascending. */
export function casesOf(db: Preparing, officer: number): Ids {
  const blocks = db.prepare<unknown[], Block>(BY_ACTOR);
  return (after, count) => {
    const found: number[] = [];
    for (const { block, cases } of blocks.iterate({ officer, block: blockOf(after) })) {
      for (const streamId of casesIn(block, cases)) {
        if (streamId > after) found.push(streamId);
        if (found.length === count) return found;
      }
    }
    return found;
  };
}

function* casesIn(block: number, cases: Buffer): Generator<number> {
  for (const [at, byte] of cases.entries()) {
    if (byte === 0) continue;
    for (let bit = at * 8; bit < at * 8 + 8; bit += 1) if (has(cases, bit)) yield block * CASES + bit;
  }
}

/** Whether he has a standing act in the case. */
export function actedIn(db: Preparing, officer: number, streamId: number): boolean {
  const row = db.prepare<unknown[], { cases: Buffer }>(ACTED_IN).get({ officer, block: blockOf(streamId) });
  return row !== undefined && has(row.cases, streamId % CASES);
}

export class OfficerCases {
  readonly #get: Database.Statement<unknown[], { cases: Buffer }>;
  readonly #put: Database.Statement;
  readonly #remove: Database.Statement;
  /** Blocks by officer and block, as they are or will be written. */
  readonly #known = new LRUCache<number, Buffer>({ max: REMEMBERED });
  /** Those that changed since the last flush. */
  readonly #changed = new Map<number, Buffer>();

  constructor(db: Database.Database) {
    this.#get = db.prepare<unknown[], { cases: Buffer }>(ACTED_IN);
    this.#put = db.prepare(
      'INSERT INTO officer_cases (officer_id, block, cases) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET cases = excluded.cases',
    );
    this.#remove = db.prepare('DELETE FROM officer_cases WHERE officer_id = ? AND block = ?');
  }

  add(officer: number, streamId: number): void {
    this.#set(officer, streamId, true);
  }

  remove(officer: number, streamId: number): void {
    this.#set(officer, streamId, false);
  }

  /** A block without a case has no row: rows follow from the history alone. */
  flush(): void {
    for (const [key, cases] of this.#changed) {
      const [officer, block] = [Math.floor(key / MOST_BLOCKS), key % MOST_BLOCKS];
      if (cases.every((byte) => byte === 0)) this.#remove.run(officer, block);
      else this.#put.run(officer, block, cases);
    }
    this.#changed.clear();
  }

  reset(): void {
    this.#known.clear();
    this.#changed.clear();
  }

  #set(officer: number, streamId: number, is: boolean): void {
    const cases = this.#block(officer, streamId);
    const [at, mask] = [(streamId % CASES) >> 3, 1 << (streamId & 7)];
    cases[at] = is ? (cases[at] ?? 0) | mask : (cases[at] ?? 0) & ~mask;
  }

  #block(officer: number, streamId: number): Buffer {
    const block = blockOf(streamId);
    const key = officer * MOST_BLOCKS + block;
    const cases = this.#changed.get(key) ?? this.#known.get(key) ?? this.#get.get({ officer, block })?.cases ?? Buffer.alloc(CASES / 8);
    this.#known.set(key, cases);
    this.#changed.set(key, cases);
    return cases;
  }
}
