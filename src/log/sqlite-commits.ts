/** How appends are written into the file of the embedded log: those that wait together in one transaction. */
import type Database from 'better-sqlite3';
import { sure } from '../encoding/unknown-values.js';
import { one } from '../sqlite/statements.js';
import type { ExpectedRevision, SerialisedEvent } from './event-log.js';
import { isSame, selects } from './sqlite-rows.js';

/** An append as it goes into a transaction. */
export interface ToCommit {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly SerialisedEvent[];
  /** The clock when it was its turn, ms. */
  readonly now: number;
}

/** Where its last event stands; or the last revision of the stream, where another was expected. */
export type Committed = { readonly revision: number; readonly position: string } | { readonly actual: number | null };

interface End {
  readonly streamId: number;
  readonly revision: number;
}

/** Streams whose end is remembered, more than cases are kept folded; others are looked up. */
const KNOWN_STREAMS = 10_000;

export class SqliteCommits {
  readonly #db: Database.Database;
  readonly #select: ReturnType<typeof selects>;
  readonly #insert: Readonly<Record<'stream' | 'event', Database.Statement>>;
  /** Stream → its row id and last revision. Cleared when a transaction fails. */
  readonly #ends = new Map<string, End>();
  #lastRecordedAt: number;

  /** `db`: of `openLogFile`, its tables made; nobody else writes to the file. */
  constructor(db: Database.Database) {
    this.#db = db;
    this.#select = selects(db);
    this.#insert = {
      stream: db.prepare('INSERT INTO streams (name) VALUES (?)'),
      event: db.prepare(
        'INSERT INTO events (stream_id, revision, id, type, version, recorded_at, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
    };
    this.#lastRecordedAt = this.#select.head.get()?.recorded_at ?? 0;
  }

  /**
   * All of them in one transaction, each checked on its own: a wrong expected revision refuses that append alone.
   * What SQLite says is thrown, and then none of them is stored.
   */
  commit(group: readonly ToCommit[]): Committed[] {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const outcomes = group.map((append) => this.#write(append));
      this.#db.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      this.#ends.clear();
      throw error;
    }
  }

  #write({ stream, expected, events, now }: ToCommit): Committed {
    const end = this.#endOf(stream);
    const actual = end?.revision ?? null;
    const holds =
      expected === 'any' ||
      (expected === 'no-stream' ? actual === null : expected === 'stream-exists' ? actual !== null : actual === expected);
    const earlier =
      end !== null && (!holds || expected === 'any' || expected === 'stream-exists') ? this.#retryOf(end, expected, events) : null;
    if (earlier !== null) return earlier;
    if (!holds) return { actual };
    const streamId = end?.streamId ?? Number(this.#insert.stream.run(stream).lastInsertRowid);
    const recordedAt = Math.max(now, this.#lastRecordedAt);
    let revision = actual ?? -1;
    let position = 0;
    for (const { id, type, version, data, metadata } of events) {
      revision += 1;
      position = Number(this.#insert.event.run(streamId, revision, id, type, version, recordedAt, data, metadata).lastInsertRowid);
    }
    this.#lastRecordedAt = recordedAt;
    if (this.#ends.size >= KNOWN_STREAMS) this.#ends.clear();
    this.#ends.set(stream, { streamId, revision });
    return { revision, position: String(position) };
  }

  #endOf(stream: string): End | null {
    const known = this.#ends.get(stream);
    if (known !== undefined) return known;
    const row = this.#select.streamId.get(stream);
    if (row === undefined) return null;
    const last = one(this.#select.last.get(row.stream_id));
    const end = { streamId: row.stream_id, revision: last.revision };
    this.#ends.set(stream, end);
    return end;
  }

  /** The original result when exactly these events, ids and content, stand where this append would have put them. */
  #retryOf(end: End, expected: ExpectedRevision, events: readonly SerialisedEvent[]): Committed | null {
    const from = typeof expected === 'number' ? expected + 1 : 0;
    const limit = typeof expected === 'number' || expected === 'no-stream' ? events.length : -1;
    const stored = this.#select.find.all(end.streamId, from, limit);
    const start = stored.findIndex((row) => row.id === events[0]?.id);
    if (start < 0 || !events.every((event, index) => isSame(event, stored[start + index]))) return null;
    const last = sure(stored[start + events.length - 1]);
    return { revision: last.revision, position: String(last.position) };
  }
}
