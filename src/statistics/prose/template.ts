/**
 * The language of report texts: words around references in braces. A number can only be a reference, so a text cannot
 * disagree with its table.
 *
 * - `{1.1}`: a cell of the year's table, or a code of figures.ts; `{1.1#}` with its unit behind it;
 * - `{1.1@last}`: the same of the year before; `{4+5}`: a sum of any of these;
 * - `{difference 1.1}`, `{growth 1.1}`: against the year before, in units and in percent;
 * - `{share 1.2.1 of 1.1}`: a part in percent;
 * - `{3.1|none|many}`, `{3.1|none|one|many}`: words by the amount, with references of their own;
 * - `{year}`, `{last-year}`, `{period}`, `{agency}`: what the report is of.
 *
 * Digits outside braces stand in names of notices only, within `《》` or `〔〕`. Officers may write more of them:
 * prose/officer-text.ts.
 */

/** What is not a number of the year: written as it is, without a unit. */
const NAMES = ['year', 'last-year', 'period', 'agency'] as const;
export type Name = (typeof NAMES)[number];

/** A cell or a code, of the year or of the one before. */
export interface Term {
  readonly code: string;
  readonly last: boolean;
}

/** The terms of a sum, one at least. */
export type Sum = readonly Term[];

export type Expression =
  | { readonly is: 'name'; readonly name: Name }
  | { readonly is: 'value'; readonly sum: Sum; readonly withUnit: boolean }
  | { readonly is: 'difference' | 'growth'; readonly sum: Sum }
  | { readonly is: 'share'; readonly part: Sum; readonly whole: Sum };

export type Node =
  | { readonly is: 'words'; readonly text: string }
  /** `choices`: none, many; or none, one, many; null where the value itself is written. */
  | { readonly is: 'reference'; readonly to: Expression; readonly choices: readonly Template[] | null };

export type Template = readonly Node[];

/** What is wrong with a text, at the character counted from 0. */
export interface Flaw {
  readonly at: number;
  readonly why: string;
}

/** The parts of a text, and every flaw of it; with a flaw it is not to be written. */
export interface Parsed {
  readonly template: Template;
  readonly flaws: readonly Flaw[];
}

/** `digits`: whether those outside references, but in names of notices, are flaws. */
export function parseTemplate(text: string, digits: 'flaws' | 'words' = 'flaws'): Parsed {
  const reader = new Reader(text, digits === 'flaws');
  const template = reader.nodes(0);
  return { template, flaws: reader.flaws };
}

/** Every term that a text refers to, in its order. */
export function termsOf(template: Template): Term[] {
  return template.flatMap((node) => {
    if (node.is === 'words') return [];
    return [...termsIn(node.to), ...(node.choices ?? []).flatMap(termsOf)];
  });
}

function termsIn(to: Expression): readonly Term[] {
  if (to.is === 'name') return [];
  if (to.is === 'share') return [...to.part, ...to.whole];
  if (to.is === 'value') return to.sum;
  return to.sum.flatMap((term) => [term, { ...term, last: true }]);
}

/** Braces within braces beyond this are no text of a report. */
const DEEPEST = 8;

class Reader {
  readonly flaws: Flaw[] = [];
  readonly #text: string;
  readonly #refusesDigits: boolean;
  #at = 0;

  constructor(text: string, refusesDigits: boolean) {
    this.#text = text;
    this.#refusesDigits = refusesDigits;
  }

  /** Up to the end of the text, or of a choice. */
  nodes(depth: number): Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#text.length) {
      const next = this.#text[this.#at];
      if (depth > 0 && (next === '|' || next === '}')) break;
      if (next === '{') nodes.push(...this.#reference(depth + 1));
      else if (next === '}' || next === '|') this.#flaw('a brace or a bar that no reference began', 1);
      else nodes.push(this.#words());
    }
    return nodes;
  }

  #flaw(why: string, skipped = 0): void {
    this.flaws.push({ at: this.#at, why });
    this.#at += skipped;
  }

  #words(): Node {
    const [text = ''] = /^[^{}|]+/.exec(this.#text.slice(this.#at)) ?? [];
    const named = text.replaceAll(/《[^》]*》|〔[^〕]*〕/gu, (name) => ' '.repeat(name.length));
    const digit = this.#refusesDigits ? named.search(/\p{Nd}/u) : -1;
    if (digit >= 0) this.flaws.push({ at: this.#at + digit, why: 'a digit outside a reference' });
    this.#at += text.length;
    return { is: 'words', text };
  }

  #reference(depth: number): Node[] {
    const begun = this.#at;
    this.#at += 1;
    const [head = ''] = /^[^{}|]*/.exec(this.#text.slice(this.#at)) ?? [];
    const to = readExpression(head.trim());
    if (to === null) this.flaws.push({ at: this.#at, why: `no reference: ${head.slice(0, 80)}` });
    if (depth > DEEPEST) this.flaws.push({ at: begun, why: 'references too deep in each other' });
    this.#at += head.length;
    const choices: Template[] = [];
    while (depth <= DEEPEST && this.#text[this.#at] === '|') {
      this.#at += 1;
      choices.push(this.nodes(depth));
    }
    if (this.#text[this.#at] === '}') this.#at += 1;
    else if (depth <= DEEPEST) this.#flaw('a reference that does not end');
    else this.#at = this.#text.length;
    if (choices.length === 1 || choices.length > 3 || (choices.length > 0 && to?.is === 'name'))
      this.flaws.push({ at: begun, why: 'words are chosen by a number, for none and many, or for none, one and many' });
    return to === null ? [] : [{ is: 'reference', to, choices: choices.length === 0 ? null : choices }];
  }
}

function readExpression(head: string): Expression | null {
  const name = NAMES.find((one) => one === head);
  if (name !== undefined) return { is: 'name', name };
  const [word = '', first = '', of, second = '', ...more] = head.split(/\s+/);
  if (word === 'share' && of === 'of' && more.length === 0) {
    const [part, whole] = [readSum(first), readSum(second)];
    return part === null || whole === null ? null : { is: 'share', part, whole };
  }
  if ((word === 'difference' || word === 'growth') && of === undefined) {
    const sum = readSum(first);
    return sum === null || sum.some(({ last }) => last) ? null : { is: word, sum };
  }
  const withUnit = head.endsWith('#');
  const sum = readSum(withUnit ? head.slice(0, -1) : head);
  return sum === null ? null : { is: 'value', sum, withUnit };
}

/** Codes hold no blank but those of a category or a unit, which have a colon before them. */
const CODE = /^[^\s#@+]+(?::[^#@+]*\S)?$/u;

function readSum(text: string): Sum | null {
  const terms = text.split('+').map((one): Term | null => {
    const [code = '', of, ...more] = one.split('@');
    if (!CODE.test(code) || more.length > 0 || (of !== undefined && of !== 'last')) return null;
    return { code, last: of === 'last' };
  });
  return terms.every((term) => term !== null) ? terms : null;
}
