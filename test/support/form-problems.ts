/**
 * What is wrong with a form, and where it stands: an empty list for a sound one. Structure is read from the codes
 * (`3.1.2` stands under `3.1`, `.ofN` is an 其中 row, `.refN` is printed under a row and no part of it) and from the
 * rules the form declares.
 */
import type { Rule } from '../../src/statistics/checks.js';
import {
  cellsIn,
  cellsOf,
  rowsOf,
  selects,
  selectorsOf,
  type CellSource,
  type Form,
  type FormCell,
  type FormRow,
  type Selection,
  type Selector,
} from '../../src/statistics/form.js';
import { CONTRIBUTION_KINDS, nameOf, type ContributionKind } from './contribution-kinds.js';
import { columnPlaceOf, placeOf, placeOfText, type Sought } from './form-source.js';

export interface Problem {
  /** Cells or rows to look at, most likely first; or a text of the form. */
  readonly at: readonly string[] | { readonly text: string };
  readonly sought?: Sought;
  readonly text: string;
}

function placesOf(form: Form, { at, sought }: Problem): string[] {
  if ('text' in at) return [placeOfText(form.id, at.text)];
  const rows = at.map((cell) => placeOf(form, cell, sought));
  return [...new Set([...rows, ...at.flatMap((cell) => columnPlaceOf(form, cell) ?? [])])];
}

/** `src/statistics/forms/2014-fujian.ts:57: what is wrong`, each once. */
export function told(form: Form, problems: readonly Problem[]): string[] {
  const lines = problems.map((problem) => {
    const [first = placeOfText(form.id, `id: '${form.id}'`), ...others] = placesOf(form, problem);
    return `${first}: ${problem.text}${others.length === 0 ? '' : ` (see also ${others.join(', ')})`}`;
  });
  return [...new Set(lines)];
}

// ---- where a contribution lands -------------------------------------------------------------------------------------

interface Landing {
  readonly cell: string;
  /**
   * A figure of the year, a balance at either end of it, or a stock: what stands in two of them is not counted twice.
   */
  readonly as: string;
}

function selectionsIn(source: CellSource): readonly (readonly [as: string, selection: Selection])[] {
  if (source.basis === 'counted') return [[source.balance ?? 'year', source.select]];
  if (source.basis !== 'stock') return [];
  return [['stock', source.plus], ...(source.minus === undefined ? [] : [['stock, taken', source.minus] as const])];
}

function landings(form: Form, year: number, { measure, dimensions }: ContributionKind): Landing[] {
  return cellsIn(form, year).flatMap(({ cell, source }) =>
    selectionsIn(source)
      .filter(([, selection]) => selects(selection, measure, dimensions))
      .map(([as]) => ({ cell, as })),
  );
}

/** 其中: a part within its whole counts what its whole counts. */
function isWithin(form: Form, part: string, whole: string): boolean {
  return form.rules.some((rule) => rule.rule === 'part-of' && rule.whole === whole && rule.parts.includes(part));
}

/**
 * Contributions that land in two cells which count the same: one of them is counted twice, unless one cell is by a rule
 * part of the other, or both are in `declared`.
 */
export function countedTwice(form: Form, year: number, declared: readonly (readonly [string, string])[] = []): Problem[] {
  const allowed = (one: string, other: string): boolean =>
    isWithin(form, one, other) || isWithin(form, other, one) || declared.some((pair) => pair.includes(one) && pair.includes(other));
  return CONTRIBUTION_KINDS.flatMap((kind) => {
    const found = landings(form, year, kind);
    return found.flatMap((one, at) =>
      found
        .slice(at + 1)
        .filter((other) => other.as === one.as && !allowed(one.cell, other.cell))
        .map((other) => ({ at: [other.cell, one.cell], text: `${nameOf(kind)} is counted twice: in ${one.cell} and ${other.cell}` })),
    );
  });
}

/** How near a cell comes to taking a contribution: how many of its values it names; below zero for another measure. */
function nearness({ source }: FormCell, { measure, dimensions }: ContributionKind): number {
  const named = ({ where = {} }: Selector): number =>
    Object.entries(where).filter(([dimension, values]) => values.includes(dimensions[dimension] ?? '')).length;
  const scores = selectionsIn(source).flatMap(([, all]) => selectorsOf(all).map((one) => (one.measure === measure ? named(one) : -1)));
  return Math.max(-1, ...scores);
}

/** The cells that come nearest to taking it, those first that take the most: where the rest is taken. */
function nearest(form: Form, year: number, kind: ContributionKind): string[] {
  const scored = cellsIn(form, year).map((cell) => ({ cell, score: nearness(cell, kind) }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const width = ({ source }: FormCell): number => JSON.stringify(selectionsIn(source)).length;
  return scored
    .filter(({ score }) => score === best)
    .sort((one, other) => width(other.cell) - width(one.cell))
    .map(({ cell }) => cell.cell);
}

/** Contributions that land in no cell, and those `absent` says land in none and do. */
export function countedNowhere(form: Form, year: number, absent: readonly Selector[]): Problem[] {
  const known = (kind: ContributionKind): boolean => absent.some((selector) => selects(selector, kind.measure, kind.dimensions));
  return CONTRIBUTION_KINDS.flatMap((kind) => {
    const counted = landings(form, year, kind).map(({ cell }) => cell);
    if (counted.length === 0 && !known(kind))
      return [{ at: nearest(form, year, kind), text: `${nameOf(kind)} is in no cell, and \`absent\` does not say so` }];
    return counted.length > 0 && known(kind)
      ? [{ at: counted, text: `${nameOf(kind)} is in a cell, and \`absent\` says it is in none` }]
      : [];
  });
}

// ---- selectors ------------------------------------------------------------------------------------------------------

function selectorProblems({ measure, where: named = {} }: Selector): string[] {
  const kinds = CONTRIBUTION_KINDS.filter((kind) => kind.measure === measure);
  if (kinds.length === 0) return [`no measure ${measure}`];
  const values = Object.entries(named).flatMap(([dimension, wanted]) =>
    wanted
      .filter((value) => !kinds.some(({ dimensions }) => dimensions[dimension] === value))
      .map((value) => `${measure} has never ${dimension}=${value}`),
  );
  const some = kinds.some((kind) => selects({ measure, where: named }, kind.measure, kind.dimensions));
  return [...values, ...(some ? [] : ['takes no contribution there can be'])];
}

/** Selectors over what no contribution has, and cells that count and select nothing. */
export function impossibleSelectors(form: Form): Problem[] {
  const inCells = form.rows.flatMap(cellsOf).flatMap(({ cell, source }) =>
    selectionsIn(source).flatMap(([as, all]) => {
      const selectors = selectorsOf(all);
      const problems = selectors.length === 0 ? [`counts nothing (${as})`] : selectors.flatMap(selectorProblems);
      return problems.map((text): Problem => ({ at: [cell], text: `${cell}: ${text}` }));
    }),
  );
  const inNotes = form.notes.flatMap(({ rule, select }) =>
    selectorProblems(select).map((text): Problem => ({ at: { text: `'${rule}'` }, text: `${rule}: ${text}` })),
  );
  return [...inCells, ...inNotes];
}

/** Cells of a column named after a value (of applicant, of result) that take another value than the column's. */
export function wrongColumns(form: Form): Problem[] {
  const wanted = (cell: FormCell): Problem[] => {
    const [, column = ''] = cell.cell.split(':');
    return selectionsIn(cell.source)
      .flatMap(([, all]) => selectorsOf(all))
      .flatMap(({ where = {} }) => Object.entries(where))
      .filter(([dimension]) => dimension === 'kind' || dimension === 'result')
      .filter(([, values]) => column !== '' && values.join() !== column)
      .map(([dimension, values]) => ({ at: [cell.cell], text: `${cell.cell}: takes ${dimension}=${values.join()}` }));
  };
  return form.rows.flatMap(cellsOf).flatMap(wanted);
}

/** Money is stored in fen: 万元 has six decimals, 元 two; pieces have none. */
export function wrongScales(form: Form): Problem[] {
  const money = ({ source }: FormCell): boolean =>
    selectionsIn(source).some(([, all]) => selectorsOf(all).some(({ measure }) => measure.startsWith('application.fee')));
  return form.rows.flatMap(cellsOf).flatMap((cell) => {
    if (selectionsIn(cell.source).length === 0) return [];
    const scale = money(cell) ? { 万元: 6, 元: 2 }[cell.unit ?? ''] : 0;
    return cell.scale === scale ? [] : [{ at: [cell.cell], text: `${cell.cell}: scale ${cell.scale} in ${cell.unit ?? 'no unit'}` }];
  });
}

// ---- rules ----------------------------------------------------------------------------------------------------------

const NO_CELLS = new Set(['rule', 'severity', 'message', 'acrossForms', 'published']);

/** The cells a rule names, of this table and of last year's. */
function namedBy(rule: Rule): string[] {
  const cellsWithin = (value: unknown): string[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(cellsWithin) : [value as string];
  return [...new Set(Object.entries(rule).flatMap(([field, value]) => (NO_CELLS.has(field) ? [] : cellsWithin(value))))];
}

/** Rules over cells the form does not print in a year; a rule goes as a whole where a row is not printed. */
export function rulesBesideTheForm(form: Form, year: number): Problem[] {
  const printed = new Set(cellsIn(form, year).map(({ cell }) => cell));
  const ever = new Set(form.rows.flatMap(cellsOf).map(({ cell }) => cell));
  return form.rules.flatMap((rule) => {
    const named = namedBy(rule);
    const missing = named.filter((cell) => !printed.has(cell));
    const gone = missing.length === named.length && named.every((cell) => ever.has(cell));
    if (missing.length === 0 || gone) return [];
    return [{ at: missing, sought: 'rule', text: `the rule ${rule.rule} names ${missing.join(', ')}, which the form does not print` }];
  });
}

// ---- totals ---------------------------------------------------------------------------------------------------------

const parentOf = (code: string): string => code.split('.').slice(0, -1).join('.');
const isPart = (code: string): boolean => !/\.ref\d+$/.test(code);
const same = (left: readonly string[], right: readonly string[]): boolean => [...left].sort().join() === [...right].sort().join();
const isTotal = (label: string): boolean => label.includes('总计');

/** Rows under a row, without those printed for reference. */
function childrenOf(rows: readonly FormRow[], code: string): FormRow[] {
  return rows.filter((row) => parentOf(row.code) === code && isPart(row.code));
}

/**
 * The rows a total adds: those under it, or for a 总计 at the end all rows before it under the same number that stand
 * over no other.
 */
function partsOf(rows: readonly FormRow[], { code, label }: FormRow): string[] {
  const leaves = (under: string): FormRow[] =>
    rows.filter((row) => row.code.startsWith(`${under}.`) && row.code !== code && childrenOf(rows, row.code).length === 0);
  return (isTotal(label) ? leaves(parentOf(code)) : childrenOf(rows, code)).map((row) => row.code);
}

/** Totals that do not cover their parts as the form prints them: the rows under a row, the columns of a row. */
export function incompleteTotals(form: Form, year: number): Problem[] {
  const rows = rowsOf(form, year);
  return rows.flatMap((row) =>
    cellsOf(row).flatMap(({ cell, source }): Problem[] => {
      const total = (text: string): Problem => ({ at: [cell], sought: 'total', text: `${cell}: ${text}` });
      const [, column] = cell.split(':');
      if (column === 'total' && 'columns' in row) {
        const others = Object.keys(row.columns).filter((name) => name !== 'total');
        const parts = others.map((name) => `${row.code}:${name}`);
        return source.basis === 'computed' && same(source.sumOf, parts) ? [] : [total('is not the total of its row')];
      }
      const parts = partsOf(rows, row).map((code) => (column === undefined ? code : `${code}:${column}`));
      if (source.basis === 'computed') return same(source.sumOf, parts) ? [] : [total(`is not the total of ${parts.join(', ')}`)];
      const outside = parts.filter((part) => !isWithin(form, part, cell));
      return outside.length === 0 ? [] : [total(`neither adds up ${outside.join(', ')} nor bounds it`)];
    }),
  );
}

type Total = Extract<Rule, { rule: 'sum' | 'row-total' }>;

const isSum = (rule: Rule): rule is Total => rule.rule === 'sum' || rule.rule === 'row-total';

/**
 * Sums that say another thing than the source of their cell, and computed cells without a sum. A 总计 is added across its
 * row and down its column.
 */
export function unequalSums(form: Form): Problem[] {
  const cells = new Map(form.rows.flatMap(cellsOf).map((cell) => [cell.cell, cell]));
  const sums = form.rules.filter(isSum);
  const agrees = ({ total, parts }: Total): boolean => {
    const found = cells.get(total);
    if (found?.source.basis !== 'computed') return false;
    const down = partsOf(form.rows, found.row).map((code) => `${code}:total`);
    return same(found.source.sumOf, parts) || (isTotal(found.row.label) && total.endsWith(':total') && same(down, parts));
  };
  const wrong = sums
    .filter((rule) => !agrees(rule))
    .map(({ rule, total }): Problem => ({
      at: [total],
      sought: 'total',
      text: `${total}: the rule ${rule} adds up other cells than it is computed from`,
    }));
  const without = [...cells.values()].filter(
    ({ cell, source }) => source.basis === 'computed' && !sums.some(({ total, parts }) => total === cell && same(parts, source.sumOf)),
  );
  return [...wrong, ...without.map(({ cell }): Problem => ({ at: [cell], sought: 'total', text: `${cell}: no rule adds it up` }))];
}

/** Stocks and openings without the rule that they follow from last year's table by exactly what they count. */
export function brokenChains(form: Form, year: number): Problem[] {
  const cells = cellsIn(form, year);
  const closing = (of: Selection): readonly string[] =>
    cells
      .filter(({ source }) => source.basis === 'counted' && source.balance === 'closing' && equal(source.select, of))
      .map(({ cell }) => cell);
  const counting = (of: Selection): readonly string[] =>
    cells
      .filter(({ source }) => source.basis === 'counted' && source.balance === undefined && equal(source.select, of))
      .map(({ cell }) => cell);
  const chained = (cell: string, last: readonly string[], plus: readonly string[], minus: readonly string[]): Problem[] =>
    form.rules.some(
      (rule) =>
        rule.rule === 'roll-forward' &&
        rule.cell === cell &&
        same(rule.last, last) &&
        same(rule.plus ?? [], plus) &&
        same(rule.minus ?? [], minus),
    )
      ? []
      : [{ at: [cell], text: `${cell}: no roll-forward rule says that it follows from ${[...last, ...plus, ...minus].join(', ')}` }];
  return cells.flatMap(({ cell, source }) => {
    if (source.basis === 'stock')
      return chained(cell, [cell], counting(source.plus), source.minus === undefined ? [] : counting(source.minus));
    if (source.basis === 'counted' && source.balance === 'opening') return chained(cell, closing(source.select), [], []);
    return [];
  });
}

const equal = (left: Selection, right: Selection): boolean => JSON.stringify(selectorsOf(left)) === JSON.stringify(selectorsOf(right));

// ---- labels ---------------------------------------------------------------------------------------------------------

const NUMERALS = '一二三四五六七八九十';

/** The last number printed in a label: 一、 （二） 3. 4、; null where it has none. */
function numberIn(label: string): number | null {
  const found = [...label.matchAll(/(?:^|[:： ])(?:[（(]?([一二三四五六七八九十])[）)、]|(\d+)[.、])/g)].at(-1);
  if (found === undefined) return null;
  return found[1] === undefined ? Number(found[2]) : NUMERALS.indexOf(found[1]) + 1;
}

/** Two rows under one number with one label, and labels with another number than their code. */
export function wrongLabels(form: Form, year: number): Problem[] {
  const rows = rowsOf(form, year);
  const twice = rows.filter(({ code, label }, at) =>
    rows.slice(0, at).some((other) => other.label === label && parentOf(other.code) === parentOf(code)),
  );
  const misnumbered = rows.filter(({ code, label }) => {
    const printed = numberIn(label);
    return printed !== null && String(printed) !== code.split('.').at(-1)?.replace('of', '');
  });
  return [
    ...twice.map(({ code, label }) => ({ at: [code], text: `${code}: another row is named ${label}` })),
    ...misnumbered.map(({ code, label }) => ({ at: [code], text: `${code}: is numbered as ${label}` })),
  ];
}
