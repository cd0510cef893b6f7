/**
 * A statistics form as data: rows in the printed order, their labels and units, and where each value comes from. A form
 * never names an event, an event never names a form: measures stand between them.
 *
 * A row prints one value, in the cell named by its code, or one value per named column, in the cells `code:column`.
 */
import { fitsScale, readPrinted, SCALE, UNREADABLE, type Reading } from './amount.js';
import type { Rule } from './checks.js';
import type { Measure } from './measures.js';

/** Which contributions a cell adds up. */
export interface Selector {
  readonly measure: Measure;
  /** Per dimension, the values taken; a dimension not named takes every value. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
}

/** One selector, or several of which one at least must match; a contribution is added once however many match. */
export type Selection = Selector | readonly Selector[];

/**
 * Decimals of the whole-number amounts a cell adds up: 0 for pieces; money is whole fen, so 6 in 万元 and 2 in 元. What is
 * only declared may be finer than fen.
 */
export type Scale = 0 | 2 | 6;

export type CellSource =
  /**
   * The contributions of the year; a balance adds those of every year before it (`opening`), and the year's own too
   * (`closing`).
   */
  | { readonly basis: 'counted'; readonly select: Selection; readonly balance?: 'opening' | 'closing' }
  /** The last declared base, the stock at the end of its year, and what came after it; null before the first base. */
  | { readonly basis: 'stock'; readonly plus: Selection; readonly minus?: Selection }
  | { readonly basis: 'declared'; readonly negative?: boolean }
  | { readonly basis: 'computed'; readonly sumOf: readonly string[] };

interface RowHead {
  readonly code: string;
  /** Exactly as printed. */
  readonly label: string;
  /** As printed: 条, 件, 次, 万元 …; null where none is, or not one for the whole row. */
  readonly unit: string | null;
  /**
   * Years the form prints this row, both inclusive; absent = always. One code may stand for two rows of different
   * years.
   */
  readonly years?: readonly [number, number];
}

export interface ValueRow extends RowHead {
  readonly scale: Scale;
  /** null for a heading, which prints no value. */
  readonly source: CellSource | null;
}

export interface Column {
  readonly source: CellSource;
  readonly scale: Scale;
  readonly unit: string | null;
}

export interface MatrixRow extends RowHead {
  /** By the name of the column, in the printed order. */
  readonly columns: Readonly<Record<string, Column>>;
}

export type FormRow = ValueRow | MatrixRow;

/** What is said of a year in which such a result counts, with its cases and the cells it counts in. */
export interface ResultNote {
  readonly rule: 'other-law-result' | 'no-row-for-result';
  readonly severity: 'warning' | 'info';
  readonly select: Selector;
  /** What the finding names: the cells they count in, which `explain` opens, or the cases, where no cell shows them. */
  readonly names: 'cells' | 'cases';
  readonly message: string;
}

export interface Form {
  readonly id: string;
  readonly title: string;
  /** Report years it serves, both inclusive; null = still in force. */
  readonly firstYear: number;
  readonly lastYear: number | null;
  /** Where labels, order and rules come from. */
  readonly basis: string;
  readonly rows: readonly FormRow[];
  readonly rules: readonly Rule[];
  /** Results the form takes in a row that is not theirs, or in none. */
  readonly notes: readonly ResultNote[];
}

/** One place of a form that prints a value. */
export interface FormCell {
  /** `row` or `row:column`. */
  readonly cell: string;
  readonly row: FormRow;
  readonly unit: string | null;
  readonly scale: Scale;
  readonly source: CellSource;
}

export function serves(form: Form, year: number): boolean {
  return year >= form.firstYear && (form.lastYear === null || year <= form.lastYear);
}

/** The rows the form prints for a year. */
export function rowsOf(form: Form, year: number): FormRow[] {
  return form.rows.filter(({ years }) => years === undefined || (year >= years[0] && year <= years[1]));
}

export function cellsOf(row: FormRow): FormCell[] {
  if ('columns' in row)
    return Object.entries(row.columns).map(([column, { source, scale, unit }]) => ({
      cell: `${row.code}:${column}`,
      row,
      unit,
      scale,
      source,
    }));
  return row.source === null ? [] : [{ cell: row.code, row, unit: row.unit, scale: row.scale, source: row.source }];
}

const cellsByYear = new WeakMap<Form, Map<number, readonly FormCell[]>>();

/** Every place that prints a value in a year. Forms are constant: each list is made once. */
export function cellsIn(form: Form, year: number): readonly FormCell[] {
  const years = cellsByYear.get(form) ?? new Map<number, readonly FormCell[]>();
  const cells = years.get(year) ?? rowsOf(form, year).flatMap(cellsOf);
  cellsByYear.set(form, years.set(year, cells));
  return cells;
}

const cellsByName = new WeakMap<Form, ReadonlyMap<string, FormCell>>();

/** The cell of this name, in whatever year the form prints it; of two rows of one code the first. */
export function cellOf(form: Form, cell: string): FormCell | undefined {
  let cells = cellsByName.get(form);
  if (cells === undefined) {
    const named = form.rows.flatMap(cellsOf).map((found) => [found.cell, found] as const);
    cellsByName.set(form, (cells = new Map(named.reverse())));
  }
  return cells.get(cell);
}

/**
 * Whether the form prints a value in this cell for the year; with `value` false the code of a heading will do as well.
 */
export function prints(form: Form, year: number, cell: string, value: boolean): boolean {
  return (
    cellsIn(form, year).some((found) => found.cell === cell) ||
    (!value && rowsOf(form, year).some((row) => 'source' in row && row.source === null && row.code === cell))
  );
}

/** A row that is asked for by its code and prints no value. */
export function headingOf(form: Form, code: string): ValueRow | undefined {
  return form.rows.filter((row) => 'source' in row).find((row) => row.code === code && row.source === null);
}

/** The cells whose events explain a cell: itself, or for a computed one every other cell below it. */
export function explainedBy(form: Form, cell: string): FormCell[] {
  const found = cellOf(form, cell);
  if (found === undefined) return [];
  return found.source.basis === 'computed' ? found.source.sumOf.flatMap((part) => explainedBy(form, part)) : [found];
}

/**
 * What an officer may declare in a cell: the figure itself, or the base of a stock; null where it is counted or
 * computed.
 */
export function declarable({ source, scale }: FormCell): { readonly scale: Scale; readonly negative: boolean } | null {
  if (source.basis === 'declared') return { scale, negative: source.negative ?? false };
  return source.basis === 'stock' ? { scale, negative: false } : null;
}

/**
 * Whether a value may be declared in the cell: a number no finer than it, and below zero only where the cell may be.
 */
export function takes(cell: FormCell, printed: string): boolean {
  const may = declarable(cell);
  const { amount } = readIn(cell, printed);
  return may !== null && typeof amount === 'bigint' && fitsScale(amount, may.scale) && (amount >= 0n || may.negative);
}

/** Whether a number below zero may stand in the cell. */
export function mayBeNegative({ source }: FormCell): boolean {
  return source.basis === 'declared' && source.negative === true;
}

/**
 * A value of the cell as it is printed, by the reader of today: counted, computed or declared by itself, in whatever
 * version.
 */
export function readIn(cell: FormCell, printed: unknown): Reading {
  return readPrinted(printed, { unit: cell.unit, negative: mayBeNegative(cell) });
}

/**
 * The same in units of 10^-scale. The values were printed by this program, or were numbers of the cell when they were
 * declared; what is finer than the cell is cut off.
 */
export function unitsOf(cell: FormCell, printed: string): bigint {
  const { amount } = readIn(cell, printed);
  return amount === null || amount === UNREADABLE ? 0n : amount / 10n ** BigInt(SCALE - cell.scale);
}

const sumsOverYears = new WeakMap<Form, readonly Selector[]>();

/** What a form adds up over the years: the contributions of years before the table's that it needs. */
export function acrossYears(form: Form): readonly Selector[] {
  const known = sumsOverYears.get(form);
  if (known !== undefined) return known;
  const selectors = form.rows.flatMap(cellsOf).flatMap(({ source }) => {
    if (source.basis === 'stock') return [...selectorsOf(source.plus), ...selectorsOf(source.minus ?? [])];
    return source.basis === 'counted' && source.balance !== undefined ? selectorsOf(source.select) : [];
  });
  sumsOverYears.set(form, selectors);
  return selectors;
}

function selectionsOf(source: CellSource): Selection[] {
  if (source.basis === 'counted') return [source.select];
  return source.basis === 'stock' ? [source.plus, ...(source.minus === undefined ? [] : [source.minus])] : [];
}

interface Matches {
  readonly selections: readonly Selection[];
  /** Measures any of them takes; others are not worth remembering. */
  readonly measures: ReadonlySet<string>;
  /** By measure and dimensions. */
  readonly found: Map<string, readonly Selection[]>;
}

const matches = new WeakMap<Form, Matches>();

/**
 * The selections of a form that a contribution belongs to. Contributions are of few kinds, so each kind is matched
 * once.
 */
export function selectionsFor(form: Form, measure: string, dimensions: Readonly<Record<string, string>>): readonly Selection[] {
  let known = matches.get(form);
  if (known === undefined) {
    // One selection may serve several cells.
    const selections = [...new Set(form.rows.flatMap(cellsOf).flatMap(({ source }) => selectionsOf(source)))];
    const measures = new Set<string>(selections.flatMap((selection) => selectorsOf(selection).map((selector) => selector.measure)));
    matches.set(form, (known = { selections, measures, found: new Map() }));
  }
  if (!known.measures.has(measure)) return [];
  const key = `${measure} ${JSON.stringify(dimensions)}`;
  const found = known.found.get(key) ?? known.selections.filter((selection) => selects(selection, measure, dimensions));
  known.found.set(key, found);
  return found;
}

export function selectorsOf(selection: Selection): readonly Selector[] {
  return 'measure' in selection ? [selection] : selection;
}

export function selects(selection: Selection, measure: string, dimensions: Readonly<Record<string, string>>): boolean {
  return selectorsOf(selection).some(
    (selector) =>
      selector.measure === measure &&
      Object.entries(selector.where ?? {}).every(([dimension, values]) => values.includes(dimensions[dimension] ?? '')),
  );
}
