/** Two years side by side, each cell with what it is more or less. */
import type { JSX } from 'preact';
import { parseDecimal } from '../../../encoding/decimal.js';
import { printAmount, SCALE } from '../../../statistics/amount.js';
import { labelOf } from '../../../statistics/cell-label.js';
import type { AnsweredRow, Table } from '../../../tables/table.js';
import { cellPage, tablePage, type Asked } from '../../addresses.js';
import type { Words } from '../../words/words.js';
import { CellLink, DataTable } from '../parts.js';

export interface ComparedView {
  readonly words: Words;
  readonly table: Table;
  /** Of a cell of the table itself. */
  readonly linkTo: (cell: string) => string;
}

/** Nothing where no other year was asked for. */
export function Compared({ view: { words, table, linkTo } }: { readonly view: ComparedView }): JSX.Element | null {
  const { agency, year, form, compared } = table;
  if (compared === undefined) return null;
  const title = `${words('yearsBesideEach')}: ${year} / ${compared.year}`;
  if (compared.form !== form)
    return (
      <section>
        <h2 class="govuk-heading-m">{title}</h2>
        <p>
          {words('otherForm')} <a href={tablePage(agency, compared.year)}>{compared.form}</a>
        </p>
      </section>
    );
  const other: Asked = compared.view === 'published' ? {} : { view: compared.view };
  return (
    <DataTable
      caption={title}
      columns={[
        { head: words('cell') },
        { head: year, numeric: true },
        { head: compared.year, numeric: true },
        { head: words('moreOrLess'), numeric: true },
      ]}
      rows={table.rows
        .flatMap(pairsOf)
        .map(({ cell, now, before }) => [
          <CellLink href={linkTo(cell)} cell={cell} label={labelOf(table, cell)} />,
          now ?? '–',
          <a href={cellPage({ agency, year: compared.year, cell }, other)}>{before ?? '–'}</a>,
          moreOrLess(now, before),
        ])}
    />
  );
}

interface Pair {
  readonly cell: string;
  readonly now: string | null;
  readonly before: string | null;
}

/** The cells of a row with both values; a heading has none. */
function pairsOf(row: AnsweredRow): Pair[] {
  const { code, basis, previous } = row;
  if (basis === null) return [];
  if (row.cells === undefined) return [{ cell: code, now: row.value, before: typeof previous === 'string' ? previous : null }];
  const before = typeof previous === 'string' || previous == null ? {} : previous;
  return Object.entries(row.cells).map(([column, now]) => ({ cell: `${code}:${column}`, now, before: before[column] ?? null }));
}

/** Exact, with its sign; a dash where one of both is blank or no number. */
function moreOrLess(now: string | null, before: string | null): string {
  const [one, other] = [now, before].map((value) => (value === null ? null : parseDecimal(value, SCALE)));
  if (one == null || other == null) return '–';
  const by = one - other;
  return `${by > 0n ? '+' : ''}${printAmount(by)}`;
}
