/** A yearly table in its official layout with its values in it: what every format is drawn from. */
import type { LayoutBlock, LayoutCell, TableLayout } from '../../statistics/layout/layout.js';
import { layoutOf, titleLine } from '../../statistics/layout/layouts.js';
import { valuesOf } from '../../statistics/table.js';
import type { Table } from '../../tables/table.js';

/** As in the layout, with the text that is printed there; empty where a value is blank. */
export type PrintedCell = Pick<LayoutCell, 'kind' | 'colspan' | 'rowspan' | 'align' | 'indent'> & {
  readonly text: string;
  /** Of a head: what it is the head of. */
  readonly scope: 'col' | 'colgroup' | 'row' | 'rowgroup' | null;
};

export interface PrintedBlock extends Omit<LayoutBlock, 'rows'> {
  readonly rows: readonly (readonly PrintedCell[])[];
}

export interface PrintedTable extends Pick<TableLayout, 'notes' | 'signatures'> {
  /** The whole line, with agency and year. */
  readonly title: string;
  readonly blocks: readonly PrintedBlock[];
}

/** `agencyName`: as the agency was called in the year. */
export function printedTable(table: Pick<Table, 'form' | 'year' | 'rows'>, agencyName: string): PrintedTable {
  const layout = layoutOf(table.form, table.year);
  if (layout === undefined) throw new Error(`a table is in form ${table.form}, which this program does not hold`);
  const values = valuesOf(table.rows);
  const { notes, signatures } = layout;
  const blocks = layout.blocks.map((block) => ({ ...block, rows: block.rows.map((row) => row.map((cell) => printedCell(cell, values))) }));
  return { title: titleLine(layout, agencyName), blocks, notes, signatures };
}

function printedCell(cell: LayoutCell, values: ReadonlyMap<string, string | null>): PrintedCell {
  const { kind, colspan, rowspan, align, indent } = cell;
  const placed = { kind, colspan, rowspan, align, indent };
  if (cell.kind === 'value') return { ...placed, text: (cell.cell === null ? null : values.get(cell.cell)) ?? '', scope: null };
  return { ...placed, text: cell.text, scope: cell.kind === 'head' ? cell.scope : null };
}
