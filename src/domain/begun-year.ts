/**
 * Acts about a whole year (a figure or table declared for it, its report) wait until the year has begun: of one that has not nothing can be known, and its
 * table would be zeros that look like a report. The day is handed in; the domain reads no clock.
 */
import type { Command } from './case.js';
import { refuse } from './decider.js';
import { yearOf, type CalendarDate } from './values.js';

interface NamedYear {
  readonly year: number;
  /** Where the message names it. */
  readonly field: string;
}

/** The year an act is about, where that is not the year of its day; null for any other act. */
function namedYear({ type, subject, data }: Pick<Command, 'type' | 'subject' | 'data'>): NamedYear | null {
  const { year } = data as { year?: number };
  if (type === 'agency.figure-declared' || type === 'table.declared' || type === 'report.compiled')
    return year === undefined ? null : { year, field: 'data.year' };
  // The report of a year is a case of its own, `report/2027` or `report/2027-rollup`.
  const reported = subject.kind === 'report' ? /^\d{4}/.exec(subject.number)?.[0] : undefined;
  return reported === undefined ? null : { year: Number(reported), field: 'subject' };
}

/** The refusal of an act about a year that has not begun on `today`, a day in Asia/Shanghai. A void takes back all the same. */
export function refuseYearNotBegun(
  command: Pick<Command, 'type' | 'subject' | 'data'>,
  today: CalendarDate,
): ReturnType<typeof refuse> | null {
  const named = command.type.startsWith('record.') ? null : namedYear(command);
  if (named === null || named.year <= yearOf(today)) return null;
  const problem = `${named.field} names ${named.year}, which has not begun in Asia/Shanghai`;
  return refuse('invalid-data', `${problem}.`, `Name a year up to ${yearOf(today)}, or send it when the year has begun.`, {
    problems: [{ field: named.field, problem }],
  });
}
