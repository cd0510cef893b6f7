/** Open applications by their due dates, and the days of one drawn as a calendar. */
import type { JSX } from 'preact';
import type { DayOfDeadline, Deadline, Deadlines } from '../../read-models/deadlines/deadline-reader.js';
import { dateOfDay, dayNumber } from '../../time/working-days.js';
import { applicationsPage, casePage } from '../addresses.js';
import type { Words } from '../words/words.js';
import { awaited, daysLeft } from './home.js';
import type { Crumb, Shown } from './layout.js';
import { DataTable, Tag } from './parts.js';

export interface ApplicationsView {
  readonly words: Words;
  readonly agency: string;
  readonly deadlines: Deadlines;
  readonly crumbs: readonly Crumb[];
}

export function applicationsPageOf({ words, agency, deadlines, crumbs }: ApplicationsView): Shown {
  const { on, open } = deadlines;
  return {
    title: words('applications'),
    crumbs,
    body: (
      <>
        {open.length === 0 ? <p>{words('nothingDue')}</p> : null}
        <DataTable
          caption={`${words('due')} (${on})`}
          columns={[
            { head: words('case') },
            { head: words('received') },
            { head: words('dueOn') },
            { head: words('daysLeft'), numeric: true },
            { head: words('remarks') },
            { head: words('calendar') },
          ]}
          rows={open.map((one) => [
            <a href={casePage(agency, one.case)}>{one.case}</a>,
            one.receivedOn,
            one.dueOn ?? `${words('awaited')} ${awaited(one, words)}`,
            daysLeft(one, words),
            one.provisional ? <Tag colour="yellow">{words('provisional')}</Tag> : '',
            <a href={applicationsPage(agency, { case: one.case })}>{words('calendar')}</a>,
          ])}
        />
        {open.map((one) => (one.explanation === undefined ? null : <Calendar words={words} deadline={one} days={one.explanation} />))}
      </>
    ),
  };
}

interface CalendarView {
  readonly words: Words;
  readonly deadline: Deadline;
  readonly days: readonly DayOfDeadline[];
}

function Calendar({ words, deadline, days }: CalendarView): JSX.Element {
  const months = Map.groupBy(days, ({ date }) => date.slice(0, 7));
  return (
    <section>
      <h2 class="govuk-heading-m">{`${words('calendar')}: ${deadline.case}`}</h2>
      {[...months].map(([month, own]) => (
        <Month words={words} month={month} days={own} dueOn={deadline.dueOn} />
      ))}
    </section>
  );
}

interface MonthView {
  readonly words: Words;
  readonly month: string;
  readonly days: readonly DayOfDeadline[];
  readonly dueOn: string | null;
}

const WEEKDAYS = { zh: ['一', '二', '三', '四', '五', '六', '日'], en: ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'] } as const;

function Month({ words, month, days, dueOn }: MonthView): JSX.Element {
  const byDate = new Map<string, DayOfDeadline>(days.map((day) => [day.date, day]));
  return (
    <div class="app-wide" tabIndex={0} role="region" aria-label={month}>
      <table class="app-calendar">
        <caption class="govuk-table__caption govuk-table__caption--s">{month}</caption>
        <thead>
          <tr>
            {WEEKDAYS[words.language].map((day) => (
              <th scope="col">{day}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr>
              {week.map((date) => (
                <Day words={words} date={date} day={date === null ? undefined : byDate.get(date)} isDue={date !== null && date === dueOn} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface DayView {
  readonly words: Words;
  readonly date: string | null;
  readonly day: DayOfDeadline | undefined;
  readonly isDue: boolean;
}

function Day({ words, date, day, isDue }: DayView): JSX.Element {
  const kind = day === undefined ? '' : day.counted === null ? 'app-calendar__rest' : 'app-calendar__counted';
  return (
    <td class={[kind, ...(isDue ? ['app-calendar__due'] : [])].join(' ')}>
      {date === null ? '' : Number(date.slice(8))}
      {day === undefined ? null : <small>{day.counted === null ? words.day(day.rule) : day.counted}</small>}
      {isDue ? <small>{words('dueOn')}</small> : null}
    </td>
  );
}

/** The weeks of a month, Monday first; null outside of it. */
function weeksOf(month: string): (string | null)[][] {
  const first = dayNumber(`${month}-01`);
  const lead = (new Date(`${month}-01`).getUTCDay() + 6) % 7;
  const weeks: (string | null)[][] = [];
  for (let monday = first - lead; monday <= first || dateOfDay(monday).startsWith(month); monday += 7)
    weeks.push(Array.from({ length: 7 }, (_, at) => dateOfDay(monday + at)).map((date) => (date.startsWith(month) ? date : null)));
  return weeks;
}
