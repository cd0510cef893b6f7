/**
 * Acts about a whole year (a figure or table declared for it, its report) wait until the year has begun: of one that
 * has not nothing can be known, and its table would be zeros that look like a report. The day is handed in; the domain
 * reads no clock.
 */
import type { Command } from './acts.js';
import { refuse, type Refused } from './decider.js';
import { yearOf, type CalendarDate } from '../time/calendar-date.js';
import type { CaseRef } from './identifiers.js';

interface NamedYear {
  readonly year: number;
  /** Where the message names it. */
  readonly field: string;
}

/** The year an act is about, where that is not the year of its day; null for any other act. */
function namedYear(command: Command): NamedYear | null {
  const isNamed =
    command.type === 'agency.figure-declared' ||
    command.type === 'table.declared' ||
    command.type === 'report.compiled' ||
    command.type === 'report.text-drafted' ||
    command.type === 'report.text-revised';
  return isNamed ? { year: command.data.year, field: 'data.year' } : reportedYear(command.subject);
}

function reportedYear({ kind, number }: CaseRef): NamedYear | null {
  // The report of a year is a case of its own, `report/2027` or `report/2027-rollup`.
  const reported = kind === 'report' ? /^\d{4}/.exec(number)?.[0] : undefined;
  return reported === undefined ? null : { year: Number(reported), field: 'subject' };
}

/**
 * The refusal of an act about a year that has not begun on `today`, a day in Asia/Shanghai. A void takes back all the
 * same.
 */
export function refuseYearNotBegun(command: Command, today: CalendarDate): Refused | null {
  const named = command.type.startsWith('record.') ? null : namedYear(command);
  if (named === null || named.year <= yearOf(today)) return null;
  const problem = `${named.field} names ${named.year}, which has not begun in Asia/Shanghai`;
  return refuse('invalid-data', `${problem}.`, `Name a year up to ${yearOf(today)}, or send it when the year has begun.`, {
    problems: [{ field: named.field, problem }],
  });
}
