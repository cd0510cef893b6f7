/**
 * The event log: the only durable truth. What every adapter must do is said here and held by one suite
 * (test/log/event-log.contract.ts).
 *
 * - **Streams.** Events of a stream are numbered from 0 without a gap. A stream exists from its first event on.
 * - **Append** is atomic: all events of a call are stored, or none. A resolved append is durable: it survives kill -9
 *   of this process (and, as far as the store promises it, of the machine). A rejected one with `StoreUnavailable` may
 *   or may not have been stored: send the same events with the same ids and the same expected revision again.
 * - **Retry by event id.** An append whose expected revision no longer holds, but whose events, ids and content, are
 *   exactly the stored ones at that place, is the retry of an append that succeeded: it resolves with the original
 *   result and stores nothing.
 * - **Global order.** Every event has a `position`; positions of one store order its events, and every reader sees the
 *   same order. An event never appears behind a position that was already read.
 * - **Time of recording** is the adapter's: the larger of the clock and the last one given, so it never goes back
 *   within one writer.
 * - **Data and metadata** are JSON values and come back equal.
 */

export type ExpectedRevision = 'any' | 'no-stream' | 'stream-exists' | number;

/** What an append goes by, beside the revision. */
export interface Condition {
  readonly revision: ExpectedRevision;
  /**
   * Asked before each attempt of a store that is asked more than once: rejects where what the append was decided on may
   * hold no more, and then nothing is sent any more.
   */
  readonly still?: () => Promise<void>;
}

export function conditionOf(condition: ExpectedRevision | Condition): Condition {
  return typeof condition === 'object' && condition !== null ? condition : { revision: condition };
}

/** Largest event, data and metadata as UTF-8 JSON together. EventStoreDB takes 1 MiB per append by default. */
export const MAX_EVENT_BYTES = 900_000;
/** Largest append, all its events together. */
export const MAX_APPEND_BYTES = 1_000_000;

export type JsonObject = Readonly<Record<string, unknown>>;

export interface NewEvent {
  /** A UUID, lower case. The same event sent again has the same id. */
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** 0-based place in its stream. */
  readonly revision: number;
  /** Opaque decimal string, ordered within one store by `comparePositions`. */
  readonly position: string;
  /** RFC 3339 with milliseconds and the offset of Asia/Shanghai. */
  readonly recordedAt: string;
}

/** Where the last event of an append stands. */
export interface Appended {
  readonly revision: number;
  readonly position: string;
  /** The events were there already, by another writer's append: said where the store can tell. */
  readonly already?: true;
}

export interface Batch {
  /** In log order; may be empty when it only says that the end was reached. */
  readonly events: readonly StoredEvent[];
  /** True when nothing behind these events was known at the time. */
  readonly caughtUp: boolean;
}

/**
 * What a store holds under this ledger's names and cannot be given as an event: `unreadable`, its text is no JSON or
 * somebody else wrote it; `deleted` and `limited`, the store was told to give no more of a stream, or only its last
 * events.
 */
export interface Irregular {
  readonly irregular: 'unreadable' | 'deleted' | 'limited';
  readonly stream: string;
  /** null where it is said of the stream as a whole. */
  readonly revision: number | null;
  readonly position: string;
  readonly why: string;
}

/** By which the log is asked for where parts are put together by name. */
export const EVENT_LOG = Symbol('EventLog');

export interface EventLog {
  /**
   * True where this process alone appends, in the order of its calls, and a call that fails as unavailable takes every
   * call behind it along: the next event of a stream may then be decided before the last one is acknowledged.
   */
  readonly ordered: boolean;
  /** Why the store gives no answer just now, as one sentence; null while it does, or where it is in this process. */
  readonly trouble: string | null;
  /**
   * Resolves where the store gives an answer, whatever it is. Cheap; reads nothing of the ledger. Errors:
   * `StoreUnavailable`.
   */
  reachable(): Promise<void>;
  /**
   * Makes sure, before the first event, that no other ledger of the store can meet this one. Every append does so by
   * itself: this is for who wants to know before. Errors: `NamespaceOverlaps`, `StoreUnavailable`.
   */
  claim(): Promise<void>;
  /**
   * Errors: `WrongExpectedRevision`, `InvalidEvent` (nothing reached the store), `NamespaceOverlaps`,
   * `StoreUnavailable`; those of the condition.
   */
  append(stream: string, condition: ExpectedRevision | Condition, events: readonly NewEvent[]): Promise<Appended>;
  /**
   * Resolves where an append would be taken now, as far as can be found out without storing anything. After an append
   * that was not taken it is tried with as much as that one. Errors: `StoreUnavailable`.
   */
  writable(): Promise<void>;
  /**
   * Events of a stream from a revision (inclusive) on, at most `limit`; empty when there are none. Errors:
   * `StoreUnavailable`.
   */
  readStream(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]>;
  /** Events of all streams behind a position (exclusive; null = from the beginning), at most `limit`, in log order. */
  readAll(after: string | null, limit: number): Promise<readonly StoredEvent[]>;
  /**
   * Everything up to a position (inclusive) in log order, for whoever checks the store: goes on behind what cannot be
   * given as an event, and says so. Errors: `StoreUnavailable`.
   */
  scan(until: string): AsyncIterable<readonly (StoredEvent | Irregular)[]>;
  /** Position of the last event; null while the log is empty. */
  head(): Promise<string | null>;
  /**
   * Everything behind a position, then everything new, in order, each event once, until `signal` aborts or the log is
   * closed. It outlives the store: when the connection or the server dies it goes on behind the last event it gave, as
   * soon as the store answers again. Apart from those two it ends only by an error that waiting cannot mend, which is
   * thrown.
   */
  subscribe(after: string | null, signal: AbortSignal): AsyncIterable<Batch>;
  close(): Promise<void>;
}

/** Numbers as strings, without leading zeros: longer is later. */
export function comparePositions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

const LAST_POSITION = 2n ** 63n - 1n;

/** Whether a text can be a position of any store. */
export function isPosition(text: string): boolean {
  return /^\d{1,19}$/.test(text) && BigInt(text) <= LAST_POSITION;
}

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** Revision of the last event of the stream; null when there is none. */
    readonly actual: number | null,
  ) {
    super(`stream ${stream}: expected ${expected}, found ${actual ?? 'no stream'}`);
  }
}

/** The append can never succeed as it is; nothing of it reached the store. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}

/**
 * Two ledgers of one database of which one's names of streams begin with the other's: nothing was written, and nothing
 * must be.
 */
export class NamespaceOverlaps extends Error {
  override readonly name = 'NamespaceOverlaps';
  readonly code = 'namespace-overlaps';
  readonly hint = 'Set DISCLOSURE_NAMESPACE to a name of which neither is the beginning of the other; docs/eventstoredb.md.';
  constructor(namespace: string, other: string) {
    super(`the namespace ${namespace} and that of another ledger in this database, ${other}, overlap: nothing was written`);
  }
}

/** The store did not answer, or did not say whether it stored. Safe to send again with the same ids. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface SerialisedEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: string;
  readonly metadata: string;
}

/**
 * Checks an append before any store sees it, and writes its events as JSON once: names are well formed and not the
 * store's own (`$…`), the expected revision is one a stream can have, ids are UUIDs, none twice, data and metadata
 * serialise, sizes hold. Errors: `InvalidEvent`.
 */
export function serialiseAppend(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): SerialisedEvent[] {
  if (!isName(stream)) throw new InvalidEvent(`not a stream name: "${String(stream)}"`);
  if (!isExpectedRevision(expected)) throw new InvalidEvent(`not an expected revision: ${String(expected)}`);
  if (events.length === 0) throw new InvalidEvent('an append holds at least one event');
  if (events.length > 1 && new Set(events.map((event) => event.id)).size !== events.length)
    throw new InvalidEvent('an event id occurs twice in one append');
  let total = 0;
  const serialised = events.map((event) => {
    if (!UUID.test(event.id)) throw new InvalidEvent(`not a UUID: "${event.id}"`);
    if (!isName(event.type)) throw new InvalidEvent(`not an event type: "${String(event.type)}"`);
    if (!Number.isSafeInteger(event.version) || event.version < 1) throw new InvalidEvent(`not a version: ${event.version}`);
    const written = { id: event.id, type: event.type, version: event.version, data: toJson(event.data), metadata: toJson(event.metadata) };
    const size = Buffer.byteLength(written.data) + Buffer.byteLength(written.metadata);
    if (size > MAX_EVENT_BYTES) throw new InvalidEvent(`event ${event.id} has ${size} bytes, more than ${MAX_EVENT_BYTES}`);
    total += size;
    return written;
  });
  if (total > MAX_APPEND_BYTES) throw new InvalidEvent(`the append has ${total} bytes, more than ${MAX_APPEND_BYTES}`);
  return serialised;
}

/** Half of a surrogate pair would come back as another character, and two names could meet in one. */
function isName(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && !text.startsWith('$') && text.isWellFormed();
}

function isExpectedRevision(expected: unknown): expected is ExpectedRevision {
  if (typeof expected === 'number') return Number.isSafeInteger(expected) && expected >= 0;
  return expected === 'any' || expected === 'no-stream' || expected === 'stream-exists';
}

function toJson(value: JsonObject): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new InvalidEvent('data or metadata cannot be written as JSON', { cause });
  }
  if (text === undefined || !text.startsWith('{')) throw new InvalidEvent('data and metadata are JSON objects');
  return text;
}
