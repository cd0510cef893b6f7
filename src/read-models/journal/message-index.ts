/**
 * Where a message was recorded, across all cases: asked before anything is decided. The read store knows every message
 * up to its bookmark; what this process recorded since is remembered here until the bookmark has passed it. So this is
 * what grows while the read models are behind, and who records waits while it is too much. Nearly all messages are new:
 * that is known of most of them without asking the store.
 */
import type Database from 'better-sqlite3';
import { comparePositions, StoreUnavailable } from '../../log/event-log.js';
import type { Follower } from '../follower.js';
import { digestText, idBytes } from './journal.js';
import { LearnedIds } from './learned-ids.js';
import type { ReadStore } from '../read-store.js';
import { one, preparedOnce } from '../../sqlite/statements.js';

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
/** Bytes of recorded messages remembered, about; beyond it who records waits. Some 15,000 messages. */
const MAX_BYTES = 6 * 1024 * 1024;
/** What a remembered message takes beside its texts, about. */
const OVERHEAD_BYTES = 240;
/** So long a message waits at most: read models that get nowhere keep nothing from being recorded. */
const WAIT_MS = 60_000;

export interface MessageIndexOptions {
  readonly settled?: () => boolean;
  readonly maxBytes?: number;
}

export class MessageIndex {
  readonly #store: ReadStore;
  readonly #find: Database.Statement<unknown[], Row>;
  readonly #bookmark: Database.Statement<unknown[], string | null>;
  readonly #recent = new Map<string, KnownMessage>();
  readonly #maxBytes: number;
  #pruneAt = PRUNE_AT;
  #bytes = 0;
  /** Of what the store holds, and of all that is remembered. */
  readonly #known: LearnedIds;
  readonly #settled: () => boolean;

  /**
   * `settled`: whatever the log holds is in the store, or is remembered here. So it is from the end of the log on,
   * reached once, where this process alone appends. Absent = never.
   */
  constructor(store: ReadStore, { settled = () => false, maxBytes = MAX_BYTES }: MessageIndexOptions = {}) {
    this.#store = store;
    this.#settled = settled;
    this.#maxBytes = maxBytes;
    this.#known = new LearnedIds(store.db);
    const db = preparedOnce(store.db);
    this.#find = db.prepare<unknown[], Row>(`
      SELECT s.stream, e.revision, CAST(e.position AS TEXT) AS position, e.digest
      FROM events e JOIN streams s USING (stream_id) WHERE e.event_id = ? ORDER BY e.idx LIMIT 1`);
    this.#bookmark = db.prepare<unknown[], string | null>("SELECT position FROM projections WHERE name = 'journal'").pluck();
  }

  /** Errors: where the read store is known not to be whole, since a message recorded before would not be recognised. */
  find(eventId: string): KnownMessage | null {
    if (this.#store.damage !== null) throw new StoreUnavailable(this.#store.damage);
    const recent = this.#recent.get(eventId);
    if (recent !== undefined) return recent;
    // False is no answer: then the store is asked.
    if (this.#settled() && this.#known.isNew(eventId)) return null;
    const row = this.#find.get(idBytes(eventId));
    return row === undefined ? null : { ...row, digest: digestText(row.digest) };
  }

  remember(eventId: string, message: KnownMessage): void {
    const before = this.#recent.get(eventId);
    if (before !== undefined) this.#bytes -= bytesOf(eventId, before);
    this.#recent.set(eventId, message);
    this.#known.add(eventId);
    this.#bytes += bytesOf(eventId, message);
    if (this.#recent.size >= this.#pruneAt) this.#prune();
  }

  #prune(): void {
    const bookmark = one(this.#bookmark.get());
    for (const [id, message] of this.#recent) {
      if (bookmark === null || comparePositions(message.position, bookmark) > 0) continue;
      this.#recent.delete(id);
      this.#bytes -= bytesOf(id, message);
    }
    this.#pruneAt = this.#recent.size + PRUNE_AT;
  }

  /** Room for another message is there. */
  get #hasRoom(): boolean {
    return this.#bytes < this.#maxBytes;
  }

  /**
   * null where there is room for another message; else resolves when the read models have made some, or will make none:
   * what stands still stops nobody.
   */
  room(runner: Pick<Follower, 'until' | 'status'>): Promise<unknown> | null {
    if (this.#hasRoom) return null;
    const made = (): boolean => {
      this.#prune();
      return this.#hasRoom || runner.status().failing !== null;
    };
    return runner.until(made, WAIT_MS);
  }
}

function bytesOf(eventId: string, { stream, position, digest }: KnownMessage): number {
  return OVERHEAD_BYTES + eventId.length + 2 * stream.length + position.length + digest.length;
}
