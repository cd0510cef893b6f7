/**
 * The working calendar a decision on an application is made by: the built-in years, and what the agency or one above it
 * announced instead.
 */
import { CHINA_CALENDAR, chinaCalendar } from '../../calendars/china.js';
import type { Command } from '../../domain/acts.js';
import type { Agency } from '../../domain/agency/state.js';
import { announcementsIn, calendarInForce, calendarRules } from '../../domain/small-kinds/calendar.js';
import type { CalendarUsed } from '../../domain/facts.js';
import { yearOf } from '../../time/calendar-date.js';
import type { CalendarYear, WorkCalendar } from '../../time/working-days.js';
import { lineOf, type Load } from './agency-line.js';
import { YEARS_AHEAD } from '../../read-models/deadlines/closes.js';
import { viewOf, type LoadedCase } from './case-store.js';

/** Acts whose decision asks what day is a working day. */
const BY_THE_CALENDAR: ReadonlySet<string> = new Set([
  'application.extended',
  'application.replied',
  'application.abandoned',
  'application.withdrawn',
]);

/**
 * One lane for all calendars: an announcement holds for every agency below, which only reading the agencies would tell.
 */
const LANE = 'calendars';

/**
 * The lanes of a message that have to do with calendars: an announcement writes them, a decision by the calendar reads
 * them.
 */
export function calendarLanes({ type }: Pick<Command, 'type'>): { readonly writes: readonly string[]; readonly reads: readonly string[] } {
  return { writes: type === 'calendar.announced' ? [LANE] : [], reads: goesByCalendar({ type }) ? [LANE] : [] };
}

export interface CalendarFacts {
  readonly calendar: WorkCalendar;
  readonly calendarUsed: CalendarUsed;
}

/** Whether the decision asks what day is a working day. */
export function goesByCalendar({ type }: Pick<Command, 'type'>): boolean {
  return BY_THE_CALENDAR.has(type);
}

/**
 * The calendar in force for the act's agency in the years that can matter to its decision, from the receipt of its case
 * on; null for acts that ask no calendar. An agency's place under others is that of the day of the act.
 */
export async function calendarFor(command: Command, loaded: LoadedCase, agency: Agency | null, load: Load): Promise<CalendarFacts | null> {
  if (agency === null || !goesByCalendar(command)) return null;
  const { acts, voided } = loaded.state;
  const received = acts.find(({ type, eventId }) => type === 'application.received' && !voided.has(eventId));
  const from = Math.min(yearOf(received?.on ?? command.on), yearOf(command.on));
  const years = Array.from({ length: yearOf(command.on) + YEARS_AHEAD - from + 1 }, (_, offset) => from + offset);
  const announced: CalendarYear[][] = [];
  for (const code of await lineOf(agency, command.on, load)) announced.push(await announcedBy(code, years, load));
  const calendar = calendarInForce(chinaCalendar, announced);
  return { calendar, calendarUsed: { builtIn: CHINA_CALENDAR, announced: announcementsIn(calendar) } };
}

async function announcedBy(agency: string, years: readonly number[], load: Load): Promise<CalendarYear[]> {
  const found: CalendarYear[] = [];
  for (const year of years) {
    const view = viewOf(calendarRules, await load(agency, { kind: 'calendar', number: String(year) }));
    if (view !== null) found.push(view);
  }
  return found;
}
