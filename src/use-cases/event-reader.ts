/** The log for auditors, in order, a page at a time. A page is the same whenever it is read: the log only grows behind it. */
import { CHECKPOINT_STREAM, publicType, PUBLIC_PREFIX } from '../events/catalog.js';
import { isPosition, type EventLog, type StoredEvent } from '../log/event-log.js';
import { QueryProblem } from './query-problem.js';

export interface EventQuestion {
  /** Position behind which the page begins; absent = the beginning. */
  readonly after?: string;
  readonly limit?: number;
  readonly agency?: string;
  readonly type?: string;
}

export interface AuditedEvent {
  readonly position: string;
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly version: number;
  readonly recordedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface EventPage {
  readonly events: readonly AuditedEvent[];
  /** Give it as `after` to go on; null when the end of the log was reached. */
  readonly next: string | null;
}

export const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;
/** Events looked at for one page at most: a filter that matches little answers with what it found, and where to go on. */
const SCAN_LIMIT = 50_000;

export async function readEvents(log: EventLog, question: EventQuestion): Promise<EventPage> {
  const { after, limit = DEFAULT_PAGE, agency, type } = question;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
    throw new QueryProblem('bad-parameter', 'limit is out of range.', `Give a limit from 1 to ${MAX_PAGE}.`);
  if (after !== undefined && !isPosition(after))
    throw new QueryProblem('bad-parameter', `"${after}" is no position.`, 'Give the next of the page before, or a position of a receipt.');
  const stored = type?.startsWith(PUBLIC_PREFIX) === true ? type.slice(PUBLIC_PREFIX.length) : type;
  const wanted = (event: StoredEvent): boolean =>
    event.stream !== CHECKPOINT_STREAM &&
    (agency === undefined || event.metadata['agency'] === agency) &&
    (stored === undefined || event.type === stored);
  const events: AuditedEvent[] = [];
  let last = after ?? null;
  for (let scanned = 0; scanned < SCAN_LIMIT;) {
    const page = await log.readAll(last, MAX_PAGE);
    for (const event of page) {
      last = event.position;
      if (wanted(event)) events.push(toAudited(event));
      if (events.length === limit) return { events, next: last };
    }
    if (page.length < MAX_PAGE) return { events, next: null };
    scanned += page.length;
  }
  return { events, next: last };
}

function toAudited({ id, position, stream, revision, type, version, recordedAt, data, metadata }: StoredEvent): AuditedEvent {
  return { position, eventId: id, stream, revision, type: publicType(type), version, recordedAt, data, metadata };
}
