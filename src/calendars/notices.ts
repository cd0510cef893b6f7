/**
 * The notices of the State Council's office with their numbers (文号), as https://www.gov.cn publishes them: what an
 * announcement of a year cites. No year is added to the built-in calendar any more, or closes recorded long ago would
 * be judged again: a later year is held here, to be announced.
 */
import type { CalendarDate } from '../time/calendar-date.js';
import { chinaCalendar } from './china.js';

/** What `calendar.announced` says of a year. */
export interface HeldCalendar {
  readonly year: number;
  readonly off: readonly CalendarDate[];
  readonly worked: readonly CalendarDate[];
  /** Titles and numbers. */
  readonly notice: string;
}

/** Of the yearly notice, and of one that changed the year, in the order of their titles. */
const NUMBERS: Readonly<Record<number, readonly string[]>> = {
  2008: ['国办发明电〔2007〕52号'],
  2009: ['国办发明电〔2008〕42号'],
  2010: ['国办发明电〔2009〕27号'],
  2011: ['国办发明电〔2010〕40号'],
  2012: ['国办发明电〔2011〕45号'],
  2013: ['国办发明电〔2012〕33号'],
  2014: ['国办发明电〔2013〕28号'],
  2015: ['国办发明电〔2014〕28号', '国发明电〔2015〕1号'],
  2016: ['国办发明电〔2015〕18号'],
  2017: ['国办发明电〔2016〕17号'],
  2018: ['国办发明电〔2017〕12号'],
  2019: ['国办发明电〔2018〕15号', '国办发明电〔2019〕3号'],
  2020: ['国办发明电〔2019〕16号', '国办发明电〔2020〕1号'],
  2021: ['国办发明电〔2020〕27号'],
  2022: ['国办发明电〔2021〕11号'],
  2023: ['国办发明电〔2022〕16号'],
  2024: ['国办发明电〔2023〕7号'],
  2025: ['国办发明电〔2024〕12号'],
  2026: ['国办发明电〔2025〕7号'],
};

/** Years behind the built-in ones whose notice came out before this release. */
const LATER: ReadonlyMap<number, Pick<HeldCalendar, 'off' | 'worked'> & { readonly notice: string }> = new Map();

/** First and last year that are built in. */
export const BUILT_IN: { readonly first: number; readonly last: number } = {
  first: Math.min(...chinaCalendar.keys()),
  last: Math.max(...chinaCalendar.keys()),
};

/** The year as its notice has it; null where this release holds no notice of it with its number. */
export function heldCalendar(year: number): HeldCalendar | null {
  const found = chinaCalendar.get(year) ?? LATER.get(year);
  const numbers = NUMBERS[year];
  if (found === undefined || numbers === undefined) return null;
  const titles = found.notice.match(/《[^》]*》/g) ?? [];
  if (titles.length !== numbers.length) throw new Error(`the notices of ${year} and their numbers do not match`);
  const notice = titles.map((title, place) => `${title}（${numbers[place]}）`).join('');
  return { year, off: [...found.off].sort(), worked: [...found.worked].sort(), notice };
}
