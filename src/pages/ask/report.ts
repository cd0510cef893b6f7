/** The yearly report: its compilations, who signed them, what was published. */
import { QueryProblem } from '../../read-models/query-problem.js';
import { GetReport } from '../../tables/handlers.js';
import type { YearlyReport } from '../../tables/report-reader.js';
import type { Shown } from '../views/layout.js';
import { reportPageOf } from '../views/report.js';
import type { Visit } from '../visit.js';
import { agencyAsked, agencyOf, crumbsTo, yearOf } from './asked.js';

export async function report(visit: Visit): Promise<Shown> {
  const { door, visitor, words } = visit;
  const [code, year] = [agencyOf(visit), yearOf(visit)];
  const agency = await agencyAsked(visit);
  const found: YearlyReport | null = await door.queries.execute(new GetReport(code, year)).catch((error: unknown) => {
    // Most years have none yet: that is what the page says then.
    if (error instanceof QueryProblem && error.code === 'unknown-case') return null;
    throw error;
  });
  // Who may read only is shown roles, and no names.
  const named = visitor.holds(code, ['act', 'audit']);
  return reportPageOf({
    words,
    agency: code,
    year,
    found,
    named,
    crumbs: crumbsTo(visit, agency, [{ text: `${words('report')} ${year}` }]),
  });
}
