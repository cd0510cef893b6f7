/**
 * The cases of an agency, in the order in which they began, by filters: each of them is served by an index of its own;
 * of several the narrowest leads, and the others look at what it gives.
 */
import { CASE_STATES } from '../../domain/states.js';
import { mayWaitFor } from '../../domain/next-acts/wait-key.js';
import { preparedOnce, type Preparing } from '../../sqlite/statements.js';
import { isCalendarDate, type CalendarDate } from '../../time/calendar-date.js';
import { dateInShanghai } from '../../time/instant.js';
import { agencyIdOf, LATEST } from '../agencies/agency-reader.js';
import { DueDates, maybeDueBefore, openOn } from '../deadlines/due-dates.js';
import { actedIn, casesOf } from '../officers/officer-cases.js';
import { bookmarkOf, foreignBookmark, idsOf, limitOf, merged, pageOf, placeOf, type Ids, type PageAsked } from '../lists.js';
import { QueryProblem, standsStill } from '../query-problem.js';
import type { ReadStore } from '../read-store.js';
import { CaseWaits, type Standing, type Waiting } from './case-waits.js';
import { reopenedOf } from './reopened.js';

export interface CaseFilters {
  readonly kind?: string;
  readonly state?: string;
  /** Recorded a standing act of the case. */
  readonly actor?: string;
  /** A role, or who holds one today. */
  readonly waitingFor?: string;
  /** Due on an earlier day. */
  readonly dueBefore?: string;
  /** Applications open at the end of that day. */
  readonly openOn?: string;
  /** Of a released item or a normative document. */
  readonly documentNumber?: string;
}

export interface CaseQuestion extends CaseFilters, PageAsked {
  readonly agency: string;
}

export interface ListedCase {
  /** `kind/number` */
  readonly case: string;
  readonly kind: string;
  readonly number: string;
  /** The public one; null before a release. */
  readonly title: string | null;
  readonly state: string;
  /** The day of the act that brought the state, in Asia/Shanghai. */
  readonly since: CalendarDate;
  readonly waitsFor: readonly Waiting[];
  /** Of an open application; null while something is awaited. */
  readonly dueOn: CalendarDate | null;
}

export interface CaseList {
  readonly cases: readonly ListedCase[];
  /** Give it as `after` to go on; null on the last page. */
  readonly next: string | null;
}

interface Row extends Standing {
  readonly agencyId: number;
  readonly title: string | null;
  readonly sinceOn: CalendarDate;
  readonly documentNumber: string | null;
  readonly firstIndex: number;
}

/** A case on its way into the list: what is reckoned of it, once. */
interface Found {
  readonly row: Row;
  readonly waitsFor: readonly Waiting[];
  readonly dueOn: CalendarDate | null;
}

const LIST = 'cases';

export class CaseListReader {
  readonly #store: ReadStore;
  readonly #now: () => number;
  #preparing: Preparing | null = null;

  constructor(store: ReadStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Prepared with the first question, as whoever opens the ledger for another one must not fail on older tables. */
  get #db(): Preparing {
    return (this.#preparing ??= preparedOnce(this.#store.db));
  }

  /** Errors: `bad-parameter`, `unknown-agency`, `read-model-stopped`. */
  list(question: CaseQuestion): CaseList {
    refuseUnknown(question);
    const limit = limitOf(question);
    return this.#store.db.transaction((): CaseList => {
      const agencyId = agencyIdOf(this.#db, question.agency);
      this.#requireRunning();
      const after = this.#after(agencyId, question.after);
      const asked = new Asked(this.#db, { agencyId, filters: question, now: this.#now() });
      const { items, next } = pageOf(asked.found(after), limit, ({ row }) => bookmarkOf(LIST, { index: row.firstIndex, nth: 0 }));
      return { cases: items.map(toListed), next };
    })();
  }

  /** How many the list of this kind and state has. Errors: as `list`. */
  count({ agency, ...filters }: Pick<CaseQuestion, 'agency' | 'kind' | 'state'>): number {
    refuseUnknown(filters);
    const places = this.#db.prepare<unknown[], { count: number }>(COUNT);
    return this.#store.db.transaction((): number => {
      const agencyId = agencyIdOf(this.#db, agency);
      this.#requireRunning();
      return placesOf(filters).reduce((sum, [kind, state]) => sum + (places.get({ agency: agencyId, kind, state })?.count ?? 0), 0);
    })();
  }

  /** Closed applications that a decision opened again, at most `limit`. Errors: as `list`. */
  reopened(agency: string, limit: number): ListedCase[] {
    return this.#store.db.transaction((): ListedCase[] => {
      const agencyId = agencyIdOf(this.#db, agency);
      this.#requireRunning();
      const asked = new Asked(this.#db, { agencyId, filters: {}, now: this.#now() });
      const ids = reopenedOf(this.#db, agency, agencyId).sort((a, b) => a - b);
      return [...asked.these(ids.slice(0, limit))].map(toListed);
    })();
  }

  /** A list that lacks what came after some event would hide what waits. */
  #requireRunning(): void {
    const [stopped] = this.#store.bookmarks().flatMap(({ name, stopped: at }) => (NEEDED.has(name) && at !== null ? [at] : []));
    if (stopped !== undefined) throw standsStill('The cases', stopped);
  }

  /** Row id of the case that the bookmark names, which is one of this agency. */
  #after(agencyId: number, after: string | undefined): number {
    const place = placeOf(LIST, after);
    if (place === null) return 0;
    const row = this.#db
      .prepare<unknown[], { streamId: number; agencyId: number; revision: number }>(
        'SELECT e.stream_id AS streamId, s.agency_id AS agencyId, e.revision FROM events e CROSS JOIN streams s USING (stream_id) WHERE e.idx = ?',
      )
      .get(place.index);
    if (row?.agencyId !== agencyId || row.revision !== 0) throw foreignBookmark();
    return row.streamId;
  }
}

const NEEDED: ReadonlySet<string> = new Set(['caseload', 'clock', 'agencies', 'audit-trail']);

function toListed({ row, waitsFor, dueOn }: Found): ListedCase {
  const { kind, number, title, state, sinceOn } = row;
  return { case: `${kind}/${number}`, kind, number, title, state, since: sinceOn, waitsFor, dueOn };
}

function refuseUnknown({ kind, state, dueBefore, openOn: open }: CaseFilters): void {
  const kinds = Object.keys(CASE_STATES);
  const states = new Set(Object.values(CASE_STATES).flatMap((of) => Object.keys(of)));
  if (kind !== undefined && !kinds.includes(kind)) throw unknown('kind', kind, kinds);
  if (state !== undefined && !states.has(state)) throw unknown('state', state, [...states]);
  for (const [name, day] of Object.entries<string | undefined>({ dueBefore, openOn: open }))
    if (day !== undefined && !isCalendarDate(day)) throw noDay(name, day);
}

function noDay(name: string, day: string): QueryProblem {
  return new QueryProblem('bad-parameter', `${name} is no day: "${day}".`, 'Give a date, YYYY-MM-DD.');
}

function unknown(what: string, value: string, known: readonly string[]): QueryProblem {
  return new QueryProblem('bad-parameter', `There is no ${what} "${value}".`, `There are ${known.join(', ')}.`);
}

const COLUMNS = `c.stream_id AS streamId, c.agency_id AS agencyId, c.kind, c.number, c.state, c.title, c.since_on AS sinceOn, c.erased,
  c.document_number AS documentNumber, c.first_idx AS firstIndex`;

interface AskedFor {
  readonly agencyId: number;
  readonly filters: CaseFilters;
  readonly now: number;
}

/** One question on its way. */
class Asked {
  readonly #db: Preparing;
  readonly #agencyId: number;
  readonly #filters: CaseFilters;
  readonly #waits: CaseWaits;
  readonly #due: DueDates;
  /** null = not asked for; -1 = nobody of that name did anything. */
  readonly #officer: number | null;

  constructor(db: Preparing, { agencyId, filters, now }: AskedFor) {
    const on = dateInShanghai(now);
    this.#db = db;
    this.#agencyId = agencyId;
    this.#filters = filters;
    this.#waits = new CaseWaits(db, { agencyId, index: LATEST, on, instant: now });
    this.#due = new DueDates(db, { agency: agencyId, on });
    const officer = db.prepare<unknown[], { id: number }>('SELECT officer_id AS id FROM officers WHERE agency_id = ? AND name = ?');
    this.#officer = filters.actor === undefined ? null : (officer.get(agencyId, filters.actor)?.id ?? -1);
  }

  found(after: number): Generator<Found> {
    return this.these(merged(this.#leading(), after));
  }

  /** Those of these cases that the filters let through. */
  *these(ids: Iterable<number>): Generator<Found> {
    const row = this.#db.prepare<unknown[], Row>(`SELECT ${COLUMNS} FROM cases c WHERE c.stream_id = ?`);
    const open = this.#filters.openOn === undefined ? null : new Set(openOn(this.#db, this.#agencyId, this.#filters.openOn));
    for (const id of ids) {
      const one = row.get(id);
      if (one === undefined || open?.has(id) === false || !this.#holds(one)) continue;
      const found = this.#reckoned(one);
      if (found !== null) yield found;
    }
  }

  /** What the row itself says. */
  #holds({ kind, state, documentNumber, streamId }: Row): boolean {
    const { filters, officer } = { filters: this.#filters, officer: this.#officer };
    if ((filters.kind ?? kind) !== kind || (filters.state ?? state) !== state) return false;
    if (filters.documentNumber !== undefined && filters.documentNumber !== documentNumber) return false;
    if (officer === null) return true;
    return actedIn(this.#db, officer, streamId);
  }

  /** null where it does not wait for whom is asked about, or is not due before the day. */
  #reckoned(row: Row): Found | null {
    const { waitingFor: name, dueBefore } = this.#filters;
    const dueOn = row.kind === 'application' ? this.#due.of(row.streamId) : null;
    if (dueBefore !== undefined && (dueOn === null || dueOn >= dueBefore)) return null;
    const waitsFor = this.#waits.of(row);
    if (name !== undefined && !waitsFor.some(({ role, holders }) => role === name || holders?.includes(name) === true)) return null;
    return { row, waitsFor, dueOn };
  }

  /** Where the cases come from: by the narrowest of the filters. */
  #leading(): readonly Ids[] {
    const { documentNumber, waitingFor, dueBefore, openOn: day } = this.#filters;
    const agency = this.#agencyId;
    if (documentNumber !== undefined) return [this.#ids(BY_NUMBER, { agency, number: documentNumber })];
    if (dueBefore !== undefined) return [idsOf(maybeDueBefore(this.#db, agency, dueBefore))];
    if (waitingFor !== undefined) return this.#keysOf(waitingFor).map((key) => this.#ids(BY_WAIT, { agency, key }));
    if (day !== undefined) return [idsOf(openOn(this.#db, agency, day))];
    if (this.#officer !== null) return [casesOf(this.#db, this.#officer)];
    return placesOf(this.#filters).map(([kind, state]) => this.#ids(BY_STATE, { agency, kind, state }));
  }

  #ids(sql: string, bound: Readonly<Record<string, string | number>>): Ids {
    const statement = this.#db.prepare<unknown[], { id: number }>(sql);
    return (after, count) => statement.all({ ...bound, after, count }).map(({ id }) => id);
  }

  /** Keys of the agency's cases that may wait for the name. */
  #keysOf(name: string): string[] {
    const next = this.#db.prepare<unknown[], { key: string }>(NEXT_KEY);
    const named = { name, roles: this.#waits.rolesOf(name), chain: this.#waits.chain };
    const keys: string[] = [];
    for (let last = ''; ;) {
      const found = next.get({ agency: this.#agencyId, last });
      if (found === undefined) return keys;
      if (mayWaitFor(found.key, named)) keys.push(found.key);
      last = found.key;
    }
  }
}

/** Kinds and states that are asked for. */
function placesOf({ kind: only, state: wanted }: CaseFilters): [kind: string, state: string][] {
  return Object.entries(CASE_STATES)
    .filter(([kind]) => (only ?? kind) === kind)
    .flatMap(([kind, states]) =>
      Object.keys(states)
        .filter((state) => (wanted ?? state) === state)
        .map((state): [string, string] => [kind, state]),
    );
}

const COUNT = 'SELECT COUNT(*) AS count FROM cases INDEXED BY cases_by_state WHERE agency_id = @agency AND kind = @kind AND state = @state';
const BEHIND = 'stream_id > @after ORDER BY stream_id LIMIT @count';

/** Each by an index; test/read-models/case-list-plans.test.ts looks at how they are run. */
export const BY_STATE = `SELECT stream_id AS id FROM cases INDEXED BY cases_by_state WHERE agency_id = @agency AND kind = @kind AND state = @state AND ${BEHIND}`;
export const BY_WAIT = `SELECT stream_id AS id FROM cases INDEXED BY cases_by_wait WHERE agency_id = @agency AND waits = @key AND ${BEHIND}`;
export const NEXT_KEY =
  'SELECT waits AS key FROM cases INDEXED BY cases_by_wait WHERE agency_id = @agency AND waits > @last ORDER BY waits LIMIT 1';
export const BY_NUMBER = `SELECT stream_id AS id FROM cases INDEXED BY cases_by_number WHERE agency_id = @agency AND document_number = @number AND ${BEHIND}`;
