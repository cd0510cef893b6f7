/**
 * What a printed cell amounts to: exact, in the unit of its cell, and blank kept apart from 0. A published table may print a unit of its own
 * in the cell (73802895.90元); it is turned into the cell's unit, and one of another kind (元 in a cell of pieces) makes the cell no number.
 */
import { formatDecimal, parseDecimal } from '../domain/values.js';

/** In the printed cell, but no number. */
export const UNREADABLE = 'unreadable';

/** In units of 10^-SCALE of the cell's unit; null = blank, which is not 0. */
export type Amount = bigint | null | typeof UNREADABLE;

/** By the name of the cell; an absent one is blank. */
export type Amounts = ReadonlyMap<string, Amount>;

/** Fine enough for fen in a cell of 亿元. */
const SCALE = 12;

export function printAmount(amount: bigint): string {
  return formatDecimal(amount, SCALE);
}

/** Units of money, as powers of ten of 元. */
const MONEY: Readonly<Record<string, number>> = { 分: -2, 角: -1, 元: 0, 百元: 2, 千元: 3, 万元: 4, 百万元: 6, 千万元: 7, 亿元: 8 };

/** Units of pieces. Which of them a cell prints is not compared: labels of one row differ between places. */
const PIECES = new Set(['条', '件', '次', '篇', '个', '人', '人次', '项', '份', '部', '宗', '例', '起', '期', '册', '场', '家', '处']);

/**
 * A value as it was printed, in a cell of this unit (null = pieces). JSON numbers are read as written. Whitespace alone is blank; full-width
 * digits are digits. Nothing is guessed: a thousands separator, a dash or a slash is no number.
 */
export function readAmount(printed: unknown, unit: string | null): Amount {
  if (printed === null || printed === undefined) return null;
  if (typeof printed !== 'string' && typeof printed !== 'number') return UNREADABLE;
  const text = String(printed).normalize('NFKC').trim();
  if (text === '') return null;
  const match = /^(-?\d+(?:\.\d+)?)\s*(\p{Script=Han}*)$/u.exec(text);
  const own = match?.[2] ?? '';
  const shift = own === '' ? 0 : shiftTo(unit, own);
  const number = parseDecimal(match?.[1] ?? '', SCALE);
  if (number === null || shift === null) return UNREADABLE;
  if (shift >= 0) return number * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return number % divisor === 0n ? number / divisor : UNREADABLE;
}

/** Powers of ten from a printed unit to the cell's; null between money and pieces. */
function shiftTo(unit: string | null, own: string): number | null {
  const money = unit === null ? undefined : MONEY[unit];
  if (money === undefined) return PIECES.has(own) ? 0 : null;
  const power = MONEY[own];
  return power === undefined ? null : power - money;
}
