/**
 * Where a message was recorded, across all cases: asked before anything is decided. The read store knows every message
 * up to its bookmark; what this process recorded since is remembered here until the bookmark has passed it.
 */
import type Database from 'better-sqlite3';
import { comparePositions, StoreUnavailable } from '../../log/event-log.js';
import { digestText, idBytes } from './journal.js';
import type { ReadStore } from '../read-store.js';
import { one } from '../../sqlite/statements.js';

export interface KnownMessage {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  /** As in the event's metadata. */
  readonly digest: string;
}

interface Row {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly digest: Buffer;
}

/** Recorded messages remembered before those the read store has passed are dropped. */
const PRUNE_AT = 4096;

export class MessageIndex {
  readonly #store: ReadStore;
  readonly #find: Database.Statement<unknown[], Row>;
  readonly #bookmark: Database.Statement<unknown[], string | null>;
  readonly #recent = new Map<string, KnownMessage>();
  #pruneAt = PRUNE_AT;

  constructor(store: ReadStore) {
    this.#store = store;
    this.#find = store.db.prepare<unknown[], Row>(`
      SELECT s.stream, e.revision, CAST(e.position AS TEXT) AS position, e.digest
      FROM events e JOIN streams s USING (stream_id) WHERE e.event_id = ? ORDER BY e.idx LIMIT 1`);
    this.#bookmark = store.db.prepare<unknown[], string | null>("SELECT position FROM projections WHERE name = 'journal'").pluck();
  }

  /** Errors: where the read store is known not to be whole, since a message recorded before would not be recognised. */
  find(eventId: string): KnownMessage | null {
    if (this.#store.damage !== null) throw new StoreUnavailable(this.#store.damage);
    const recent = this.#recent.get(eventId);
    if (recent !== undefined) return recent;
    const row = this.#find.get(idBytes(eventId));
    return row === undefined ? null : { ...row, digest: digestText(row.digest) };
  }

  remember(eventId: string, message: KnownMessage): void {
    this.#recent.set(eventId, message);
    if (this.#recent.size < this.#pruneAt) return;
    const bookmark = one(this.#bookmark.get());
    for (const [id, { position }] of this.#recent) {
      if (bookmark !== null && comparePositions(position, bookmark) <= 0) this.#recent.delete(id);
    }
    this.#pruneAt = this.#recent.size + PRUNE_AT;
  }
}
