/** Figures of a year that only the prose of its report has, as charts. */
import { GetReviewWaits } from '../../read-models/trail/review-waits.query.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import type { Table } from '../../tables/table.js';
import { GetStatistics, GetTable } from '../../tables/handlers.js';
import type { Shown } from '../views/layout.js';
import { statisticsPage } from '../views/statistics.js';
import type { Visit } from '../visit.js';
import { agencyAsked, agencyOf, crumbsTo, yearOf } from './asked.js';

export async function statistics(visit: Visit): Promise<Shown> {
  const { door, words } = visit;
  const [code, year] = [agencyOf(visit), yearOf(visit)];
  const agency = await agencyAsked(visit);
  const found = await door.queries.execute(new GetStatistics({ agency: code, year }));
  const table: Table | null = await door.queries.execute(new GetTable({ agency: code, year })).catch((error: unknown) => {
    // Figures of prose are of every year; a year that no form serves has no table.
    if (error instanceof QueryProblem && error.code === 'unknown-form') return null;
    throw error;
  });
  const waits = await door.queries.execute(new GetReviewWaits(code, year));
  return statisticsPage({ words, found, table, waits, crumbs: crumbsTo(visit, agency, [{ text: `${words('charts')} ${year}` }]) });
}
