/**
 * What a printed cell amounts to: exact, in the unit of its cell, and blank kept apart from 0. A published table may
 * print a unit of its own in the cell (73802895.90元); it is turned into the cell's unit, and one of another kind (元 in
 * a cell of pieces) makes the cell no number.
 *
 * How a printed value is read has a version, that of the stored event it stands in: what was declared once is read as
 * it was then, for ever.
 */
import { formatDecimal, parseDecimal } from '../encoding/decimal.js';

/** In the printed cell, but no number. */
export const UNREADABLE = 'unreadable';

/** In units of 10^-SCALE of the cell's unit; null = blank, which is not 0. */
export type Amount = bigint | null | typeof UNREADABLE;

/** By the name of the cell; an absent one is blank. */
export type Amounts = ReadonlyMap<string, Amount>;

/** Fine enough for fen in a cell of 亿元. */
export const SCALE = 12;

export function printAmount(amount: bigint): string {
  return formatDecimal(amount, SCALE);
}

/** Whether it has no more decimals than these. */
export function fitsScale(amount: bigint, scale: number): boolean {
  return amount % 10n ** BigInt(SCALE - scale) === 0n;
}

/** Version 1: of declared tables stored in version 1. Version 2: everything recorded or checked since. */
export type PrintedVersion = 1 | 2;

/** What of a cell decides how its printed value is read. */
export interface PrintedCell {
  /** As the form prints it; null = pieces. */
  readonly unit: string | null;
  /** Whether it may be below zero: only there a leading `+` belongs to the number. */
  readonly negative: boolean;
}

export interface Reading {
  readonly amount: Amount;
  /** `remark`: a number with a bracketed remark behind it. `not-applicable`: a blank printed as a stroke or as 无. */
  readonly said: 'remark' | 'not-applicable' | null;
}

/** A whole number as this program prints it. */
const PIECES_ALONE = /^\d{1,15}$/;
const ONE = 10n ** BigInt(SCALE);

/** Units of money, as powers of ten of 元. */
const MONEY: Readonly<Record<string, number>> = { 分: -2, 角: -1, 元: 0, 百元: 2, 千元: 3, 万元: 4, 百万元: 6, 千万元: 7, 亿元: 8 };

/** Units of pieces. Which of them a cell prints is not compared: labels of one row differ between places. */
const PIECES = new Set(['条', '件', '次', '篇', '个', '人', '人次', '项', '份', '部', '宗', '例', '起', '期', '册', '场', '家', '处']);

/** What alone in a cell says that there is nothing to say, its full-width forms too. */
const NOT_APPLICABLE = new Set(['/', '-', '—', '——', '无']);

/** Brackets a remark may stand in, full-width ones too. */
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '〕': '〔', '】': '【' };

/** A printed value in a cell, by the reader of that version. JSON numbers are read as written. */
export function readPrinted(printed: unknown, cell: PrintedCell, version: PrintedVersion = 2): Reading {
  if (version === 1) return { amount: readAmount(printed, cell.unit), said: null };
  if (printed === null || printed === undefined) return { amount: null, said: null };
  // Most cells: what follows makes the same of them, and takes a tenth of the time of a table.
  if (typeof printed === 'string' && PIECES_ALONE.test(printed)) return { amount: BigInt(printed) * ONE, said: null };
  if (!isPrintable(printed)) return { amount: UNREADABLE, said: null };
  const text = narrow(String(printed)).trim();
  if (text === '') return { amount: null, said: null };
  if (NOT_APPLICABLE.has(text)) return { amount: null, said: 'not-applicable' };
  const number = withoutRemark(text);
  const amount = numberOf(cell.negative ? number.replace(/^\+(?=\d)/, '') : number, cell.unit);
  return { amount, said: amount === UNREADABLE || number === text ? null : 'remark' };
}

/**
 * The reader of version 1: a number with or without a unit, nothing else. Whitespace alone is blank; full-width digits
 * are digits. Nothing is guessed: a thousands separator, a dash or a slash is no number.
 */
export function readAmount(printed: unknown, unit: string | null): Amount {
  if (printed === null || printed === undefined) return null;
  if (!isPrintable(printed)) return UNREADABLE;
  const text = String(printed).normalize('NFKC').trim();
  return text === '' ? null : numberOf(text, unit);
}

function isPrintable(printed: unknown): printed is string | number {
  return typeof printed === 'string' || typeof printed === 'number';
}

/**
 * Full-width forms as the plain characters they are. Not more (NFKC): the mark of a footnote (22①, 5²) would become a
 * digit of the number.
 */
function narrow(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}

/** What stands before one bracketed remark at the end; the text itself where there is none, or more than one. */
function withoutRemark(text: string): string {
  const close = text.at(-1) ?? '';
  const open = BRACKETS[close];
  if (open === undefined) return text;
  const begin = text.indexOf(open);
  if (begin < 0 || text.slice(begin + 1, -1).trim() === '') return text;
  let depth = 0;
  for (let at = begin; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    else if (text[at] === close) depth -= 1;
    if (depth === 0 && at < text.length - 1) return text;
  }
  return depth === 0 ? text.slice(0, begin).trimEnd() : text;
}

function numberOf(text: string, unit: string | null): Amount {
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
