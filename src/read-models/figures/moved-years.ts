/**
 * Tables that events may have moved, by agency and year. It errs on the side of moving: who asks compares the tables
 * themselves.
 */
import type { Preparing } from '../../sqlite/statements.js';

export interface MovedYear {
  /** Code of the agency. */
  readonly agency: string;
  readonly year: number;
}

/**
 * Every year of which something is recorded, of each agency with an event behind `after` up to `upTo` (indexes of the
 * ledger). What is said of an agency or announced as a calendar holds below it too. By agency and year.
 */
export function movedYears(db: Preparing, after: number, upTo: number): MovedYear[] {
  return db
    .prepare<unknown[], MovedYear>(
      `WITH RECURSIVE
         acted (agency_id, subject) AS MATERIALIZED (
           SELECT DISTINCT s.agency_id, s.subject LIKE 'agency/%' OR s.subject LIKE 'calendar/%'
           FROM events e JOIN streams s USING (stream_id) WHERE e.idx > @after AND e.idx <= @upTo),
         above (code) AS (
           SELECT n.name FROM acted a JOIN names n ON n.name_id = a.agency_id WHERE a.subject
           UNION SELECT p.code FROM above JOIN agency_profiles p ON p.parent = above.code),
         moved (agency_id) AS (
           SELECT agency_id FROM acted UNION SELECT n.name_id FROM above JOIN names n ON n.name = above.code),
         years (agency_id, year) AS (
           SELECT y.agency_id, y.year FROM moved JOIN agency_years y USING (agency_id)
           UNION SELECT d.agency_id, d.year FROM moved JOIN declarations d USING (agency_id)
           UNION SELECT p.agency_id, p.year FROM moved JOIN papers p USING (agency_id)
           UNION SELECT s.agency_id, s.year FROM moved JOIN sums s USING (agency_id))
       SELECT n.name AS agency, year FROM years JOIN names n ON n.name_id = years.agency_id ORDER BY agency, year`,
    )
    .all({ after, upTo });
}
