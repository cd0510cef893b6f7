/** What is said of a number in prose, and the rules by which it is said. */
import { formatDecimal } from '../encoding/decimal.js';
import { SCALE } from '../statistics/amount.js';
import type { Severity } from '../statistics/finding-rules.js';
import type { Sentence } from './sentences.js';

/** Name → severity and meaning, the table of docs/checking-reports.md. */
export const PROSE_RULES = {
  'cell-differs': ['error', 'no reading of the number is what the table prints'],
  'loosely-differs': ['warning', 'the same where reports use the words for other things too, as names of categories'],
  'last-years-figure': ['error', 'the number is none of this year’s cells, and is last year’s'],
  'not-none': ['error', 'the sentence says there was none, and the table prints some'],
  'sum-differs': ['error', 'the parts named in a sentence do not add up to its whole'],
  'share-differs': ['error', 'a share or a rate is of no whole in the sentence or the table'],
  'growth-differs': ['error', 'a growth does not follow from last year’s figure'],
  'mixed-readings': ['warning', 'a part fits only in a reading in which its whole does not'],
  'other-year': ['error', 'the title or the period named is of another year than the table'],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>;

export type ProseRule = keyof typeof PROSE_RULES;

export interface ProseFinding {
  readonly rule: ProseRule;
  readonly severity: Severity;
  /** 1-based line of the report's text. */
  readonly line: number;
  readonly sentence: string;
  /** The number as written, or the words that stand for none. */
  readonly text: string;
  /** Every cell it was held against. */
  readonly cells: readonly string[];
  /** What the prose says, a decimal string in pieces, 元 or per cent. */
  readonly left: string | null;
  /** What it should be in the first reading. */
  readonly right: string | null;
  readonly message: string;
}

export function proseFinding(
  rule: ProseRule,
  { line, text: sentence }: Sentence,
  said: Pick<ProseFinding, 'text' | 'message'> & Partial<Pick<ProseFinding, 'cells' | 'left' | 'right'>>,
): ProseFinding {
  return { rule, severity: PROSE_RULES[rule][0], line, sentence, cells: [], left: null, right: null, ...said };
}

export const plain = (value: bigint): string => formatDecimal(value, SCALE);
