/**
 * Cases with an act on a date that cannot be, that count in a table: in a cell of the year, in a balance that carries them, in a stock they are part of.
 * Only the acts of those cases are looked at, and there are few.
 */
import { cellsIn, type Selection } from '../statistics/form.js';
import { lastBase, type YearFigures } from '../statistics/table.js';
import type { Figures, FormScope } from './figures.js';

/** Years whose contributions of a kind count in a cell, both inclusive. */
interface Window {
  readonly from: number;
  readonly through: number;
}

interface Row {
  readonly stream: number;
  readonly subject: string;
  readonly year: number;
  readonly keyId: number;
  readonly amount: number;
}

/** In the order of the log. */
export function implausibleDates(figures: Figures, scope: FormScope, standing: YearFigures): string[] {
  const { agencyId, year, index } = scope;
  if (figures.prepare('SELECT 1 FROM implausible_acts WHERE agency_id = ? LIMIT 1').get(agencyId) === undefined) return [];
  const rows = figures
    .prepare(
      `SELECT o.stream_id AS stream, s.subject, c.year, c.key_id AS keyId, SUM(c.amount) AS amount
       FROM (SELECT DISTINCT stream_id FROM implausible_acts WHERE agency_id = @agencyId AND idx <= @index AND (voided_idx IS NULL OR voided_idx > @index)) o
         CROSS JOIN streams s USING (stream_id) CROSS JOIN trail t ON t.stream_id = o.stream_id AND t.idx <= @index
         CROSS JOIN contributions c ON c.idx = t.idx AND c.year <= @year
       GROUP BY o.stream_id, c.key_id, c.year HAVING SUM(c.amount) <> 0 ORDER BY o.stream_id`,
    )
    .all({ agencyId, year, index }) as Row[];
  const windows = windowsOf(figures, scope, standing);
  const totals = new Map<string, number>();
  for (const { stream, keyId, year: of, amount } of rows)
    for (const window of windows.get(keyId) ?? [])
      if (of >= window.from && of <= window.through) {
        const name = `${stream} ${keyId} ${window.from} ${window.through}`;
        totals.set(name, (totals.get(name) ?? 0) + amount);
      }
  const counts = ({ stream, keyId }: Row): boolean =>
    (windows.get(keyId) ?? []).some(({ from, through }) => (totals.get(`${stream} ${keyId} ${from} ${through}`) ?? 0) !== 0);
  return [...new Set(rows.filter(counts).map(({ subject }) => subject))];
}

/** By kind of contribution, the years that the cells of the table add up. */
function windowsOf(figures: Figures, { form, year }: FormScope, standing: YearFigures): Map<number, Window[]> {
  const windows = new Map<number, Window[]>();
  const add = (select: Selection, from: number, through: number): void => {
    for (const key of figures.keys(select)) {
      const known = windows.get(key) ?? [];
      if (!known.some((window) => window.from === from && window.through === through)) known.push({ from, through });
      windows.set(key, known);
    }
  };
  for (const { cell, source } of cellsIn(form, year)) {
    if (source.basis === 'counted') {
      if (source.balance === undefined) add(source.select, year, year);
      else add(source.select, -Infinity, source.balance === 'opening' ? year - 1 : year);
    }
    if (source.basis !== 'stock') continue;
    const base = lastBase(standing, cell, year);
    if (base === null) continue;
    for (const select of [source.plus, ...(source.minus === undefined ? [] : [source.minus])]) add(select, base.year + 1, year);
  }
  return windows;
}
