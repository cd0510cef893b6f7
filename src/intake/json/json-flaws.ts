/**
 * What JSON.parse takes without a word and two readers read differently: a name given twice in one object, of which
 * some keep the first and some the last, and a number that no double holds. Works on a text that JSON.parse has taken.
 *
 * Every message comes by here, so a good one is told apart without looking at its names: an object that has a name
 * twice has fewer properties than the text has names.
 */

/** Depth of JSON nesting; the deepest known message has four. */
export const MAX_DEPTH = 16;

export interface Flaw {
  readonly problem: 'name-twice' | 'rounded-number';
  /** Where the first flaw stands, such as `data.steps[0].role`; empty where the whole text is a number. */
  readonly path: string;
  /** `source` or `id` of the outermost object is given twice: nobody can say which message this is. */
  readonly identityTwice: boolean;
}

/** The first flaw of a JSON text whose parsed value is `value`; null where there is none. */
export function findFlaw(text: string, value: unknown): Flaw | null {
  const { names, exact } = walk(text);
  // Of a value that is too deep the properties are not counted: then the names are looked at.
  return exact && names === propertiesOf(value, 0) ? null : new FlawFinder(text).find();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** How many names the text has, and whether each of its numbers is one a double holds. */
function walk(text: string): { readonly names: number; readonly exact: boolean } {
  let names = 0;
  let exact = true;
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const end = quote < 0 ? text.length : quote;
    for (; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === COLON) names += 1;
      else if (beginsNumber(code)) {
        const stop = endOfNumber(text, at);
        exact &&= isExactNumber(text.slice(at, stop));
        at = stop - 1;
      }
    }
    if (quote < 0) break;
    at = endOfString(text, quote);
  }
  return { names, exact };
}

/** Properties of all objects in a value; less than nothing where it is nested too deeply. */
function propertiesOf(value: unknown, depth: number): number {
  if (value === null || typeof value !== 'object') return 0;
  if (depth >= MAX_DEPTH) return -Infinity;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += propertiesOf(item, depth + 1);
    return count;
  }
  for (const item of Object.values(value)) count += 1 + propertiesOf(item, depth + 1);
  return count;
}

function beginsNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d;
}

const NUMBER = /[-+.0-9eE]*/y;

function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start;
  NUMBER.test(text);
  return NUMBER.lastIndex;
}

/** The place behind the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let close = text.indexOf('"', start + 1); ; close = text.indexOf('"', close + 1)) {
    if (close < 0) return text.length;
    let before = close;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((close - before) % 2 === 0) return close + 1;
  }
}

/** Of a decimal with at most this many digits, and no exponent, the double always gives the same digits back. */
const SAFE_DIGITS = 15;

/** Whether the shortest text of the number's double (RFC 8785) is the same decimal number. `-0` is 0. */
export function isExactNumber(text: string): boolean {
  if (text.length <= SAFE_DIGITS && !/[eE]/.test(text)) return true;
  const double = Number(text);
  return Number.isFinite(double) && decimalOf(text) === decimalOf(String(double));
}

/** One text for each decimal number: its digits without zeros at the ends, and the power of ten of the last one. */
function decimalOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^-/, '').split('.');
  const all = whole + fraction;
  const digits = stripped(all);
  if (digits === '') return '0';
  const sign = mantissa.startsWith('-') ? '-' : '';
  const zerosBehind = all.length - (leadingZeros(all) + digits.length);
  // Beyond what a double reaches by far, and beyond what digits of one message could make up for.
  const power = Number(exponent) - fraction.length + zerosBehind;
  return `${sign}${digits}e${power}`;
}

function leadingZeros(digits: string): number {
  let at = 0;
  while (digits.charCodeAt(at) === 0x30) at += 1;
  return at;
}

/** Not by a pattern: one that looks for zeros at the end takes the square of their number. */
function stripped(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end -= 1;
  return digits.slice(Math.min(leadingZeros(digits), end), end);
}

interface Frame {
  /** Names of an object so far; null for an array. */
  readonly names: Set<string> | null;
  /** The name being read, or the place in the array. */
  at: string | number;
}

/** Goes through the names one by one, with a stack of its own: the text may be nested as deeply as it is long. */
class FlawFinder {
  readonly #text: string;
  readonly #frames: Frame[] = [];
  #first: Omit<Flaw, 'identityTwice'> | null = null;
  #identityTwice = false;

  constructor(text: string) {
    this.#text = text;
  }

  find(): Flaw | null {
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) at = this.#string(at);
      else if (beginsNumber(code)) at = this.#number(at);
      else {
        this.#structure(code);
        at += 1;
      }
    }
    return this.#first === null ? null : { ...this.#first, identityTwice: this.#identityTwice };
  }

  #structure(code: number): void {
    const top = this.#frames.at(-1);
    if (code === OPEN_OBJECT) this.#frames.push({ names: new Set(), at: '' });
    else if (code === OPEN_ARRAY) this.#frames.push({ names: null, at: 0 });
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) this.#frames.pop();
    else if (code === COMMA && typeof top?.at === 'number') top.at += 1;
  }

  #string(start: number): number {
    const end = endOfString(this.#text, start);
    const top = this.#frames.at(-1);
    if (top === undefined || top.names === null || !this.#isName(end)) return end;
    const written = this.#text.slice(start + 1, end - 1);
    const name = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
    top.at = name;
    if (top.names.has(name)) {
      this.#found('name-twice');
      if (this.#frames.length === 1 && (name === 'source' || name === 'id')) this.#identityTwice = true;
    }
    top.names.add(name);
    return end;
  }

  /** A string before a colon is a name, any other a value. */
  #isName(end: number): boolean {
    let at = end;
    while (this.#text.charCodeAt(at) <= 0x20) at += 1;
    return this.#text.charCodeAt(at) === COLON;
  }

  #number(start: number): number {
    const end = endOfNumber(this.#text, start);
    if (!isExactNumber(this.#text.slice(start, end))) this.#found('rounded-number');
    return end;
  }

  #found(problem: Flaw['problem']): void {
    this.#first ??= { problem, path: pathOf(this.#frames.map(({ at }) => at)) };
  }
}

/** Steps of a path that are shown. */
const SHOWN_STEPS = MAX_DEPTH;
const SHOWN_NAME = 60;

function pathOf(steps: readonly (string | number)[]): string {
  const shown = steps.slice(0, SHOWN_STEPS).map((step, index) => {
    if (typeof step === 'number') return `[${step}]`;
    const plain = /^[\p{L}\p{N}_$-]+$/u.test(step) && step.length <= SHOWN_NAME;
    return plain ? `${index === 0 ? '' : '.'}${step}` : `[${quotedName(step)}]`;
  });
  return `${shown.join('')}${steps.length > SHOWN_STEPS ? '…' : ''}`;
}

/** A name as JSON, with everything written out that does not print, or prints as something else. */
function quotedName(name: string): string {
  const cut = name.length > SHOWN_NAME ? `${name.slice(0, SHOWN_NAME)}…` : name;
  return JSON.stringify(cut).replace(/[^\P{C}]|[\u2028\u2029]/gu, (character) =>
    [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
