/**
 * The calendar of a year as an agency announces it (节假日安排), for itself and for everybody below it. Announcing again
 * replaces; nothing is voided. `calendar/<year>` is the case.
 */
import type { ActOf, CommandOf, FactsByType } from '../acts.js';
import { notAdministrator } from '../agency/rules.js';
import { administratorRole } from '../agency/state.js';
import { unknownAgency, type CaseRules, type DecisionContext } from '../case.js';
import { accept, refuse, type Decision, type Refused } from '../decider.js';
import type { CalendarUsed } from '../facts.js';
import { standingBy } from '../standing.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { CalendarYear, WorkCalendar } from '../../time/working-days.js';

type Announcement = CommandOf<'calendar.announced'>;
export type CalendarData = Announcement['data'];

// ---- state ----------------------------------------------------------------------------------------------------------

/** The last announcement of the year; null before the first. */
export type CalendarView = CalendarYear | null;

export function calendarYearOf(eventId: string, { year, off, worked, notice }: CalendarData): CalendarYear {
  return { year, off: new Set(off), worked: new Set(worked), notice, eventId };
}

/**
 * The calendar in force for an agency: of each year its own announcement, else that of the nearest agency above it that
 * announced the year, else the built-in one. `announced`: the announced years of the agency and of every agency above
 * it, nearest first.
 */
export function calendarInForce(builtIn: WorkCalendar, announced: readonly (readonly CalendarYear[])[]): WorkCalendar {
  const years = new Map(builtIn);
  for (const own of [...announced].reverse()) for (const calendarYear of own) years.set(calendarYear.year, calendarYear);
  return years;
}

/** The years of a calendar that were announced, in their order. */
export function announcementsIn(calendar: WorkCalendar): CalendarUsed['announced'] {
  return [...calendar.values()]
    .flatMap(({ year, eventId }) => (eventId === undefined ? [] : [{ year, eventId }]))
    .sort((a, b) => a.year - b.year);
}

// ---- evolve ---------------------------------------------------------------------------------------------------------

function evolve(_view: CalendarView, act: ActOf<'calendar.announced'>): CalendarView {
  return calendarYearOf(act.eventId, act.data);
}

// ---- decide ---------------------------------------------------------------------------------------------------------

function decide(view: CalendarView, command: Announcement, context: DecisionContext): Decision<FactsByType['calendar.announced']> {
  const { agency, sender } = context;
  if (agency === null) return unknownAgency(command);
  const refused = notAdministrator(agency, command, sender) ?? refuseSubject(command) ?? refuseDates(command);
  return refused ?? accept({ basis: [], role: administratorRole, replaces: view?.eventId ?? null });
}

function refuseSubject({ subject, data }: Announcement): Refused | null {
  const { year } = data;
  if (subject.number === String(year)) return null;
  return refuse(
    'bad-subject',
    `The calendar of ${year} is announced on calendar/${year}.`,
    'Let subject and data.year name the same year.',
  );
}

function refuseDates({ data }: Announcement): Refused | null {
  const { year, off, worked } = data;
  const listed = [...off, ...worked];
  const elsewhere = listed.find((date) => !date.startsWith(`${year}-`));
  if (elsewhere !== undefined) return invalidDate(elsewhere, `is not in ${year}`);
  const twice = listed.find((date, at) => listed.indexOf(date) !== at);
  return twice === undefined
    ? null
    : invalidDate(twice, off.includes(twice) && worked.includes(twice) ? 'is both off and worked' : 'stands twice');
}

function invalidDate(date: CalendarDate, problem: string): Refused {
  return refuse('invalid-data', `${date} ${problem}.`, 'off and worked list days of the year, each once in one of them.', {
    field: 'data.off, data.worked',
    date,
  });
}

export const calendarRules: CaseRules<CalendarView, 'calendar.announced'> = {
  kind: 'calendar',
  ...standingBy({ 'calendar.announced': (_before, { data }) => ({ state: 'announced', title: data.notice ?? null }) }),
  initial: null,
  evolve,
  decide,
  notVoidable: new Set(['calendar.announced']),
};
