/**
 * Decimal figures, exact: whole numbers of 10^-12. What is printed may carry its own unit (73802895.90元), which is
 * turned into the cell's.
 */
const PLACES = 12;

/** In units of 10^-12. */
export type Decimal = bigint;

const PLAIN = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/;

/** null where it is no plain decimal number. */
export function decimal(text: string): Decimal | null {
  const match = PLAIN.exec(text);
  if (match === null) return null;
  const size = BigInt((match[2] ?? '') + (match[3] ?? '').padEnd(PLACES, '0'));
  return match[1] === '-' ? -size : size;
}

/** So many units of 10^-places. */
export function scaled(units: number, places: number): Decimal {
  return BigInt(units) * 10n ** BigInt(PLACES - places);
}

/** Without trailing zeros. */
export function written(value: Decimal): string {
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, '0');
  const whole = digits.slice(0, -PLACES);
  const rest = digits.slice(-PLACES).replace(/0+$/, '');
  return (value < 0n ? '-' : '') + whole + (rest === '' ? '' : `.${rest}`);
}

/**
 * Whether it has no more decimals than these, and no more digits before them than a number has that is written down.
 */
export function fits(value: Decimal, places: number): boolean {
  return value % 10n ** BigInt(PLACES - places) === 0n && PLAIN.test(written(value));
}

/** 元 as a power of ten of each unit of money. */
const YUAN: Readonly<Record<string, number>> = { 分: -2, 角: -1, 元: 0, 百元: 2, 千元: 3, 万元: 4, 百万元: 6, 千万元: 7, 亿元: 8 };
const PIECES = /^(条|件|次|篇|个|人|人次|项|份|部|宗|例|起|期|册|场|家|处)$/;

/** A value as printed on paper, or null where the cell is blank. */
export function printed(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return value === null || value === undefined ? null : JSON.stringify(value);
  return String(value).normalize('NFKC').trim() === '' ? null : String(value);
}

export type Unit = '元' | '万元' | null;

/** In which version of its event a printed value stands: it is read as that version says, whatever later ones say. */
export type Edition = 1 | 2;

/**
 * A printed value as a number in the unit of its cell (null = pieces); null where it is blank or no number of that
 * unit.
 */
export function readPrinted(value: unknown, unit: Unit, edition: Edition): Decimal | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return edition === 1 ? plainNumber(String(value).normalize('NFKC').trim(), unit) : remarkedNumber(String(value), unit);
}

/**
 * The second edition: full-width characters are the plain ones (what else looks like a digit is none), and a remark in
 * one pair of brackets may follow. No leading plus: the only cells with one are no part of any sum.
 */
function remarkedNumber(printedText: string, unit: Unit): Decimal | null {
  const plain = [...printedText].map((char) =>
    char >= '！' && char <= '～' ? String.fromCodePoint((char.codePointAt(0) ?? 0) - 0xfee0) : char,
  );
  const text = plain.join('').trim();
  const whole = plainNumber(text, unit);
  if (whole !== null) return whole;
  for (const [opening, closing] of PAIRS) {
    const start = text.indexOf(opening);
    if (start > 0 && text.endsWith(closing) && isOnePair(text.slice(start), opening, closing))
      return plainNumber(text.slice(0, start).trim(), unit);
  }
  return null;
}

const PAIRS = ['()', '[]', '〔〕', '【】'].map((pair) => [pair.charAt(0), pair.charAt(1)] as const);

/** Whether the pair that opens at the begin closes at the end, around more than blanks. */
function isOnePair(text: string, opening: string, closing: string): boolean {
  const inner = text.slice(1, -1);
  let open = 0;
  for (const char of inner) {
    open += Number(char === opening) - Number(char === closing);
    if (open < 0) return false;
  }
  return open === 0 && inner.trim() !== '';
}

function plainNumber(text: string, unit: Unit): Decimal | null {
  const match = /^([-\d.]+)\s*(\p{Script=Han}*)$/u.exec(text);
  const number = decimal(match?.[1] ?? '');
  const own = match?.[2] ?? '';
  if (number === null || own === '') return number;
  if (unit === null) return PIECES.test(own) ? number : null;
  const power = Object.hasOwn(YUAN, own) ? (YUAN[own] as number) - (YUAN[unit] as number) : null;
  if (power === null) return null;
  if (power >= 0) return number * 10n ** BigInt(power);
  return number % 10n ** BigInt(-power) === 0n ? number / 10n ** BigInt(-power) : null;
}
