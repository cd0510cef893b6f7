/** Days as spreadsheets count them. */
import type { DaySystem } from './cell.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const SECONDS = 24 * 60 * 60;
/** 9999-12-31. */
const LAST = { 1900: 2_958_465, 1904: 2_957_003 } as const;
/** Day 0 as the days from 1 March 1900 on are counted: the 29 February of that year, which never was, is day 60. */
const FIRST = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) } as const;
const NEVER_WAS = 60;

/** `2017-03-02`, or `2017-03-02T09:05:00` where it has a time of day; null of a number that is no day. */
export function dayOfSerial(serial: number, system: DaySystem): string | null {
  const day = Math.floor(serial);
  if (!(day >= 1 && day <= LAST[system]) || (system === 1900 && day === NEVER_WAS)) return null;
  const early = system === 1900 && day < NEVER_WAS ? 1 : 0;
  const seconds = Math.round((serial - day) * SECONDS);
  const text = new Date(FIRST[system] + (day + early) * DAY_MS + seconds * 1000).toISOString();
  return seconds === 0 || seconds === SECONDS ? text.slice(0, 10) : text.slice(0, 19);
}
