/**
 * A case as it stood at an earlier moment. The read store holds where each case stands now; where it stood is what the
 * same read model makes of the acts that were recorded by then, read from the log: a case has few.
 */
import Database from 'better-sqlite3';
import { NO_PROGRESS, progressOf, type Progress } from '../../domain/next-acts/progress.js';
import { isSigned } from '../../domain/next-acts/waits-for.js';
import { caseName, streamOf, type CaseRef } from '../../domain/identifiers.js';
import { parseInstant } from '../../time/instant.js';
import type { EventLog } from '../../log/event-log.js';
import { KeptActs } from './case-acts.js';
import { caseloadProjection } from './caseload.js';
import { EventsById } from '../journal/events-by-id.js';
import { Journal, JOURNAL_SCHEMA } from '../journal/journal.js';
import type { ReadStore } from '../read-store.js';
import { agencyIdOf, profilesAsOf } from '../agencies/agency-reader.js';
import { momentOf } from '../journal/as-of.js';
import { QueryProblem, unknownCase } from '../query-problem.js';
import { one } from '../../sqlite/statements.js';
import { PAGE_EVENTS } from '../../log/pages.js';

export interface CaseAsOf {
  /** Index of the last event included. */
  readonly index: number;
  readonly kind: string;
  readonly number: string;
  readonly state: string;
  readonly title: string | null;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly acts: number;
  readonly place: { readonly since: string; readonly progress: Progress };
}

/** How far the trail's rows are: `asOf` may name no later moment. */
export function trailEnd(store: ReadStore): number {
  return store.bookmarks().find(({ name }) => name === 'audit-trail')?.index ?? -1;
}

/** Index of the last event of a moment; throws `unknown-agency` where the agency was not registered by then. */
export function agencyMoment(
  { db }: ReadStore,
  agency: string,
  asOf: string,
  upTo: number,
): { readonly agencyId: number; readonly index: number } {
  const { index } = momentOf(db, asOf, upTo);
  const agencyId = agencyIdOf(db, agency);
  if (profilesAsOf(db, agencyId, index) === null)
    throw new QueryProblem('unknown-agency', `Agency ${agency} was not registered by then.`, 'Ask about a later moment.');
  return { agencyId, index };
}

/** Errors: `unknown-agency`, `unknown-case`, `bad-as-of`, `not-reached`, `StoreUnavailable`. */
export async function caseAsOf(log: EventLog, store: ReadStore, agency: string, ref: CaseRef, asOf: string): Promise<CaseAsOf> {
  const { index } = agencyMoment(store, agency, asOf, trailEnd(store));
  const stream = streamOf(agency, ref);
  const acts = one(
    store.db
      .prepare<unknown[], number>('SELECT COUNT(*) FROM streams s JOIN trail t USING (stream_id) WHERE s.stream = ? AND t.idx <= ?')
      .pluck()
      .get(stream, index),
  );
  if (acts === 0) throw unknownCase(agency, caseName(ref));
  const db = new Database(':memory:');
  try {
    db.exec(JOURNAL_SCHEMA + caseloadProjection.schema);
    const events = new EventsById(db);
    const journal = new Journal(db, events);
    const caseload = caseloadProjection.open(db, events);
    for (let taken = 0; taken < acts;) {
      const page = await log.readStream(stream, taken, Math.min(PAGE_EVENTS, acts - taken));
      if (page.length === 0) throw new Error(`the log lacks revision ${taken} of ${stream}`);
      for (const stored of page) caseload.apply(journal.take(stored, (taken += 1) - 1, parseInstant(stored.recordedAt) ?? 0, true));
    }
    caseload.flush();
    return { index, ...standingIn(db) };
  } finally {
    db.close();
  }
}

type Row = Omit<CaseAsOf, 'index' | 'place'> & { readonly streamId: number; readonly since: string; readonly erased: number };

/** The one case of a read model. */
function standingIn(db: Database.Database): Omit<CaseAsOf, 'index'> {
  const row = db.prepare<unknown[], Row>(
    `SELECT kind, number, state, title, first_on AS firstOn, last_on AS lastOn, acts, stream_id AS streamId, since_on AS since, erased FROM cases`,
  );
  const { streamId, since, erased, ...stood } = one(row.get());
  const progress = progressIn(db, streamId, stood);
  return { ...stood, place: { since, progress: { ...progress, erased: erased === 1 } } };
}

function progressIn(db: Database.Database, streamId: number, { kind, state }: Pick<CaseAsOf, 'kind' | 'state'>): Progress {
  if (isSigned(kind)) return progressOf(new KeptActs(db).of({ streamId, kind }));
  return { ...NO_PROGRESS, stage: state === 'pending' ? 'open' : 'closed' };
}
