/** A yearly report: each compilation with its signatures, and what the next changed. */
import type { ComponentChildren, JSX } from 'preact';
import type { ReportRound, Signature, YearlyReport } from '../../tables/report-reader.js';
import { casePage, tablePage } from '../addresses.js';
import type { Words } from '../words/words.js';
import type { Crumb, Shown } from './layout.js';
import { DataTable, Hash, InLine, Summary, Tag, When } from './parts.js';
import { CellIn, Changed } from './tables/changed.js';

export interface ReportView {
  readonly words: Words;
  readonly agency: string;
  readonly year: number;
  /** null where nothing was compiled. */
  readonly found: YearlyReport | null;
  /** Whether names are shown. */
  readonly named: boolean;
  readonly crumbs: readonly Crumb[];
}

export function reportPageOf(view: ReportView): Shown {
  const { words, agency, year, found, named, crumbs } = view;
  return {
    title: `${words('report')} ${year}`,
    crumbs,
    body: (
      <>
        <p>
          <a href={tablePage(agency, year)}>{`${words('table')} ${year}`}</a>
          {found === null || !named ? null : (
            <>
              {' · '}
              <a href={casePage(agency, found.case)}>{words('trail')}</a>
            </>
          )}
        </p>
        {found === null ? <p>{words('noReport')}</p> : found.rounds.map((round, at) => <Round view={view} round={round} nth={at + 1} />)}
      </>
    ),
  };
}

/** A line of a signature: its act, and who did it when in which role. */
type Signed = readonly [act: string, signature: Signature, said: readonly string[]];

function Round({ view, round, nth }: { readonly view: ReportView; readonly round: ReportRound; readonly nth: number }): JSX.Element {
  const { words, named } = view;
  const { compiled, clearances, approval, publication } = round;
  const signed: Signed[] = [
    [words('compiled'), compiled, []],
    ...clearances.map((one): Signed => [
      words('cleared'),
      one,
      [one.step, one.verdict, ...(named && one.opinion !== null ? [one.opinion] : [])],
    ]),
    ...(approval === null ? [] : [[words('approved'), approval, []] satisfies Signed]),
    ...(publication === null
      ? []
      : [[words('publishedOn'), publication, publication.url === null ? [] : [publication.url]] satisfies Signed]),
  ];
  return (
    <section>
      <h2 class="govuk-heading-m">{`${words('round')} ${nth}`}</h2>
      <Summary facts={factsOf(view, round)} />
      <DataTable
        caption={`${words('review')} ${nth}`}
        columns={[
          { head: words('act') },
          ...(named ? [{ head: words('name') }] : []),
          { head: words('role') },
          { head: words('on') },
          { head: words('recordedAt') },
          { head: words('remarks') },
        ]}
        rows={signed.map(([act, one, said]) => [
          act,
          ...(named ? [one.actor] : []),
          one.role === null ? '–' : words.role(one.role),
          <When at={one.at} />,
          <When at={one.recordedAt} />,
          <InLine parts={said} />,
        ])}
      />
      <Accepted view={view} round={round} />
      <ChangedBy view={view} round={round} />
    </section>
  );
}

function factsOf({ words }: ReportView, { form, index, tableHash, publication }: ReportRound): (readonly [string, ComponentChildren])[] {
  return [
    [words('form'), form],
    [words('asOf'), `index:${index}`],
    [words('hash'), <Hash of={tableHash} />],
    ...(publication === null || publication.checkpoint === null
      ? []
      : [[words('checkpoint'), `${publication.checkpoint.origin} · ${publication.checkpoint.size}`] as const]),
    ...(publication?.withoutReview === true ? [[words('remarks'), <Tag colour="red">{words('withoutReview')}</Tag>] as const] : []),
  ];
}

interface InRound {
  readonly view: ReportView;
  readonly round: ReportRound;
}

function Accepted({ view: { words, agency, year }, round: { form, accepted } }: InRound): JSX.Element | null {
  if (accepted.length === 0) return null;
  const of = { agency, year, form };
  return (
    <DataTable
      caption={words('accepted')}
      columns={[{ head: words('findings') }, { head: words('cell') }, { head: words('reason') }]}
      rows={accepted.map(({ rule, cells, reason }) => [
        rule,
        cells.map((cell) => (
          <p>
            <CellIn of={of} cell={cell} />
          </p>
        )),
        reason,
      ])}
    />
  );
}

function ChangedBy({ view: { words, agency, year }, round: { form, publication } }: InRound): JSX.Element | null {
  const changes = publication?.changes ?? [];
  if (changes.length === 0) return null;
  return (
    <Changed
      caption={words('changes')}
      heads={[words('cell'), words('before'), words('after')]}
      of={{ agency, year, form }}
      changes={changes}
    />
  );
}
