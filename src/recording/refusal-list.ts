/**
 * Refused messages page by page, newest first by their first keeping: a refusal that comes again moves nothing, so that
 * pages have no gaps.
 */
import type { Caller } from '../domain/agency/acts.js';
import type { Refusal } from '../domain/decider.js';
import { eventIdOf } from '../intake/message.js';
import { masked } from '../intake/personal-data.js';
import { standsBehind } from '../read-models/journal/event-place.js';
import { agencyIdOf } from '../read-models/agencies/agency-reader.js';
import { bookmarkOf, foreignBookmark, LIST_LIMIT, placeOf } from '../read-models/lists.js';
import {
  firstKeptAt,
  openRefusal,
  openRefusals,
  type FirstKept,
  type ListedRefusalRow,
  type RefusalRow,
} from '../read-models/refusals/refusal-rows.js';
import type { Preparing } from '../sqlite/statements.js';
import { formatInstant } from '../time/instant.js';

export interface RefusalContent {
  /** JSON text as handed in. */
  readonly message: string;
  readonly error: Refusal;
}

export interface KeptRefusal {
  readonly refusalId: string;
  /** Identity numbers in source, id and subject are masked: what was handed in stays sealed. */
  readonly source: string;
  readonly id: string;
  readonly type: string | null;
  /** As the message names it; null where it names none that is registered. */
  readonly agency: string | null;
  readonly subject: string | null;
  readonly error: Refusal;
  /** How often the same message was refused for the same reason. */
  readonly count: number;
  /** RFC 3339. */
  readonly lastAt: string;
}

/** Whose refusals are shown. */
export interface RefusalSight {
  /** Whose are `own`. */
  readonly caller: Caller;
  /** Whether nothing but what the caller sent can be seen. */
  readonly onlyOwn: boolean;
  /** `agency` null: of no registered agency. */
  readonly sees: (agency: string | null, own: boolean) => boolean;
}

export interface RefusalQuestion {
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** Default 1000, which is the most. */
  readonly limit?: number | undefined;
  readonly agency?: string | undefined;
  /** Compared whole, with identity numbers masked as they are shown. */
  readonly source?: string | undefined;
  readonly code?: string | undefined;
  /** Absent = all of them. */
  readonly sight?: RefusalSight | undefined;
}

export interface RefusalPage {
  readonly refusals: readonly KeptRefusal[];
  /** null on the last page. A page may hold less than its limit, and have a next one. */
  readonly next: string | null;
}

export interface RefusalListParts {
  readonly db: Preparing;
  /** ms: what was refused before is gone. */
  readonly since: number;
  readonly refusals: {
    /** null where its key was destroyed. */
    readonly open: (row: RefusalRow) => RefusalContent | null;
    /** The registered agency a message names. */
    readonly agencyOf: (message: string) => string | null;
  };
}

/**
 * Rows looked at for one page, and refusals opened for it, at most: a filter that matches little says where to go on.
 */
const SCAN_LIMIT = 100_000;
const OPEN_LIMIT = 5_000;

const LIST = 'refusals';

/**
 * Those whose key was destroyed are gone, and those whose source and id were recorded since, whichever way and with
 * whatever content. A refusal that came after the record stays: somebody uses the id again. Errors: `unknown-agency`,
 * `bad-parameter` for a bookmark of another list.
 */
export function listRefusals(parts: RefusalListParts, question: RefusalQuestion): RefusalPage {
  const { db } = parts;
  const { after, limit = LIST_LIMIT, agency, code, sight } = question;
  if (agency !== undefined) agencyIdOf(db, agency);
  const { caller = null, onlyOwn = false } = sight ?? {};
  const before = placeBefore(db, after);
  const rows = openRefusals(db, { since: parts.since, before, code: code ?? null, agency: agency ?? null, caller, onlyOwn });
  const refusals: KeptRefusal[] = [];
  const read = { rows: 0, opened: 0 };
  let last = before?.index ?? 0;
  for (const row of rows) {
    if (refusals.length === limit || read.rows === SCAN_LIMIT || read.opened === OPEN_LIMIT)
      return { refusals, next: bookmarkOf(LIST, { index: last, nth: 0 }) };
    last = row.first_idx;
    read.rows += 1;
    if (row.agency !== null && sight?.sees(row.agency, row.own === 1) === false) continue;
    read.opened += 1;
    const shown = shownOf(parts, row, question);
    if (shown !== null) refusals.push(shown);
  }
  return { refusals, next: null };
}

/** What is shown of a refusal; null where it is none that is asked for, or none any more. */
function shownOf(
  { db, refusals }: RefusalListParts,
  row: ListedRefusalRow,
  { agency, source, sight }: RefusalQuestion,
): KeptRefusal | null {
  const sealed = openRefusal(db, row.refusal_id);
  const content = sealed === undefined ? null : refusals.open(sealed);
  if (content === null) return null;
  const of = row.agency ?? refusals.agencyOf(content.message);
  if (sight?.sees(of, row.own === 1) === false || (agency !== undefined && of !== agency)) return null;
  const message = namesIn(content);
  if (standsBehind(db, eventIdOf(message.source, message.id), row.last_idx)) return null;
  const shown = masked(message.source);
  if (source !== undefined && source !== shown) return null;
  return {
    refusalId: row.refusal_id,
    source: shown,
    id: masked(message.id),
    type: typeof message.type === 'string' ? message.type : null,
    agency: of,
    subject: typeof message.subject === 'string' ? masked(message.subject) : null,
    error: content.error,
    count: row.count,
    lastAt: formatInstant(row.last_at),
  };
}

interface Names {
  readonly source: string;
  readonly id: string;
  readonly type?: unknown;
  readonly subject?: unknown;
}

/** What is kept has source and id, and nothing else for sure. */
function namesIn({ message }: RefusalContent): Names {
  return JSON.parse(message) as Names;
}

/** The list goes back from there; null from the newest. Errors: `bad-parameter`. */
function placeBefore(db: Preparing, after: string | undefined): FirstKept | null {
  const place = placeOf(LIST, after);
  if (place === null) return null;
  const found = place.nth === 0 ? firstKeptAt(db, place.index) : undefined;
  if (found === undefined) throw foreignBookmark();
  return found;
}
