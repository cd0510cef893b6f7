/** A variant of a form: the rows, totals and rules of its form, but for the differences. */
import type { PendingRow, Rule } from '../checks.js';
import { cellsOf, selectorsOf, type CellSource, type Form, type FormRow } from '../form.js';
import type { AddedRow, Differences, RegisteredForm } from './registered.js';

/** The cell of the variant that a cell of its form is; null where it is not printed. */
type Naming = (cell: string) => string | null;

export function variantOf(base: RegisteredForm, differences: Differences): RegisteredForm {
  const { id, basis, title = base.form.title, added = [] } = differences;
  const to = namingOf(differences);
  const kept = base.form.rows.flatMap((row) => rowOver(row, to, differences));
  const rows = added.reduce(withRow, kept).map((row) => withParts(row, added));
  const rules = [...base.form.rules.flatMap((rule) => ruleOver(rule, to, added)), ...(differences.rules ?? [])];
  const form: Form = { ...base.form, id, basis, title, rows, rules };
  const counted = new Set(added.flatMap(({ row }) => measuresOf(row)));
  return {
    form,
    heads: base.heads,
    absent: [...base.absent.filter(({ measure }) => !counted.has(measure)), ...(differences.absent ?? [])],
    twice: (base.twice ?? []).flatMap(([one, other]) => both(to(one), to(other))),
    variant: { of: base, differences },
  };
}

function namingOf({ dropped = [], renumbered = {} }: Differences): Naming {
  return (cell) => {
    const [code = '', column] = cell.split(':');
    if (dropped.includes(code)) return null;
    const named = renumbered[code] ?? code;
    return column === undefined ? named : `${named}:${column}`;
  };
}

const both = (one: string | null, other: string | null): (readonly [string, string])[] =>
  one === null || other === null ? [] : [[one, other]];

const codeOf = (cell: string): string => cell.replace(/:.*/, '');

// ---- rows -----------------------------------------------------------------------------------------------------------

function rowOver(row: FormRow, to: Naming, { relabelled = {} }: Differences): FormRow[] {
  const code = to(row.code);
  if (code === null) return [];
  const label = relabelled[code] ?? row.label;
  return [{ ...withSources(row, (source) => sourceOver(source, to)), code, label }];
}

/** The same row with other sources. */
function withSources(row: FormRow, change: (source: CellSource, cell: string) => CellSource): FormRow {
  if (!('columns' in row)) return row.source === null ? row : { ...row, source: change(row.source, row.code) };
  const columns = Object.entries(row.columns).map(([column, cell]) => {
    return [column, { ...cell, source: change(cell.source, `${row.code}:${column}`) }] as const;
  });
  return { ...row, columns: Object.fromEntries(columns) };
}

function sourceOver(source: CellSource, to: Naming): CellSource {
  return source.basis === 'computed' ? { ...source, sumOf: source.sumOf.flatMap((cell) => to(cell) ?? []) } : source;
}

/** Behind the last row of this code: of two rows of one code each is printed in years of its own. */
function withRow(rows: readonly FormRow[], { row, after }: AddedRow): FormRow[] {
  const place = rows.findLastIndex(({ code }) => code === after);
  return place < 0 ? [...rows, row] : rows.toSpliced(place + 1, 0, row);
}

function withParts(row: FormRow, added: readonly AddedRow[]): FormRow {
  return withSources(row, (source, cell) =>
    source.basis === 'computed' ? { ...source, sumOf: joined(cell, source.sumOf, added) } : source,
  );
}

/** The parts of a total down its column, with those rows that were added to it. */
function joined(total: string, parts: readonly string[], added: readonly AddedRow[]): string[] {
  const across = parts.some((part) => part.includes(':') && codeOf(part) === codeOf(total));
  const column = total.slice(codeOf(total).length);
  const more = across ? [] : added.filter((one) => one.in === codeOf(total)).map(({ row }) => `${row.code}${column}`);
  return [...parts, ...more];
}

function measuresOf(row: FormRow): string[] {
  return cellsOf(row).flatMap(({ source }) => {
    if (source.basis === 'counted') return selectorsOf(source.select).map(({ measure }) => measure);
    return source.basis === 'stock' ? [source.plus, source.minus ?? []].flatMap(selectorsOf).map(({ measure }) => measure) : [];
  });
}

// ---- rules ----------------------------------------------------------------------------------------------------------

/** A rule over the cells of the variant; none where a cell that it is about is not printed. */
function ruleOver(rule: Rule, to: Naming, added: readonly AddedRow[]): Rule[] {
  const all = (cells: readonly string[]): string[] => cells.flatMap((cell) => to(cell) ?? []);
  switch (rule.rule) {
    case 'sum':
    case 'row-total': {
      const total = to(rule.total);
      return total === null ? [] : [{ ...rule, total, parts: joined(total, all(rule.parts), added) }];
    }
    case 'part-of': {
      const [whole, parts] = [to(rule.whole), all(rule.parts)];
      return whole === null || parts.length === 0 ? [] : [{ ...rule, whole, parts }];
    }
    case 'distinct-bound': {
      const [whole, channels] = [to(rule.whole), all(rule.channels)];
      return whole === null || channels.length === 0 ? [] : [{ ...rule, whole, channels }];
    }
    case 'pending-lost':
      return [{ ...rule, rows: rule.rows.flatMap((row) => pendingOver(row, to)) }];
    case 'roll-forward': {
      const [cell, within] = [to(rule.cell), rule.within === undefined ? null : to(rule.within)];
      const { plus, minus, within: _, ...rest } = rule;
      if (cell === null) return [];
      const flows = { ...(plus === undefined ? {} : { plus: all(plus) }), ...(minus === undefined ? {} : { minus: all(minus) }) };
      return [{ ...rest, ...flows, ...(within === null ? {} : { within }), cell, last: all(rule.last) }];
    }
    case 'balance':
    case 'blank-opening':
    case 'stock-below-flow':
    case 'items-below-zero':
      return yearlyRuleOver(rule, to);
  }
}

/** The rules of the annual report: each is about a fixed number of cells, and goes with any of them. */
function yearlyRuleOver(
  rule: Extract<Rule, { rule: 'balance' | 'blank-opening' | 'stock-below-flow' | 'items-below-zero' }>,
  to: Naming,
): Rule[] {
  switch (rule.rule) {
    case 'balance': {
      const [received, carriedIn, closed, carriedOver] = [to(rule.received), to(rule.carriedIn), to(rule.closed), to(rule.carriedOver)];
      if (received === null || carriedIn === null || closed === null || carriedOver === null) return [];
      return [{ ...rule, received, carriedIn, closed, carriedOver }];
    }
    case 'blank-opening': {
      const [opening, closing] = [to(rule.opening), to(rule.closing)];
      const filled = rule.filled.flatMap((cell) => to(cell) ?? []);
      return opening === null || closing === null ? [] : [{ ...rule, opening, closing, filled }];
    }
    case 'stock-below-flow': {
      const [stock, plus, minus] = [to(rule.stock), to(rule.plus), rule.minus === undefined ? null : to(rule.minus)];
      return stock === null || plus === null ? [] : [{ rule: rule.rule, stock, plus, ...(minus === null ? {} : { minus }) }];
    }
    case 'items-below-zero': {
      const [items, change] = [to(rule.items), to(rule.change)];
      return items === null || change === null ? [] : [{ ...rule, items, change }];
    }
  }
}

function pendingOver({ total, pending, parts }: PendingRow, to: Naming): PendingRow[] {
  const [whole, open] = [to(total), to(pending)];
  return whole === null || open === null ? [] : [{ total: whole, pending: open, parts: parts.flatMap((part) => to(part) ?? []) }];
}
