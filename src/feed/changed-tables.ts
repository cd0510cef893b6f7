/** Which yearly tables are other than they were, from one event of the ledger to a later one. */
import { LRUCache } from 'lru-cache';
import { setTimeout as sleep } from 'node:timers/promises';
import { movedYears, type MovedYear } from '../read-models/movers/last-moved.js';
import { QueryProblem } from '../read-models/query-problem.js';
import type { ReadStore } from '../read-models/read-store.js';
import { contentHash } from '../tables/table-hash.js';
import type { TableReader } from '../tables/table-reader.js';

/** The default view of an agency's year as of an event. */
export interface ChangedTable {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly view: string;
  readonly hash: string;
  /** As `hash` without the moment: another one means that something in the table is other. */
  readonly contentHash: string;
  /** Index of the last event in the table. */
  readonly index: number;
}

/** Tables whose hashes are remembered. */
const REMEMBERED = 20_000;
/** For each ms of computing so many ms are left to everything else: intake comes first. */
const REST = 2;

export class ChangedTables {
  readonly #store: ReadStore;
  readonly #tables: TableReader;
  /** A table as of an event is the same for ever; null where there is none. */
  readonly #known = new LRUCache<string, { readonly table: ChangedTable | null }>({ max: REMEMBERED });
  readonly #rests: number;
  #restsUntil = 0;

  constructor(store: ReadStore, tables: TableReader, rests = REST) {
    this.#store = store;
    this.#tables = tables;
    this.#rests = rests;
  }

  /** Tables whose content as of event `upTo` is other than as of event `after`, by agency and year. */
  async between(after: number, upTo: number): Promise<ChangedTable[]> {
    const changed: ChangedTable[] = [];
    for (const moved of movedYears(this.#store.db, after)) {
      const now = await this.#at(moved, upTo);
      const before = await this.#at(moved, after);
      if (now !== null && now.contentHash !== before?.contentHash) changed.push(now);
    }
    return changed;
  }

  async #at(moved: MovedYear, index: number): Promise<ChangedTable | null> {
    if (index < 0) return null;
    const key = `${moved.agency} ${moved.year} ${index}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known.table;
    await this.#rest();
    const begun = performance.now();
    const table = this.#compute(moved, index);
    const ended = performance.now();
    this.#restsUntil = ended + this.#rests * (ended - begun);
    this.#known.set(key, { table });
    return table;
  }

  /** Several may wait for the same moment: each looks again when it has come. */
  async #rest(): Promise<void> {
    for (let left = this.#left(); left > 0; left = this.#left()) await sleep(left);
  }

  #left(): number {
    return this.#restsUntil - performance.now();
  }

  #compute({ agency, year }: MovedYear, index: number): ChangedTable | null {
    try {
      const { table } = this.#tables.plain({ agency, year, asOf: `index:${index}` });
      const { form, view, hash } = table;
      return { agency, year, form, view, hash, contentHash: contentHash(table), index };
    } catch (error) {
      // An agency that was not registered then, or a year that none of its forms serves, has no table.
      if (error instanceof QueryProblem) return null;
      throw error;
    }
  }
}
