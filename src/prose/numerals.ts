/**
 * Numerals as Chinese reports write them: Arabic, also in full width and with thousands separators (1,234), Chinese
 * (一百二十三, 两, 十余), and mixed (3.2万).
 */
import { parseDecimal } from '../encoding/decimal.js';
import { SCALE } from '../statistics/amount.js';

export interface Numeral {
  /** Where it stands in the text; `end` is behind its last character. */
  readonly at: number;
  readonly end: number;
  /** In units of 10^-SCALE. */
  readonly value: bigint;
  /** One of the last place it is written to: of 3.2万 a thousand, of 0.20 a hundredth. */
  readonly step: bigint;
  /** Written with 万 or with decimals: what it says may be rounded. */
  readonly coarse: boolean;
  /** 余, 多 behind it: somewhat more. */
  readonly more: boolean;
}

export const ONE = 10n ** BigInt(SCALE);

const DIGITS: Readonly<Record<string, bigint>> = {
  ...{ 零: 0n, 〇: 0n, 一: 1n, 二: 2n, 两: 2n, 三: 3n, 四: 4n, 五: 5n, 六: 6n, 七: 7n, 八: 8n, 九: 9n },
};
const TENS: Readonly<Record<string, bigint>> = { 十: 10n, 百: 100n, 千: 1000n };
const MYRIADS: Readonly<Record<string, bigint>> = { 万: 10_000n, 亿: 100_000_000n };

/**
 * The whole number of a Chinese numeral: 一百二十三 = 123, 二〇一七 = 2017, 三千万 = 30,000,000. null where the characters are no
 * number (十百).
 */
export function chineseNumber(text: string): bigint | null {
  if (/^[零〇一二三四五六七八九]{2,}$/.test(text)) return BigInt([...text].map((digit) => String(DIGITS[digit])).join(''));
  if (/^[百千万亿]./.test(text)) return null;
  const sums = { all: 0n, myriads: 0n, section: 0n };
  let digit: bigint | null = null;
  for (const [at, character] of [...text].entries()) {
    const [one, ten, myriad] = [DIGITS[character], TENS[character], MYRIADS[character]];
    if (one !== undefined) {
      if (digit !== null && digit !== 0n) return null;
      digit = one;
    } else if (ten !== undefined) {
      if (digit === null && at > 0 && character !== '十') return null;
      sums.section += (digit === null || digit === 0n ? 1n : digit) * ten;
      digit = null;
    } else if (myriad !== undefined) {
      const before = sums.section + (digit ?? (at === 0 ? 1n : 0n));
      if (character === '亿') [sums.all, sums.myriads] = [sums.all + (sums.myriads + before) * myriad, 0n];
      else sums.myriads += before * myriad;
      [sums.section, digit] = [0n, null];
    } else return null;
  }
  return sums.all + sums.myriads + sums.section + (digit ?? 0n);
}

/** Full-width digits, letters, points and percent signs as the plain ones, each in its place. */
export function narrow(text: string): string {
  return text.replace(/[０-９Ａ-Ｚａ-ｚ．％]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}

const NUMERAL =
  /(?<arabic>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(?<more>[余多])?(?<by>[十百千]?[万亿]|[百千])?(?<after>[余多])?|(?<chinese>[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?)(?<some>[余多])?(?<times>[万亿])?/gu;

/** Stands for a character that is no part of any count. */
export const BLANK = '□';

/** A text without what the patterns find, one BLANK for each character of it: places in it stay what they were. */
export function blankedOut(text: string, patterns: readonly RegExp[]): string {
  return patterns.reduce((left, pattern) => left.replace(pattern, (found) => BLANK.repeat(found.length)), text);
}

/** Every numeral of a narrow text, in its order. */
export function numerals(text: string): Numeral[] {
  return [...text.matchAll(NUMERAL)].flatMap((match) => {
    const found = match.groups?.['arabic'] === undefined ? chinese(match) : arabic(match);
    return found === null ? [] : [found];
  });
}

function arabic(match: RegExpExecArray): Numeral | null {
  const { arabic: digits = '', by, more, after } = match.groups ?? {};
  const value = parseDecimal(digits.replaceAll(',', ''), SCALE);
  if (value === null) return null;
  const factor = factorOf(by);
  const decimals = digits.split('.')[1]?.length ?? 0;
  return {
    ...{ at: match.index, end: match.index + match[0].length },
    value: value * factor,
    step: (ONE / 10n ** BigInt(Math.min(decimals, SCALE))) * factor,
    coarse: by !== undefined || decimals > 0,
    more: more !== undefined || after !== undefined,
  };
}

function factorOf(by: string | undefined): bigint {
  return [...(by ?? '')].reduce((factor, character) => factor * (TENS[character] ?? MYRIADS[character] ?? 1n), 1n);
}

function chinese(match: RegExpExecArray): Numeral | null {
  const { chinese: text = '', some, times } = match.groups ?? {};
  const [whole = '', fraction = ''] = text.split('点');
  const number = chineseNumber(whole);
  const digits = [...fraction].map((digit) => String(DIGITS[digit] ?? '')).join('');
  const value = number === null ? null : parseDecimal(`${number}${digits === '' ? '' : `.${digits}`}`, SCALE);
  if (value === null) return null;
  const factor = factorOf(times);
  return {
    ...{ at: match.index, end: match.index + match[0].length },
    value: value * factor,
    step: (ONE / 10n ** BigInt(Math.min(digits.length, SCALE))) * factor,
    coarse: digits !== '' || times !== undefined,
    more: some !== undefined,
  };
}
