/** A text with its references written out, in the words that Chinese reports use for none, more and less. */
import { formatDecimal, parseDecimal } from '../../encoding/decimal.js';
import { shareOf } from './figures.js';
import type { Expression, Name, Sum, Template, Term } from './template.js';

/** What a term stands for. */
export interface Printed {
  /** As the table prints it; null where it prints nothing. */
  readonly value: string | null;
  readonly unit: string | null;
}

export interface Sources {
  /** null for a code that there is not. */
  readonly printed: (term: Term) => Printed | null;
  readonly named: Readonly<Record<Name, string>>;
}

/** Where a figure is wanted and nothing was declared: never a zero. */
export const NOT_FILLED_IN = '〔未填报〕';
/** Of a year whose last year has nothing to compare with. */
const NOT_COMPARABLE = '上年无可比数据';
const SAME = '与上年持平';

/** Decimals that are reckoned with: those of money in 万元, and more. */
const SCALE = 12;
const ONE = 10n ** BigInt(SCALE);

export interface Written {
  readonly text: string;
  /** Codes that there are not, each once. */
  readonly unknown: readonly string[];
}

export function writeTemplate(template: Template, sources: Sources): Written {
  const unknown = new Set<string>();
  const printed = (term: Term): Printed => {
    const found = sources.printed(term);
    if (found === null) unknown.add(term.code);
    return found ?? { value: null, unit: null };
  };
  const write = (nodes: Template): string =>
    nodes
      .map((node) => {
        if (node.is === 'words') return node.text;
        if (node.to.is === 'name') return sources.named[node.to.name];
        if (node.choices === null) return written(node.to, printed);
        const choice = chosen(amountOf(node.to, printed), node.choices);
        return choice === null ? NOT_FILLED_IN : write(choice);
      })
      .join('');
  const text = write(template);
  return { text, unknown: [...unknown] };
}

type Printing = (term: Term) => Printed;

/** null = blank, or no number: nothing is reckoned with it. */
type Amount = bigint | null;

function sumOf(sum: Sum, printed: Printing): Amount {
  let total = 0n;
  for (const term of sum) {
    const { value } = printed(term);
    const amount = value === null ? null : parseDecimal(value, SCALE);
    if (amount === null) return null;
    total += amount;
  }
  return total;
}

const lastOf = (sum: Sum): Sum => sum.map(({ code }) => ({ code, last: true }));

/** The number by which words are chosen. */
function amountOf(to: Exclude<Expression, { is: 'name' }>, printed: Printing): Amount {
  if (to.is === 'share') return sumOf(to.part, printed);
  const now = sumOf(to.sum, printed);
  if (to.is === 'value') return now;
  const before = sumOf(lastOf(to.sum), printed);
  return now === null || before === null ? null : now - before;
}

function chosen(amount: Amount, choices: readonly Template[]): Template | null {
  if (amount === null) return null;
  if (amount === 0n) return choices[0] ?? null;
  return (amount === ONE && choices.length === 3 ? choices[1] : choices.at(-1)) ?? null;
}

function written(to: Exclude<Expression, { is: 'name' }>, printed: Printing): string {
  switch (to.is) {
    case 'value':
      return value(to.sum, to.withUnit, printed);
    case 'share':
      return percent(sumOf(to.part, printed), sumOf(to.whole, printed)) ?? NOT_FILLED_IN;
    case 'difference':
      return difference(to.sum, printed);
    case 'growth':
      return growth(sumOf(to.sum, printed), sumOf(lastOf(to.sum), printed));
  }
}

function unitOf(sum: Sum, printed: Printing): string {
  const [first] = sum;
  return first === undefined ? '' : (printed(first).unit ?? '');
}

/** One cell as it is printed, several as their sum. */
function value(sum: Sum, withUnit: boolean, printed: Printing): string {
  const [first] = sum;
  const amount = sumOf(sum, printed);
  const single = sum.length === 1 && first !== undefined ? printed(first).value : null;
  const text = single ?? (amount === null ? null : formatDecimal(amount, SCALE));
  return text === null ? NOT_FILLED_IN : `${text}${withUnit ? unitOf(sum, printed) : ''}`;
}

function difference(sum: Sum, printed: Printing): string {
  const [now, before] = [sumOf(sum, printed), sumOf(lastOf(sum), printed)];
  if (now === null) return NOT_FILLED_IN;
  if (before === null) return NOT_COMPARABLE;
  if (now === before) return SAME;
  const more = now > before;
  return `较上年${more ? '增加' : '减少'}${formatDecimal(more ? now - before : before - now, SCALE)}${unitOf(sum, printed)}`;
}

function growth(now: Amount, before: Amount): string {
  if (now === null) return NOT_FILLED_IN;
  if (before === null || before <= 0n) return NOT_COMPARABLE;
  if (now === before) return SAME;
  const more = now > before;
  return `同比${more ? '增长' : '下降'}${percent(more ? now - before : before - now, before) ?? ''}`;
}

/** null of nothing. */
function percent(part: Amount, whole: Amount): string | null {
  const share = part === null || whole === null ? null : shareOf(part, whole);
  return share === null ? null : `${share}%`;
}
