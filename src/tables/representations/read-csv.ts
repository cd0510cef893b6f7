/** A published table read from the CSV that this program writes, so that a portal's file can be checked as it is. */
import Papa from 'papaparse';
import { unguarded } from '../../encoding/spreadsheet-guard.js';
import { BOM, CSV_COLUMNS } from './csv.js';

const HEADER = CSV_COLUMNS.join(',');

export function isTableCsv(text: string): boolean {
  return withoutBom(text).startsWith(HEADER);
}

/**
 * As the JSON of a published table: `{agency, year, form, cells}`; of several tables in one file the first. What was
 * written for spreadsheets, which its byte order mark tells, is read as it was before.
 */
export function tableInCsv(text: string): unknown {
  const forSpreadsheets = text.startsWith(BOM);
  const { data } = Papa.parse<Readonly<Record<string, string>>>(withoutBom(text), { header: true, skipEmptyLines: true });
  const [first] = data;
  const own = data.filter(({ agency, year }) => agency === first?.['agency'] && year === first?.['year']);
  const cells = own.flatMap(({ row = '', column = '', value = '', basis }): [string, string | null][] => {
    if (basis === '') return [];
    const cell = column === '' ? row : `${row}:${column}`;
    return [[cell, value === '' ? null : forSpreadsheets ? unguarded(value) : value]];
  });
  return { agency: first?.['agency'], year: Number(first?.['year']), form: first?.['form'], cells: Object.fromEntries(cells) };
}

function withoutBom(text: string): string {
  return text.startsWith(BOM) ? text.slice(BOM.length) : text;
}
