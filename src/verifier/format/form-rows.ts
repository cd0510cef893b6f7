/**
 * The rows a form prints, out of its member of the pack: a table has these, under these names and in these units, and
 * no others.
 */
import type { PrintedRow } from './printed-table.js';

interface Source {
  readonly basis: string;
}

/** What is read of a row of `forms/ID.json`. */
interface FormRow {
  readonly code: string;
  readonly label: string;
  readonly unit: string | null;
  /** Both inclusive; absent = in every year. */
  readonly years?: readonly [number, number];
  readonly source?: Source | null;
  readonly columns?: Readonly<Record<string, { readonly source: Source; readonly unit?: string | null }>>;
}

export interface FormRows {
  readonly rows: readonly FormRow[];
}

function isIn(years: FormRow['years'], year: number): boolean {
  return years === undefined || (years[0] <= year && year <= years[1]);
}

/** In which unit of money the form prints a cell in the year; null for pieces. */
export function unitOfCell({ rows }: FormRows, year: number, cell: string): '元' | '万元' | null {
  const [code = '', column] = cell.split(':');
  const row = rows.find(({ code: known, years }) => known === code && isIn(years, year));
  const unit = column === undefined ? row?.unit : row?.columns?.[column]?.unit;
  return unit === '元' || unit === '万元' ? unit : null;
}

/**
 * Codes of rows that are not as the form prints them in the year; of a row that is not there, or not of the form, too.
 * `isPaper`: whether a row is printed from paper.
 */
export function strangeRows(
  { rows }: FormRows,
  year: number,
  printed: readonly PrintedRow[],
  isPaper: (row: PrintedRow) => boolean,
): string[] {
  const expected = rows.filter(({ years }) => isIn(years, year));
  const count = Math.max(expected.length, printed.length);
  return Array.from({ length: count }, (_, at) => [expected[at], printed[at]] as const)
    .filter(([form, row]) => form === undefined || row === undefined || !isSame(form, row, isPaper(row)))
    .map(([form, row]) => row?.code ?? form?.code ?? '');
}

function isSame(form: FormRow, row: PrintedRow, paper: boolean): boolean {
  const { code, label, unit, basis, cells } = row;
  if (code !== form.code || label !== form.label || unit !== form.unit || basis !== basisOf(form, paper)) return false;
  return (cells === undefined) === (form.columns === undefined);
}

/** Of a row whose columns differ: counted if anything in it is, else declared if anything is; null for a heading. */
function basisOf({ source, columns }: FormRow, paper: boolean): string | null {
  const sources = columns === undefined ? (source == null ? [] : [source]) : Object.values(columns).map((column) => column.source);
  if (paper && sources.length > 0) return 'paper';
  const bases = new Set(sources.map(({ basis }) => (basis === 'stock' ? 'counted' : basis)));
  return ['counted', 'declared', 'computed'].find((basis) => bases.has(basis)) ?? null;
}
