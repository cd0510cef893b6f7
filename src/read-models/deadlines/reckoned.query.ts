/** The due date of a receipt that nobody recorded, day by day, by the built-in working days. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { chinaCalendar } from '../../calendars/china.js';
import { clockOn, explainClock, lawOn, LAWS, type ClockAct, type Law } from '../../domain/application/clock.js';
import { isCalendarDate, type CalendarDate } from '../../time/calendar-date.js';
import { QueryProblem } from '../query-problem.js';
import { daysOf, EARLIEST, LATEST, type DayOfDeadline } from './deadline-reader.js';

export interface ReckonedDeadline {
  readonly receivedOn: CalendarDate;
  readonly law: Law;
  /** Both null where the calendar leaves no such day. */
  readonly ordinaryEnd: CalendarDate | null;
  readonly dueOn: CalendarDate | null;
  /** The due date rests on a year without a built-in calendar. */
  readonly provisional: boolean;
  readonly explanation: readonly DayOfDeadline[];
}

/** `law` absent = the text in force on the day of receipt. Errors: `bad-parameter`. */
export class ReckonDeadline extends Query<ReckonedDeadline> {
  constructor(
    readonly received: string | undefined,
    readonly law?: string,
  ) {
    super();
  }
}

@QueryHandler(ReckonDeadline)
export class ReckonDeadlineHandler implements IQueryHandler<ReckonDeadline> {
  execute({ received, law }: ReckonDeadline): Promise<ReckonedDeadline> {
    return Promise.resolve().then(() => reckon(dayOf(received), law));
  }
}

function reckon(receivedOn: CalendarDate, named: string | undefined): ReckonedDeadline {
  const law = named === undefined ? lawOn(receivedOn) : LAWS.find((known) => known === named);
  if (law === undefined)
    throw new QueryProblem('bad-parameter', `There is no law ${String(named)}.`, `Texts of the regulation are ${LAWS.join(', ')}.`);
  // No other act is known, so any day on which it is open gives the same reading.
  const acts: readonly ClockAct[] = [{ type: 'received', eventId: '', on: receivedOn, instant: 0 }];
  const { ordinaryEnd, dueOn, provisional } = clockOn(chinaCalendar, law, acts, receivedOn);
  return { receivedOn, law, ordinaryEnd, dueOn, provisional, explanation: daysOf(explainClock(chinaCalendar, law, acts, receivedOn)) };
}

function dayOf(received: string | undefined): CalendarDate {
  if (received !== undefined && isCalendarDate(received) && received >= EARLIEST && received <= LATEST) return received;
  throw new QueryProblem(
    'bad-parameter',
    received === undefined ? 'received is missing.' : `"${received}" is no day of a receipt.`,
    `Give received=, a date from ${EARLIEST} to ${LATEST}, YYYY-MM-DD.`,
  );
}
