/** Of which year a number is. */
import type { Quantity } from './quantities.js';
import type { Sentence } from './sentences.js';

/** A year as written, this year's, last year's, or of a part of a year. */
export type SpokenYear = number | 'this' | 'last' | 'part';

const LAST = /(?:上年度?|去年|上一年度?|前一年度?|上年同期|去年同期)(?!度?(?:未办结)?(?:的)?(?:结转|转结|遗留|转入))(?:同期)?/g;
const YEAR = /(?<!(?:结转|转结|转入|转)[至到入]?)(20\d\d)年(?!度?(?:结转|转结))/g;
const THIS = /今年|本年|当年|全年/g;
const PART = /季度|半年|\d月份|本月/g;

/** What a growth is measured by is no year that the number is of: 较上年增长8%. */
export const GROWTH = /(?:增长|增加|增幅|上升|提高|提升|增多|下降|减少|降低|降幅|下滑|回落|减幅)(?![到至为])|[多少]$|持平/;

/** Up to what it grew. */
export const LEVEL = /(?:增长|增加|上升|提高|提升|下降|减少|降低|下滑|回落)?[到至为]$|^(?:今年|本年度?|20\d\d年度?)[^，]{0,6}$/;

export function yearOf({ text, plain }: Sentence, { at }: Pick<Quantity, 'at'>, near: string): SpokenYear {
  const before = plain.slice(0, at);
  const [last, year, own] = [lastIn(before, LAST), lastIn(before, YEAR), lastIn(before, THIS)];
  const part = lastIn(text.slice(0, at), PART);
  if (part !== null && part.at > (own?.at ?? -1)) return 'part';
  if (last !== null && last.at >= before.length - near.length && !GROWTH.test(before.slice(last.at))) return 'last';
  if (year === null || (own !== null && own.at > year.at)) return 'this';
  return Number(year.text.slice(0, 4));
}

function lastIn(text: string, pattern: RegExp): { readonly at: number; readonly text: string } | null {
  const match = [...text.matchAll(pattern)].at(-1);
  return match === undefined ? null : { at: match.index, text: match[0] };
}
