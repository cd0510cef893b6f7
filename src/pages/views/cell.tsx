/** What stands behind a number. */
import type { JSX } from 'preact';
import { parseDecimal } from '../../encoding/decimal.js';
import { printAmount, SCALE } from '../../statistics/amount.js';
import { labelOf } from '../../statistics/cell-label.js';
import { findForm } from '../../statistics/forms/registry.js';
import type { DayValue } from '../../tables/cell-history.js';
import type { Explanation, Table } from '../../tables/table.js';
import { casePage, proofPage } from '../addresses.js';
import type { Words } from '../words/words.js';
import { Charted } from './chart.js';
import type { Crumb, Shown } from './layout.js';
import { BigFigures, Moment, SeverityTag, Summary, TableOr, When } from './parts.js';

export interface CellView {
  readonly words: Words;
  readonly table: Table;
  readonly explanation: Explanation;
  readonly history: readonly DayValue[];
  /** Whether its cases are for who looks, and the proofs of its events. */
  readonly cases: boolean;
  readonly provable: boolean;
  readonly crumbs: readonly Crumb[];
}

export function cellPageOf(view: CellView): Shown {
  const { words, table, explanation, crumbs, history } = view;
  const { cell, value } = explanation;
  const row = rowOf(table, cell);
  return {
    title: `${cell} ${labelOf(table, cell) ?? ''}`,
    crumbs,
    body: (
      <>
        <BigFigures figures={[[`${table.year} ${row?.unit ?? ''}`, value ?? '–']]} />
        <Summary
          facts={[
            [words('form'), findForm(table.form)?.title ?? table.form],
            [words('basis'), row?.basis == null ? '–' : words.basis(row.basis)],
            [words('asOf'), <Moment of={table.asOf} />],
          ]}
        />
        <Findings view={view} />
        <Events view={view} />
        <History words={words} history={history} />
      </>
    ),
  };
}

function rowOf({ rows }: Table, cell: string): Table['rows'][number] | undefined {
  const [code] = cell.split(':');
  return rows.find((row) => row.code === code);
}

function Findings({ view: { words, table, explanation } }: { readonly view: CellView }): JSX.Element | null {
  const own = table.findings.filter(({ cells }) => cells.includes(explanation.cell));
  if (own.length === 0) return null;
  return (
    <>
      <h2 class="govuk-heading-m">{words('findings')}</h2>
      <ul class="govuk-list govuk-list--bullet">
        {own.map(({ severity, message }) => (
          <li>
            <SeverityTag words={words} severity={severity} /> <bdi>{message}</bdi>
          </li>
        ))}
      </ul>
    </>
  );
}

function Events({ view }: { readonly view: CellView }): JSX.Element {
  const { words, explanation, table, cases, provable } = view;
  const { events } = explanation;
  const sums = runningSums(events.map(({ amount }) => amount));
  return (
    <TableOr
      caption={words('events')}
      nothing={words('noEvents')}
      columns={[
        { head: words('on') },
        { head: words('act') },
        { head: words('case') },
        { head: words('recordedAt') },
        { head: words('amount'), numeric: true },
        { head: words('runningSum'), numeric: true },
        ...(provable ? [{ head: words('proof') }] : []),
      ]}
      rows={events.map((event, at) => [
        <span class="app-nowrap">{event.occurredOn}</span>,
        words.act(event.type),
        cases ? <a href={casePage(event.agency ?? table.agency, event.case)}>{event.case}</a> : event.case,
        <When at={event.recordedAt} />,
        event.amount,
        sums[at] ?? '',
        ...(provable ? [<a href={proofPage(event.eventId)}>{words('proof')}</a>] : []),
      ])}
    />
  );
}

/** Exact sums up to each of them. */
function runningSums(amounts: readonly string[]): string[] {
  let sum = 0n;
  return amounts.map((amount) => printAmount((sum += parseDecimal(amount, SCALE) ?? 0n)));
}

function History({ words, history }: { readonly words: Words; readonly history: readonly DayValue[] }): JSX.Element | null {
  if (history.length < 2) return null;
  return (
    <Charted
      caption={words('history')}
      bars={history.map(({ on, value }) => [on ?? '', Number(value ?? 0)])}
      columns={[{ head: words('recordedAt') }, { head: words('value'), numeric: true }]}
      rows={history.map(({ on, value }) => [<When at={on} />, value ?? '–'])}
    />
  );
}
