/** The home of an agency. */
import type { JSX } from 'preact';
import type { AgencyDescription } from '../../read-models/agencies/agency-lister.js';
import type { ListedCase } from '../../read-models/cases/case-list.js';
import type { Deadline, Deadlines } from '../../read-models/deadlines/deadline-reader.js';
import type { Change } from '../../read-models/figures/changes.js';
import type { YearSummary } from '../../read-models/trail/year-summary.js';
import type { YearMark } from '../../tables/table-list.js';
import { applicationsPage, casePage, officersPage, reportPage, statisticsPageAt, tablePage } from '../addresses.js';
import type { Words } from '../words/words.js';
import type { Crumb, Shown } from './layout.js';
import { BigFigures, DataTable, InLine, TableOr, Tag } from './parts.js';
import { Changed } from './tables/changed.js';

/** A year that is no longer as it was published. */
export interface Moved {
  readonly year: number;
  /** The form it was published in. */
  readonly form: string;
  readonly changes: readonly Change[];
}

export interface Home {
  readonly words: Words;
  readonly agency: Pick<AgencyDescription, 'agency' | 'name' | 'years'>;
  readonly years: readonly YearMark[];
  /** Of the last year. */
  readonly summary: YearSummary | null;
  /** null for who sees no cases. */
  readonly cases: { readonly mine: readonly ListedCase[]; readonly others: readonly ListedCase[] } | null;
  readonly deadlines: Deadlines | null;
  readonly moved: readonly Moved[];
  readonly crumbs: readonly Crumb[];
}

export function homePage(home: Home): Shown {
  const { words, agency, cases, deadlines, crumbs } = home;
  return {
    title: agency.name,
    crumbs,
    body: (
      <>
        <Links home={home} />
        <Glance home={home} />
        {cases === null ? null : (
          <>
            <Waiting home={home} title={words('waitsForMe')} cases={cases.mine} />
            <Waiting home={home} title={words('waitsForOthers')} cases={cases.others} />
          </>
        )}
        {deadlines === null ? null : <Due home={home} open={deadlines.open} />}
        <Tables home={home} />
        <Changes home={home} />
      </>
    ),
  };
}

function Links({ home: { words, agency, cases } }: { readonly home: Home }): JSX.Element {
  return (
    <nav class="app-nav" aria-label={agency.name}>
      <ul>
        {cases === null ? null : (
          <li>
            <a href={applicationsPage(agency.agency)}>{words('applications')}</a>
          </li>
        )}
        <li>
          <a href={officersPage(agency.agency)}>{words('officers')}</a>
        </li>
      </ul>
    </nav>
  );
}

function Glance({ home: { words, summary } }: { readonly home: Home }): JSX.Element | null {
  if (summary === null) return null;
  return (
    <section>
      <h2 class="govuk-heading-m">{`${summary.year} ${words('yearAtAGlance')}`}</h2>
      <BigFigures
        figures={[
          [words('released'), summary.released],
          [words('reviewed'), summary.reviewed],
          [words('returned'), summary.returned],
          [words('withoutReview'), summary.releasedWithoutReview],
          [words('medianDays'), summary.medianDaysToRelease ?? '–'],
        ]}
      />
    </section>
  );
}

function Waiting(given: { readonly home: Home; readonly title: string; readonly cases: readonly ListedCase[] }): JSX.Element {
  const { home, title, cases } = given;
  const { words, agency } = home;
  return (
    <section>
      <TableOr
        caption={title}
        nothing={words('nothingWaits')}
        columns={[
          { head: words('case') },
          { head: words('title') },
          { head: words('state') },
          { head: words('since') },
          { head: words('nextAct') },
          { head: words('who') },
        ]}
        rows={cases.map((one) => [
          <a href={casePage(agency.agency, one.case)}>{`${words.kind(one.kind)} ${one.number}`}</a>,
          one.title ?? words('notPublic'),
          words.state(one.state),
          <span class="app-nowrap">{one.since}</span>,
          <InLine
            by="; "
            parts={once(one.waitsFor, nextOf).map(({ act, step }) => (
              <InLine by=" " parts={[words.act(act), step]} />
            ))}
          />,
          once(one.waitsFor, whoOf).map((wait) => (
            <div>
              <WhoDoes wait={wait} words={words} />
            </div>
          )),
        ])}
      />
    </section>
  );
}

type Waits = ListedCase['waitsFor'][number];

const nextOf = ({ act, step }: Waits): string => JSON.stringify([act, step]);
const whoOf = ({ role, holders }: Waits): string => JSON.stringify([role, holders]);

/** One of those that are alike. */
function once(waits: readonly Waits[], of: (wait: Waits) => string): Waits[] {
  return [...new Map(waits.map((wait) => [of(wait), wait])).values()];
}

/** Who may do what a case waits for: by name, and in which role. */
export function WhoDoes({ wait, words }: { readonly wait: Pick<Waits, 'role' | 'holders'>; readonly words: Words }): JSX.Element {
  const { role, holders } = wait;
  const known = holders ?? [];
  const names = holders === null ? [words('anybody')] : holders?.length === 0 ? [words('nobody')] : known;
  if (names.length === 0) return <InLine parts={[role]} />;
  return (
    <>
      <InLine parts={names} by={words('comma')} />
      {role === null ? null : (
        <>
          {` (${words('as')} `}
          <bdi>{words.role(role)}</bdi>
          {')'}
        </>
      )}
    </>
  );
}

/** Open applications with a due date, soonest first; overdue ones are marked in words. */
function Due({ home: { words, agency }, open }: { readonly home: Home; readonly open: readonly Deadline[] }): JSX.Element {
  return (
    <section>
      <TableOr
        caption={words('due')}
        nothing={words('nothingDue')}
        columns={[{ head: words('case') }, { head: words('dueOn') }, { head: words('daysLeft'), numeric: true }]}
        rows={open
          .slice(0, 10)
          .map((one) => [
            <a href={applicationsPage(agency.agency, { case: one.case })}>{one.case}</a>,
            one.dueOn ?? `${words('awaited')} ${awaited(one, words)}`,
            daysLeft(one, words),
          ])}
      />
    </section>
  );
}

export function awaited({ waitingFor }: Pick<Deadline, 'waitingFor'>, words: Words): string {
  if (waitingFor === undefined) return '';
  return words(waitingFor === 'supplement' ? 'supplement' : 'thirdParty');
}

export function daysLeft({ daysLeft: left }: Pick<Deadline, 'daysLeft'>, words: Words): JSX.Element {
  if (left === null) return <>–</>;
  if (left >= 0) return <>{left}</>;
  return <Tag colour="red">{`${words('overdueBy')} ${-left} ${words('ofWorkingDays')}`}</Tag>;
}

function Tables({ home: { words, agency, years } }: { readonly home: Home }): JSX.Element {
  return (
    <section>
      <DataTable
        caption={words('tables')}
        columns={[
          { head: words('year') },
          { head: words('form') },
          { head: words('published') },
          { head: words('report') },
          { head: words('charts') },
        ]}
        rows={years.map(({ year, form, differs }) => [
          <a href={tablePage(agency.agency, year)}>{year}</a>,
          form ?? '–',
          differs === null ? words('notPublished') : <Tag colour={differs ? 'yellow' : 'green'}>{words(differs ? 'differs' : 'same')}</Tag>,
          <a href={reportPage(agency.agency, year)}>{`${words('report')} ${year}`}</a>,
          <a href={statisticsPageAt(agency.agency, year)}>{`${words('charts')} ${year}`}</a>,
        ])}
      />
    </section>
  );
}

function Changes({ home: { words, agency, years, moved } }: { readonly home: Home }): JSX.Element {
  const isPublished = years.some(({ differs }) => differs !== null);
  return (
    <section>
      <h2 class="govuk-heading-m">{words('changedSince')}</h2>
      {moved.length === 0 ? <p>{words(isPublished ? 'nothingChanged' : 'nothingPublished')}</p> : null}
      {moved.map(({ year, form, changes }) => (
        <Changed
          caption={`${year}`}
          heads={[words('cell'), words('asPublished'), words('now')]}
          of={{ agency: agency.agency, year, form }}
          changes={changes}
        />
      ))}
    </section>
  );
}
