/** Open applications by due date; of one the calendar that its due date was counted by. */
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { GetDeadlines } from '../../read-models/deadlines/deadlines.query.js';
import { applicationsPageOf } from '../views/applications.js';
import type { Shown } from '../views/layout.js';
import type { Visit } from '../visit.js';
import { agencyAsked, agencyOf, crumbsTo } from './asked.js';

export async function applications(visit: Visit): Promise<Shown> {
  const { door, words, query } = visit;
  const code = agencyOf(visit);
  const agency = await agencyAsked(visit);
  const named = query['case'];
  const one = named === undefined ? {} : { case: readCaseRef(named) };
  const deadlines = await door.queries.execute(new GetDeadlines({ agency: code, ...one }));
  return applicationsPageOf({ words, agency: code, deadlines, crumbs: crumbsTo(visit, agency, [{ text: words('applications') }]) });
}
