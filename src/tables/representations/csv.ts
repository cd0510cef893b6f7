/**
 * Tables as CSV (RFC 4180): a header line, then a line for each value. Written and read by papaparse, which does both;
 * csv-stringify would need csv-parse beside it.
 */
import Papa from 'papaparse';
import { guard } from '../../encoding/spreadsheet-guard.js';
import { isNumber, printedValues, type PrintedValue, type Represented } from './printed-values.js';

export const CSV_COLUMNS = ['agency', 'year', 'form', 'view', 'row', 'label', 'column', 'columnLabel', 'unit', 'value', 'basis'] as const;

const LINE_END = '\r\n';
export const CSV_HEADER = CSV_COLUMNS.join(',') + LINE_END;
export const BOM = '\uFEFF';

/** `bom`: for spreadsheets, with a byte order mark and no text that they would run. */
export interface CsvOptions {
  readonly bom?: boolean;
}

/** Whole: with the header line. */
export function csvOf(table: Represented, options: CsvOptions = {}): string {
  return (options.bom === true ? BOM : '') + CSV_HEADER + csvLines(table, options);
}

/** The lines of a table, without the header. A blank value is empty, and so is everything a heading does not print. */
export function csvLines(table: Represented, { bom = false }: CsvOptions = {}): string {
  const { agency, year, form, view } = table;
  const lines = printedValues(table).map((printed) => [agency, String(year), form, view, ...fieldsOf(bom ? guarded(printed) : printed)]);
  return Papa.unparse(lines, { newline: LINE_END }) + LINE_END;
}

function fieldsOf({ row, label, column, columnLabel, unit, value, basis }: PrintedValue): string[] {
  return [row, label, column, columnLabel, unit, value, basis].map((field) => field ?? '');
}

/** Free texts alone: a number keeps its sign. */
function guarded(printed: PrintedValue): PrintedValue {
  const { label, columnLabel, unit, value } = printed;
  return {
    ...printed,
    label: guard(label),
    columnLabel: columnLabel === null ? null : guard(columnLabel),
    unit: unit === null ? null : guard(unit),
    value: value === null || isNumber(value) ? value : guard(value),
  };
}
