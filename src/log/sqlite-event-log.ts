/**
 * The embedded event log: one SQLite file, no set-up. One process writes (its caller holds the lock), any number read.
 *
 * Appends that wait at the same moment share one transaction and one flush to disk (group commit); each is checked on
 * its own, so a wrong expected revision refuses that append and no other. Promises settle after COMMIT, never before.
 * When a commit fails, every append that waited, also behind it, is rejected: nothing decided on top of a lost event
 * can be stored.
 */
import type Database from 'better-sqlite3';
import { sure } from '../encoding/unknown-values.js';
import { FileGone, HeldFile } from '../sqlite/held-file.js';
import { openDatabase, requireWhole } from '../sqlite/open-database.js';
import { probeWrites } from '../sqlite/probe-writes.js';
import { one } from '../sqlite/statements.js';
import {
  conditionOf,
  serialiseAppend,
  StoreUnavailable,
  WrongExpectedRevision,
  type Appended,
  type Batch,
  type Condition,
  type EventLog,
  type ExpectedRevision,
  type Irregular,
  type NewEvent,
  type SerialisedEvent,
  type StoredEvent,
} from './event-log.js';
import { FEW_EVENTS, PAGE_EVENTS } from './pages.js';
import { isSame, SCHEMA, selects, toStored, toStoredOrIrregular } from './sqlite-rows.js';

export interface SqliteEventLogOptions {
  readonly file: string;
  /** Follow a log that another process writes. */
  readonly readonly?: boolean;
  readonly now?: () => number;
  /** How often it looks for what another process wrote, ms. */
  readonly pollMs?: number;
}

interface Waiting {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly SerialisedEvent[];
  readonly resolve: (result: Appended) => void;
  readonly reject: (error: Error) => void;
}

/** Appends in one transaction at most: bounds the time the event loop is held. */
const GROUP_LIMIT = 512;
/** How long the first append of a transaction waits at most for others to join, ms. */
const GATHER_MS = 50;
/** Streams whose end is remembered, more than cases are kept folded; others are looked up. */
const KNOWN_STREAMS = 10_000;
/** Pages at hand, KiB: the log is written at its end and read in its order. SQLite would keep 16 MB. */
const CACHE_KIB = 2048;
/** How often a follower of another process's log looks for more. The writer's own subscribers are woken at once. */
const POLL_MS = 50;

/** A commit proves for so long that there may be another, ms. */
const PROVED_MS = 1000;
/** What is tried at least after a commit that failed. */
const PROBE_BYTES = 64 * 1024;

const sizeOf = (events: readonly SerialisedEvent[]): number =>
  events.reduce((sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata), 0);

export class SqliteEventLog implements EventLog {
  readonly ordered = true;
  readonly trouble = null;
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #pollMs: number;
  readonly #select: ReturnType<typeof selects>;
  readonly #insert: Readonly<Record<'stream' | 'event', Database.Statement>> | null;
  readonly #waiting: Waiting[] = [];
  /** Stream → its row id and last revision. Cleared when a transaction fails. */
  readonly #ends = new Map<string, { readonly streamId: number; readonly revision: number }>();
  /** Called behind each commit of this process. */
  readonly #wakers = new Set<() => void>();
  /** The file as it was opened for writing; null for a reader. */
  readonly #held: HeldFile | null;
  #flushing = false;
  /** When a commit last succeeded, by the machine's clock, and how large one was that failed since; 0 = none did. */
  #proved = -Infinity;
  #failedBytes = 0;
  #lastRecordedAt = 0;
  #closed = false;

  constructor(options: SqliteEventLogOptions) {
    const readonly = options.readonly ?? false;
    this.#now = options.now ?? Date.now;
    this.#pollMs = options.pollMs ?? POLL_MS;
    this.#db = openDatabase(options.file, { readonly, fileMustExist: readonly });
    if (!readonly) {
      // Before anything is written: beside a broken index a stream would be begun a second time.
      requireWhole(this.#db);
      this.#db.pragma('journal_mode = WAL');
      this.#db.pragma('synchronous = FULL');
      this.#db.exec(SCHEMA);
    }
    this.#db.pragma(`cache_size = -${CACHE_KIB}`);
    this.#held = readonly ? null : new HeldFile(options.file);
    this.#select = selects(this.#db);
    this.#insert = readonly
      ? null
      : {
          stream: this.#db.prepare('INSERT INTO streams (name) VALUES (?)'),
          event: this.#db.prepare(
            'INSERT INTO events (stream_id, revision, id, type, version, recorded_at, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          ),
        };
    this.#lastRecordedAt = this.#select.head.get()?.recorded_at ?? 0;
  }

  append(stream: string, condition: ExpectedRevision | Condition, events: readonly NewEvent[]): Promise<Appended> {
    const { revision: expected } = conditionOf(condition);
    return new Promise((resolve, reject) => {
      if (this.#closed || this.#insert === null)
        throw new StoreUnavailable(this.#closed ? 'the log is closed' : 'the log was opened for reading');
      this.#waiting.push({ stream, expected, events: serialiseAppend(stream, expected, events), resolve, reject });
      if (!this.#flushing) this.#gather(0, performance.now());
    });
  }

  /**
   * Appends of one turn of the event loop share a transaction, and those of the next turns while each brings more: who
   * lets others have their turn between messages must not pay a flush for that. One that comes alone waits a turn.
   */
  #gather(seen: number, since: number): void {
    this.#flushing = true;
    setImmediate(() => {
      const count = this.#waiting.length;
      const more = count > seen && count < GROUP_LIMIT && performance.now() - since < GATHER_MS;
      if (more) this.#gather(count, since);
      else this.#flush();
    });
  }

  #flush(): void {
    const group = this.#waiting.splice(0, GROUP_LIMIT);
    const settle: (() => void)[] = [];
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      for (const waiting of group) {
        const outcome = this.#write(waiting);
        settle.push(outcome instanceof Error ? () => waiting.reject(outcome) : () => waiting.resolve(outcome));
      }
      this.#db.exec('COMMIT');
      // SQLite commits without a word into files that nobody finds again: only what stands in the folder's is
      // acknowledged.
      this.#held?.require();
    } catch (cause) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      this.#ends.clear();
      const bytes = group.reduce((sum, { events }) => sum + sizeOf(events), 0);
      this.#failedBytes = Math.max(PROBE_BYTES, bytes);
      const error = new StoreUnavailable(cause instanceof FileGone ? cause.message : 'the embedded log could not commit', { cause });
      for (const waiting of [...group, ...this.#waiting.splice(0)]) waiting.reject(error);
      this.#flushing = false;
      return;
    }
    this.#taken();
    for (const done of settle) done();
    this.look();
    if (this.#waiting.length > 0) setImmediate(() => this.#flush());
    else this.#flushing = false;
  }

  #taken(): void {
    this.#proved = Date.now();
    this.#failedBytes = 0;
  }

  async reachable(): Promise<void> {
    await this.head();
  }

  /** A file holds one ledger. */
  async claim(): Promise<void> {}

  async writable(): Promise<void> {
    if (this.#closed || this.#insert === null)
      throw new StoreUnavailable(this.#closed ? 'the log is closed' : 'the log was opened for reading');
    try {
      this.#held?.require();
      if (this.#failedBytes === 0 && Date.now() - this.#proved < PROVED_MS) return;
      probeWrites(this.#db, this.#failedBytes);
    } catch (cause) {
      throw new StoreUnavailable(cause instanceof FileGone ? cause.message : 'the embedded log cannot commit', { cause });
    }
    this.#taken();
  }

  /** One append inside the transaction. A wrong expected revision is returned, not thrown: it is this one's alone. */
  #write({ stream, expected, events }: Waiting): Appended | WrongExpectedRevision {
    const insert = sure(this.#insert);
    const end = this.#endOf(stream);
    const actual = end?.revision ?? null;
    const holds =
      expected === 'any' ||
      (expected === 'no-stream' ? actual === null : expected === 'stream-exists' ? actual !== null : actual === expected);
    const earlier =
      end !== null && (!holds || expected === 'any' || expected === 'stream-exists') ? this.#retryOf(end, expected, events) : null;
    if (earlier !== null) return earlier;
    if (!holds) return new WrongExpectedRevision(stream, expected, actual);
    const streamId = end?.streamId ?? Number(insert.stream.run(stream).lastInsertRowid);
    const recordedAt = Math.max(this.#now(), this.#lastRecordedAt);
    let revision = actual ?? -1;
    let position = 0;
    for (const event of events) {
      revision += 1;
      position = Number(
        insert.event.run(streamId, revision, event.id, event.type, event.version, recordedAt, event.data, event.metadata).lastInsertRowid,
      );
    }
    this.#lastRecordedAt = recordedAt;
    if (this.#ends.size >= KNOWN_STREAMS) this.#ends.clear();
    this.#ends.set(stream, { streamId, revision });
    return { revision, position: String(position) };
  }

  #endOf(stream: string): { readonly streamId: number; readonly revision: number } | null {
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
  #retryOf(end: { readonly streamId: number }, expected: ExpectedRevision, events: readonly SerialisedEvent[]): Appended | null {
    const from = typeof expected === 'number' ? expected + 1 : 0;
    const limit = typeof expected === 'number' || expected === 'no-stream' ? events.length : -1;
    const stored = this.#select.find.all(end.streamId, from, limit);
    const start = stored.findIndex((row) => row.id === events[0]?.id);
    if (start < 0 || !events.every((event, index) => isSame(event, stored[start + index]))) return null;
    const last = sure(stored[start + events.length - 1]);
    return { revision: last.revision, position: String(last.position) };
  }

  readStream(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.#read(() => {
      // Most streams that are read are about to begin: of these a look at the names is enough.
      const known = this.#ends.get(stream) ?? this.#select.streamId.get(stream);
      if (known === undefined) return [];
      return this.#select.stream.all('streamId' in known ? known.streamId : known.stream_id, from, limit).map(toStored);
    });
  }

  readAll(after: string | null, limit: number): Promise<readonly StoredEvent[]> {
    return this.#read(() => this.#page(after, limit));
  }

  #page(after: string | null, limit: number): StoredEvent[] {
    return this.#select.all.all(after === null ? 0 : BigInt(after), limit).map(toStored);
  }

  head(): Promise<string | null> {
    return this.#read(() => {
      this.#held?.require();
      const row = this.#select.head.get();
      return row === undefined ? null : String(row.position);
    });
  }

  async *scan(until: string): AsyncIterable<readonly (StoredEvent | Irregular)[]> {
    for (let last = 0n, end = BigInt(until); ;) {
      const rows = await this.#read(() => this.#select.all.all(last, FEW_EVENTS));
      const wanted = rows.filter(({ position }) => BigInt(position) <= end);
      if (wanted.length > 0) yield wanted.map(toStoredOrIrregular);
      if (wanted.length < FEW_EVENTS) return;
      last = BigInt(sure(wanted.at(-1)).position);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #read<T>(query: () => T): Promise<T> {
    try {
      return query();
    } catch (cause) {
      throw new StoreUnavailable(cause instanceof FileGone ? cause.message : 'the embedded log could not be read', { cause });
    }
  }

  async *subscribe(after: string | null, signal: AbortSignal): AsyncIterable<Batch> {
    let last = after;
    let saidCaughtUp = false;
    while (!signal.aborted && !this.#closed) {
      const events = this.#page(last, PAGE_EVENTS);
      const caughtUp = events.length < PAGE_EVENTS;
      if (events.length > 0 || (caughtUp && !saidCaughtUp)) {
        saidCaughtUp = caughtUp;
        last = events.at(-1)?.position ?? last;
        yield { events, caughtUp };
        if (!caughtUp) await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      await this.#more(signal);
    }
  }

  /** Waits for the next commit of this process, or a moment in which another process may have written. */
  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, this.#pollMs);
      this.#wakers.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** `told` hears of each commit of this process. Must not throw. */
  onCommit(told: () => void): void {
    this.#wakers.add(told);
  }

  /** Subscribers look at once: another thread has committed. */
  look(): void {
    for (const wake of this.#wakers) wake();
  }

  async close(): Promise<void> {
    while (this.#flushing) await new Promise((resolve) => setImmediate(resolve));
    if (this.#closed) return;
    this.#closed = true;
    this.look();
    this.#db.close();
  }
}
