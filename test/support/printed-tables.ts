/** Tables of each form with another value in every cell, to be drawn. */
import { cellsIn, rowsOf } from '../../src/statistics/form.js';
import { findForm } from '../../src/statistics/forms/registry.js';
import { printedTable, type PrintedTable } from '../../src/exports/documents/printed-table.js';
import type { TableRow } from '../../src/statistics/table.js';

/** Every cell has a number of its own, from 1001 on, in the order of the form. */
export function filledTable(id: string, year: number): PrintedTable {
  const form = findForm(id);
  if (form === undefined) throw new Error(`there is no form ${id}`);
  const values = new Map(cellsIn(form, year).map(({ cell }, at) => [cell, String(1001 + at)]));
  const rows = rowsOf(form, year).map((row): TableRow => {
    const { code, label, unit } = row;
    if (!('columns' in row)) return { code, label, unit, value: values.get(code) ?? null, basis: row.source === null ? null : 'counted' };
    const cells = Object.fromEntries(Object.keys(row.columns).map((column) => [column, values.get(`${code}:${column}`) ?? null]));
    return { code, label, unit, section: '', cells, basis: 'counted' };
  });
  return printedTable({ form: id, year, rows }, '金乡县商务局');
}
