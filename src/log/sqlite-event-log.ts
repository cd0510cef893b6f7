/**
 * The embedded event log: one SQLite file, no set-up. One process writes (its caller holds the lock), any number read.
 *
 * Appends that wait at the same moment share one transaction and one flush to disk (group commit); each is checked on
 * its own, so a wrong expected revision refuses that append and no other. Promises settle after COMMIT, never before.
 * When a commit fails, every append that waited, also behind it, is rejected: nothing decided on top of a lost event
 * can be stored. A service commits in a thread of its own (commit-thread/): reading and deciding go on meanwhile.
 */
import type Database from 'better-sqlite3';
import { sure } from '../encoding/unknown-values.js';
import { FileGone, HeldFile } from '../sqlite/held-file.js';
import { requireWhole } from '../sqlite/open-database.js';
import { probeWrites } from '../sqlite/probe-writes.js';
import { Committer } from './commit-thread/committer.js';
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
import { SqliteCommits, type Committed, type ToCommit } from './sqlite-commits.js';
import { openLogFile, SCHEMA, selects, toStored, toStoredOrIrregular } from './sqlite-rows.js';

export interface SqliteEventLogOptions {
  readonly file: string;
  /** Follow a log that another process writes. */
  readonly readonly?: boolean;
  readonly now?: () => number;
  /** How often it looks for what another process wrote, ms. */
  readonly pollMs?: number;
  /** Commits in a thread of its own. */
  readonly thread?: boolean;
  /** The file of the thread; tests put one in its place that dies. */
  readonly commitThread?: URL;
  /** Hears when that thread died, a line each; absent = nobody does. */
  readonly notice?: (line: string) => void;
}

interface Waiting extends Omit<ToCommit, 'now'> {
  readonly resolve: (result: Appended) => void;
  readonly reject: (error: Error) => void;
}

/** Writes groups of appends, one after the other. */
interface Commits {
  commit(group: readonly ToCommit[]): Promise<readonly Committed[]>;
  close(): Promise<void>;
}

/** Appends in one transaction at most: bounds the time the event loop is held, and what is held twice for a thread. */
const GROUP_LIMIT = 512;
const GROUP_LENGTH = 4 * 1024 * 1024;
/** Of these so many are told in one turn of the event loop. */
const SETTLED_AT_ONCE = 32;
/** How long the first append of a transaction waits at most for others to join, ms. */
const GATHER_MS = 50;
/** How often a follower of another process's log looks for more. The writer's own subscribers are woken at once. */
const POLL_MS = 50;

/** A commit proves for so long that there may be another, ms. */
const PROVED_MS = 1000;
/** What is tried at least after a commit that failed. */
const PROBE_BYTES = 64 * 1024;

const sizeOf = (events: readonly SerialisedEvent[]): number =>
  events.reduce((sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata), 0);

/** In characters: cheap, and near enough. */
const lengthOf = (events: readonly SerialisedEvent[]): number =>
  events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);

const withCause = (why: string, cause: unknown): StoreUnavailable =>
  new StoreUnavailable(cause instanceof FileGone ? cause.message : why, { cause });

export class SqliteEventLog implements EventLog {
  readonly ordered = true;
  readonly trouble = null;
  /** Where it is. */
  readonly file: string;
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #pollMs: number;
  readonly #select: ReturnType<typeof selects>;
  /** null for a reader. */
  readonly #commits: Commits | null;
  readonly #waiting: Waiting[] = [];
  /** Called behind each commit of this process. */
  readonly #wakers = new Set<() => void>();
  /** The file as it was opened for writing; null for a reader. */
  readonly #held: HeldFile | null;
  #flushing = false;
  /** Resolves when who waited for the commits so far was told. */
  #settled: Promise<void> = Promise.resolve();
  /** When a commit last succeeded, by the machine's clock, and how large one was that failed since; 0 = none did. */
  #proved = -Infinity;
  #failedBytes = 0;
  #closed = false;

  constructor(options: SqliteEventLogOptions) {
    const readonly = options.readonly ?? false;
    this.file = options.file;
    this.#now = options.now ?? Date.now;
    this.#pollMs = options.pollMs ?? POLL_MS;
    this.#db = openLogFile(options.file, { readonly, fileMustExist: readonly });
    if (!readonly) {
      // Before anything is written: beside a broken index a stream would be begun a second time.
      requireWhole(this.#db);
      this.#db.pragma('journal_mode = WAL');
      this.#db.exec(SCHEMA);
    }
    this.#held = readonly ? null : new HeldFile(options.file);
    this.#select = selects(this.#db);
    this.#commits = this.#held === null ? null : commitsOf(this.#db, { options, held: this.#held });
  }

  append(stream: string, condition: ExpectedRevision | Condition, events: readonly NewEvent[]): Promise<Appended> {
    const { revision: expected } = conditionOf(condition);
    return new Promise((resolve, reject) => {
      if (this.#closed || this.#commits === null)
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
      else void this.#flush();
    });
  }

  /** At least one append, however long. */
  #group(): Waiting[] {
    let length = 0;
    const end = this.#waiting.findIndex(({ events }, at) => (length += lengthOf(events)) > GROUP_LENGTH && at > 0);
    return this.#waiting.splice(0, Math.min(end < 0 ? GROUP_LIMIT : end, GROUP_LIMIT));
  }

  async #flush(): Promise<void> {
    const group = this.#group();
    let outcomes: readonly Committed[];
    try {
      const appends = group.map(({ stream, expected, events }) => ({ stream, expected, events, now: this.#now() }));
      outcomes = await sure(this.#commits).commit(appends);
      // SQLite commits without a word into files that nobody finds again: only what stands in the folder's is
      // acknowledged.
      this.#held?.require();
    } catch (cause) {
      const bytes = group.reduce((sum, { events }) => sum + sizeOf(events), 0);
      this.#failedBytes = Math.max(PROBE_BYTES, bytes);
      const error = withCause('the embedded log could not commit', cause);
      for (const waiting of [...group, ...this.#waiting.splice(0)]) waiting.reject(error);
      this.#flushing = false;
      return;
    }
    this.#taken();
    this.look();
    // The next transaction does not wait for those who go on with this one.
    this.#settled = this.#settled.then(() => settleAll(group, outcomes));
    if (this.#waiting.length > 0) setImmediate(() => void this.#flush());
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
    if (this.#closed || this.#commits === null)
      throw new StoreUnavailable(this.#closed ? 'the log is closed' : 'the log was opened for reading');
    try {
      this.#held?.require();
      if (this.#failedBytes === 0 && Date.now() - this.#proved < PROVED_MS) return;
      probeWrites(this.#db, this.#failedBytes);
    } catch (cause) {
      throw withCause('the embedded log cannot commit', cause);
    }
    this.#taken();
  }

  readStream(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.#read(() => {
      // Most streams that are read are about to begin: of these a look at the names is enough.
      const known = this.#select.streamId.get(stream);
      return known === undefined ? [] : this.#select.stream.all(known.stream_id, from, limit).map(toStored);
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
      throw withCause('the embedded log could not be read', cause);
    }
  }

  async *subscribe(after: string | null, signal: AbortSignal): AsyncIterable<Batch> {
    let last = after;
    let saidCaughtUp = false;
    let limit = FEW_EVENTS;
    while (!signal.aborted && !this.#closed) {
      const events = this.#page(last, limit);
      const caughtUp = events.length < limit;
      if (caughtUp) limit = PAGE_EVENTS;
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
    await this.#settled;
    await this.#commits?.close();
    this.#db.close();
  }
}

function commitsOf(
  db: Database.Database,
  { options, held }: { readonly options: SqliteEventLogOptions; readonly held: HeldFile },
): Commits {
  const { file, thread = false, commitThread, notice } = options;
  if (!thread) {
    const commits = new SqliteCommits(db);
    return { commit: async (group) => commits.commit(group), close: async () => undefined };
  }
  const died = (why: string): void => notice?.(`the thread that commits died and is started again: ${why}`);
  return new Committer({ file, require: () => held.require(), died, entry: commitThread });
}

/** In the order of the log, a few each turn: all of a transaction going on at once would hold up everybody else. */
async function settleAll(group: readonly Waiting[], outcomes: readonly Committed[]): Promise<void> {
  for (const [at, waiting] of group.entries()) {
    if (at > 0 && at % SETTLED_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    settle(waiting, sure(outcomes[at]));
  }
}

function settle({ stream, expected, resolve, reject }: Waiting, outcome: Committed): void {
  if ('actual' in outcome) reject(new WrongExpectedRevision(stream, expected, outcome.actual));
  else resolve(outcome);
}
