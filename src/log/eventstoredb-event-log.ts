/**
 * The event log in EventStoreDB. Streams carry the namespace as prefix in the database and nowhere else.
 *
 * The client (6.2.1) has habits that this adapter must stand or make impossible:
 * - its usual path for appends, one long stream per connection, is not safe: all clients of the process share one map of pending appends,
 *   which an error on any of their streams empties, also on an old stream of the same client, and the next reply to one of those throws
 *   where nobody can catch it; and when a stream dies while messages wait to be written (a frozen server, large appends), they reject
 *   promises nobody holds. Both end the process. So every append is a call of its own, the path the client keeps for old servers;
 * - an append has no deadline of its own, a frozen server leaves it pending: every append is raced with a timer, and sent again with the
 *   same ids, which the server recognises;
 * - an id that is no UUID, or data that is no JSON, ends the process two seconds later: nothing unchecked reaches the client;
 * - a subscription that failed says so once and is dead: it is opened anew behind the last event given. Silence is not trusted either: the
 *   channel's keepalive turns a dead link into an error;
 * - `name`, `message` and even the class of its errors are no guide: anything that is not known to be final is taken as unavailable.
 */
import {
  BACKWARDS,
  END,
  ErrorType,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  ANY,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AppendExpectedRevision,
  type Position,
} from '@eventstore/db-client';
import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { formatInstant } from '../domain/values.js';
import {
  InvalidEvent,
  serialiseAppend,
  StoreUnavailable,
  WrongExpectedRevision,
  type Appended,
  type Batch,
  type EventLog,
  type ExpectedRevision,
  type Irregular,
  type NewEvent,
  type StoredEvent,
} from './event-log.js';
import { idInDatabase, positionOf, toPosition, toStored, withRecording, type Recording } from './eventstoredb-events.js';
import { scanAll } from './eventstoredb-scan.js';

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
}

/** Events waiting between the network and the reader before the subscription is paused. */
const HIGH_WATER = 4096;
/** Events gathered into one batch on the way to the end of the log, and how long the first of them waits at most, ms. */
const GATHERED = 500;
const GATHERING_MS = 10;
const PAGE = 1000;
const MAX_BACKOFF_MS = 2000;

const errorType = (error: unknown): unknown => (error as { type?: unknown }).type;

export class EventStoreDbEventLog implements EventLog {
  readonly ordered = false;
  readonly #client: EventStoreDBClient;
  readonly #namespace: string;
  readonly #now: () => number;
  readonly #attemptTimeout: number;
  readonly #retryFor: number;
  readonly #closing = new AbortController();
  /** Rejects a call that waits, each its own. */
  readonly #waiting = new Set<() => void>();
  #lastRecordedAt = 0;

  constructor(options: EventStoreDbOptions) {
    this.#client = EventStoreDBClient.connectionString(options.url);
    const internals = this.#client as unknown as { readonly throwOnAppendFailure: boolean; supports: () => Promise<boolean> };
    if (!internals.throwOnAppendFailure) {
      throw new Error('throwOnAppendFailure=false reports wrong revisions; take it out of EVENTSTOREDB_URL');
    }
    // Asked only whether the server knows the long append stream: see above.
    internals.supports = async () => false;
    // Every call that waits between two attempts listens to it.
    setMaxListeners(0, this.#closing.signal);
    this.#namespace = options.namespace ?? 'disclosure-';
    this.#now = options.now ?? Date.now;
    this.#attemptTimeout = options.attemptTimeout ?? 8000;
    this.#retryFor = options.retryFor ?? 15000;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const written = serialiseAppend(stream, expected, events);
    const recordedAt = Math.max(this.#now(), this.#lastRecordedAt);
    this.#lastRecordedAt = recordedAt;
    const proposed = written.map((event) => {
      const recording: Recording = { id: event.id, version: event.version, recordedAt: formatInstant(recordedAt) };
      return jsonEvent({
        id: idInDatabase(event),
        type: event.type,
        // Read back from what was checked: the client serialises later, and again for each attempt, when the caller may have changed it.
        data: JSON.parse(event.data) as Record<string, unknown>,
        metadata: new Uint8Array(Buffer.from(withRecording(event.metadata, recording))),
      });
    });
    const deadline = Date.now() + this.#retryFor;
    for (let attempt = 0; ; attempt += 1) {
      this.#checkOpen();
      try {
        const result = await this.#withDeadline(
          this.#client.appendToStream(this.#namespace + stream, proposed, {
            expectedRevision: toExpected(expected),
            deadline: this.#attemptTimeout,
          }),
        );
        return await this.#appended(stream, Number(result.nextExpectedRevision), result.position);
      } catch (error) {
        const final = this.#finalAppendError(error, stream, expected);
        if (final !== null) throw final;
        if (Date.now() >= deadline || this.#closing.signal.aborted)
          throw new StoreUnavailable('EventStoreDB did not take the append', { cause: error });
        await this.#backoff(attempt);
      }
    }
  }

  /** An append to a stream that nobody ever begins, on the condition that it is there: the server looks as it does for every append, and stores nothing. */
  async writable(): Promise<void> {
    this.#checkOpen();
    const probe = jsonEvent({ type: 'WriteProbe', data: {} });
    const asked = this.#client.appendToStream(`${this.#namespace}write-probe`, [probe], {
      expectedRevision: STREAM_EXISTS,
      deadline: this.#attemptTimeout,
    });
    try {
      await this.#withDeadline(asked);
    } catch (error) {
      if (errorType(error) !== ErrorType.WRONG_EXPECTED_VERSION)
        throw error instanceof StoreUnavailable ? error : new StoreUnavailable('EventStoreDB takes no append', { cause: error });
    }
  }

  async #appended(stream: string, revision: number, position: Position | undefined): Promise<Appended> {
    if (position !== undefined) return { revision, position: String(position.commit) };
    const [event] = await this.readStream(stream, revision, 1);
    if (event === undefined) throw new StoreUnavailable('the appended event could not be read back');
    return { revision, position: event.position };
  }

  /** The error to give the caller where another attempt cannot help; null where it can. */
  #finalAppendError(error: unknown, stream: string, expected: ExpectedRevision): Error | null {
    switch (errorType(error)) {
      case ErrorType.WRONG_EXPECTED_VERSION: {
        const { actualVersion } = error as { actualVersion: bigint | 'no_stream' };
        return new WrongExpectedRevision(stream, expected, typeof actualVersion === 'bigint' ? Number(actualVersion) : null);
      }
      case ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED:
        return new InvalidEvent('the append is larger than the server allows', { cause: error });
      case ErrorType.STREAM_DELETED:
      case ErrorType.ACCESS_DENIED:
      case ErrorType.INVALID_ARGUMENT:
        return new StoreUnavailable(`EventStoreDB refused the append: ${String(errorType(error))}`, { cause: error });
      default:
        return error instanceof StoreUnavailable && this.#closing.signal.aborted ? error : null;
    }
  }

  #checkOpen(): void {
    if (this.#closing.signal.aborted) throw new StoreUnavailable('the log is closed');
  }

  /** The client's promise may never settle; this one does. The late failure of an abandoned promise is nobody's surprise. */
  #withDeadline<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(close);
        finish();
      };
      const giveUp = (why: string): void => settle(() => reject(new StoreUnavailable(why)));
      const close = (): void => giveUp('the log is closed');
      const timer = setTimeout(() => giveUp(`no answer within ${this.#attemptTimeout} ms`), this.#attemptTimeout);
      this.#waiting.add(close);
      promise.then(
        (value) => settle(() => resolve(value)),
        (error: Error) => settle(() => reject(error)),
      );
    });
  }

  async #backoff(attempt: number): Promise<void> {
    const wait = Math.min(MAX_BACKOFF_MS, 50 * 2 ** attempt) * (0.5 + Math.random() / 2);
    await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  async readStream(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    if (limit === 0) return [];
    return this.#read(async () => {
      const events: StoredEvent[] = [];
      const read = this.#client.readStream(this.#namespace + stream, { fromRevision: BigInt(from), maxCount: limit });
      try {
        await this.#withDeadline(
          (async () => {
            for await (const { event } of read) if (event !== undefined) events.push(toStored(event, this.#namespace));
          })(),
        );
      } catch (error) {
        if (errorType(error) === ErrorType.STREAM_NOT_FOUND) return [];
        read.cancel().catch(() => undefined);
        throw error;
      }
      return events;
    });
  }

  async readAll(after: string | null, limit: number): Promise<readonly StoredEvent[]> {
    const events: StoredEvent[] = [];
    if (limit === 0) return events;
    return this.#read(async () => {
      const stop = new AbortController();
      await this.#withDeadline(
        (async () => {
          for await (const batch of this.#follow(after, stop.signal)) {
            events.push(...batch.events.slice(0, limit - events.length));
            if (batch.caughtUp || events.length >= limit) break;
          }
        })(),
      ).finally(() => stop.abort());
      return events;
    });
  }

  async head(): Promise<string | null> {
    return this.#read(async () => {
      for (let from: Position | typeof END = END; ;) {
        const page: AllStreamResolvedEvent[] = [];
        const read = this.#client.readAll({ direction: BACKWARDS, fromPosition: from, maxCount: PAGE });
        await this.#withDeadline(
          (async () => {
            for await (const resolved of read) page.push(resolved);
          })(),
        );
        const found = page.find(({ event }) => event?.streamId.startsWith(this.#namespace));
        if (found?.event !== undefined) return positionOf(found.event) ?? null;
        const last = page.at(-1)?.event;
        if (page.length < PAGE || last === undefined) return null;
        // Before walking back through all that others wrote: is there anything of this ledger? The server finds that out much faster.
        if (from === END && (await this.readAll(null, 1).catch(() => null))?.length === 0) return null;
        from = last.position;
      }
    });
  }

  scan(until: string): AsyncIterable<readonly (StoredEvent | Irregular)[]> {
    this.#checkOpen();
    return scanAll(this.#client, { namespace: this.#namespace, until, patience: this.#retryFor, closing: this.#closing.signal });
  }

  async #read<T>(query: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    try {
      return await query();
    } catch (cause) {
      throw cause instanceof StoreUnavailable ? cause : new StoreUnavailable('EventStoreDB could not be read', { cause });
    }
  }

  async *subscribe(after: string | null, signal: AbortSignal): AsyncIterable<Batch> {
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    let last = after;
    for (let attempt = 0; !stop.aborted; attempt += 1) {
      try {
        for await (const batch of this.#follow(last, stop)) {
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

  /**
   * One subscription until it fails (`StoreUnavailable`) or `stop` aborts. Whatever arrived while the reader was busy comes as one batch; on the way
   * to the end also what comes within a moment: a reader has its price per batch, and the client gives one event at a time.
   */
  async *#follow(after: string | null, stop: AbortSignal): AsyncIterable<Batch> {
    const subscription = this.#client.subscribeToAll({
      fromPosition: after === null ? START : toPosition(after),
      filter: streamNameFilter({ prefixes: [this.#namespace] }),
    });
    let arrived: StoredEvent[] = [];
    let live = false;
    let failure: Error | null = null;
    let wake: () => void = () => undefined;
    const fail = (error: unknown): void => {
      failure ??= new StoreUnavailable('the subscription ended', { cause: error });
      wake();
    };
    subscription.on('data', ({ event }: AllStreamResolvedEvent) => {
      // Nothing behind an event that cannot be given may be given.
      if (failure !== null || event === undefined || !event.streamId.startsWith(this.#namespace)) return;
      try {
        arrived.push(toStored(event, this.#namespace));
      } catch (error) {
        failure ??= error as Error;
      }
      if (arrived.length >= HIGH_WATER) subscription.pause();
      wake();
    });
    subscription.on('caughtUp', () => {
      live = true;
      wake();
    });
    subscription.on('fellBehind', () => (live = false));
    subscription.on('error', fail).on('end', fail).on('close', fail);
    const abort = (): void => wake();
    stop.addEventListener('abort', abort);
    const gather = async (): Promise<void> => {
      if (live) return nextTurn();
      for (let waited = 0; waited < GATHERING_MS && arrived.length < GATHERED; waited += 1) {
        if (live || failure !== null || stop.aborted) return;
        await sleep(1);
      }
    };
    try {
      let begun = false;
      let saidCaughtUp = false;
      while (!stop.aborted) {
        // What comes first is given at once: a reader of one event waits for nothing.
        if (begun && arrived.length > 0) await gather();
        if (stop.aborted) return;
        // Events from before it was said may still stand in the stream's own buffer; they wake this loop when they come out.
        const caughtUp = live && failure === null && subscription.readableLength === 0;
        if (arrived.length > 0 || (caughtUp && !saidCaughtUp)) {
          const events = arrived;
          arrived = [];
          saidCaughtUp = caughtUp;
          begun = true;
          if (subscription.isPaused()) subscription.resume();
          yield { events, caughtUp };
          continue;
        }
        if (failure !== null) throw failure as Error;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop.removeEventListener('abort', abort);
      subscription.unsubscribe().catch(() => undefined);
      subscription.destroy();
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    for (const close of this.#waiting) close();
    await this.#client.dispose().catch(() => undefined);
  }
}

function toExpected(expected: ExpectedRevision): AppendExpectedRevision {
  switch (expected) {
    case 'any':
      return ANY;
    case 'no-stream':
      return NO_STREAM;
    case 'stream-exists':
      return STREAM_EXISTS;
    default:
      return BigInt(expected);
  }
}
