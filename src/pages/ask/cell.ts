/** A number of a table: the events behind it, and what it was before each of them. */
import { QueryProblem } from '../../read-models/query-problem.js';
import { ExplainCell, GetHistory, GetTable } from '../../tables/handlers.js';
import type { DayValue } from '../../tables/cell-history.js';
import { tablePage } from '../addresses.js';
import { cellPageOf } from '../views/cell.js';
import type { Shown } from '../views/layout.js';
import type { Visit } from '../visit.js';
import { agencyAsked, agencyOf, crumbsTo, yearOf } from './asked.js';

export async function cell(visit: Visit): Promise<Shown> {
  const { door, words, params, query, visitor } = visit;
  const [code, year, name] = [agencyOf(visit), yearOf(visit), params['cell'] ?? ''];
  const { form, view, asOf } = query;
  const agency = await agencyAsked(visit);
  const asked = {
    agency: code,
    year,
    ...(form === undefined ? {} : { form }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(view === undefined ? {} : { view }),
  };
  const explanation = await door.queries.execute(new ExplainCell({ ...asked, cell: name }));
  const table = await door.queries.execute(new GetTable(asked));
  const crumbs = crumbsTo(visit, agency, [
    { text: `${words('table')} ${year}`, href: tablePage(code, year, { form, view, asOf }) },
    { text: name },
  ]);
  return cellPageOf({
    words,
    table,
    explanation,
    history: await historyOf(visit, { agency: code, year, cell: name }),
    cases: visitor.holds(code, ['act', 'audit']),
    provable: visitor.holds(code, ['audit']),
    crumbs,
  });
}

interface Place {
  readonly agency: string;
  readonly year: number;
  readonly cell: string;
}

/** By day of recording; none of a figure that only prose has, nor of a cell of another form. */
async function historyOf({ door }: Visit, { agency, year, cell: name }: Place): Promise<DayValue[]> {
  try {
    const { cells } = await door.queries.execute(new GetHistory({ agency, year, cells: [name], by: 'day' }));
    return cells.flatMap(({ values }) => values.flatMap((value: object) => (isOfDay(value) ? [value] : [])));
  } catch (error) {
    if (error instanceof QueryProblem && error.code === 'unknown-cell') return [];
    throw error;
  }
}

const isOfDay = (value: object): value is DayValue => 'on' in value;
