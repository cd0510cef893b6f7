/** Where people would rather look: bars, and the same numbers in a table beside, each leading to its events. */
import type { JSX } from 'preact';
import { median, type StepWaits } from '../../read-models/trail/review-waits.js';
import { valuesOf } from '../../statistics/table.js';
import type { ProseFigure } from '../../statistics/prose/figures.js';
import type { Statistics } from '../../tables/statistics-reader.js';
import type { Table } from '../../tables/table.js';
import { labelOf } from '../../statistics/cell-label.js';
import { cellPage } from '../addresses.js';
import type { Word, Words } from '../words/words.js';
import { Charted } from './chart.js';
import type { Crumb, Shown } from './layout.js';
import { CellLink } from './parts.js';

export interface StatisticsView {
  readonly words: Words;
  readonly found: Statistics;
  /** Of the same year; null where no form serves it. */
  readonly table: Table | null;
  /** How long reviews of the year waited. */
  readonly waits: readonly StepWaits[];
  readonly crumbs: readonly Crumb[];
}

/** Groups of figures by the name that stands before the colon of their codes. */
const GROUPS: readonly (readonly [name: string, title: Word])[] = [
  ['s.items-by-month', 'byMonth'],
  ['s.items-by-channel', 'byChannel'],
  ['s.applications-by-channel', 'applicationsByChannel'],
];

export function statisticsPage(view: StatisticsView): Shown {
  const { words, found, waits, crumbs } = view;
  return {
    title: `${words('charts')} ${found.year}`,
    crumbs,
    body: (
      <>
        {GROUPS.map(([name, title]) => (
          <Group view={view} title={words(title)} figures={found.statistics.filter(({ code }) => code.startsWith(`${name}:`))} />
        ))}
        <Outcomes view={view} />
        <AnswerDays words={words} figure={found.statistics.find(({ code }) => code === 's.median-days')} />
        <ReviewWaits words={words} waits={waits} />
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
    <Charted
      caption={title}
      bars={figures.map(({ code, value }) => [code.slice(code.indexOf(':') + 1), Number(value ?? 0)])}
      columns={[{ head: words('indicator') }, { head: words('value'), numeric: true }]}
      rows={figures.map(({ code, label, value }) => [label, <a href={cellPage({ agency, year, cell: code })}>{value ?? '–'}</a>])}
    />
  );
}

/** What came of applications, and who made them: rows and columns of part three. Other forms have no such part. */
function Outcomes({ view: { words, table } }: { readonly view: StatisticsView }): JSX.Element | null {
  if (table === null) return null;
  const kinds = table.columns
    .filter(({ section, key }) => section === '3' && key !== TOTAL)
    .map(({ key, label }) => [`3.1:${key}`, label] as const);
  const outcomes = table.rows
    .filter(({ code, cells }) => cells !== undefined && /^3\.3\.(?!7$)/.test(code))
    .map(({ code, label }) => [`${code}:${TOTAL}`, label] as const);
  return (
    <>
      <CellGroup view={{ words, table }} title={words('applicationsByKind')} cells={kinds} />
      <CellGroup view={{ words, table }} title={words('applicationsByOutcome')} cells={outcomes} />
    </>
  );
}

/** The column over all kinds of applicants, and the row over all results. */
const TOTAL = 'total';

interface CellGroupView {
  readonly view: { readonly words: Words; readonly table: Table };
  readonly title: string;
  readonly cells: readonly (readonly [cell: string, name: string])[];
}

/** Bars of cells of the table; the numbers beside them lead to their events. */
function CellGroup({ view: { words, table }, title, cells }: CellGroupView): JSX.Element | null {
  const values = valuesOf(table.rows);
  const shown = cells.filter(([cell]) => values.has(cell));
  if (shown.length === 0) return null;
  const { agency, year } = table;
  return (
    <Charted
      caption={title}
      bars={shown.map(([cell, name]) => [name.length > SHORT ? (cell.split(':')[0] ?? cell) : name, Number(values.get(cell) ?? 0)])}
      columns={[{ head: words('indicator') }, { head: words('value'), numeric: true }]}
      rows={shown.map(([cell]) => [
        <CellLink href={cellPage({ agency, year, cell })} cell={cell} label={labelOf(table, cell)} />,
        values.get(cell) ?? '–',
      ])}
    />
  );
}

/** Characters that fit under a bar. */
const SHORT = 6;

/** How many working days answers took, by number of days. */
function AnswerDays({ words, figure }: { readonly words: Words; readonly figure: ProseFigure | undefined }): JSX.Element | null {
  const cases = figure?.cases ?? [];
  if (cases.length === 0) return null;
  const byDays = [...Map.groupBy(cases, ({ days }) => days)].sort(([a], [b]) => a - b);
  return (
    <Charted
      caption={words('answerDays')}
      bars={byDays.map(([days, own]) => [String(days), own.length])}
      columns={[
        { head: words('workingDays'), numeric: true },
        { head: words('count'), numeric: true },
      ]}
      rows={byDays.map(([days, own]) => [days, own.length])}
    />
  );
}

const DAY_MS = 86_400_000;
/** Days up to which a bar counts the waits that were longer than those of the bar before; the last has no end. */
const WAITED_DAYS = [1, 2, 3, 5, 10, 20, Infinity] as const;

/** How long each step of the chain let what came before it wait. */
function ReviewWaits({ words, waits }: { readonly words: Words; readonly waits: readonly StepWaits[] }): JSX.Element | null {
  if (waits.length === 0) return null;
  const names = WAITED_DAYS.map((days, at) => (days === Infinity ? `> ${WAITED_DAYS[at - 1]}` : `≤ ${days}`));
  const all = spread(waits.flatMap((one) => one.waits));
  return (
    <Charted
      caption={words('reviewWaits')}
      bars={names.map((name, at) => [name, all[at] ?? 0])}
      columns={[
        { head: words('step') },
        ...names.map((name) => ({ head: `${name} ${words('days')}`, numeric: true as const })),
        { head: words('medianWait'), numeric: true },
        { head: words('longestWait'), numeric: true },
      ]}
      rows={waits.map(({ step, waits: own }) => [
        step ?? words('signOff'),
        ...spread(own),
        (median(own.map((wait) => wait / DAY_MS)) ?? 0).toFixed(1),
        (Math.max(...own) / DAY_MS).toFixed(1),
      ])}
    />
  );
}

/** How many waits each bar counts. */
function spread(waits: readonly number[]): number[] {
  return WAITED_DAYS.map((days, at) => {
    const from = (WAITED_DAYS[at - 1] ?? -1) * DAY_MS;
    return waits.filter((wait) => wait > from && wait <= days * DAY_MS).length;
  });
}
