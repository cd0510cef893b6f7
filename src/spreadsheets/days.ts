/** Days as officers write them, and as spreadsheets count them. */
import type { SheetCell } from '../documents/sheets/cell.js';
import { dayOfSerial } from '../documents/sheets/serial-days.js';
import { isCalendarDate } from '../time/calendar-date.js';
import type { DayOrder } from './mapping.js';

/** A day, and a time of day `HH:MM:SS` where one is written. */
export interface WrittenDay {
  readonly day: string;
  readonly clock: string | null;
}

const CLOCK = /^(上午|下午|晚上)?(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})秒?|分)?$/;
/** Year first, which needs no order to be told. */
const YEAR_FIRST = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?/;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})/;
const DIGITS = /^(\d{4})(\d{2})(\d{2})$/;

/**
 * 2017-03-02, 2017/3/2, 2017.3.2, 2017年3月2日, 20170302, full-width digits, with a time of day or without one, and the
 * days that a spreadsheet counts. null of what is none of them, or is a day that never was.
 */
export function dayIn(cell: SheetCell, order: DayOrder): WrittenDay | null {
  if (cell.kind === 'error') return null;
  if (cell.kind === 'number' && !DIGITS.test(cell.text)) {
    const found = dayOfSerial(Number(cell.text), cell.days);
    return found === null ? null : sound(found.slice(0, 10), found.slice(11) || null);
  }
  return written(cell.text.normalize('NFKC').trim(), order);
}

function written(text: string, order: DayOrder): WrittenDay | null {
  const digits = DIGITS.exec(text);
  if (digits !== null) return sound(dayOf(digits.slice(1)), null);
  const bare = text.replace(/\s*([-/.年月日:时点分])\s*/g, '$1');
  const match = YEAR_FIRST.exec(bare) ?? (order === 'ymd' ? null : YEAR_LAST.exec(bare));
  if (match === null) return null;
  const clock = clockIn(bare.slice(match[0].length).replace(/^[T\s]+/, ''));
  const parts = match.slice(1);
  return clock === undefined ? null : sound(dayOf(YEAR_FIRST.test(bare) ? parts : yearFirst(parts, order)), clock);
}

function yearFirst([one = '', two = '', year = '']: readonly string[], order: DayOrder): string[] {
  return order === 'mdy' ? [year, one, two] : [year, two, one];
}

function dayOf([year = '', month = '', day = '']: readonly string[]): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** null where there is none, undefined of what is no time of day. */
function clockIn(text: string): string | null | undefined {
  if (text === '') return null;
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const [, half, hour = '', minute = '', second = '0'] = match;
  const late = half !== undefined && half !== '上午' && Number(hour) < 12 ? 12 : 0;
  const parts = [Number(hour) + late, Number(minute), Number(second)];
  const [h = 0, m = 0, s = 0] = parts;
  return h > 23 || m > 59 || s > 59 ? undefined : parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function sound(day: string, clock: string | null): WrittenDay | null {
  return isCalendarDate(day) ? { day, clock } : null;
}
