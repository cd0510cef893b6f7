/** From sums to a yearly table: values as the form prints them, the form's rules checked, findings beside the figures. Pure. */
import { formatDecimal } from '../domain/values.js';
import { readAmount, type Amount } from './amount.js';
import { check, type Finding, type RuleName, type Severity } from './checks.js';
import {
  cellsOf,
  declarable,
  rowsOf,
  selects,
  serves,
  type CellSource,
  type Form,
  type FormCell,
  type FormRow,
  type Selection,
} from './form.js';
import type { Declaration } from './measures.js';

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

/** The table of the year before, as far as rules between years need it. */
export interface TableBefore {
  readonly form: Form;
  readonly rows: readonly TableRow[];
}

/** What a table is made of, as of one moment of the log. */
export interface TableFacts {
  readonly sums: readonly Sum[];
  /** Sums of every year before, of the measures the form adds up over the years. */
  readonly earlier: readonly YearSum[];
  readonly declarations: readonly Pick<Declaration, 'cell' | 'value'>[];
  /** What was declared for this and earlier years in the cells that hold stocks. */
  readonly bases: readonly Pick<Declaration, 'cell' | 'value' | 'year'>[];
  /** null where no form served the year before, or no rule of this form needs it. */
  readonly before: TableBefore | null;
  /** Cases with an act of the year that went out without review. */
  readonly withoutReview: readonly string[];
  /** Changes of the clearance chain dated in the year. */
  readonly chainChanges: readonly { readonly at: string; readonly recordedAt: string }[];
  /** Cases signed in the year by somebody whose role was later ended with an earlier date. */
  readonly signedWithoutRole: readonly string[];
  /** Groups of items of the year, or with one of the year, released with the same hash or document number. */
  readonly sameItems: readonly (readonly string[])[];
  /** Cases of the year with a message whose source and id another case had used before. */
  readonly reusedIds: readonly string[];
}

export type Basis = 'counted' | 'declared' | 'paper' | 'computed' | null;

interface RowHead {
  readonly code: string;
  readonly label: string;
  readonly unit: string | null;
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

/** Units as in the form, so that a value of money in a cell of 万元 is compared in 万元. */
export function amountsOf(form: Form, year: number, values: ReadonlyMap<string, unknown>): Map<string, Amount> {
  return new Map(
    rowsOf(form, year)
      .flatMap(cellsOf)
      .map(({ cell, unit }) => [cell, readAmount(values.get(cell), unit)]),
  );
}

export function computeTable(form: Form, year: number, facts: TableFacts): ComputedTable {
  const printed = rowsOf(form, year);
  const cells = new Map(printed.flatMap(cellsOf).map((cell) => [cell.cell, cell]));
  const values = new Map<string, string | null>();
  const valueOf = (name: string): string | null => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const cell = cells.get(name);
    const value = cell === undefined ? null : evaluate(cell, year, facts, valueOf);
    values.set(name, value);
    return value;
  };
  const rows = printed.map((row): TableRow => {
    const { code, label, unit } = row;
    if (!('columns' in row)) return { code, label, unit, value: valueOf(code), basis: basisOf(row) };
    const columns = Object.keys(row.columns).map((column) => [column, valueOf(`${code}:${column}`)]);
    return { code, label, unit, cells: Object.fromEntries(columns) as Record<string, string | null>, basis: basisOf(row) };
  });
  const { before } = facts;
  const lastYear = before && { form: before.form.id, amounts: amountsOf(before.form, year - 1, valuesOf(before.rows)) };
  const findings = check(form.rules, amountsOf(form, year, values), { form: form.id, published: false, lastYear });
  return { rows, findings: [...findings, ...noted(form, year, valueOf, facts)] };
}

/** Of a row whose columns differ: counted if anything in it is, else declared if anything is. */
function basisOf(row: FormRow): Basis {
  const bases = new Set(cellsOf(row).map(({ source }): Basis => (source.basis === 'stock' ? 'counted' : source.basis)));
  return (['counted', 'declared', 'computed'] as const).find((basis) => bases.has(basis)) ?? null;
}

function evaluate(
  { cell, source, scale }: FormCell,
  year: number,
  facts: TableFacts,
  valueOf: (cell: string) => string | null,
): string | null {
  switch (source.basis) {
    case 'counted':
      return formatDecimal(BigInt(counted(source, facts)), scale);
    case 'stock': {
      const base = lastBase(facts, cell, year);
      if (base === null) return null;
      const since = [...facts.earlier.filter((sum) => sum.year > base.year), ...(base.year === year ? [] : facts.sums)];
      const change = totalOf(source.plus, since) - (source.minus === undefined ? 0 : totalOf(source.minus, since));
      return change === 0 ? base.value : formatDecimal(toUnits(base.value, scale) + BigInt(change), scale);
    }
    case 'declared':
      return facts.declarations.find((declaration) => declaration.cell === cell)?.value ?? null;
    case 'computed': {
      const parts = source.sumOf.map(valueOf).filter((value) => value !== null);
      if (parts.length === 0) return null;
      return formatDecimal(
        parts.reduce((sum, value) => sum + toUnits(value, scale), 0n),
        scale,
      );
    }
  }
}

function counted(source: Extract<CellSource, { basis: 'counted' }>, facts: TableFacts): number {
  const before = source.balance === undefined ? 0 : totalOf(source.select, facts.earlier);
  return source.balance === 'opening' ? before : before + totalOf(source.select, facts.sums);
}

function totalOf(selection: Selection, sums: readonly Sum[]): number {
  return sums.reduce((total, { measure, dimensions, amount }) => (selects(selection, measure, dimensions) ? total + amount : total), 0);
}

/** The latest year's base that stands. */
function lastBase({ bases }: TableFacts, cell: string, year: number): { year: number; value: string } | null {
  const standing = bases.flatMap((base) =>
    base.cell === cell && base.value !== null && base.year <= year ? [{ year: base.year, value: base.value }] : [],
  );
  return standing.sort((a, b) => b.year - a.year)[0] ?? null;
}

/** A printed value in units of 10^-scale; the values added here were printed by this program or checked when they were declared. */
function toUnits(value: string, scale: number): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
}

/** What the reader must know beside the figures, in a fixed order. */
function noted(form: Form, year: number, valueOf: (cell: string) => string | null, facts: TableFacts): Finding[] {
  const findings: Finding[] = [];
  const say = (rule: RuleName, severity: Severity, message: string, cases?: readonly string[], cells: readonly string[] = []): void => {
    findings.push({ rule, severity, cells, left: null, right: null, message, ...(cases === undefined ? {} : { cases }) });
  };
  if (!serves(form, year))
    say('not-this-years-form', 'warning', `${form.id} 不是 ${year} 年度适用的表式 (not the form in force for ${year})`);
  for (const row of rowsOf(form, year)) {
    const open = cellsOf(row).filter((cell) => declarable(cell) !== null && valueOf(cell.cell) === null);
    const cells = open.map(({ cell }) => cell);
    if (cells.length > 0) say('not-declared', 'info', `${cells.join(', ')} ${row.label} 未填报 (nothing declared)`, undefined, cells);
  }
  for (const cases of facts.sameItems)
    say(
      'same-item',
      'warning',
      `内容或文号相同的多条信息 (items with the same content hash or document number): ${cases.join(', ')}`,
      cases,
    );
  if (facts.signedWithoutRole.length > 0) {
    say(
      'signed-without-role',
      'warning',
      '签批人的职责事后被终止于签批日之前 (signed by somebody whose role ended earlier)',
      facts.signedWithoutRole,
    );
  }
  if (facts.reusedIds.length > 0)
    say(
      'id-reused-across-cases',
      'warning',
      '同一报文编号用于多个事项, 后者不计 (a message id used in two cases; the later one counts nothing)',
      facts.reusedIds,
    );
  if (facts.withoutReview.length > 0) say('without-review', 'info', '未经审查即公开 (released without review)', facts.withoutReview);
  for (const { at, recordedAt } of facts.chainChanges)
    say('chain-changed', 'info', `审查审批链条变更于 ${at}, 记录于 ${recordedAt} (clearance chain changed; recorded)`);
  return findings;
}
