/** The announcement of a year's working days as a message, from the notice that this release holds. */
import { BUILT_IN, heldCalendar } from '../calendars/notices.js';
import { endOfDay, formatInstant, type Instant } from '../time/instant.js';
import { publicType } from '../events/catalog.js';
import { readMessageValue } from '../intake/message-reader.js';
import { QueryProblem } from '../read-models/query-problem.js';

/**
 * Who announces, and under which id; what is left out is filled in, or stands as a word in capitals that no ledger
 * takes.
 */
export interface Announcer {
  readonly agency?: string;
  readonly actor?: string;
  readonly id?: string;
  readonly source?: string;
  readonly time?: string;
}

export interface CalendarMessage {
  readonly message: Readonly<Record<string, unknown>>;
  /** Attributes that are still to be filled in. */
  readonly missing: readonly string[];
}

/** The last instant that the built-in calendar says something of. */
export function builtInCalendarEnds(): Instant {
  return endOfDay(`${BUILT_IN.last}-12-31`);
}

/**
 * Errors: `no-notice` where the release holds none for the year, `bad-parameter` where what is given can be in no
 * message.
 */
export function calendarMessage(year: number, announcer: Announcer, now: Instant): CalendarMessage {
  const data = heldCalendar(year);
  if (data === null)
    throw new QueryProblem(
      'no-notice',
      `本版本没有 ${year} 年节假日安排的通知 (this release holds no notice of the State Council's office for ${year})`,
      'Write calendar.announced by hand when the notice is published: year, off (weekdays off), worked (weekend days worked), notice.',
    );
  const time = announcer.time ?? formatInstant(now).replace(/\.\d{3}/, '');
  const { agency = 'AGENCY', actor = 'ACTOR', source = '/disclosure/calendar' } = announcer;
  // Another id for each agency and second: announcing again, also with other dates, is another act.
  const id = announcer.id ?? `calendar-${year}-${agency}-${formatInstant(now).slice(0, 19).replaceAll(/[-:]/g, '')}`;
  const type = publicType('calendar.announced');
  const message = { specversion: '1.0', id, source, type, subject: `calendar/${year}`, time, agency, actor, data };
  const read = readMessageValue({ ...message, agency: announcer.agency ?? 'agency' }, now);
  if (!read.ok) throw new QueryProblem('bad-parameter', read.refusal.message, read.refusal.hint);
  return { message, missing: (['agency', 'actor'] as const).filter((name) => announcer[name] === undefined) };
}
