/**
 * Cases with an act on a date that cannot be, that count in a table: in a cell of the year, in a balance that carries
 * them, in a stock they are part of. Only the acts of those cases are looked at, and there are few.
 */
import { cellsIn, type Selection } from '../../statistics/form.js';
import { lastBase, type YearFigures } from '../../statistics/table.js';
import type { Figures, FormScope } from '../figures/figures.js';

/** Before every year there is. */
const EVER = 0;

/** A kind of contribution, and the years in which it counts in a cell, both inclusive. */
interface Window {
  readonly key: number;
  readonly from: number;
  readonly through: number;
}

/**
 * Cases with such an act standing at the event, that come to something in one of the windows: in SQL, as an agency may
 * have registered late and have many. The casts let SQLite look windows up by their kind.
 */
const COUNTED = `WITH windows (n, key_id, since, through) AS MATERIALIZED (
    SELECT key, CAST(value ->> 0 AS INTEGER), CAST(value ->> 1 AS INTEGER), CAST(value ->> 2 AS INTEGER) FROM json_each(@windows)),
  odd (stream_id) AS MATERIALIZED (
    SELECT DISTINCT stream_id FROM implausible_acts WHERE agency_id = @agencyId AND idx <= @index AND (voided_idx IS NULL OR voided_idx > @index)),
  counted (stream_id) AS MATERIALIZED (
    SELECT DISTINCT stream_id FROM (
      SELECT odd.stream_id FROM odd CROSS JOIN trail t ON t.stream_id = odd.stream_id AND t.idx <= @index
        CROSS JOIN contributions c ON c.idx = t.idx CROSS JOIN windows w ON w.key_id = c.key_id AND c.year BETWEEN w.since AND w.through
      GROUP BY odd.stream_id, w.n HAVING SUM(c.amount) <> 0))
  SELECT s.subject FROM counted CROSS JOIN streams s USING (stream_id) ORDER BY s.stream_id`;

/** In the order of the log. */
export function implausibleDates(figures: Figures, scope: FormScope, standing: YearFigures): string[] {
  const { agencyId, index } = scope;
  if (figures.prepare('SELECT 1 FROM implausible_acts WHERE agency_id = ? LIMIT 1').get(agencyId) === undefined) return [];
  const windows = windowsOf(figures, scope, standing).map(({ key, from, through }) => [key, from, through]);
  return figures
    .prepare<unknown[], string>(COUNTED)
    .pluck()
    .all({ agencyId, index, windows: JSON.stringify(windows) });
}

/** What the cells of the table add up, each once. */
function windowsOf(figures: Figures, { form, year }: FormScope, standing: YearFigures): Window[] {
  const windows = new Map<string, Window>();
  const add = (select: Selection, from: number, through: number): void => {
    for (const key of figures.keys(select)) windows.set(`${key} ${from} ${through}`, { key, from, through });
  };
  for (const { cell, source } of cellsIn(form, year)) {
    if (source.basis === 'counted') {
      const [from, through] = source.balance === undefined ? [year, year] : [EVER, source.balance === 'opening' ? year - 1 : year];
      add(source.select, from, through);
    }
    const base = source.basis === 'stock' ? lastBase(standing, cell, year) : null;
    if (source.basis !== 'stock' || base === null) continue;
    for (const select of [source.plus, ...(source.minus === undefined ? [] : [source.minus])]) add(select, base.year + 1, year);
  }
  return [...windows.values()];
}
