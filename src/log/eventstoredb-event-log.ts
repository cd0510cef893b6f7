/**
 * The event log in EventStoreDB. Streams carry the namespace as prefix in the database and nowhere else.
 *
 * The client (6.2.1) has habits that this adapter must stand or make impossible:
 * - its usual path for appends, one long stream per connection, is not safe: all clients of a thread share one map of
 *   pending appends, which an error on any of their streams empties, also on an old stream of the same client, and the
 *   next reply to one of those throws where nobody can catch it; and when a stream dies while messages wait to be
 *   written (a frozen server, large appends), they reject promises nobody holds. Both end a process. So appends have a
 *   thread and a client of their own (append-thread/), which these faults may end: what it did not answer is sent
 *   again;
 * - an append has no deadline of its own, a frozen server leaves it pending: every append is raced with a timer, and
 *   sent again with the same ids, which the server recognises;
 * - an id that is no UUID, or data that is no JSON, ends the process two seconds later: nothing unchecked reaches the
 *   client;
 * - a subscription that failed says so once and is dead: it is opened anew behind the last event given. Silence is not
 *   trusted either: where the server says nothing another connection is tried (eventstoredb-connection.ts);
 * - `name`, `message` and even the class of its errors are no guide: what is not known to be final is unavailable.
 */
import { ErrorType, jsonEvent, STREAM_EXISTS, type EventStoreDBClient, type RecordedEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { membersOf } from '../encoding/unknown-values.js';
import { formatInstant } from '../time/instant.js';
import {
  comparePositions,
  conditionOf,
  InvalidEvent,
  NamespaceOverlaps,
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
import { Appender } from './append-thread/appender.js';
import type { Proposed, Taken } from './append-thread/words.js';
import { Connection, ConnectionRenewed } from './eventstoredb-connection.js';
import { BadUrl, routeOf } from './eventstoredb-diagnosis.js';
import { LedgerEnd } from './eventstoredb-end.js';
import {
  ForeignEvent,
  holds,
  idInDatabase,
  positionOf,
  toExpected,
  toPosition,
  toStored,
  withRecording,
  type Recording,
} from './eventstoredb-events.js';
import { readFiltered, type FilteredRead } from './eventstoredb-filtered.js';
import { follow, onwards, type Ways } from './eventstoredb-follow.js';
import { readInThread } from './read-thread/reader.js';
import { NamespaceGuard } from './eventstoredb-namespaces.js';
import { Patience } from './eventstoredb-patience.js';
import { scanAll } from './eventstoredb-scan.js';
import { errorType, Server } from './eventstoredb-server.js';
import { recordedIn } from './eventstoredb-stream.js';

export { BadUrl };

export interface EventStoreDbOptions {
  /** `esdb://…` with its usual parameters; user and password in it when the server asks for them. */
  readonly url: string;
  /** Prefix of every stream of this ledger in the database. */
  readonly namespace?: string;
  readonly now?: () => number;
  /** How long one attempt of an append or read may take, ms. */
  readonly attemptTimeout?: number;
  /** How long an append is retried over unavailability (an election takes about 5 s), ms. */
  readonly retryFor?: number;
  /** How long the server may say nothing before it is called lost, ms. */
  readonly lostAfter?: number;
  /** Nothing is read or written beside a ledger whose namespace overlaps with this one. */
  readonly guarded?: boolean;
  /** Hears when the server is lost and back, a line each; absent = nobody looks after it. */
  readonly notice?: (line: string) => void;
  /** The thread that appends; tests put one in its place that dies. */
  readonly appendThread?: URL;
  /** The thread that reads ahead; as above. */
  readonly readThread?: URL;
}

const MAX_BACKOFF_MS = 2000;
const LOST_AFTER_MS = 2000;
/** An append that was taken proves for so long that the next one will be, ms. */
const TAKEN_MS = 1000;

export class EventStoreDbEventLog implements EventLog {
  readonly ordered = false;
  readonly #connection: Connection;
  readonly #appender: Appender;
  readonly #server: Server;
  readonly #patience: Patience;
  readonly #end: LedgerEnd;
  /** null where nobody asked for it. */
  readonly #guard: NamespaceGuard | null;
  readonly #namespace: string;
  readonly #now: () => number;
  readonly #attemptTimeout: number;
  readonly #retryFor: number;
  readonly #reading: Pick<EventStoreDbOptions, 'url' | 'readThread'>;
  readonly #closing = new AbortController();
  /** Tells this writer's appends from those of others. */
  readonly #writer = randomUUID();
  #lastRecordedAt = 0;
  /** When an append was last taken; -Infinity after one that was not. */
  #takenAt = -Infinity;

  /** Errors: `BadUrl`. */
  constructor(options: EventStoreDbOptions) {
    const route = routeOf(options.url);
    this.#connection = new Connection(options.url, () => {
      this.#patience.renewed();
      this.#appender.renew();
    });
    const { url, notice, appendThread, readThread } = options;
    this.#reading = { url, readThread };
    const died = (why: string): void => notice?.(`the thread that appends died and is started again: ${why}`);
    this.#appender = new Appender({ url, died, entry: appendThread });
    // Every call that waits between two attempts listens to it.
    setMaxListeners(0, this.#closing.signal);
    this.#namespace = options.namespace ?? 'disclosure-';
    this.#now = options.now ?? Date.now;
    this.#attemptTimeout = options.attemptTimeout ?? 8000;
    this.#retryFor = options.retryFor ?? 15000;
    const patience = Math.min(options.lostAfter ?? LOST_AFTER_MS, this.#attemptTimeout);
    const ask = (client: EventStoreDBClient, signal: AbortSignal): Promise<void> => askNothing(client, this.#namespace, signal);
    this.#server = new Server({
      route,
      ask: (signal) => ask(this.#connection.client, signal),
      another: (attempt) => this.#connection.tryAnother({ ...attempt, ask }),
      closing: this.#closing.signal,
      patience,
    });
    this.#patience = new Patience(this.#server, this.#attemptTimeout);
    this.#end = new LedgerEnd((range) => this.#filtered(range));
    const patiently = <T>(call: () => Promise<T>): Promise<T> => this.#patience.whileItAnswers(call);
    const client = (): EventStoreDBClient => this.#connection.client;
    this.#guard = options.guarded === true ? new NamespaceGuard({ client, namespace: this.#namespace, patiently }) : null;
    if (options.notice !== undefined) void this.#server.watch(options.notice);
  }

  get trouble(): string | null {
    return this.#server.trouble;
  }

  async reachable(): Promise<void> {
    await this.#read(() => this.#server.reachable());
  }

  async claim(): Promise<void> {
    await this.#read(async () => this.#guard?.claimed());
  }

  async append(stream: string, condition: ExpectedRevision | Condition, events: readonly NewEvent[]): Promise<Appended> {
    const { revision: expected, still } = conditionOf(condition);
    const written = serialiseAppend(stream, expected, events);
    this.#checkOpen();
    await this.#read(async () => this.#guard?.claimed());
    const proposed = this.#proposed(written, expected);
    const deadline = Date.now() + this.#retryFor;
    for (let attempt = 0; ; attempt += 1) {
      this.#checkOpen();
      await still?.();
      try {
        const result = await this.#attempt(stream, expected, proposed);
        this.#takenAt = Date.now();
        return await this.#appended(stream, result);
      } catch (error) {
        const final = await this.#finalAppendError(error, stream, expected);
        if (final instanceof WrongExpectedRevision) return await this.#already(final, written, proposed);
        this.#takenAt = -Infinity;
        if (final !== null) throw final;
        if (Date.now() >= deadline || this.#closing.signal.aborted) throw await this.#server.unavailable(error);
        await this.#backoff(attempt);
      }
    }
  }

  #attempt(stream: string, expected: ExpectedRevision, events: readonly Proposed[]): Promise<Taken> {
    const asked = { stream: this.#namespace + stream, expected: toExpected(expected), deadline: this.#attemptTimeout, events };
    return this.#patience.inTime(this.#appender.append(asked));
  }

  #proposed(written: readonly SerialisedEvent[], expected: ExpectedRevision): Proposed[] {
    const recordedAt = Math.max(this.#now(), this.#lastRecordedAt);
    this.#lastRecordedAt = recordedAt;
    // Where only the id tells a repeat, any writer's is one; else the revision does, and the server says who was first.
    const writer = expected === 'any' || expected === 'stream-exists' ? null : this.#writer;
    return written.map((event) => {
      const recording: Recording = { id: event.id, version: event.version, recordedAt: formatInstant(recordedAt) };
      const { type, data, metadata } = event;
      return { id: idInDatabase(event, writer), type, data, metadata: withRecording(metadata, recording) };
    });
  }

  /**
   * The original result where exactly these events stand where the append would have put them: another writer was
   * faster, or this one before its process died. Errors: `WrongExpectedRevision` where others stand there.
   */
  async #already(wrong: WrongExpectedRevision, written: readonly SerialisedEvent[], proposed: readonly Proposed[]): Promise<Appended> {
    const { stream, expected, actual } = wrong;
    if (typeof expected === 'string' && expected !== 'no-stream') throw wrong;
    const from = expected === 'no-stream' ? 0 : expected + 1;
    if (actual === null || actual < from + written.length - 1) throw wrong;
    const found = await this.#read(() => this.#recorded(stream, from, written.length));
    const last = found.at(-1);
    const position = last === undefined ? undefined : positionOf(last);
    if (position === undefined || !written.every((event, index) => holds(found[index], event))) throw wrong;
    const own = found.every(({ id }, index) => id === proposed[index]?.id);
    return { revision: from + written.length - 1, position, ...(own ? {} : { already: true }) };
  }

  /** An append to a stream that nobody ever begins, on the condition that it is there: the server stores nothing. */
  async writable(): Promise<void> {
    this.#checkOpen();
    const began = Date.now();
    if (began - this.#takenAt < TAKEN_MS) return;
    const probe = jsonEvent({ type: 'WriteProbe', data: {} });
    const options = { expectedRevision: STREAM_EXISTS, deadline: this.#attemptTimeout } as const;
    try {
      await this.#patience.inTime(this.#connection.client.appendToStream(`${this.#namespace}write-probe`, [probe], options));
    } catch (error) {
      if (errorType(error) === ErrorType.WRONG_EXPECTED_VERSION || this.#takenAt >= began) return;
      throw await this.#server.unavailable(error);
    }
  }

  async #appended(stream: string, { revision, position }: Taken): Promise<Appended> {
    if (position !== null) return { revision, position };
    const [event] = await this.readStream(stream, revision, 1);
    if (event === undefined) throw new StoreUnavailable('the appended event could not be read back');
    return { revision, position: event.position };
  }

  /** The error to give the caller where another attempt cannot help; null where it can. */
  async #finalAppendError(error: unknown, stream: string, expected: ExpectedRevision): Promise<Error | null> {
    switch (errorType(error)) {
      case ErrorType.WRONG_EXPECTED_VERSION: {
        const { actualVersion } = membersOf(error);
        return new WrongExpectedRevision(stream, expected, typeof actualVersion === 'bigint' ? Number(actualVersion) : null);
      }
      case ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED:
        return new InvalidEvent('the append is larger than the server allows', { cause: error });
      case ErrorType.ACCESS_DENIED:
        return this.#server.unavailable(error);
      case ErrorType.STREAM_DELETED:
      case ErrorType.INVALID_ARGUMENT:
        return new StoreUnavailable(`EventStoreDB refused the append: ${String(errorType(error))}`, { cause: error });
      default:
        return error instanceof StoreUnavailable && this.#closing.signal.aborted ? error : null;
    }
  }

  #checkOpen(): void {
    if (this.#closing.signal.aborted) throw new StoreUnavailable('the log is closed');
  }

  async #backoff(attempt: number): Promise<void> {
    const wait = Math.min(MAX_BACKOFF_MS, 50 * 2 ** attempt) * (0.5 + Math.random() / 2);
    await this.#server.pause(wait);
  }

  async readStream(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    if (limit === 0) return [];
    return this.#read(async () => {
      await this.#guard?.free();
      return (await this.#recorded(stream, from, limit)).map((event) => toStored(event, this.#namespace));
    });
  }

  #recorded(stream: string, from: number, limit: number): Promise<RecordedEvent[]> {
    const inTime = (attempt: Promise<void>): Promise<void> => this.#patience.inTime(attempt);
    return recordedIn({ stream: this.#namespace + stream, from, limit }, { client: () => this.#connection.client, inTime });
  }

  async readAll(after: string | null, limit: number): Promise<readonly StoredEvent[]> {
    if (limit === 0) return [];
    return this.#read(async () => {
      await this.#guard?.free();
      // It begins with the event at the position, which is not wanted.
      const range = after === null ? { from: null, count: limit } : { from: toPosition(after), count: limit + 1 };
      const found = (await this.#filtered(range)).map((event) => toStored(event, this.#namespace));
      return found.filter(({ position }) => after === null || comparePositions(position, after) > 0).slice(0, limit);
    });
  }

  /** One event is sent, whatever others wrote behind it. */
  async head(): Promise<string | null> {
    return this.#read(async () => {
      await this.#guard?.free();
      return this.#end.head();
    });
  }

  async #filtered(range: FilteredRead['range']): Promise<RecordedEvent[]> {
    const read = readFiltered(this.#connection.client, { prefix: { streams: [this.#namespace] }, range });
    const events: RecordedEvent[] = [];
    try {
      await this.#patience.whileItAnswers(async () => {
        for await (const { event } of read) if (event !== undefined) events.push(event);
      });
    } catch (error) {
      read.cancel().catch(() => undefined);
      throw error;
    }
    return events;
  }

  scan(until: string): AsyncIterable<readonly (StoredEvent | Irregular)[]> {
    this.#checkOpen();
    const alive = (): Promise<void> => this.#server.reachable();
    return scanAll(() => this.#connection.client, {
      namespace: this.#namespace,
      until,
      patience: this.#retryFor,
      closing: this.#closing.signal,
      alive,
    });
  }

  async #read<T>(query: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    try {
      return await query();
    } catch (error) {
      if (error instanceof ConnectionRenewed) return this.#read(query);
      if (error instanceof NamespaceOverlaps) throw error;
      if (error instanceof ForeignEvent) throw new StoreUnavailable(error.message, { cause: error });
      throw await this.#server.unavailable(error);
    }
  }

  async *subscribe(after: string | null, signal: AbortSignal): AsyncIterable<Batch> {
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    let last = after;
    for (let attempt = 0; !stop.aborted; attempt += 1) {
      try {
        await this.#read(async () => this.#guard?.free());
        for await (const batch of onwards(last, this.#ways(stop))) {
          attempt = 0;
          last = batch.events.at(-1)?.position ?? last;
          yield batch;
        }
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
      if (!stop.aborted) await this.#backoff(attempt);
    }
  }

  #ways(stop: AbortSignal): Ways {
    const { url, readThread: entry } = this.#reading;
    const options = { stop, patience: this.#attemptTimeout, heard: () => this.#server.heard(), entry };
    return {
      follow: (after) => this.#follow(after, stop),
      ahead: (after) => readInThread({ url, namespace: this.#namespace, after }, options),
    };
  }

  #follow(after: string | null, stop: AbortSignal): AsyncIterable<Batch> {
    this.#end.forget();
    return follow(this.#connection.client, {
      namespace: this.#namespace,
      after,
      stop,
      heard: () => this.#server.heard(),
      passed: (passed) => this.#end.pass(passed),
    });
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#patience.close();
    await Promise.all([this.#appender.close(), this.#connection.close()]);
  }
}

/** Reads a stream that nobody ever begins: that it is not there is an answer. */
async function askNothing(client: EventStoreDBClient, namespace: string, signal: AbortSignal): Promise<void> {
  const read = client.readStream(`${namespace}write-probe`, { maxCount: 1 });
  const cancel = (): void => void read.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel);
  try {
    for await (const { event } of read) void event;
  } catch (error) {
    if (errorType(error) !== ErrorType.STREAM_NOT_FOUND) throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
