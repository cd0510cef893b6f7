/** A table value by value, in the order in which its form prints them: what its representations are made of. */
import { cellsIn } from '../../statistics/form.js';
import { findForm } from '../../statistics/forms/registry.js';
import type { TableRow } from '../../statistics/table.js';
import type { Table } from '../table.js';

/** Of a table: what representations look at. */
export type Represented = Pick<
  Table,
  'agency' | 'year' | 'form' | 'view' | 'hash' | 'contentHash' | 'asOf' | 'columns' | 'rows' | 'members'
>;

export interface PrintedValue {
  /** `row` or `row:column`; null of a heading, which prints no value. */
  readonly cell: string | null;
  readonly row: string;
  readonly label: string;
  /** null where the row prints one value. */
  readonly column: string | null;
  readonly columnLabel: string | null;
  readonly unit: string | null;
  /** As printed; null where nothing is. */
  readonly value: string | null;
  readonly basis: string | null;
}

export function printedValues(table: Represented): PrintedValue[] {
  const form = findForm(table.form);
  const units = new Map(form === undefined ? [] : cellsIn(form, table.year).map(({ cell, unit }) => [cell, unit]));
  return table.rows.flatMap((row) => valuesIn(row, table, units));
}

function valuesIn(row: TableRow, { columns }: Represented, units: ReadonlyMap<string, string | null>): PrintedValue[] {
  const { code, label, basis } = row;
  if (row.cells === undefined) {
    const said = { row: code, label, column: null, columnLabel: null, value: row.value, basis };
    return [{ ...said, cell: basis === null ? null : code, unit: units.get(code) ?? row.unit }];
  }
  return Object.entries(row.cells).map(([column, value]) => {
    const cell = `${code}:${column}`;
    const head = columns.find(({ key, section }) => key === column && section === row.section);
    return { cell, row: code, label, column, columnLabel: head?.label ?? null, unit: units.get(cell) ?? row.unit, value, basis };
  });
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** Whether a printed text is a number and nothing else: no unit, no remark, no other digits. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text);
}
