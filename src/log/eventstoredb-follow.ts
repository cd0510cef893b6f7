/** One subscription to the events of a ledger, from its beginning until it fails. */
import {
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable, type Batch, type StoredEvent } from './event-log.js';
import type { Passed } from './eventstoredb-end.js';
import { toPosition, toStored } from './eventstoredb-events.js';

export interface Following {
  readonly namespace: string;
  /** Position of the last event known; null = from the beginning. */
  readonly after: string | null;
  readonly stop: AbortSignal;
  /** Hears whatever the server sends. */
  readonly heard: () => void;
  /** Hears how far the server has looked, and which event of the ledger was the last there. */
  readonly passed: (passed: Passed) => void;
}

/** Events waiting between the network and the reader before the subscription is paused. */
const HIGH_WATER = 4096;
/**
 * Events gathered into one batch on the way to the end of the log, and how long the first of them waits at most, ms.
 */
const GATHERED = 500;
const GATHERING_MS = 10;
/**
 * Where so many events came within so long, ms, the next ones wait for the end of it: at the end of the log the server
 * sends each event by itself, and a reader has its price per batch. Who records one event sees it at once.
 */
const TOGETHER_MS = 25;
const TOGETHER_FROM = 4;
/** Events of others that the server looks through at a time. */
const WINDOW = 500;

/**
 * Until it fails (`StoreUnavailable`, its cause the client's error) or `stop` aborts. Whatever arrived while the reader
 * was busy comes as one batch; so does what comes within a moment: a reader has its price per batch, and the client
 * gives one event at a time.
 */
export async function* follow(client: EventStoreDBClient, following: Following): AsyncIterable<Batch> {
  const { stop } = following;
  const arrivals = new Arrivals(client, following);
  const abort = (): void => arrivals.wake();
  stop.addEventListener('abort', abort);
  try {
    let begun = false;
    let saidCaughtUp = false;
    while (!stop.aborted) {
      // What comes first is given at once: a reader of one event waits for nothing.
      if (begun && arrivals.count > 0) await arrivals.gather(stop);
      if (stop.aborted) return;
      const { caughtUp } = arrivals;
      if (arrivals.count > 0 || (caughtUp && !saidCaughtUp)) {
        saidCaughtUp = caughtUp;
        begun = true;
        yield { events: arrivals.take(), caughtUp };
        continue;
      }
      if (arrivals.failure !== null) throw arrivals.failure;
      await arrivals.more();
    }
  } finally {
    stop.removeEventListener('abort', abort);
    arrivals.end();
  }
}

/** Lets what comes in short order come together. Times are ms of any clock. */
export class Gathering {
  #since = -Infinity;
  #count = 0;

  /** So many are given. */
  given(count: number, now: number): void {
    if (now - this.#since >= TOGETHER_MS) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += count;
  }

  /** So long the next ones wait. */
  rest(now: number): number {
    return this.#count < TOGETHER_FROM ? 0 : Math.max(0, this.#since + TOGETHER_MS - now);
  }
}

/** How a log is read from a position on. */
export interface Ways {
  /** Without end, until it fails. */
  readonly follow: (after: string | null) => AsyncIterable<Batch>;
  /** Up to the end or to wherever it comes: faster, and nothing to rely on. */
  readonly ahead: (after: string | null) => AsyncIterable<readonly StoredEvent[]>;
}

/** Events that were given and no end in sight, before reading ahead is worth its start. */
const LONG_WAY = 4000;

/** Follows; a long way to the end is read ahead. */
export async function* onwards(after: string | null, { follow: followed, ahead }: Ways): AsyncIterable<Batch> {
  let last = after;
  let given = 0;
  for await (const batch of followed(last)) {
    yield batch;
    last = batch.events.at(-1)?.position ?? last;
    given = batch.caughtUp ? -Infinity : given + batch.events.length;
    if (given >= LONG_WAY) break;
  }
  if (given < LONG_WAY) return;
  for await (const events of ahead(last)) {
    yield { events, caughtUp: false };
    last = events.at(-1)?.position ?? last;
  }
  yield* followed(last);
}

/** What came of a subscription and was not taken yet. */
class Arrivals {
  readonly #following: Following;
  readonly #subscription: AllStreamSubscription;
  /** Position of the last event that came. */
  #last: string | null;
  #events: StoredEvent[] = [];
  #live = false;
  readonly #gathering = new Gathering();
  #wake: () => void = () => undefined;
  failure: Error | null = null;

  constructor(client: EventStoreDBClient, following: Following) {
    const { namespace, after, heard } = following;
    this.#following = following;
    this.#last = after;
    const subscription = client.subscribeToAll({
      fromPosition: after === null ? START : toPosition(after),
      filter: streamNameFilter({
        prefixes: [namespace],
        maxSearchWindow: WINDOW,
        checkpointReached: (_, position) => this.#reached(position),
      }),
    });
    this.#subscription = subscription;
    const fail = (error: unknown): void => {
      this.failure ??= new StoreUnavailable('the subscription ended', { cause: error });
      this.#wake();
    };
    subscription.on('data', ({ event }: AllStreamResolvedEvent) => {
      heard();
      // Nothing behind an event that cannot be given may be given.
      if (this.failure !== null || event === undefined || !event.streamId.startsWith(namespace)) return;
      try {
        const stored = toStored(event, namespace);
        this.#last = stored.position;
        this.#events.push(stored);
      } catch (error) {
        this.failure ??= error as Error;
      }
      if (this.#events.length >= HIGH_WATER) subscription.pause();
      this.#wake();
    });
    subscription.on('caughtUp', () => {
      heard();
      this.#live = true;
      this.#wake();
    });
    subscription.on('fellBehind', () => (this.#live = false));
    subscription.on('error', fail).on('end', fail).on('close', fail);
  }

  /** The server has looked so far. Events from before it may still stand in the stream's own buffer. */
  #reached(upTo: Position): void {
    if (this.failure === null && this.#subscription.readableLength === 0) this.#following.passed({ head: this.#last, upTo });
  }

  get count(): number {
    return this.#events.length;
  }

  /**
   * Events from before it was said may still stand in the stream's own buffer; they wake whoever waits when they come
   * out.
   */
  get caughtUp(): boolean {
    return this.#live && this.failure === null && this.#subscription.readableLength === 0;
  }

  take(): StoredEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#gathering.given(events.length, performance.now());
    if (this.#subscription.isPaused()) this.#subscription.resume();
    return events;
  }

  more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  wake(): void {
    this.#wake();
  }

  end(): void {
    this.#subscription.unsubscribe().catch(() => undefined);
    this.#subscription.destroy();
  }

  async gather(stop: AbortSignal): Promise<unknown> {
    if (this.#live) {
      await nextTurn();
      const rest = this.#gathering.rest(performance.now());
      return rest > 0 ? sleep(rest, undefined, { signal: stop }).catch(() => undefined) : undefined;
    }
    for (let waited = 0; waited < GATHERING_MS && this.#events.length < GATHERED; waited += 1) {
      if (this.#live || this.failure !== null || stop.aborted) return;
      await sleep(1);
    }
    return;
  }
}
