/** Numbers of a sentence with their unit and with the least and greatest value they may stand for. */
import { numerals, ONE, type Numeral } from './numerals.js';

/** 件, 条, 人 …; money, in 元; per cent; times the earlier figure. */
export type UnitKind = 'pieces' | 'money' | 'percent' | 'times';

export interface Quantity {
  readonly at: number;
  readonly end: number;
  /** As written, with its unit: 一百二十余件. */
  readonly text: string;
  readonly kind: UnitKind;
  /** 件, 条, 人次; 元 of money. */
  readonly unit: string;
  /** In units of 10^-SCALE of a piece, 元, per cent. */
  readonly value: bigint;
  /** What it may stand for, both inclusive. An exact one has both equal its value. */
  readonly low: bigint;
  readonly high: bigint;
  /** Written out to the last piece or 元: neither rounded nor about. */
  readonly exact: boolean;
}

const UNIT =
  /^\s*(?:(?<money>元)|(?<percent>%)|(?<times>倍)|(?<pieces>人次|件次|条次|篇次|场次|[件条次篇项份部宗起场期例则册家处人名批]|个(?!\s*(?:月|工作日|百分点|小时|方面|季度|年))))/;

const LESS = /(?:近|将近|接近|不足|不到)\s*$/;
const ABOUT = /(?:大约|约|大概)\s*$/;
const OVER = /(?:超过?|逾|突破)\s*$/;
const ABOUT_AFTER = /^\s*(?:左右|上下)/;
const OVER_AFTER = /^\s*(?:以上)/;
/** 3-5件 and 3至5件 say no number. */
const RANGE_BEFORE = /\d\s*[-—－~～至到]\s*$/;
const RANGE_AFTER = /^\s*[-—－~～至到]\s*\d/;

/** `plain` is a text of `sentencesOf`, `text` what it was made of. */
export function quantities(plain: string, text: string): Quantity[] {
  return numerals(plain).flatMap((numeral) => {
    const found = percentInWords(plain, numeral) ?? withUnit(plain, numeral);
    return found === null ? [] : [{ ...found, text: text.slice(found.at, found.end).trim() }];
  });
}

type Unnamed = Omit<Quantity, 'text'>;

/** 百分之三十七: its 百 alone would be a hundred. */
function percentInWords(plain: string, numeral: Numeral): Unnamed | null {
  const before = plain.slice(0, numeral.at);
  if (!/百分之\s*$/.test(before)) return null;
  return {
    ...boundsOf(numeral, 'percent', plain, numeral.end),
    at: before.lastIndexOf('百分之'),
    end: numeral.end,
    kind: 'percent',
    unit: '%',
  };
}

function withUnit(plain: string, numeral: Numeral): Unnamed | null {
  const before = plain.slice(0, numeral.at);
  const behind = plain.slice(numeral.end);
  if (RANGE_BEFORE.test(before) || RANGE_AFTER.test(behind)) return null;
  const unit = UNIT.exec(behind);
  const { money, percent, times, pieces } = unit?.groups ?? {};
  if (unit === null || isWord(plain.slice(numeral.at, numeral.end), pieces, behind.slice(unit[0].length))) return null;
  const kind = money !== undefined ? 'money' : percent !== undefined ? 'percent' : times !== undefined ? 'times' : 'pieces';
  const end = numeral.end + unit[0].length;
  return { ...boundsOf(numeral, kind, plain, end), at: numeral.at, end, kind, unit: pieces ?? money ?? percent ?? times ?? '' };
}

/** 一项重要内容, 一批制度, 一次性: one that counts nothing. */
function isWord(numeral: string, pieces: string | undefined, behind: string): boolean {
  if (pieces === undefined || !/^[一两]$/.test(numeral)) return false;
  return /^(?!申请|行政|诉讼|复议|规范|规章|政策|新闻|予以|部分|不予|无法|结转|为|是|，)[\p{Script=Han}]/u.test(behind);
}

function boundsOf(numeral: Numeral, kind: UnitKind, plain: string, end: number): Pick<Quantity, 'value' | 'low' | 'high' | 'exact'> {
  const { value, step, coarse, more } = numeral;
  const before = plain.slice(0, numeral.at);
  const behind = plain.slice(end);
  const round = roundness(value, step);
  if (more || OVER.test(before) || OVER_AFTER.test(behind)) return { value, low: value, high: value + round - 1n, exact: false };
  if (LESS.test(before)) return { value, low: value - round, high: value, exact: false };
  if (ABOUT.test(before) || ABOUT_AFTER.test(behind)) {
    const wide = value / 20n > round / 2n ? value / 20n : round / 2n;
    return { value, low: value - wide, high: value + wide, exact: false };
  }
  // What is rounded may also be cut off.
  const rounded = coarse || kind === 'money' || kind === 'percent';
  return rounded
    ? { value, low: value - step / 2n, high: value + step - 1n, exact: !coarse }
    : { value, low: value, high: value, exact: true };
}

/** The place of its last digit that is not 0: of 1500 a hundred, of 10 ten. */
function roundness(value: bigint, step: bigint): bigint {
  let round = step;
  while (value !== 0n && value % (round * 10n) === 0n) round *= 10n;
  return round < ONE && step >= ONE ? ONE : round;
}
