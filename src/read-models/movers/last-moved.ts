/**
 * Since when the tables of an agency are as they are, without computing one: what answers "not modified" and the feed
 * ask. The answers err on the side of moving.
 */
import type { Preparing } from '../../sqlite/statements.js';
import { EVERYBODY } from './movers.js';

export interface MovedTable {
  readonly agencyId: number;
  readonly year: number;
}

/** Two items under one mark are told of each other in the tables of both years, whichever was released later. */
const OWN = `SELECT MAX(
    IFNULL((SELECT MAX(idx) FROM movers WHERE agency_id = @agencyId AND from_year <= @year), -1),
    IFNULL((SELECT MAX(idx) FROM movers WHERE agency_id = ${EVERYBODY}), -1),
    IFNULL((SELECT MAX(MAX(i.idx, IFNULL(i.ended_idx, -1))) FROM shared_marks m CROSS JOIN item_marks i USING (agency_id, mark)
            WHERE m.agency_id = @agencyId), -1))`;

/**
 * Index of the last event that can have moved the table of the agency and year, in whatever form and view, or its
 * `published`; -1 where none can.
 */
export function lastMoved(db: Preparing, { agencyId, year }: MovedTable): number {
  return db.prepare<unknown[], number>(OWN).pluck().get({ agencyId, year }) ?? -1;
}

/** Whoever named one of these as parent, on whatever day. */
const BELOW = `WITH RECURSIVE below (agency_id) AS (
    SELECT @agencyId UNION
    SELECT child.agency_id FROM below JOIN agency_profiles own ON own.agency_id = below.agency_id AND own.registered = 1
      JOIN agency_profiles child ON child.parent = own.code)
  SELECT agency_id FROM below`;

/** The same of the agency with those below it, added up. */
export function lastMovedBelow(db: Preparing, { agencyId, year }: MovedTable): number {
  const members = db.prepare<unknown[], number>(BELOW).pluck().all({ agencyId });
  return Math.max(...members.map((member) => lastMoved(db, { agencyId: member, year })));
}

/** Tables that may have moved: those of the agency from a year on. */
export interface Moved {
  /** Code; null = of every agency. */
  readonly agency: string | null;
  readonly fromYear: number;
  /** Of the last event that moves them. */
  readonly index: number;
}

/**
 * What moved behind an event, in the order of the last event that moves it: for the feed, which asks each such table
 * whether its contentHash is another one. An agency stands there once for each first year. Two items released under
 * one mark move the year of the earlier one too, which is not said here: where the agency has any, it is said of its
 * every year.
 */
function movedSince(db: Preparing, after: number): Moved[] {
  return db
    .prepare<unknown[], Moved>(
      `SELECT p.code AS agency,
         CASE WHEN EXISTS (SELECT 1 FROM shared_marks s WHERE s.agency_id = m.agency_id) THEN 0 ELSE m.from_year END AS fromYear, m.idx AS "index"
       FROM movers m LEFT JOIN agency_profiles p ON p.agency_id = m.agency_id AND p.registered = 1
       WHERE m.idx > ? ORDER BY m.idx`,
    )
    .all(after);
}

/** A yearly table of which something is recorded. */
export interface MovedYear {
  readonly agency: string;
  readonly year: number;
}

/**
 * The tables of which something is recorded that may have moved behind an event, by agency and year. What is said to
 * move every agency is looked at: what a calendar or a place in the hierarchy moves is the agency and those below it.
 */
export function movedYears(db: Preparing, after: number): MovedYear[] {
  const moved = movedSince(db, after);
  const own = moved.flatMap(({ agency, fromYear }) => (agency === null ? [] : [{ agency, fromYear }]));
  const above = moved.some(({ agency }) => agency === null) ? actedForOthers(db, after) : [];
  return db
    .prepare<unknown[], MovedYear>(
      `WITH RECURSIVE
         below (code) AS (SELECT value FROM json_each(@above) UNION SELECT p.code FROM below JOIN agency_profiles p ON p.parent = below.code),
         moved (code, from_year) AS (
           SELECT code, 0 FROM below
           UNION SELECT value ->> 'agency', value ->> 'fromYear' FROM json_each(@own)),
         ids (agency_id, code, from_year) AS MATERIALIZED (
           SELECT p.agency_id, p.code, m.from_year FROM moved m JOIN agency_profiles p ON p.code = m.code AND p.registered = 1),
         years (agency, year) AS (
           SELECT i.code, y.year FROM ids i JOIN agency_years y ON y.agency_id = i.agency_id AND y.year >= i.from_year
           UNION SELECT i.code, d.year FROM ids i JOIN declarations d ON d.agency_id = i.agency_id AND d.year >= i.from_year
           UNION SELECT i.code, p.year FROM ids i JOIN papers p ON p.agency_id = i.agency_id AND p.year >= i.from_year)
       SELECT agency, year FROM years ORDER BY agency, year`,
    )
    .all({ own: JSON.stringify(own), above: JSON.stringify(above) });
}

/** Agencies behind an event with an act of the agency itself, or a calendar. */
function actedForOthers(db: Preparing, after: number): string[] {
  return db
    .prepare<unknown[], string>(
      `SELECT DISTINCT p.code FROM events e JOIN streams s USING (stream_id) JOIN agency_profiles p ON p.agency_id = s.agency_id AND p.registered = 1
       WHERE e.idx > ? AND (s.subject LIKE 'agency/%' OR s.subject LIKE 'calendar/%')`,
    )
    .pluck()
    .all(after);
}
