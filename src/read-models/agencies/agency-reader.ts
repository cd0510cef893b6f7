/** Agencies as the read store knows them, as of a moment: their profiles, and who belonged to whom on a day. */
import {
  administratorRole,
  holdsRole,
  profileOn,
  type AgencyProfile,
  type ProfileChange,
  type Profiles,
} from '../../domain/agency/state.js';
import type { Preparing } from '../../sqlite/statements.js';
import { streamOf } from '../../domain/identifiers.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import { QueryProblem } from '../query-problem.js';
import { roleChangesOf } from './agency-setup.js';

/** Beyond every event there is: agencies are asked about as they stand. */
export const LATEST = Number.MAX_SAFE_INTEGER;

/** Row id the journal gave to an agency; undefined where there is none. */
export function findAgencyId(db: Preparing, code: string): number | undefined {
  return db
    .prepare<unknown[], number>('SELECT agency_id FROM streams WHERE stream = ?')
    .pluck()
    .get(streamOf(code, { kind: 'agency', number: code }));
}

/** As `findAgencyId`; throws `unknown-agency`. */
export function agencyIdOf(db: Preparing, code: string): number {
  const id = findAgencyId(db, code);
  if (id === undefined)
    throw new QueryProblem('unknown-agency', `Agency ${code} is not registered.`, 'Codes are those of agency.registered.');
  return id;
}

/** What the agency had said of itself by an event index; null where it was not registered by then. */
export function profilesAsOf(db: Preparing, agencyId: number, index: number): Profiles | null {
  const rows = db
    .prepare<unknown[], { code: string; from: CalendarDate; registered: number; profile: string }>(
      'SELECT code, from_day AS "from", registered, profile FROM agency_profiles WHERE agency_id = ? AND idx <= ? ORDER BY idx',
    )
    .all(agencyId, index);
  const registered = rows.find((row) => row.registered === 1);
  if (registered === undefined) return null;
  const changes = rows.filter((row) => row.registered === 0);
  return {
    code: registered.code,
    registered: JSON.parse(registered.profile) as AgencyProfile,
    changes: changes.map(({ from, profile }): ProfileChange => ({ from, changes: JSON.parse(profile) as ProfileChange['changes'] })),
  };
}

/** An agency below another on a day. */
export interface Descendant {
  readonly agencyId: number;
  readonly agency: Profiles;
  /** Reports inside its own system: left out of sums, and nothing below it is listed. */
  readonly vertical: boolean;
}

/**
 * Every agency below this one on that day, parents before their children, siblings by code. One registered later is
 * nobody's yet.
 */
export function descendantsOn(db: Preparing, code: string, on: CalendarDate, index: number): Descendant[] {
  const named = db
    .prepare<unknown[], number>('SELECT DISTINCT agency_id FROM agency_profiles WHERE parent = ? AND idx <= ? ORDER BY code')
    .pluck();
  const seen = new Set([code]);
  const below = (parent: string): Descendant[] =>
    named.all(parent, index).flatMap((agencyId) => {
      const agency = profilesAsOf(db, agencyId, index);
      if (agency === null || agency.registered.from > on || seen.has(agency.code)) return [];
      const profile = profileOn(agency, on);
      if (profile.parent !== parent) return [];
      seen.add(agency.code);
      const vertical = profile.reporting === 'vertical';
      return [{ agencyId, agency, vertical }, ...(vertical ? [] : below(agency.code))];
    });
  return below(code);
}

/** Whether an act of the agency's own work is dated in the year, by an event index; voided ones too. */
export function hasActs(db: Preparing, { agencyId, year, index }: { agencyId: number; year: number; index: number }): boolean {
  return db.prepare('SELECT 1 FROM agency_years WHERE agency_id = ? AND year = ? AND idx <= ?').get(agencyId, year, index) !== undefined;
}

export interface CodeRow {
  readonly agencyId: number;
  readonly code: string;
  /** Of its registration. */
  readonly index: number;
}

/** Agencies behind a code, in the order of codes, at most so many. */
export function codesBehind(db: Preparing, code: string, count: number): CodeRow[] {
  return db
    .prepare<unknown[], CodeRow>(
      'SELECT agency_id AS agencyId, code, idx AS "index" FROM agency_profiles WHERE registered = 1 AND code > ? ORDER BY code LIMIT ?',
    )
    .all(code, count);
}

/** The agency that an event registered; undefined where it is no such event. */
export function agencyOfRegistration(db: Preparing, index: number): string | undefined {
  return db
    .prepare<unknown[], string>(
      `SELECT p.code FROM events e JOIN streams s USING (stream_id) JOIN agency_profiles p ON p.agency_id = s.agency_id AND p.idx = e.idx
       WHERE e.idx = ? AND p.registered = 1`,
    )
    .pluck()
    .get(index);
}

/** Whether the officer administers the agency on a day, by everything that is recorded. */
export function administersOn(db: Preparing, agencyId: number, actor: string, on: CalendarDate): boolean {
  return holdsRole({ roles: roleChangesOf(db, agencyId, LATEST) }, actor, administratorRole, on);
}

/** Codes of all agencies, in their order. */
export function agencyCodes(db: Preparing): string[] {
  return db.prepare<unknown[], string>('SELECT DISTINCT code FROM agency_profiles ORDER BY code').pluck().all();
}

/** Every agency with each parent it ever named, by the events before `size`. */
export function parentsNamed(db: Preparing, size: number): { readonly code: string; readonly parent: string }[] {
  return db
    .prepare<unknown[], { code: string; parent: string }>(
      'SELECT DISTINCT code, parent FROM agency_profiles WHERE parent IS NOT NULL AND idx < ?',
    )
    .all(size);
}
