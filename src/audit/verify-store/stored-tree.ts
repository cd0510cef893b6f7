/** What a read store remembers of the log it was built from: the leaves, and what named their events. */
import type Database from 'better-sqlite3';
import { ledgerProjection, storedTiles, type StoredTile } from '../../read-models/ledger/ledger.js';
import { idText } from '../../read-models/journal/journal.js';
import { JOURNAL_NAME, type Bookmark, type ReadStore } from '../../read-models/read-store.js';

/** An event as the journal holds it. */
export interface Remembered {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  readonly at: string;
  readonly recordedAt: number;
}

type RememberedRow = Omit<Remembered, 'eventId'> & { readonly eventId: Buffer };

export class StoredTree {
  /** Leaves it holds. */
  readonly size: number;
  /** Position of the last event or checkpoint the journal took; null before the first. */
  readonly position: string | null;
  readonly tile: StoredTile;
  readonly #event: Database.Statement<unknown[], RememberedRow>;
  readonly #size: Database.Statement<unknown[], number>;

  constructor(store: ReadStore) {
    const bookmarks = new Map(store.bookmarks().map((bookmark) => [bookmark.name, bookmark]));
    const mark = (name: string): Bookmark | undefined => bookmarks.get(name);
    this.size = (mark(ledgerProjection.name)?.index ?? -1) + 1;
    // A journal whose own bookmark is gone, or says no position, is as far as the tree, which is written with it: that
    // row is then found missing.
    const positions = [mark(JOURNAL_NAME), mark(ledgerProjection.name)].map((one) => one?.position ?? null);
    this.position = positions.find((position) => position !== null && /^\d+$/.test(position)) ?? null;
    this.tile = storedTiles(store.db);
    this.#event = store.db.prepare<unknown[], RememberedRow>(
      `SELECT s.stream, e.revision, e.event_id AS eventId, n.name AS type, e.at, e.recorded_at AS recordedAt
       FROM events e JOIN streams s USING (stream_id) JOIN names n ON n.name_id = e.type_id WHERE e.idx = ?`,
    );
    this.#size = store.db.prepare<unknown[], number>('SELECT last_revision + 1 FROM streams WHERE stream = ?').pluck();
  }

  /** null where the journal lacks it. */
  event(index: number): Remembered | null {
    const row = this.#event.get(index);
    return row === undefined ? null : { ...row, eventId: idText(row.eventId) };
  }

  /** Events of a stream. */
  lengthOf(stream: string): number {
    return this.#size.get(stream) ?? 0;
  }
}
