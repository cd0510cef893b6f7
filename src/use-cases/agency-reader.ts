/** Agencies as the read store knows them: which form one reports a year on, as of a moment. */
import type Database from 'better-sqlite3';
import { agencyRules, type AgencyView } from '../domain/agency.js';
import type { Act } from '../domain/case.js';
import { streamOf } from '../domain/values.js';
import { toAct } from '../events/envelope.js';
import { comparePositions, type EventLog } from '../log/event-log.js';
import { QueryProblem } from './query-problem.js';

/** Events of an agency's stream read at once; figures of decades fit. */
const PAGE = 1000;

/** Row id the journal gave to an agency; throws `unknown-agency`. */
export function agencyIdOf(db: Database.Database, code: string): number {
  const id = db
    .prepare('SELECT agency_id FROM streams WHERE stream = ?')
    .pluck()
    .get(streamOf(code, { kind: 'agency', number: code })) as number | undefined;
  if (id === undefined)
    throw new QueryProblem('unknown-agency', `Agency ${code} is not registered.`, 'Codes are those of agency.registered.');
  return id;
}

/** The agency as of an event index; null where it was not registered by then. */
export async function agencyAsOf(log: EventLog, db: Database.Database, code: string, index: number): Promise<AgencyView> {
  const until = db.prepare('SELECT CAST(position AS TEXT) FROM events WHERE idx = ?').pluck().get(index) as string | undefined;
  if (until === undefined) return null;
  const stream = streamOf(code, { kind: 'agency', number: code });
  const acts: Act[] = [];
  for (let read = 0, more = true; more; read += PAGE) {
    const page = await log.readStream(stream, read, PAGE);
    // Its own events say by their position which were there: the journal need not be counted.
    const known = page.filter(({ position }) => comparePositions(position, until) <= 0);
    acts.push(...known.map(toAct));
    more = known.length === PAGE;
  }
  return acts.filter((act) => act.type !== 'record.voided').reduce<AgencyView>((view, act) => agencyRules.evolve(view, act), null);
}
