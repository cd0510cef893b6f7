/** Rules between the cells of a table, as data, and their one evaluator. A finding shows both sides; it never changes a figure. */
import { formatDecimal } from '../domain/values.js';

export type Severity = 'error' | 'warning' | 'info';

export type RuleName =
  | 'sum'
  | 'part-of'
  | 'distinct-bound'
  | 'not-a-number'
  | 'blank'
  | 'same-item'
  | 'signed-without-role'
  | 'id-reused-across-cases'
  | 'not-this-years-form'
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
  /** Cases (`kind/number`) the finding is about. */
  readonly cases?: readonly string[];
}

export type Rule =
  /** Total = parts. */
  | { readonly rule: 'sum'; readonly total: string; readonly parts: readonly string[] }
  /** 其中: a part is at most its whole. */
  | { readonly rule: 'part-of'; readonly part: string; readonly whole: string }
  /**
   * Items counted once against items counted per channel: at most their sum, and (one year alone seen) not below any one of them. The printed
   * footnote's equality would be wrong wherever an item is published on two channels.
   */
  | { readonly rule: 'distinct-bound'; readonly whole: string; readonly channels: readonly string[] };

/** Values by cell as printed; null = blank, which is not 0. */
export type CellValues = Readonly<Record<string, string | null | undefined>>;

const SCALE = 6;
const DECIMAL = /^-?\d{1,15}(?:\.\d{1,6})?$/;

function micros(value: string): bigint {
  const [whole = '', fraction = ''] = value.replace('-', '').split('.');
  const magnitude = BigInt(whole + fraction.padEnd(SCALE, '0'));
  return value.startsWith('-') ? -magnitude : magnitude;
}

const print = (value: bigint): string => formatDecimal(value, SCALE);

/**
 * Every finding of the rules on these values, in the order of the rules. `published` is true for tables typed by hand, where a distinct
 * count below a single channel is worth a warning (a counted one may be below: the item was first released in an earlier year).
 */
export function check(rules: readonly Rule[], values: CellValues, published: boolean): Finding[] {
  const notNumbers = Object.entries(values)
    .filter(([, value]) => value != null && !DECIMAL.test(value))
    .map(([cell, value]) =>
      finding('not-a-number', 'error', [cell], value as string, null, `${cell} 不是数值 (not a number): ${value as string}`),
    );
  const amount = (cell: string): bigint | null => {
    const value = values[cell];
    return value == null || !DECIMAL.test(value) ? null : micros(value);
  };
  return [...notNumbers, ...rules.flatMap((rule) => evaluate(rule, amount, published))];
}

function evaluate(rule: Rule, amount: (cell: string) => bigint | null, published: boolean): Finding[] {
  switch (rule.rule) {
    case 'sum': {
      const total = amount(rule.total);
      const parts = rule.parts.map(amount).filter((part) => part !== null);
      const cells = [rule.total, ...rule.parts];
      if (parts.length === 0) return [];
      const sum = parts.reduce((a, b) => a + b, 0n);
      if (total === null)
        return [finding('blank', 'warning', cells, null, print(sum), `${rule.total} 为空而各子栏有数 (total blank over filled parts)`)];
      return total === sum
        ? []
        : [finding('sum', 'error', cells, print(total), print(sum), `${rule.total} 应等于各子栏之和 (total is not the sum of its parts)`)];
    }
    case 'part-of': {
      const part = amount(rule.part);
      const whole = amount(rule.whole);
      if (part === null || whole === null || part <= whole) return [];
      return [
        finding(
          'part-of',
          'error',
          [rule.part, rule.whole],
          print(part),
          print(whole),
          `其中数 ${rule.part} 大于总数 ${rule.whole} (part above its whole)`,
        ),
      ];
    }
    case 'distinct-bound':
      return distinctBound(rule.whole, rule.channels, amount, published);
  }
}

function distinctBound(whole: string, channels: readonly string[], amount: (cell: string) => bigint | null, published: boolean): Finding[] {
  const total = amount(whole);
  const values = channels.map(amount);
  if (total === null || values.some((value) => value === null)) return [];
  const counts = values as bigint[];
  const sum = counts.reduce((a, b) => a + b, 0n);
  if (total > sum) {
    return [
      finding(
        'distinct-bound',
        'error',
        [whole, ...channels],
        print(total),
        print(sum),
        `${whole} 大于各渠道之和 (distinct items above the sum of channels)`,
      ),
    ];
  }
  const most = counts.reduce((a, b) => (a > b ? a : b), 0n);
  if (!published || total >= most) return [];
  const channel = channels[counts.indexOf(most)] as string;
  return [
    finding(
      'distinct-bound',
      'warning',
      [whole, channel],
      print(total),
      print(most),
      `${whole} 小于单一渠道 ${channel} (distinct items below one channel)`,
    ),
  ];
}

function finding(
  rule: RuleName,
  severity: Severity,
  cells: readonly string[],
  left: string | null,
  right: string | null,
  message: string,
): Finding {
  return { rule, severity, cells, left, right, message };
}
