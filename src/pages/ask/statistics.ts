/** Figures of a year that only the prose of its report has, as charts. */
import { GetAgency } from '../../read-models/agencies/agencies.query.js';
import { GetStatistics } from '../../tables/handlers.js';
import type { Shown } from '../views/layout.js';
import { statisticsPage } from '../views/statistics.js';
import type { Visit } from '../visit.js';
import { agencyOf, crumbsTo, yearOf } from './asked.js';

export async function statistics(visit: Visit): Promise<Shown> {
  const { door, words } = visit;
  const [code, year] = [agencyOf(visit), yearOf(visit)];
  await door.readModels.caughtUp();
  const agency = await door.queries.execute(new GetAgency(code));
  const found = await door.queries.execute(new GetStatistics({ agency: code, year }));
  return statisticsPage({ words, found, crumbs: crumbsTo(visit, agency, [{ text: `${words('charts')} ${year}` }]) });
}
