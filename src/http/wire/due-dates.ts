/**
 * Due dates as a calendar file (iCalendar, RFC 5545), for the calendars that officers have. ical-generator and not
 * `ics`: it folds and escapes the same and brings no validator of its own.
 */
import ical from 'ical-generator';
import type { Deadlines } from '../../read-models/deadlines/deadline-reader.js';

/**
 * A whole day for each due date; what awaits something has none. Neither titles nor names: calendars are shared.
 * `origin` names the ledger, so that a case has one UID however often the file is fetched.
 */
export function dueDates({ on, open }: Deadlines, origin: string): string {
  const calendar = ical({ name: '依申请公开答复期限', prodId: { company: 'disclosure', product: 'deadlines', language: 'ZH' } });
  for (const { agency, case: of, dueOn } of open) {
    if (dueOn === null) continue;
    const id = `${of}.${agency}@${origin}`;
    calendar.createEvent({
      id,
      start: new Date(dueOn),
      allDay: true,
      stamp: new Date(on),
      summary: `${of} 答复期限届满 reply due (${agency})`,
    });
  }
  return calendar.toString();
}
