/** A yearly table: as counted, from paper or as published, now or as of an earlier moment. */
import { GetAgency } from '../../read-models/agencies/agencies.query.js';
import { layoutOf } from '../../statistics/layout/layouts.js';
import { GetDifference, GetTable, ListTables } from '../../tables/handlers.js';
import type { Change } from '../../read-models/figures/changes.js';
import type { Table, TableQuestion } from '../../tables/table.js';
import type { Shown } from '../views/layout.js';
import { tablePageOf } from '../views/table.js';
import type { Visit } from '../visit.js';
import { agencyOf, crumbsTo, yearOf } from './asked.js';

export async function table(visit: Visit): Promise<Shown> {
  const { door, words, query } = visit;
  const [code, year] = [agencyOf(visit), yearOf(visit)];
  const { form, view, asOf } = query;
  await door.readModels.caughtUp();
  await door.readModels.waitForMoment(asOf);
  const agency = await door.queries.execute(new GetAgency(code));
  const asked = { agency: code, year, ...(form === undefined ? {} : { form }), ...(asOf === undefined ? {} : { asOf }) };
  const found = await tableOf(visit, asked);
  const { tables } = await door.queries.execute(new ListTables(code));
  return tablePageOf({
    words,
    table: found,
    agency: agency.name,
    layout: layoutOf(found.form, year),
    changes: await changesOf(visit, found, asked),
    views: tables.find((one) => one.year === year)?.views ?? [],
    asked: { form, view, asOf },
    crumbs: crumbsTo(visit, agency, [{ text: `${words('table')} ${year}` }]),
  });
}

/** Of `view=difference` the table as it is counted now, in which the differences are marked. */
function tableOf({ door, query: { view } }: Visit, asked: TableQuestion): Promise<Table> {
  return door.queries.execute(new GetTable(view === undefined || view === 'difference' ? asked : { ...asked, view }));
}

/** What is no longer as it was published, where something is. */
async function changesOf({ door, query: { view } }: Visit, { published }: Table, asked: TableQuestion): Promise<readonly Change[]> {
  if (view !== 'difference' && published?.differs !== true) return [];
  return (await door.queries.execute(new GetDifference(asked))).changes;
}
