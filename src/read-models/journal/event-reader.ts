/**
 * The log for auditors, in order, a page at a time. A page is the same whenever it is read: the log only grows behind
 * it. The journal says which events a page has and what their indexes are, so that a filter that matches little reads
 * little of the log; the events themselves come out of the log, as stored.
 */
import { CHECKPOINT_STREAM, publicType } from '../../events/catalog.js';
import { leafText } from '../../ledger/leaf.js';
import { leafHash } from '../../ledger/merkle.js';
import { StoreUnavailable, type EventLog, type StoredEvent } from '../../log/event-log.js';
import { PAGE_EVENTS } from '../../log/pages.js';
import { one, preparedOnce, type Preparing } from '../../sqlite/statements.js';
import { bookmarkOf, foreignBookmark, limitOf, placeOf, type Order } from '../lists.js';
import { QueryProblem } from '../query-problem.js';
import type { ReadStore } from '../read-store.js';
import { journalEnd, lastNotAfter } from './as-of.js';
import { positionAt } from './event-place.js';
import { readFilters, type EventFilters, type Wanted } from './event-filter.js';
import { EventSearch, type Span } from './event-search.js';

export interface EventQuestion extends EventFilters {
  /** The `next` of a page before; absent = the beginning, in descending order the end. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  /** Default `asc`: as they were recorded. */
  readonly order?: Order | undefined;
  /** The last index that is looked at; absent = the end of the log. */
  readonly upTo?: number | undefined;
}

export interface AuditedEvent {
  /** Ordinal in the ledger: the place of its leaf. */
  readonly index: number;
  readonly position: string;
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  /** As stored, behind the prefix of messages. */
  readonly type: string;
  readonly version: number;
  readonly recordedAt: string;
  /**
   * Base64 of its leaf in the tree, which holds stream, revision, id, type, version, times and the digests of data and
   * metadata.
   */
  readonly leaf: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface EventPage {
  readonly events: readonly AuditedEvent[];
  /** Give it as `after` to go on: at the end too, for what comes later. */
  readonly next: string;
  /** Nothing more was there behind it. */
  readonly ended: boolean;
  /** The last index that was looked at. */
  readonly upTo: number;
}

export const MAX_PAGE = PAGE_EVENTS;
/** Reads that are begun at the same moment where what is found does not stand side by side. */
const AT_ONCE = 32;
/** So many events between two that are found are read along: a read has its price, a call to a server most of all. */
const NEAR = 8;
const LIST = 'events';

/** The bookmark of an event in the list of all of them, by its index; -1 = before the first. */
export function eventBookmark(index: number): string {
  return bookmarkOf(LIST, { index, nth: 0 });
}

interface Matched {
  readonly index: number;
  readonly stream: string;
  readonly revision: number;
}

/** Errors: `bad-parameter`, `unknown-agency`, `read-model-stopped`, `StoreUnavailable`. */
export async function readEvents(
  { log, store }: { readonly log: EventLog; readonly store: ReadStore },
  question: EventQuestion,
): Promise<EventPage> {
  const limit = limitOf(question);
  const { order = 'asc' } = question;
  const { span, upTo, after, matched } = store.db.transaction(() => found(store, { ...question, limit, order }))();
  const events =
    matched === null
      ? (await sideBySide(log, store, { from: span.low, count: Math.min(limit, span.high - span.low + 1) })).map(toAudited)
      : (await Promise.all(inGroups(stretchesOf(matched), AT_ONCE, (stretch) => readStretch(log, store, stretch)))).flat();
  const ended = events.length < limit;
  const last = events.at(-1)?.index;
  // What ends in ascending order goes on behind all that was looked at; in descending order nothing is below.
  const next = ended && order === 'asc' ? Math.max(upTo, after ?? -1) : (last ?? after ?? Math.min(0, upTo));
  return { events, next: eventBookmark(next), ended, upTo };
}

interface Found {
  readonly span: Span;
  readonly upTo: number;
  readonly after: number | null;
  /** null where every event of the span is asked for, as it follows. */
  readonly matched: readonly Matched[] | null;
}

type Asked = EventQuestion & { readonly limit: number; readonly order: Order };

function found(store: ReadStore, question: Asked): Found {
  const db = prepared(store);
  const wanted = readFilters(db, question);
  const end = journalEnd(store).index;
  const upTo = Math.min(question.upTo ?? end, end);
  const after = afterIndex(question.after, end);
  const span = spanOf(store, wanted, { order: question.order, after, upTo });
  if (wanted.case !== null) requireTrail(store, end);
  if (question.order === 'asc' && isEverything(wanted)) return { span, upTo, after, matched: null };
  const search = new EventSearch(db, (name) => store.hasIndex(name));
  const place = db.prepare<unknown[], Matched>(
    'SELECT e.idx AS "index", s.stream, e.revision FROM events e JOIN streams s USING (stream_id) WHERE e.idx = ?',
  );
  const matched: Matched[] = [];
  for (const index of search.find(wanted, span)) {
    matched.push(one(place.get(index)));
    if (matched.length === question.limit) break;
  }
  return { span, upTo, after, matched };
}

const preparing = new WeakMap<ReadStore, Preparing>();

function prepared(store: ReadStore): Preparing {
  const known = preparing.get(store) ?? preparedOnce(store.db);
  preparing.set(store, known);
  return known;
}

/** A bookmark of an event that is not there was given out by another ledger. */
function afterIndex(after: string | undefined, end: number): number | null {
  const place = placeOf(LIST, after);
  if (place === null) return null;
  // The feed says beside the event how far its tables were told.
  if (place.index > end) throw foreignBookmark();
  return place.index;
}

/** Times of recording never go back along the ledger, so they bound the span. */
function spanOf(
  { db }: ReadStore,
  { recordedFrom, recordedTo }: Wanted,
  { order, after, upTo }: { readonly order: Order; readonly after: number | null; readonly upTo: number },
): Span {
  const first = recordedFrom === null ? 0 : lastNotAfter(db, 'recorded_at', BigInt(recordedFrom) - 1n, upTo) + 1;
  const last = recordedTo === null ? upTo : lastNotAfter(db, 'recorded_at', BigInt(recordedTo), upTo);
  if (after === null) return { low: first, high: last, order };
  return order === 'asc' ? { low: Math.max(first, after + 1), high: last, order } : { low: first, high: Math.min(last, after - 1), order };
}

function isEverything({ timed, ...filters }: Wanted): boolean {
  return !timed && Object.values(filters).every((filter) => filter === null);
}

/** A case is found by its trail, which would lack what came after the event before which it stands still. */
function requireTrail(store: ReadStore, end: number): void {
  const trail = store.bookmarks().find(({ name }) => name === 'audit-trail');
  if (trail !== undefined && trail.index >= end) return;
  throw new QueryProblem(
    'read-model-stopped',
    'The trail of cases has not come as far as the log.',
    '/health/ready names the read models that stopped; run a program that knows the event.',
  );
}

interface Placed {
  readonly index: number;
  readonly event: StoredEvent;
}

/** The log itself, a page of it, without the checkpoints in between. */
async function sideBySide(
  log: EventLog,
  { db }: ReadStore,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<Placed[]> {
  const events: Placed[] = [];
  for (let last = positionAt(db, from - 1); events.length < count;) {
    const page = await log.readAll(last, Math.min(MAX_PAGE, count - events.length + 1));
    for (const event of page)
      if (event.stream !== CHECKPOINT_STREAM && events.length < count) events.push({ index: from + events.length, event });
    if (page.length === 0) throw new StoreUnavailable(`the log does not give the event with index ${from + events.length} any more`);
    last = page.at(-1)?.position ?? last;
  }
  return events;
}

/** Neighbours, in the order they were found in, ascending or descending. */
function stretchesOf(matched: readonly Matched[]): Matched[][] {
  const stretches: Matched[][] = [];
  for (const row of matched) {
    const stretch = stretches.at(-1);
    const isWithin = (most: number, other: Matched | undefined): boolean =>
      other !== undefined && Math.abs(row.index - other.index) <= most;
    if (isWithin(NEAR + 1, stretch?.at(-1)) && isWithin(MAX_PAGE - 1, stretch?.[0])) stretch?.push(row);
    else stretches.push([row]);
  }
  return stretches;
}

/** One read for all of them, with what lies between, in their order. Where that one is damaged, each by itself. */
async function readStretch(log: EventLog, store: ReadStore, stretch: readonly Matched[]): Promise<AuditedEvent[]> {
  const indexes = stretch.map(({ index }) => index);
  const from = Math.min(...indexes);
  const count = Math.max(...indexes) - from + 1;
  const read = count === 1 ? [] : await sideBySide(log, store, { from, count }).catch(() => []);
  return Promise.all(
    stretch.map(async (row) => {
      const placed = read[row.index - from];
      const isIt = placed?.event.stream === row.stream && placed.event.revision === row.revision;
      return isIt ? toAudited(placed) : readOne(log, row);
    }),
  );
}

/** Begins each when the one so many places before it is done. */
function inGroups<T, R>(items: readonly T[], atOnce: number, run: (item: T) => Promise<R>): Promise<R>[] {
  const begun: Promise<R>[] = [];
  for (const item of items) {
    const before = begun[begun.length - atOnce];
    begun.push(before === undefined ? run(item) : before.then(() => run(item)));
  }
  return begun;
}

async function readOne(log: EventLog, { index, stream, revision }: Matched): Promise<AuditedEvent> {
  const [event] = await log.readStream(stream, revision, 1);
  if (event?.revision !== revision) throw new StoreUnavailable(`the log does not give revision ${revision} of ${stream} any more`);
  return toAudited({ index, event });
}

function toAudited({ index, event }: Placed): AuditedEvent {
  const { id, position, stream, revision, type, version, recordedAt, data, metadata } = event;
  const leaf = leafHash(leafText(event)).toString('base64');
  return { index, position, eventId: id, stream, revision, type: publicType(type), version, recordedAt, leaf, data, metadata };
}
