/**
 * Which streams a cut takes, by the rules of docs/audit-pack.md, from the journal: before the log is read it is known
 * what is written of it.
 */
import type Database from 'better-sqlite3';
import { AgenciesAbove, FROM_ABOVE, isUpToYear, parseStream, type Cut } from '../../verifier/streams.js';
import { agencyIdOf, parentsNamed } from '../../read-models/agencies/agency-reader.js';
import { actTimes } from '../../read-models/journal/event-place.js';

/** Whether events of this stream are in the pack. */
export type Part = (stream: string) => boolean;

/** Errors: `unknown-agency`. */
export function partOf(db: Database.Database, cut: Cut | null, size: number): Part {
  if (cut === null) return () => true;
  const { agency, year } = cut;
  const above = agency === null ? new Set<string>() : agenciesAbove(db, agency, size);
  const dated = year === null ? null : streamsUpTo(db, year, size);
  return (stream) => {
    const name = parseStream(stream);
    if (name === null) return false;
    if (agency !== null && name.agency !== agency) return FROM_ABOVE.has(name.kind) && above.has(name.agency);
    return dated === null || dated.has(stream);
  };
}

/** Streams with an entry that takes them into the year. */
function streamsUpTo(db: Database.Database, year: number, size: number): Set<string> {
  const found = new Set<string>();
  for (const [stream, at] of actTimes(db, size)) {
    if (found.has(stream)) continue;
    const name = parseStream(stream);
    if (name !== null && isUpToYear(name, at === '' ? null : at, year)) found.add(stream);
  }
  return found;
}

/** Under whom the agency ever stood. */
function agenciesAbove(db: Database.Database, agency: string, size: number): Set<string> {
  // Throws where there is no such agency.
  agencyIdOf(db, agency);
  const above = new AgenciesAbove();
  for (const { code, parent } of parentsNamed(db, size)) above.put(code, parent);
  return above.of(agency);
}
