/** A yearly table in the layout of its form: each number leads to the events behind it. */
import type { JSX } from 'preact';
import type { Change } from '../../read-models/figures/changes.js';
import type { Finding } from '../../statistics/checks.js';
import { labelOf } from '../../statistics/cell-label.js';
import { titleLine } from '../../statistics/layout/layouts.js';
import type { TableLayout } from '../../statistics/layout/layout.js';
import { valuesOf } from '../../statistics/table.js';
import type { Table } from '../../tables/table.js';
import { cellPage, reportPage, tablePage, withAsked, type Asked } from '../addresses.js';
import type { Words } from '../words/words.js';
import { Changed } from './tables/changed.js';
import { Compared } from './tables/compared.js';
import { findingAt, placeOf, PrintedForm, type CellMark } from './form-grid.js';
import type { Crumb, Shown } from './layout.js';
import { Button, CellLink, Choice, Field, Hash, InLine, Moment, SeverityTag, Summary, TableOr, Tag, When } from './parts.js';

export interface TableView {
  readonly words: Words;
  readonly table: Table;
  /** Name of the agency. */
  readonly agency: string;
  /** undefined for a form that this program does not hold. */
  readonly layout: TableLayout | undefined;
  /** Against what stands published. */
  readonly difference: { readonly form: string; readonly changes: readonly Change[] };
  /** The views there are. */
  readonly views: readonly string[];
  /** Of the agency, with records. */
  readonly years: readonly number[];
  readonly asked: Asked;
  readonly crumbs: readonly Crumb[];
}

export function tablePageOf(view: TableView): Shown {
  const { words, table, agency, crumbs } = view;
  return {
    title: `${agency} ${table.year} ${words('table')}`,
    heading: <InLine by=" " parts={[agency, table.year, words('table')]} />,
    crumbs,
    body: (
      <>
        <Asking view={view} />
        {table.stale === null ? null : (
          <p>
            <Tag colour="yellow">
              {words('stale')} (<When at={table.stale.since} />)
            </Tag>
          </p>
        )}
        <Printed view={view} />
        <Compared view={{ words, table, linkTo: linksOf(view) }} />
        <Findings view={view} />
        <Changes view={view} />
        <About view={view} />
      </>
    ),
  };
}

function Printed({ view }: { readonly view: TableView }): JSX.Element | null {
  const { words, table, layout, agency, difference } = view;
  if (layout === undefined) return null;
  const values = valuesOf(table.rows);
  return (
    <PrintedForm
      words={words}
      layout={layout}
      agency={agency}
      title={titleLine(layout, '')}
      valueOf={(cell) => values.get(cell) ?? null}
      markOf={marksOf(table.findings, difference.form === table.form ? difference.changes : [])}
      linkTo={linksOf(view)}
    />
  );
}

function Asking({ view: { words, table, views, years, asked } }: { readonly view: TableView }): JSX.Element {
  const known: Readonly<Record<string, string>> = { live: words('live'), paper: words('paper'), published: words('published') };
  const options = [
    ['', words('defaultView')] as const,
    ...views.map((one) => [one, known[one] ?? one] as const),
    ...(views.includes('published') ? [['difference', words('difference')] as const] : []),
  ];
  const others = years.filter((year) => year !== table.year).map((year) => [String(year), String(year)] as const);
  return (
    <form method="get" action={tablePage(table.agency, table.year)} class="app-filters" aria-label={words('views')}>
      {asked['form'] === undefined ? null : <input type="hidden" name="form" value={asked['form']} />}
      <Choice name="view" label={words('view')} chosen={asked['view']} options={options} />
      {others.length === 0 ? null : (
        <Choice name="compare" label={words('compareWith')} chosen={asked['compare']} options={[['', words('noYear')], ...others]} />
      )}
      <Field name="asOf" label={words('asOf')} hint={words('asOfHint')} value={asked['asOf'] ?? ''} />
      <Button secondary>{words('show')}</Button>
    </form>
  );
}

/** What is to be seen of a cell at a glance. */
function marksOf(findings: readonly Finding[], changes: readonly Change[]): (cell: string) => CellMark {
  const severities = new Map<string, string>();
  const places = new Map<string, number[]>();
  findings.forEach(({ cells }, at) => cells.forEach((cell) => places.set(cell, [...(places.get(cell) ?? []), at + 1])));
  // The gravest stays: errors are read last.
  for (const { severity, cells } of [...findings].sort((a, b) => weight(a) - weight(b)))
    for (const cell of cells) severities.set(cell, severity);
  const published = new Map(changes.map((change) => [change.cell, change.published]));
  return (cell) => {
    const severity = severities.get(cell);
    return {
      findings: places.get(cell) ?? [],
      ...(severity === undefined ? {} : { severity }),
      ...(published.has(cell) ? { published: published.get(cell) ?? '–' } : {}),
    };
  };
}

const weight = ({ severity }: Finding): number => ['info', 'warning', 'error'].indexOf(severity);

function linksOf({ table: { agency, year }, asked }: TableView): (cell: string) => string {
  const { view, compare: _, ...rest } = asked;
  // Events stand behind what is counted; a published or a paper table is read as it is.
  const kept = view === 'live' || view === 'paper' ? { ...rest, view } : rest;
  return (cell) => cellPage({ agency, year, cell }, kept);
}

function Findings({ view }: { readonly view: TableView }): JSX.Element {
  const { words, table } = view;
  const link = linksOf(view);
  const marked = valuesOf(table.rows);
  return (
    <TableOr
      caption={words('findings')}
      nothing={words('noFindings')}
      columns={[{ head: words('findings') }, { head: words('cell') }, { head: words('remarks') }]}
      rows={table.findings.map(({ severity, cells, message }, at) => [
        <>
          {`[${at + 1}] `}
          <SeverityTag words={words} severity={severity} />
        </>,
        cells.map((cell) => (
          <p>
            <CellLink href={link(cell)} cell={cell} label={labelOf(table, cell)} />
            {marked.has(cell) ? (
              <>
                {' '}
                <a href={`#${placeOf(cell)}`} aria-label={`${words('inTheTable')} ${cell}`}>
                  ↑
                </a>
              </>
            ) : null}
          </p>
        )),
        message,
      ])}
      ids={table.findings.map((_, at) => findingAt(at + 1))}
    />
  );
}

function Changes({ view }: { readonly view: TableView }): JSX.Element | null {
  const { words, table } = view;
  const { agency, year } = table;
  const { form, changes } = view.difference;
  if (changes.length === 0) return null;
  return (
    <Changed
      caption={words('changedSince')}
      heads={[words('cell'), words('asPublished'), words('now')]}
      // In the form and as of the moment that it was compared in.
      of={{ agency, year, form, asOf: view.asked['asOf'] }}
      changes={changes}
    />
  );
}

function About({ view: { words, table, years, asked } }: { readonly view: TableView }): JSX.Element {
  const { agency, year, form, view, asOf, hash } = table;
  return (
    <>
      <Summary
        facts={[
          [words('form'), form],
          [words('view'), view],
          [words('asOf'), <Moment of={asOf} />],
          [words('hash'), <Hash of={hash} />],
        ]}
      />
      <p>
        <a href={reportPage(agency, year)}>{`${words('report')} ${year}`}</a>
        {years.includes(year - 1) ? (
          <>
            {' · '}
            <a href={tablePage(agency, year, { compare: String(year - 1) })}>{`${words('yearsBesideEach')} ${year - 1}`}</a>
          </>
        ) : null}
        {' · '}
        <a
          href={withAsked(tablePage(agency, year), { ...asked, asOf: `index:${asOf.index ?? 0}` })}
        >{`${words('asOf')} index:${asOf.index ?? 0}`}</a>
      </p>
    </>
  );
}
