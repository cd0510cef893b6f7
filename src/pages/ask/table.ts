/** A yearly table: as counted, from paper or as published, now or as of an earlier moment. */
import { layoutOf } from '../../statistics/layout/layouts.js';
import { GetTable, ListViews } from '../../tables/handlers.js';
import type { Table, TableQuestion } from '../../tables/table.js';
import type { Shown } from '../views/layout.js';
import { tablePageOf } from '../views/table.js';
import type { Visit } from '../visit.js';
import { agencyAsked, agencyOf, crumbsTo, readYearIn, yearOf } from './asked.js';
import { differenceOf, type DifferenceIn } from './difference.js';

export async function table(visit: Visit): Promise<Shown> {
  const { door, words, query } = visit;
  const [code, year] = [agencyOf(visit), yearOf(visit)];
  const { form, view, asOf, compare } = query;
  const agency = await agencyAsked(visit);
  const asked = { agency: code, year, ...(form === undefined ? {} : { form }), ...(asOf === undefined ? {} : { asOf }) };
  const beside = compare === undefined ? {} : { compare: readYearIn(compare) };
  const found = await tableOf(visit, { ...asked, ...beside });
  const views = await door.queries.execute(new ListViews(code, year));
  return tablePageOf({
    words,
    table: found,
    agency: agency.name,
    layout: layoutOf(found.form, year),
    difference: await movedIn(visit, found, asked),
    views,
    years: agency.years,
    asked: { form, view, asOf, compare },
    crumbs: crumbsTo(visit, agency, [{ text: `${words('table')} ${year}` }]),
  });
}

/** Of `view=difference` the table as it is counted now, in which the differences are marked. */
function tableOf({ door, query: { view } }: Visit, asked: TableQuestion): Promise<Table> {
  return door.queries.execute(new GetTable(view === undefined || view === 'difference' ? asked : { ...asked, view }));
}

/** What is no longer as it was published, where something is. */
async function movedIn(visit: Visit, { form, published }: Table, asked: TableQuestion): Promise<DifferenceIn> {
  if (visit.query['view'] !== 'difference' && published?.differs !== true) return { form, changes: [] };
  return differenceOf(visit, asked);
}
