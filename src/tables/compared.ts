/** A table beside that of another year, row by row. */
import type { TableRow } from '../statistics/table.js';
import type { AnsweredRow, ComparedYear, Table } from './table.js';

/** The default view of the other year. */
export interface Earlier {
  readonly said: ComparedYear;
  /** By cell; none where the year is in another form. */
  readonly values: ReadonlyMap<string, string | null>;
}

export function compared(rows: readonly TableRow[], { said, values }: Earlier): Pick<Table, 'compared' | 'rows'> {
  return { compared: said, rows: rows.map((row) => besides(row, values)) };
}

/** A heading has nothing beside it. */
function besides(row: TableRow, values: Earlier['values']): AnsweredRow {
  if (row.basis === null) return row;
  if (row.cells === undefined) return { ...row, previous: values.get(row.code) ?? null };
  const columns = Object.keys(row.cells).map((column) => [column, values.get(`${row.code}:${column}`) ?? null] as const);
  return { ...row, previous: Object.fromEntries(columns) };
}
