/** Where people would rather look: bars, and the same numbers in a table beside, each leading to its events. */
import type { JSX } from 'preact';
import type { ProseFigure } from '../../statistics/prose/figures.js';
import type { Statistics } from '../../tables/statistics-reader.js';
import { cellPage } from '../addresses.js';
import type { Word, Words } from '../words/words.js';
import { barChart } from './chart.js';
import type { Crumb, Shown } from './layout.js';
import { DataTable } from './parts.js';

export interface StatisticsView {
  readonly words: Words;
  readonly found: Statistics;
  readonly crumbs: readonly Crumb[];
}

/** Groups of figures by the name that stands before the colon of their codes. */
const GROUPS: readonly (readonly [name: string, title: Word])[] = [
  ['s.items-by-month', 'byMonth'],
  ['s.items-by-channel', 'byChannel'],
  ['s.applications-by-channel', 'applicationsByChannel'],
];

export function statisticsPage(view: StatisticsView): Shown {
  const { words, found, crumbs } = view;
  return {
    title: `${words('charts')} ${found.year}`,
    crumbs,
    body: (
      <>
        {GROUPS.map(([name, title]) => (
          <Group view={view} title={words(title)} figures={found.statistics.filter(({ code }) => code.startsWith(`${name}:`))} />
        ))}
        <AnswerDays words={words} figure={found.statistics.find(({ code }) => code === 's.median-days')} />
      </>
    ),
  };
}

interface GroupView {
  readonly view: StatisticsView;
  readonly title: string;
  readonly figures: readonly ProseFigure[];
}

function Group({ view: { words, found }, title, figures }: GroupView): JSX.Element | null {
  if (figures.length === 0) return null;
  const { agency, year } = found;
  return (
    <section>
      <h2 class="govuk-heading-m">{title}</h2>
      {barChart(
        title,
        figures.map(({ code, value }) => [code.slice(code.indexOf(':') + 1), Number(value ?? 0)]),
      )}
      <DataTable
        caption={title}
        columns={[{ head: words('indicator') }, { head: words('value'), numeric: true }]}
        rows={figures.map(({ code, label, value }) => [label, <a href={cellPage({ agency, year, cell: code })}>{value ?? '–'}</a>])}
      />
    </section>
  );
}

/** How many working days answers took, by number of days. */
function AnswerDays({ words, figure }: { readonly words: Words; readonly figure: ProseFigure | undefined }): JSX.Element | null {
  const cases = figure?.cases ?? [];
  if (cases.length === 0) return null;
  const byDays = [...Map.groupBy(cases, ({ days }) => days)].sort(([a], [b]) => a - b);
  return (
    <section>
      <h2 class="govuk-heading-m">{words('answerDays')}</h2>
      {barChart(
        words('answerDays'),
        byDays.map(([days, own]) => [String(days), own.length]),
      )}
      <DataTable
        caption={words('answerDays')}
        columns={[
          { head: words('workingDays'), numeric: true },
          { head: words('count'), numeric: true },
        ]}
        rows={byDays.map(([days, own]) => [days, own.length])}
      />
    </section>
  );
}
