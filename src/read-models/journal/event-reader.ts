/**
 * The log for auditors, in order, a page at a time. A page is the same whenever it is read: the log only grows behind
 * it. The journal says which events a page has and what their indexes are, so that a filter that matches little reads
 * little of the log; the events themselves come out of the log, as stored.
 */
import type Database from 'better-sqlite3';
import { CHECKPOINT_STREAM, isStoredType, publicType, PUBLIC_PREFIX } from '../../events/catalog.js';
import { leafText } from '../../ledger/leaf.js';
import { leafHash } from '../../ledger/merkle.js';
import { comparePositions, isPosition, StoreUnavailable, type EventLog, type StoredEvent } from '../../log/event-log.js';
import type { ReadStore } from '../read-store.js';
import { agencyIdOf } from '../agencies/agency-reader.js';
import { journalEnd, lastNotAfter, type End } from './as-of.js';
import { QueryProblem } from '../query-problem.js';
import { one } from '../../sqlite/statements.js';
import { PAGE_EVENTS } from '../../log/pages.js';

export interface EventQuestion {
  /** Position behind which the page begins; absent = the beginning. */
  readonly after?: string;
  readonly limit?: number;
  readonly agency?: string;
  readonly type?: string;
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
  /**
   * Give it as `after` to go on; null when the end of the log was reached: what comes later is behind the last event's
   * position.
   */
  readonly next: string | null;
}

export const MAX_PAGE = PAGE_EVENTS;
export const DEFAULT_PAGE = 100;
/** What is said of a limit that is none. */
export const LIMIT_PROBLEM = { message: 'limit is out of range.', hint: `Give a limit from 1 to ${MAX_PAGE}.` } as const;
/**
 * Rows of the journal looked at for one page at most: a filter that matches little answers with what it found, and
 * where to go on.
 */
const SCAN_LIMIT = 200_000;
/** Events read at the same moment where they do not stand side by side. */
const AT_ONCE = 32;

interface Matched {
  readonly index: number;
  readonly stream: string;
  readonly revision: number;
}

/** Errors: `bad-parameter`, `unknown-agency`, `StoreUnavailable`. */
export async function readEvents(
  { log, store }: { readonly log: EventLog; readonly store: ReadStore },
  question: EventQuestion,
): Promise<EventPage> {
  const { after, limit = DEFAULT_PAGE, agency, type } = question;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
    throw new QueryProblem('bad-parameter', LIMIT_PROBLEM.message, LIMIT_PROBLEM.hint);
  if (after !== undefined && !isPosition(after))
    throw new QueryProblem('bad-parameter', `"${after}" is no position.`, 'Give the next of the page before, or a position of a receipt.');
  const { db } = store;
  if (agency !== undefined) agencyIdOf(db, agency);
  requireStoredType(type);
  const end = journalEnd(store);
  const from = after === undefined ? 0 : lastNotAfter(db, 'position', BigInt(after), end.index) + 1;
  if (from > end.index) return { events: [], next: null };
  if (agency === undefined && type === undefined) return sideBySide(log, { after: after ?? null, from, limit, end });
  const { matched, scannedTo } = matching(db, { agency, type, from, limit, end });
  const events = await Promise.all(inGroups(matched, AT_ONCE, (one) => readOne(log, one)));
  if (scannedTo >= end.index) return { events, next: null };
  return { events, next: positionAt(db, scannedTo) };
}

/** Errors: `bad-parameter` for a type that no event has. */
export function requireStoredType(type: string | undefined): void {
  if (type !== undefined && !isStoredType(storedName(type)))
    throw new QueryProblem('bad-parameter', `There is no type ${type}.`, 'Types are those of the events, such as disclosure.meeting.held.');
}

function storedName(type: string): string {
  return type.startsWith(PUBLIC_PREFIX) ? type.slice(PUBLIC_PREFIX.length) : type;
}

/** Of an event that the journal has. */
export function positionAt(db: Database.Database, index: number): string {
  return one(db.prepare<unknown[], string>('SELECT CAST(position AS TEXT) FROM events WHERE idx = ?').pluck().get(index));
}

/** Without a filter: the log itself, a page of it, without the checkpoints in between. */
async function sideBySide(
  log: EventLog,
  { after, from, limit, end }: { readonly after: string | null; readonly from: number; readonly limit: number; readonly end: End },
): Promise<EventPage> {
  const events: AuditedEvent[] = [];
  for (let last = after; ;) {
    const page = await log.readAll(last, Math.min(MAX_PAGE, limit - events.length + 1));
    if (page.length === 0) return { events, next: null };
    for (const event of page) {
      // What the journal has not reached yet comes with a later page.
      if (comparePositions(event.position, end.position ?? '0') > 0) return { events, next: null };
      if (event.stream === CHECKPOINT_STREAM) continue;
      if (events.length === limit) return { events, next: events.at(-1)?.position ?? null };
      events.push(toAudited(event, from + events.length));
    }
    last = page.at(-1)?.position ?? last;
  }
}

interface Filter extends Pick<EventQuestion, 'agency' | 'type'> {
  readonly from: number;
  readonly limit: number;
  readonly end: End;
}

/** What the journal knows of an agency and a type, from an index on; `scannedTo`: the last index that was looked at. */
function matching(db: Database.Database, { agency, type, from, limit, end }: Filter): { matched: Matched[]; scannedTo: number } {
  const nameId = (name: string): number =>
    db.prepare<unknown[], number>('SELECT name_id FROM names WHERE name = ?').pluck().get(name) ?? -1;
  const to = Math.min(end.index, from + SCAN_LIMIT - 1);
  const matched = db
    .prepare<unknown[], Matched>(
      `SELECT e.idx AS "index", s.stream, e.revision FROM events e CROSS JOIN streams s USING (stream_id)
       WHERE e.idx BETWEEN @from AND @to AND (@type IS NULL OR e.type_id = @type) AND (@agency IS NULL OR s.agency_id = @agency) ORDER BY e.idx LIMIT @limit`,
    )
    .all({
      from,
      to,
      limit,
      type: type === undefined ? null : nameId(storedName(type)),
      agency: agency === undefined ? null : nameId(agency),
    });
  return { matched, scannedTo: matched.length === limit ? (matched.at(-1)?.index ?? to) : to };
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
  return toAudited(event, index);
}

function toAudited(event: StoredEvent, index: number): AuditedEvent {
  const { id, position, stream, revision, type, version, recordedAt, data, metadata } = event;
  const leaf = leafHash(leafText(event)).toString('base64');
  return { index, position, eventId: id, stream, revision, type: publicType(type), version, recordedAt, leaf, data, metadata };
}
