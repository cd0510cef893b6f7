/**
 * Rules between the cells of a table, as data, and their one evaluator, for tables counted from events and for published ones alike. A
 * finding shows both sides; it never changes a figure.
 */
import { UNREADABLE, printAmount, type Amount, type Amounts } from './amount.js';

export type Severity = 'error' | 'warning' | 'info';

export type RuleName =
  | 'sum'
  | 'row-total'
  | 'balance'
  | 'part-of'
  | 'distinct-bound'
  | 'not-a-number'
  | 'remark'
  | 'not-applicable'
  | 'below-zero'
  | 'not-whole'
  | 'unknown-cell'
  | 'other-agency'
  | 'roll-forward'
  | 'blank-opening'
  | 'pending-lost'
  | 'stock-below-flow'
  | 'items-below-zero'
  | 'blank'
  | 'other-law-result'
  | 'no-row-for-result'
  | 'late-reply'
  | 'provisional-verdict'
  | 'judged-otherwise'
  | 'implausible-date'
  | 'nothing-recorded'
  | 'same-item'
  | 'joint-item'
  | 'signed-without-role'
  | 'doubtful-name'
  | 'id-reused-across-cases'
  | 'not-this-years-form'
  | 'paper-differs'
  | 'without-review'
  | 'chain-changed'
  | 'not-declared';

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
  /** Total = parts. `row-total`: across the columns of one row. */
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
   * 其中: the part, or the parts together, are at most the whole. `published`: on published tables only, where part and whole count by different dates
   * (a channel by its own release, the item by its first).
   */
  | { readonly rule: 'part-of'; readonly parts: readonly string[]; readonly whole: string; readonly published?: true }
  /**
   * Items counted once against items counted per channel: at most their sum, and (one year alone seen) not below any one of them. The printed
   * footnote's equality would be wrong wherever an item is published on two channels.
   */
  | { readonly rule: 'distinct-bound'; readonly whole: string; readonly channels: readonly string[] }
  | RollForward;

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
  /** A cell that contains this one: where its own chain is broken too, that finding names this cell instead of a second one. */
  readonly within?: string;
}

/** Last year's table. */
export interface LastYear {
  /** In the cells of the table shown for it, whatever its form: for the rules that go on over a change of form. */
  readonly shown: Amounts;
  /** In the cells of this table's form: the table shown, where it is in that form, else what was declared and counted in it (a base before its first year). */
  readonly inForm: Amounts;
}

export interface CheckOptions {
  /**
   * True for tables typed by hand, where a distinct count below a single channel is worth a warning (a counted one may be below: the item was
   * first released in an earlier year).
   */
  readonly published: boolean;
  readonly lastYear: LastYear | null;
}

/** Every finding of the rules on these amounts, in the order of the rules. A rule that needs an unreadable value is not applied. */
export function check(rules: readonly Rule[], amounts: Amounts, { published, lastYear }: CheckOptions): Finding[] {
  const here = (cell: string): Amount => amounts.get(cell) ?? null;
  const findings = rules.flatMap((rule) => {
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
      case 'roll-forward':
        return [];
    }
  });
  if (lastYear === null) return findings;
  const chains = rules.filter((rule) => rule.rule === 'roll-forward');
  return [...findings, ...rollForward(chains, here, lastYear)];
}

type AmountOf = (cell: string) => Amount;

const isNumber = (amount: Amount): amount is bigint => typeof amount === 'bigint';
const add = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

function total(rule: 'sum' | 'row-total', whole: string, parts: readonly string[], amount: AmountOf): Finding[] {
  const printed = amount(whole);
  const values = parts.map(amount);
  if (printed === UNREADABLE || values.includes(UNREADABLE)) return [];
  const filled = values.filter(isNumber);
  const cells = [whole, ...parts];
  if (filled.length === 0) return [];
  const sum = add(filled);
  if (printed === null)
    return [finding('blank', 'warning', cells, null, printAmount(sum), `${whole} 为空而各子栏有数 (total blank over filled parts)`)];
  if (printed === sum) return [];
  const message =
    rule === 'sum'
      ? `${whole} 应等于各子栏之和 (total is not the sum of its parts)`
      : `${whole} 应等于本行各栏之和 (total of the row is not the sum of its columns)`;
  return [finding(rule, 'error', cells, printAmount(printed), printAmount(sum), message)];
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
  const part = add(values.filter(isNumber));
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
  const channel = channels[counts.indexOf(most)] as string;
  const message = `${whole} 小于单一渠道 ${channel} (distinct items below one channel)`;
  return [finding('distinct-bound', 'warning', [whole, channel], printAmount(distinct), printAmount(most), message)];
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
