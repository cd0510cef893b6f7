/** Agencies as the read store knows them: which form one reports a year on, as of a moment. */
import type Database from 'better-sqlite3';
import { agencyRules, type AgencyView } from '../domain/agency.js';
import type { Act } from '../domain/case.js';
import { streamOf } from '../domain/values.js';
import { toAct } from '../events/envelope.js';
import type { EventLog } from '../log/event-log.js';
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
  const stream = streamOf(code, { kind: 'agency', number: code });
  // At the end of the journal the stream's own row says how long it is; only for an earlier moment its events are counted.
  const atEnd = index >= ((db.prepare('SELECT MAX(idx) FROM events').pluck().get() as number | null) ?? -1);
  const length = atEnd
    ? db.prepare('SELECT last_revision + 1 FROM streams WHERE stream = ?').pluck().get(stream)
    : db
        .prepare('SELECT COUNT(*) FROM events e JOIN streams s USING (stream_id) WHERE s.stream = ? AND e.idx <= ?')
        .pluck()
        .get(stream, index);
  const known = (length as number | undefined) ?? 0;
  const acts: Act[] = [];
  while (acts.length < known) {
    const page = await log.readStream(stream, acts.length, Math.min(PAGE, known - acts.length));
    if (page.length === 0) break;
    acts.push(...page.map(toAct));
  }
  return acts.filter((act) => act.type !== 'record.voided').reduce<AgencyView>((view, act) => agencyRules.evolve(view, act), null);
}
