/**
 * Rules between the cells of a table, as data, and their one evaluator, for tables counted from events and for
 * published ones alike. A finding shows both sides; it never changes a figure.
 */
import { sure } from '../encoding/unknown-values.js';
import { UNREADABLE, printAmount, type Amount, type Amounts } from './amount.js';
import type { CaseRule } from './case-rules.js';
import type { FINDING_RULES, Severity } from './finding-rules.js';

export type RuleName = CaseRule | keyof typeof FINDING_RULES;

export interface Finding {
  readonly rule: RuleName;
  readonly severity: Severity;
  /** Every cell of both sides. */
  readonly cells: readonly string[];
  /** The printed side, a decimal string; null where the finding compares no values. */
  readonly left: string | null;
  /** The computed side. */
  readonly right: string | null;
  readonly message: string;
  /** Cases (`kind/number`) the finding is about: the first 200 in the order of the log. */
  readonly cases?: readonly string[];
  /** How many there are; present where `cases` is. */
  readonly caseCount?: number;
}

export type Rule =
  /** Total = parts, blank ones left out. `row-total`: across the columns of one row. */
  | { readonly rule: 'sum' | 'row-total'; readonly total: string; readonly parts: readonly string[] }
  /** 一 + 二 = 三（七） + 四, in one column: received and carried in = closed and carried over. A blank carry-over is none. */
  | {
      readonly rule: 'balance';
      readonly received: string;
      readonly carriedIn: string;
      readonly closed: string;
      readonly carriedOver: string;
    }
  /**
   * 其中: the part, or the parts together, are at most the whole. `published`: on published tables only, where part and
   * whole count by different dates (a channel by its own release, the item by its first).
   */
  | { readonly rule: 'part-of'; readonly parts: readonly string[]; readonly whole: string; readonly published?: true }
  /**
   * Items counted once against items counted per channel: at most their sum, and (one year alone seen) not below any
   * one of them. The printed footnote's equality would be wrong wherever an item is published on two channels.
   */
  | { readonly rule: 'distinct-bound'; readonly whole: string; readonly channels: readonly string[] }
  /** What is in force is at least what this year made and did not repeal; what is public at least what it published. */
  | { readonly rule: 'stock-below-flow'; readonly stock: string; readonly plus: string; readonly minus?: string }
  /** Items of last year and their change are not below nothing. */
  | { readonly rule: 'items-below-zero'; readonly items: string; readonly change: string }
  /**
   * What was carried over last year is carried in this year: a blank here is no 0 where anything else of the column is
   * filled.
   */
  | { readonly rule: 'blank-opening'; readonly opening: string; readonly closing: string; readonly filled: readonly string[] }
  /**
   * A case pending last year is decided or pending this year, so it is in the total of its row; on printed tables only.
   */
  | { readonly rule: 'pending-lost'; readonly rows: readonly PendingRow[] }
  | RollForward;

export interface PendingRow {
  readonly total: string;
  readonly pending: string;
  /** `pending` among them. */
  readonly parts: readonly string[];
}

/** A cell that follows from last year's table: = Σ last (there) + Σ plus − Σ minus (here). */
export interface RollForward {
  readonly rule: 'roll-forward';
  readonly severity: 'error' | 'warning';
  readonly cell: string;
  readonly last: readonly string[];
  readonly plus?: readonly string[];
  readonly minus?: readonly string[];
  /** True where it goes on over a change of form. */
  readonly acrossForms?: true;
  /**
   * A cell that contains this one: where its own chain is broken too, that finding names this cell instead of a second
   * one.
   */
  readonly within?: string;
}

/** Last year's table. */
export interface LastYear {
  /** In the cells of the table shown for it, whatever its form: for the rules that go on over a change of form. */
  readonly shown: Amounts;
  /**
   * In the cells of this table's form: the table shown, where it is in that form, else what was declared and counted in
   * it (a base before its first year).
   */
  readonly inForm: Amounts;
}

export interface CheckOptions {
  /**
   * True for tables typed by hand, where a distinct count below a single channel is worth a warning (a counted one may
   * be below: the item was first released in an earlier year).
   */
  readonly published: boolean;
  readonly lastYear: LastYear | null;
}

/**
 * Every finding of the rules on these amounts, in the order of the rules. A rule that needs an unreadable value is not
 * applied, and none that names a blank total over filled parts: of that `blank` is said, once, and nothing else.
 */
export function check(rules: readonly Rule[], amounts: Amounts, { published, lastYear }: CheckOptions): Finding[] {
  const here = (cell: string): Amount => amounts.get(cell) ?? null;
  const blank = blankTotals(rules, amounts);
  const sayBlank = new Set(blank);
  const applied = rules.filter((rule) => !namedIn(rule).some((cell) => blank.has(cell)));
  const isApplied = new Set(applied);
  const findings = rules.flatMap((rule): Finding[] => {
    if ((rule.rule === 'sum' || rule.rule === 'row-total') && sayBlank.has(rule.total)) {
      const said = blankTotal(rule.total, rule.parts, here);
      if (said.length > 0) sayBlank.delete(rule.total);
      return said;
    }
    return isApplied.has(rule) ? checkOne(rule, here, published) : [];
  });
  if (lastYear === null) return findings;
  return [
    ...findings,
    ...applied.flatMap((rule) => (rule.rule === 'blank-opening' ? blankOpening(rule, here, lastYear) : [])),
    ...applied.flatMap((rule) => (rule.rule === 'pending-lost' && published ? pendingLost(rule.rows, here, { blank, lastYear }) : [])),
    ...rollForward(
      applied.filter((rule) => rule.rule === 'roll-forward'),
      here,
      lastYear,
    ),
  ];
}

/** Totals left blank although a part of them is filled. */
export function blankTotals(rules: readonly Rule[], amounts: Amounts): ReadonlySet<string> {
  const isFilled = (cell: string): boolean => isNumber(amounts.get(cell) ?? null);
  return new Set(
    rules.flatMap((rule) => {
      if (rule.rule !== 'sum' && rule.rule !== 'row-total') return [];
      return (amounts.get(rule.total) ?? null) === null && rule.parts.some(isFilled) ? [rule.total] : [];
    }),
  );
}

/** The cells of this table that a rule names; of `pending-lost` each row is looked at by itself. */
function namedIn(rule: Rule): readonly string[] {
  switch (rule.rule) {
    case 'sum':
    case 'row-total':
      return [rule.total, ...rule.parts];
    case 'balance':
      return [rule.received, rule.carriedIn, rule.closed, rule.carriedOver];
    case 'part-of':
      return [...rule.parts, rule.whole];
    case 'distinct-bound':
      return [rule.whole, ...rule.channels];
    case 'stock-below-flow':
      return [rule.stock, rule.plus, ...(rule.minus === undefined ? [] : [rule.minus])];
    case 'items-below-zero':
      return [rule.items, rule.change];
    case 'blank-opening':
      return [rule.opening, ...rule.filled];
    case 'pending-lost':
      return [];
    case 'roll-forward':
      return [rule.cell, ...(rule.plus ?? []), ...(rule.minus ?? [])];
  }
}

type AmountOf = (cell: string) => Amount;

/** A rule that needs this table only. */
function checkOne(rule: Rule, here: AmountOf, published: boolean): Finding[] {
  switch (rule.rule) {
    case 'sum':
    case 'row-total':
      return total(rule.rule, rule.total, rule.parts, here);
    case 'balance':
      return balance(rule, here);
    case 'part-of':
      return rule.published === true && !published ? [] : partOf(rule.parts, rule.whole, here);
    case 'distinct-bound':
      return distinctBound(rule.whole, rule.channels, here, published);
    case 'stock-below-flow':
      return stockBelowFlow(rule, here);
    case 'items-below-zero':
      return itemsBelowZero(rule, here);
    case 'blank-opening':
    case 'pending-lost':
    case 'roll-forward':
      return [];
  }
}

const isNumber = (amount: Amount): amount is bigint => typeof amount === 'bigint';
const add = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

function total(rule: 'sum' | 'row-total', whole: string, parts: readonly string[], amount: AmountOf): Finding[] {
  const printed = amount(whole);
  const values = parts.map(amount);
  const filled = values.filter(isNumber);
  if (!isNumber(printed) || values.includes(UNREADABLE) || filled.length === 0) return [];
  const sum = add(filled);
  if (printed === sum) return [];
  const message =
    rule === 'sum'
      ? `${whole} 应等于各子栏之和 (total is not the sum of its parts)`
      : `${whole} 应等于本行各栏之和 (total of the row is not the sum of its columns)`;
  return [finding(rule, 'error', [whole, ...parts], printAmount(printed), printAmount(sum), message)];
}

/** Nothing where no part of it is filled. What the parts come to is not known while one of them is no number. */
function blankTotal(whole: string, parts: readonly string[], amount: AmountOf): Finding[] {
  const values = parts.map(amount);
  const filled = values.filter(isNumber);
  if (filled.length === 0) return [];
  const sum = values.includes(UNREADABLE) ? null : printAmount(add(filled));
  return [finding('blank', 'warning', [whole, ...parts], null, sum, `${whole} 为空而各子栏有数 (total blank over filled parts)`)];
}

function balance(rule: Extract<Rule, { rule: 'balance' }>, amount: AmountOf): Finding[] {
  const cells = [rule.received, rule.carriedIn, rule.closed, rule.carriedOver];
  const [received, carriedIn, closed, carriedOver] = cells.map(amount) as [Amount, Amount, Amount, Amount];
  if (!isNumber(received) || !isNumber(closed) || carriedIn === UNREADABLE || carriedOver === UNREADABLE) return [];
  const left = received + (carriedIn ?? 0n);
  const right = closed + (carriedOver ?? 0n);
  if (left === right) return [];
  const message = `${rule.received} + ${rule.carriedIn} 应等于 ${rule.closed} + ${rule.carriedOver} (received and carried in are not closed and carried over)`;
  return [finding('balance', 'error', cells, printAmount(left), printAmount(right), message)];
}

function partOf(parts: readonly string[], whole: string, amount: AmountOf): Finding[] {
  const values = parts.map(amount);
  const limit = amount(whole);
  if (!isNumber(limit) || values.includes(UNREADABLE)) return [];
  const filled = values.filter(isNumber);
  if (filled.length === 0) return [];
  const part = add(filled);
  if (part <= limit) return [];
  const message = `其中数 ${parts.join(' + ')} 大于总数 ${whole} (part above its whole)`;
  return [finding('part-of', 'error', [...parts, whole], printAmount(part), printAmount(limit), message)];
}

function distinctBound(whole: string, channels: readonly string[], amount: AmountOf, published: boolean): Finding[] {
  const distinct = amount(whole);
  const counts = channels.map(amount);
  if (!isNumber(distinct) || !counts.every(isNumber)) return [];
  const sum = add(counts);
  if (distinct > sum) {
    const message = `${whole} 大于各渠道之和 (distinct items above the sum of channels)`;
    return [finding('distinct-bound', 'error', [whole, ...channels], printAmount(distinct), printAmount(sum), message)];
  }
  const most = counts.reduce((a, b) => (a > b ? a : b), 0n);
  if (!published || distinct >= most) return [];
  const channel = sure(channels[counts.indexOf(most)]);
  const message = `${whole} 小于单一渠道 ${channel} (distinct items below one channel)`;
  return [finding('distinct-bound', 'warning', [whole, channel], printAmount(distinct), printAmount(most), message)];
}

function stockBelowFlow({ stock, plus, minus }: Extract<Rule, { rule: 'stock-below-flow' }>, amount: AmountOf): Finding[] {
  const [standing, made] = [amount(stock), amount(plus)];
  const taken = minus === undefined ? null : amount(minus);
  if (!isNumber(standing) || !isNumber(made) || taken === UNREADABLE) return [];
  const flow = made - (taken ?? 0n);
  if (standing >= flow) return [];
  const cells = [stock, plus, ...(minus === undefined ? [] : [minus])];
  const message = `${stock} 小于本年净增 ${cells.slice(1).join(' − ')} (the stock is below what the year added)`;
  return [finding('stock-below-flow', 'warning', cells, printAmount(standing), printAmount(flow), message)];
}

function itemsBelowZero({ items, change }: Extract<Rule, { rule: 'items-below-zero' }>, amount: AmountOf): Finding[] {
  const [before, added] = [amount(items), amount(change)];
  if (!isNumber(before) || !isNumber(added) || before + added >= 0n) return [];
  const message = `${items} + ${change} 小于 0 (items of last year and their change are below zero)`;
  return [finding('items-below-zero', 'error', [items, change], printAmount(before + added), '0', message)];
}

function blankOpening(
  { opening, closing, filled }: Extract<Rule, { rule: 'blank-opening' }>,
  here: AmountOf,
  { shown }: LastYear,
): Finding[] {
  const left = shown.get(closing) ?? null;
  if (here(opening) !== null || !isNumber(left) || left <= 0n || !filled.some((cell) => isNumber(here(cell)))) return [];
  const message = `${opening} 为空, 而上年 ${closing} 为 ${printAmount(left)} (blank, though last year carried cases over)`;
  return [finding('blank-opening', 'warning', [opening], null, printAmount(left), message)];
}

/** A blank row is 0 where another one is filled: whoever prints the others has looked at this one too. */
function pendingLost(
  rows: readonly PendingRow[],
  here: AmountOf,
  { blank, lastYear }: { readonly blank: ReadonlySet<string>; readonly lastYear: LastYear },
): Finding[] {
  const cellsOf = ({ total: whole, parts }: PendingRow): Amount[] => [whole, ...parts].map(here);
  const anyFilled = rows.some((row) => cellsOf(row).some(isNumber));
  return rows.flatMap((row) => {
    const isBlank = cellsOf(row).every((amount) => amount === null);
    const printed = isBlank && anyFilled ? 0n : here(row.total);
    const before = lastYear.shown.get(row.pending) ?? null;
    if (blank.has(row.total) || !isNumber(printed) || !isNumber(before) || printed >= before) return [];
    const message = `${row.total} 小于上年 ${row.pending}: 上年未审结的案件不见于本年 (cases pending last year are not in this year's total)`;
    return [finding('pending-lost', 'error', [row.total], printAmount(printed), printAmount(before), message)];
  });
}

function rollForward(rules: readonly RollForward[], here: AmountOf, { shown, inForm }: LastYear): Finding[] {
  const broken = rules.flatMap((rule) => {
    const before = rule.acrossForms === true ? shown : inForm;
    const last = rule.last.map((cell): Amount => before.get(cell) ?? null);
    const plus = (rule.plus ?? []).map(here);
    const minus = (rule.minus ?? []).map(here);
    const printed = here(rule.cell);
    if (!isNumber(printed) || !last.every(isNumber) || !plus.every(isNumber) || !minus.every(isNumber)) return [];
    const expected = add(last) + add(plus) - add(minus);
    return printed === expected ? [] : [{ rule, printed, expected }];
  });
  const cells = new Set(broken.map(({ rule }) => rule.cell));
  return broken
    .filter(({ rule }) => rule.within === undefined || !cells.has(rule.within))
    .map(({ rule, printed, expected }) => {
      const inside = broken.filter((other) => other.rule.within === rule.cell).map((other) => other.rule.cell);
      const also = inside.length === 0 ? '' : `; 其中 ${inside.join(', ')} 亦然 (and so for these within it)`;
      const sides = [...new Set([rule.cell, ...rule.last, ...(rule.plus ?? []), ...(rule.minus ?? [])])];
      const message = `${rule.cell} 与上年度表衔接不上: 应为 ${computation(rule)} (does not follow from last year's table)${also}`;
      return finding('roll-forward', rule.severity, sides, printAmount(printed), printAmount(expected), message);
    });
}

function computation({ last, plus = [], minus = [] }: RollForward): string {
  return [...last.map((cell) => `上年 ${cell}`), ...plus].join(' + ') + minus.map((cell) => ` − ${cell}`).join('');
}

/** Cases a finding names at most. */
const NAMED_CASES = 200;

/** A finding as a table prints it: the first of its cases, and how many there are. */
export function withCaseCount(found: Finding): Finding {
  const { cases } = found;
  return cases === undefined ? found : { ...found, cases: cases.slice(0, NAMED_CASES), caseCount: cases.length };
}

export function finding(
  rule: RuleName,
  severity: Severity,
  cells: readonly string[],
  left: string | null,
  right: string | null,
  message: string,
): Finding {
  return { rule, severity, cells, left, right, message };
}
