/**
 * A table as JSON-stat 2.0 (json-stat.org/full): one dataset of one agency, year and form. By hand: the format is an
 * object of a few names, and its libraries read it only.
 */
import { isNumber, printedValues, type PrintedValue, type Represented } from './printed-values.js';

interface Category {
  readonly index: readonly string[];
  readonly label: Readonly<Record<string, string>>;
  readonly unit?: Readonly<Record<string, { readonly label: string }>>;
}

interface Dimension {
  readonly label: string;
  readonly category: Category;
}

/** Media type `application/vnd.json-stat+json`. */
export interface JsonStat {
  readonly version: '2.0';
  readonly class: 'dataset';
  readonly label: string;
  readonly id: readonly ['agency', 'year', 'form', 'cell'];
  readonly size: readonly number[];
  readonly role: { readonly time: readonly ['year']; readonly metric: readonly ['cell'] };
  readonly dimension: Readonly<Record<'agency' | 'year' | 'form' | 'cell', Dimension>>;
  /** null where nothing is printed, and where a printed text is no number. */
  readonly value: readonly (number | null)[];
  readonly extension: Pick<Represented, 'view' | 'hash' | 'contentHash' | 'asOf' | 'members'> & {
    /** As printed, in the order of `value`. */
    readonly values: readonly (string | null)[];
  };
}

/** Headings print no value and are no categories. */
export function jsonStatOf(table: Represented): JsonStat {
  const { agency, year, form, view, hash, contentHash, asOf, members } = table;
  const printed = printedValues(table).flatMap((one) => (one.cell === null ? [] : [{ ...one, cell: one.cell }]));
  const values = printed.map(({ value }) => value);
  return {
    version: '2.0',
    class: 'dataset',
    label: `${agency} ${year} 政府信息公开年度统计表`,
    id: ['agency', 'year', 'form', 'cell'],
    size: [1, 1, 1, printed.length],
    role: { time: ['year'], metric: ['cell'] },
    dimension: {
      agency: single('行政机关', agency),
      year: single('年度', String(year)),
      form: single('表式', form),
      cell: { label: '栏目', category: cellsOf(printed) },
    },
    value: values.map((value) => (value !== null && isNumber(value) ? Number(value) : null)),
    extension: { values, view, hash, contentHash, asOf, ...(members === undefined ? {} : { members }) },
  };
}

function single(label: string, key: string): Dimension {
  return { label, category: { index: [key], label: { [key]: key } } };
}

function cellsOf(printed: readonly (PrintedValue & { readonly cell: string })[]): Category {
  const units = printed.flatMap(({ cell, unit }) => (unit === null ? [] : [[cell, { label: unit }] as const]));
  return {
    index: printed.map(({ cell }) => cell),
    label: Object.fromEntries(
      printed.map(({ cell, label, column, columnLabel }) => [cell, column === null ? label : `${label} ${columnLabel ?? column}`]),
    ),
    unit: Object.fromEntries(units),
  };
}
