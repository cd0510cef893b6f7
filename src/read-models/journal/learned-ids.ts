/**
 * Which ids stand in the journal, as far as that can be told without asking for them: learned from its rows a few at a
 * time, beside what else goes on, until all are known. Nearly every id that is asked for is new, and new ids are looked
 * up in no order, each on another page.
 */
import type Database from 'better-sqlite3';
import { KnownIds } from './known-ids.js';

/** Rows that are learned at once: some hundred microseconds. */
const LEARNED_AT_ONCE = 256;

export class LearnedIds {
  readonly #rows: Database.Statement<unknown[], { readonly idx: number; readonly event_id: Buffer }>;
  readonly #known = new KnownIds();
  #learned = -1;
  #knowsAll = false;

  constructor(db: Database.Database) {
    this.#rows = db.prepare('SELECT idx, event_id FROM events WHERE idx > ? ORDER BY idx LIMIT ?');
  }

  /** To be told of each id that comes into the journal, or will. */
  add(id: string | Buffer): void {
    this.#known.add(id);
  }

  /** Never of an id that stands there or was added. False is no answer: then the journal is asked. */
  isNew(id: string | Buffer): boolean {
    if (!this.#knowsAll) this.#learn();
    return this.#knowsAll && !this.#known.mayHold(id);
  }

  #learn(): void {
    const rows = this.#rows.all(this.#learned, LEARNED_AT_ONCE);
    for (const { idx, event_id: id } of rows) {
      this.#known.add(id);
      this.#learned = idx;
    }
    this.#knowsAll = rows.length < LEARNED_AT_ONCE;
  }
}
