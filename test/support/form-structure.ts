/**
 * How a form is put together: names that stand once, totals that end, rows that say something, a head over every
 * column.
 */
import { cellOf, cellsIn, cellsOf, rowsOf, type Form } from '../../src/statistics/form.js';
import type { RegisteredForm } from '../../src/statistics/forms/registered.js';
import { sectionOf, type SectionHeads } from '../../src/statistics/heads.js';
import type { Problem } from './form-problems.js';

function doubles(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** Rows and cells that a year prints twice under one name. */
export function doubledNames(form: Form, year: number): Problem[] {
  const codes = doubles(rowsOf(form, year).map(({ code }) => code));
  const cells = doubles(cellsIn(form, year).map(({ cell }) => cell)).filter((cell) => !codes.includes(cell.replace(/:.*/, '')));
  return [...codes, ...cells].map((name) => ({ at: [name], text: `${name}: two rows or cells have this name` }));
}

/** Cells below a total, with every way to them; null where it is below itself. */
function below(form: Form, cell: string, above: readonly string[] = []): string[] | null {
  if (above.includes(cell)) return null;
  const source = cellOf(form, cell)?.source;
  if (source?.basis !== 'computed') return [cell];
  const parts = source.sumOf.map((part) => below(form, part, [...above, cell]));
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
}

/** Totals over cells that are not there, over themselves, over nothing, or over one cell on two ways. */
export function wrongTotals(form: Form): Problem[] {
  return form.rows.flatMap(cellsOf).flatMap(({ cell, source }) => {
    if (source.basis !== 'computed') return [];
    const total = (text: string): Problem => ({ at: [cell], sought: 'total', text: `${cell}: ${text}` });
    const missing = source.sumOf.filter((part) => cellOf(form, part) === undefined);
    if (missing.length > 0) return [total(`is the total of ${missing.join(', ')}, which the form does not have`)];
    const leaves = below(form, cell);
    if (leaves === null) return [total('is part of itself')];
    if (leaves.length === 0) return [total('is the total of nothing')];
    return doubles(leaves).map((part) => total(`adds up ${part} twice`));
  });
}

/**
 * Cells that are part of two totals down their column, or of two across their row: one of the two counts them again.
 */
export function partsOfTwoTotals(form: Form): Problem[] {
  const totals = form.rows
    .flatMap(cellsOf)
    .flatMap(({ cell, source }) => (source.basis === 'computed' ? [{ cell, parts: source.sumOf }] : []));
  const across = (total: string, part: string): boolean => part.includes(':') && total.replace(/:.*/, '') === part.replace(/:.*/, '');
  return form.rows.flatMap(cellsOf).flatMap(({ cell }) =>
    [true, false].flatMap((way) => {
      const over = totals
        .filter(({ cell: total, parts }) => parts.includes(cell) && across(total, cell) === way)
        .map((total) => total.cell);
      return over.length < 2
        ? []
        : [{ at: over, sought: 'total' as const, text: `${cell} is part of ${over.join(' and ')}: it counts in both` }];
    }),
  );
}

/**
 * Rows that print no value though they stand over no other row or have a unit: nothing counts them, and nobody declares
 * them.
 */
export function idleRows(form: Form, year: number): Problem[] {
  const rows = rowsOf(form, year);
  return rows
    .filter((row) => cellsOf(row).length === 0)
    .filter(({ code, unit }) => unit !== null || !rows.some((other) => other.code.startsWith(`${code}.`)))
    .map(({ code }) => ({ at: [code], text: `${code}: nothing counts it, nothing declares it, and no row stands under it` }));
}

/** Rows of several columns whose columns have no heads, or others. */
export function headless(form: Form, heads: readonly SectionHeads[]): Problem[] {
  return form.rows.flatMap((row) => {
    if (!('columns' in row)) return [];
    const printed = sectionOf(heads, row.code)?.columns.map(({ key }) => key) ?? [];
    const columns = Object.keys(row.columns);
    if (printed.join() === columns.join()) return [];
    return [
      { at: [row.code], text: `${row.code}: its columns are ${columns.join(', ')}; heads stand over ${printed.join(', ') || 'none'}` },
    ];
  });
}

/** Differences of a variant that name a row its form does not have. */
export function wrongDifferences({ form, variant }: RegisteredForm): Problem[] {
  if (variant === undefined) return [];
  const { dropped = [], renumbered = {}, relabelled = {}, added = [] } = variant.differences;
  const before = new Set(variant.of.form.rows.map(({ code }) => code));
  const now = new Set(form.rows.map(({ code }) => code));
  const lacks = (codes: readonly string[], among: ReadonlySet<string>, what: string): Problem[] =>
    codes.filter((code) => !among.has(code)).map((code) => ({ at: [code], text: `${code} is ${what}, and there is no such row` }));
  return [
    ...lacks(dropped, before, 'dropped'),
    ...lacks(Object.keys(renumbered), before, 'renumbered'),
    ...lacks(Object.keys(relabelled), now, 'relabelled'),
    ...lacks(
      added.map(({ after }) => after),
      now,
      'what a row stands behind',
    ),
    ...lacks(
      added.flatMap(({ in: total }) => total ?? []),
      now,
      'a total that takes a row',
    ),
  ];
}
