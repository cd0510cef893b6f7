/** Messages that were refused, as far as they are for who looks. What stood in them stays sealed. */
import { ListRefusals } from '../../recording/handlers.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import type { Shown } from '../views/layout.js';
import { refusalsPage } from '../views/refusals.js';
import type { Visit } from '../visit.js';

const LIMIT = 100;

export async function refusals({ door, visitor, words, query }: Visit): Promise<Shown> {
  await door.readModels.caughtUp();
  const { after, agency, code } = query;
  if (agency !== undefined && !visitor.holds(agency, ['emit', 'act', 'audit']))
    throw new QueryProblem('not-permitted', 'The caller lacks emit or act or audit in this agency.', 'Ask for an agency of yours.');
  const found = await door.queries.execute(new ListRefusals({ after, agency, code, limit: LIMIT, sight: visitor.refusals() }));
  return refusalsPage({ words, found, asked: { agency, code } });
}
