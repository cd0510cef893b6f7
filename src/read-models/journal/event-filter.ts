/** Which events are asked for: the filters of a question, read and refused. */
import { CASE_STATES, NO_CASES } from '../../domain/states.js';
import { parseCaseName } from '../../domain/identifiers.js';
import { bareType, isStoredType } from '../../events/catalog.js';
import type { Preparing } from '../../sqlite/statements.js';
import { isCalendarDate } from '../../time/calendar-date.js';
import { parseDuration } from '../../time/duration.js';
import { endOfDay, parseInstant, type Instant } from '../../time/instant.js';
import { agencyIdOf } from '../agencies/agency-reader.js';
import { QueryProblem } from '../query-problem.js';

/** All of them hold; absent ones are not asked. Events that are no acts have no time, and are in no filter of times. */
export interface EventFilters {
  readonly agency?: string | undefined;
  /** With the prefix of messages, such as `disclosure.meeting.held`, or as stored. */
  readonly type?: string | undefined;
  /** `kind/number`, of every agency unless one is named. */
  readonly case?: string | undefined;
  /** Who acted, as the act says. */
  readonly actor?: string | undefined;
  /** Time of the act: a day in Asia/Shanghai or an RFC 3339 time, each included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Time of recording, likewise. */
  readonly recordedFrom?: string | undefined;
  readonly recordedTo?: string | undefined;
  /** Recorded at least so long after the act: an ISO 8601 duration, such as P30D. */
  readonly lateBy?: string | undefined;
}

/** Row ids are -1 for a name that nobody used: it matches nothing. */
export interface Wanted {
  readonly agency: number | null;
  readonly type: number | null;
  readonly actor: number | null;
  readonly case: string | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly recordedFrom: Instant | null;
  readonly recordedTo: Instant | null;
  /** ms */
  readonly late: number | null;
  /** A filter of times is among them. */
  readonly timed: boolean;
}

/** Errors: `bad-parameter`, `unknown-agency`. */
export function readFilters(db: Preparing, filters: EventFilters): Wanted {
  const { agency, type, actor, from, to, recordedFrom, recordedTo, lateBy } = filters;
  const nameId = (name: string): number =>
    db.prepare<unknown[], { id: number }>('SELECT name_id AS id FROM names WHERE name = ?').get(name)?.id ?? -1;
  const times = [from, to, recordedFrom, recordedTo, lateBy];
  return {
    agency: agency === undefined ? null : agencyIdOf(db, agency),
    type: type === undefined ? null : nameId(storedName(type)),
    actor: actor === undefined ? null : nameId(actor),
    case: filters.case === undefined ? null : caseNamed(filters.case),
    from: from === undefined ? null : moment('from', from, 'start'),
    to: to === undefined ? null : moment('to', to, 'end'),
    recordedFrom: recordedFrom === undefined ? null : moment('recordedFrom', recordedFrom, 'start'),
    recordedTo: recordedTo === undefined ? null : moment('recordedTo', recordedTo, 'end'),
    late: lateBy === undefined ? null : delay(lateBy),
    timed: times.some((time) => time !== undefined),
  };
}

function storedName(type: string): string {
  const stored = bareType(type);
  if (isStoredType(stored)) return stored;
  throw new QueryProblem('bad-parameter', `There is no type ${type}.`, 'Types are those of the events, such as disclosure.meeting.held.');
}

function caseNamed(name: string): string {
  const ref = parseCaseName(name);
  if (ref !== null && (Object.hasOwn(CASE_STATES, ref.kind) || NO_CASES.has(ref.kind))) return name;
  throw new QueryProblem(
    'bad-parameter',
    `"${name}" names no case.`,
    'A case is named kind/number, as in the subject of its messages, such as publication/2017-0034.',
  );
}

const DAY_MS = 24 * 60 * 60 * 1000;

function moment(parameter: string, text: string, side: 'start' | 'end'): Instant {
  const instant = isCalendarDate(text) ? endOfDay(text) + (side === 'start' ? 1 - DAY_MS : 0) : parseInstant(text);
  if (instant !== null) return instant;
  throw new QueryProblem(
    'bad-parameter',
    `${parameter} is no date and no time: "${text}".`,
    'Give a day such as 2023-05-06, or a time such as 2023-05-06T10:00:00+08:00.',
  );
}

function delay(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new QueryProblem('bad-parameter', `lateBy is no duration: "${text}".`, 'Give an ISO 8601 duration such as P30D or PT12H.');
}
