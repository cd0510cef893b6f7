/**
 * Which event has an id, for who applies events. While there is no index of ids, as of rows that are built for the
 * first time, ids are kept in memory: their index grows in no order, which is dear row by row, and cheap in one go.
 */
import type Database from 'better-sqlite3';
import { IdsAtHand } from './ids-at-hand.js';
import { LearnedIds } from './learned-ids.js';

/** Index in the ledger, and row id of the case. */
export type IdPlace = readonly [index: number, streamId: number];

/** Name of the index, and what it is of. */
export const BY_ID = { events_by_id: 'events (event_id)' } as const;

/** Ids kept in memory at most, 64 MiB; beyond it the index is made at once, and grows from then on. */
const MOST_IDS = 4_000_000;
/** The same of events whose id another one had before; there are hardly any. */
const MOST_REPEATS = 10_000;

function statements(db: Database.Database) {
  return {
    index: db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'events_by_id'`),
    places: db.prepare<unknown[], [number, number]>('SELECT idx, stream_id FROM events WHERE event_id = ? ORDER BY idx').raw(),
    first: db.prepare<unknown[], [number, number]>('SELECT idx, stream_id FROM events WHERE event_id = ? ORDER BY idx LIMIT 1').raw(),
    inStream: db.prepare<unknown[], number>('SELECT idx FROM events WHERE event_id = ? AND stream_id = ? ORDER BY idx LIMIT 1').pluck(),
    at: db.prepare<unknown[], number>('SELECT stream_id FROM events WHERE idx = ? AND event_id = ?').pluck(),
    all: db.prepare<unknown[], [number, Buffer, number]>('SELECT idx, event_id, stream_id FROM events ORDER BY idx').raw(),
  };
}

export class EventsById {
  readonly #db: Database.Database;
  readonly #sql: ReturnType<typeof statements>;
  readonly #most: number;
  /** What the index holds where it answers, which is so asked for hardly any event; undefined until that is known. */
  #ids: IdsAtHand | LearnedIds | undefined;
  /** Those behind the first with an id, in the order of the ledger. */
  readonly #repeats = new Map<string, IdPlace[]>();
  #repeated = 0;

  /** `most`: ids kept in memory. */
  constructor(db: Database.Database, most = MOST_IDS) {
    this.#db = db;
    this.#sql = statements(db);
    this.#most = most;
  }

  /** The first in the ledger; undefined where none has the id. */
  first(id: Buffer): IdPlace | undefined {
    const ids = this.#atHand();
    if (ids instanceof IdsAtHand) return this.#firstOf(ids, id);
    return ids.isNew(id) ? undefined : this.#sql.first.get(id);
  }

  /** Index of the first in a case. */
  inStream(id: Buffer, streamId: number): number | undefined {
    if (this.#atHand() instanceof LearnedIds) return this.#sql.inStream.get(id, streamId);
    return this.places(id).find(([, of]) => of === streamId)?.[0];
  }

  /** All of them, in the order of the ledger. */
  places(id: Buffer): readonly IdPlace[] {
    const ids = this.#atHand();
    if (ids instanceof LearnedIds) return this.#sql.places.all(id);
    const first = this.#firstOf(ids, id);
    return first === undefined ? [] : [first, ...(this.#repeats.get(id.toString('hex')) ?? [])];
  }

  /** The event has its row. `earlier`: the `first` before it. */
  add(id: Buffer, place: IdPlace, earlier: IdPlace | undefined): void {
    const ids = this.#atHand();
    if (ids instanceof LearnedIds) return ids.add(id);
    this.#learn(ids, id, place, earlier);
    if (!this.#isFull(ids)) return;
    this.#makeIndex();
    this.forget();
  }

  /** Rows may be others than they were, or have an index since. */
  forget(): void {
    this.#ids = undefined;
    this.#repeats.clear();
    this.#repeated = 0;
  }

  #atHand(): IdsAtHand | LearnedIds {
    return (this.#ids ??= this.#begun());
  }

  /** What rows that were begun before have: in memory, unless an index is there, or has to be. */
  #begun(): IdsAtHand | LearnedIds {
    if (this.#sql.index.get() !== undefined) return new LearnedIds(this.#db);
    const ids = new IdsAtHand();
    for (const [index, id, streamId] of this.#sql.all.iterate()) {
      this.#learn(ids, id, [index, streamId], this.#firstOf(ids, id));
      if (this.#isFull(ids)) break;
    }
    if (!this.#isFull(ids)) return ids;
    this.#makeIndex();
    return new LearnedIds(this.#db);
  }

  #isFull(ids: IdsAtHand): boolean {
    return ids.size >= this.#most || this.#repeated >= MOST_REPEATS;
  }

  #makeIndex(): void {
    for (const [name, of] of Object.entries(BY_ID)) this.#db.exec(`CREATE INDEX ${name} ON ${of}`);
  }

  #firstOf(ids: IdsAtHand, id: Buffer): IdPlace | undefined {
    if (!ids.mayHold(id)) return undefined;
    for (const index of ids.candidates(id)) {
      const streamId = this.#sql.at.get(index, id);
      if (streamId !== undefined) return [index, streamId];
    }
    return undefined;
  }

  #learn(ids: IdsAtHand, id: Buffer, place: IdPlace, earlier: IdPlace | undefined): void {
    if (earlier === undefined) return ids.add(id, place[0]);
    const name = id.toString('hex');
    const others = this.#repeats.get(name);
    if (others === undefined) this.#repeats.set(name, [place]);
    else others.push(place);
    this.#repeated += 1;
  }
}
