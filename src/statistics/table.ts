/**
 * From sums to a yearly table: values as the form prints them, the form's rules checked, findings beside the figures.
 * Pure.
 */
import { formatDecimal } from '../encoding/decimal.js';
import { printAmount, UNREADABLE, type Amount, type Reading } from './amount.js';
import { cellFindings } from './cell-findings.js';
import { check, finding, type Finding, type LastYear, type RuleName } from './checks.js';
import type { Severity } from './finding-rules.js';
import { CASE_FINDINGS, CASE_RULES, type CaseRule } from './case-rules.js';
import {
  cellsIn,
  cellsOf,
  declarable,
  explainedBy,
  readIn,
  rowsOf,
  selectionsFor,
  selects,
  serves,
  unitsOf,
  type CellSource,
  type Form,
  type FormCell,
  type FormRow,
  type ResultNote,
  type Selection,
} from './form.js';

/** Contributions of one agency and year added up by measure and dimensions. */
export interface Sum {
  readonly measure: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly amount: number;
}

/** A sum of one of several years. */
export interface YearSum extends Sum {
  readonly year: number;
}

/** A figure that stands as declared. */
export interface Declared {
  readonly year: number;
  readonly cell: string;
  /** As it was declared: `readIn` says what it amounts to in the unit of its cell. */
  readonly value: string;
}

/** What the cells of a table are made of, as of one moment of the log. */
export interface YearFigures {
  readonly sums: readonly Sum[];
  /** Sums of every year before, of the measures the form adds up over the years. */
  readonly earlier: readonly YearSum[];
  /** Of this year, and of earlier ones as bases of stocks. */
  readonly declared: readonly Declared[];
}

/** What else is to be said of a year's acts. */
export interface YearRemarks {
  /** Cases with a result the form has a note on that names cases, per note that has any. */
  readonly results: readonly { readonly note: ResultNote; readonly cases: readonly string[] }[];
  /** Cases closed in the year after their lawful end. */
  readonly lateReplies: readonly string[];
  /** Changes of the clearance chain dated in the year. */
  readonly chainChanges: readonly { readonly at: string; readonly recordedAt: string }[];
  /** Groups of items of the year, or with one of the year, released with the same hash or document number. */
  readonly sameItems: readonly (readonly string[])[];
  /** What each finding names that names cases; one without any may be left out. */
  readonly cases: ReadonlyMap<CaseRule, readonly string[]>;
  /** The agency has no records of the year. */
  readonly nothingRecorded: boolean;
}

export interface TableFacts extends YearFigures, YearRemarks {
  /** null where no form served the year before, or no rule of this form needs it. */
  readonly lastYear: LastYear | null;
}

export type Basis = 'counted' | 'declared' | 'paper' | 'computed' | null;

interface RowHead {
  readonly code: string;
  /** The block of the form a row of several columns stands in; no part of a table's hash. */
  readonly section?: string;
  readonly label: string;
  readonly unit: string | null;
  /** Of a sum over agencies one of which is missing. */
  readonly partial?: true;
}

/** A value as the form prints it; null for a heading and where nothing was declared. */
export type TableRow =
  | (RowHead & { readonly value: string | null; readonly cells?: undefined; readonly basis: Basis })
  | (RowHead & { readonly cells: Readonly<Record<string, string | null>>; readonly value?: undefined; readonly basis: Basis });

export interface ComputedTable {
  readonly rows: readonly TableRow[];
  readonly findings: readonly Finding[];
}

/** The values of a table by the names of their cells. */
export function valuesOf(rows: readonly TableRow[]): Map<string, string | null> {
  return new Map(
    rows.flatMap((row): [string, string | null][] =>
      row.cells !== undefined
        ? Object.entries(row.cells).map(([column, value]) => [`${row.code}:${column}`, value])
        : [[row.code, row.value]],
    ),
  );
}

/**
 * Units as in the form, so that a value of money in a cell of 万元 is compared in 万元. By the reader of today unless
 * another is given.
 */
export function readingsOf(
  form: Form,
  year: number,
  values: ReadonlyMap<string, unknown>,
  read: (cell: FormCell, printed: unknown) => Reading = readIn,
): Map<string, Reading> {
  return new Map(cellsIn(form, year).map((cell) => [cell.cell, read(cell, values.get(cell.cell))]));
}

export function amountsIn(readings: ReadonlyMap<string, Reading>): Map<string, Amount> {
  return new Map([...readings].map(([cell, { amount }]) => [cell, amount]));
}

export function amountsOf(form: Form, year: number, values: ReadonlyMap<string, unknown>): Map<string, Amount> {
  return amountsIn(readingsOf(form, year, values));
}

export function computeTable(form: Form, year: number, facts: TableFacts): ComputedTable {
  const rows = computeRows(form, year, facts);
  const values = valuesOf(rows);
  const readings = readingsOf(form, year, values);
  const findings = [
    ...cellFindings(form, year, values, readings),
    ...check(form.rules, amountsIn(readings), { published: false, lastYear: facts.lastYear }),
  ];
  return { rows, findings: [...findings, ...ofResults(form, year, facts), ...noted(form, year, values, facts)] };
}

export function computeRows(form: Form, year: number, figures: YearFigures): TableRow[] {
  const cells = new Map(cellsIn(form, year).map((cell) => [cell.cell, cell]));
  const totals = totalsOf(form, figures);
  const values = new Map<string, string | null>();
  const valueOf = (name: string): string | null => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const cell = cells.get(name);
    const value = cell === undefined ? null : evaluate(cell, year, figures, totals, amountOf);
    values.set(name, value);
    return value;
  };
  const amountOf = (name: string): bigint | null => {
    const [cell, value] = [cells.get(name), valueOf(name)];
    const amount = cell === undefined ? null : readIn(cell, value).amount;
    return amount === UNREADABLE ? null : amount;
  };
  return layOut(form, year, valueOf, basisOf);
}

/** The printed rows of a year with these values. */
export function layOut(form: Form, year: number, valueOf: (cell: string) => string | null, basis: (row: FormRow) => Basis): TableRow[] {
  return rowsOf(form, year).map((row): TableRow => {
    const { code, label, unit } = row;
    if (!('columns' in row)) return { code, label, unit, value: valueOf(code), basis: basis(row) };
    const columns = Object.keys(row.columns).map((column) => [column, valueOf(`${code}:${column}`)]);
    return { code, label, unit, cells: Object.fromEntries(columns) as Record<string, string | null>, basis: basis(row) };
  });
}

/** Of a row whose columns differ: counted if anything in it is, else declared if anything is. */
export function basisOf(row: FormRow): Basis {
  const bases = new Set(cellsOf(row).map(({ source }): Basis => (source.basis === 'stock' ? 'counted' : source.basis)));
  return (['counted', 'declared', 'computed'] as const).find((basis) => bases.has(basis)) ?? null;
}

function evaluate(
  place: FormCell,
  year: number,
  figures: YearFigures,
  totals: Totals,
  amountOf: (cell: string) => bigint | null,
): string | null {
  const { cell, source, scale } = place;
  switch (source.basis) {
    case 'counted':
      return formatDecimal(BigInt(counted(source, totals)), scale);
    case 'stock': {
      const base = lastBase(figures, cell, year);
      if (base === null) return null;
      const since = (selection: Selection): number => (base.year === year ? 0 : totals.of(selection)) + totals.after(selection, base.year);
      const change = since(source.plus) - (source.minus === undefined ? 0 : since(source.minus));
      return change === 0 ? base.value : formatDecimal(unitsOf(place, base.value) + BigInt(change), scale);
    }
    case 'declared':
      return figures.declared.find((declared) => declared.year === year && declared.cell === cell)?.value ?? null;
    case 'computed': {
      const parts = source.sumOf.map(amountOf).filter((amount) => amount !== null);
      return parts.length === 0 ? null : printAmount(parts.reduce((sum, amount) => sum + amount, 0n));
    }
  }
}

function counted(source: Extract<CellSource, { basis: 'counted' }>, totals: Totals): number {
  const before = source.balance === undefined ? 0 : totals.after(source.select, -Infinity);
  return source.balance === 'opening' ? before : before + totals.of(source.select);
}

/** What each selection of a form comes to. */
interface Totals {
  /** In the year. */
  of(selection: Selection): number;
  /** In the years before it that come after one. */
  after(selection: Selection, year: number): number;
}

function totalsOf(form: Form, { sums, earlier }: YearFigures): Totals {
  const own = new Map<Selection, number>();
  for (const { measure, dimensions, amount } of sums)
    for (const selection of selectionsFor(form, measure, dimensions)) own.set(selection, (own.get(selection) ?? 0) + amount);
  const before = new Map<Selection, YearSum[]>();
  for (const sum of earlier)
    for (const selection of selectionsFor(form, sum.measure, sum.dimensions)) {
      const found = before.get(selection);
      if (found === undefined) before.set(selection, [sum]);
      else found.push(sum);
    }
  return {
    of: (selection) => own.get(selection) ?? 0,
    after: (selection, year) => (before.get(selection) ?? []).reduce((total, sum) => (sum.year > year ? total + sum.amount : total), 0),
  };
}

/** The latest year's base that stands. */
export function lastBase<D extends Declared>({ declared }: { readonly declared: readonly D[] }, cell: string, year: number): D | null {
  const standing = declared.filter((base) => base.cell === cell && base.year <= year);
  return standing.sort((a, b) => b.year - a.year)[0] ?? null;
}

/**
 * Cells in which an act of the year counts, by itself or in one of their parts; a figure declared for the year is one.
 */
export function actedCells(form: Form, year: number, { sums, declared }: YearFigures): Set<string> {
  const moved = sums.filter(({ amount }) => amount !== 0);
  const any = (selection: Selection): boolean => moved.some(({ measure, dimensions }) => selects(selection, measure, dimensions));
  const isActed = ({ cell, source }: FormCell): boolean => {
    switch (source.basis) {
      case 'counted':
        return source.balance !== 'opening' && any(source.select);
      case 'stock':
        return (
          declared.some((base) => base.year === year && base.cell === cell) ||
          any(source.plus) ||
          (source.minus !== undefined && any(source.minus))
        );
      case 'declared':
        return declared.some((figure) => figure.year === year && figure.cell === cell);
      case 'computed':
        return explainedBy(form, cell).some(isActed);
    }
  };
  return new Set(
    cellsIn(form, year)
      .filter(isActed)
      .map(({ cell }) => cell),
  );
}

/** Said of a table whose form does not serve its year. */
export function otherForm(form: Form, year: number): Finding[] {
  if (serves(form, year)) return [];
  return [
    finding('not-this-years-form', 'warning', [], null, null, `${form.id} 不是 ${year} 年度适用的表式 (not the form in force for ${year})`),
  ];
}

/** Said of a year without records: its zeros are no count. */
export function nothingRecorded(year: number): Finding {
  return finding(
    'nothing-recorded',
    'warning',
    [],
    null,
    null,
    `${year} 年度无任何记录, 表中的零并非统计结果 (nothing is recorded of the year: its zeros are no count)`,
  );
}

/** Results that count in a row which is not theirs, or in none, and closes after the lawful end. */
function ofResults(form: Form, year: number, { sums, results, lateReplies }: YearFigures & YearRemarks): Finding[] {
  const said = ({ rule, severity, message }: ResultNote, cells: readonly string[]): Finding =>
    finding(rule, severity, cells, null, null, message);
  const inCells = form.notes
    .filter(({ names }) => names === 'cells')
    .flatMap((note) => {
      const standing = sums.filter(({ measure, dimensions, amount }) => amount !== 0 && selects(note.select, measure, dimensions));
      const taken = new Set(standing.flatMap(({ measure, dimensions }) => selectionsFor(form, measure, dimensions)));
      const cells = cellsIn(form, year).filter(({ source }) => source.basis === 'counted' && taken.has(source.select));
      return cells.length === 0
        ? []
        : [
            said(
              note,
              cells.map(({ cell }) => cell),
            ),
          ];
    });
  const findings = [...inCells, ...results.map(({ note, cases }) => ({ ...said(note, []), cases }))];
  if (lateReplies.length === 0) return findings;
  return [
    ...findings,
    {
      ...finding('late-reply', 'warning', [], null, null, '逾期办结的申请 (applications closed after the lawful end)'),
      cases: lateReplies,
    },
  ];
}

/** Cases written out in a message at most. */
const WRITTEN_OUT = 20;

function listed(cases: readonly string[]): string {
  return cases.slice(0, WRITTEN_OUT).join(', ') + (cases.length > WRITTEN_OUT ? ' …' : '');
}

/** What the reader must know beside the figures, in a fixed order. */
function noted(form: Form, year: number, values: ReadonlyMap<string, string | null>, facts: YearRemarks): Finding[] {
  const findings: Finding[] = [];
  const say = (rule: RuleName, severity: Severity, message: string, cases?: readonly string[], cells: readonly string[] = []): void => {
    findings.push({ rule, severity, cells, left: null, right: null, message, ...(cases === undefined ? {} : { cases }) });
  };
  findings.push(...otherForm(form, year));
  if (facts.nothingRecorded) findings.push(nothingRecorded(year));
  for (const row of rowsOf(form, year)) {
    const open = cellsOf(row).filter((cell) => declarable(cell) !== null && values.get(cell.cell) == null);
    const cells = open.map(({ cell }) => cell);
    if (cells.length > 0) say('not-declared', 'info', `${cells.join(', ')} ${row.label} 未填报 (nothing declared)`, undefined, cells);
  }
  for (const cases of facts.sameItems)
    say('same-item', 'warning', `内容或文号相同的多条信息 (items with the same content hash or document number): ${listed(cases)}`, cases);
  for (const rule of CASE_RULES) {
    const { severity, message } = CASE_FINDINGS[rule];
    const cases = facts.cases.get(rule) ?? [];
    if (cases.length > 0) say(rule, severity, message, cases);
  }
  for (const { at, recordedAt } of facts.chainChanges)
    say('chain-changed', 'info', `审查审批链条变更于 ${at}, 记录于 ${recordedAt} (clearance chain changed; recorded)`);
  return findings;
}
