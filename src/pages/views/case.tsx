/** A case as an auditor reads it: who did what, when, in which role, how long it waited, and what is wrong. */
import type { JSX } from 'preact';
import type { CaseAnswer } from '../../privacy/case-reader.js';
import type { Access } from '../../privacy/personal-data-service.js';
import type { Remark, Trail, TrailEntry } from '../../read-models/trail/trail-reader.js';
import { applicationsPage, proofPage } from '../addresses.js';
import type { Words } from '../words/words.js';
import { Accesses, ToReveal } from './cases/reveal.js';
import { WhoDoes } from './home.js';
import { FileHash } from './with-script/file-hash.js';
import type { Crumb, Shown } from './layout.js';
import { Hash, InLine, Span, Summary, Tag, When } from './parts.js';

export interface CaseView {
  readonly words: Words;
  readonly agency: string;
  readonly found: CaseAnswer;
  readonly trail: Trail;
  /** Whether proofs of its events are for who looks. */
  readonly provable: boolean;
  /** Whether sealed texts of it may be asked for. */
  readonly revealable: boolean;
  /** Who asked for them before; null where that is not for who looks. */
  readonly accesses: readonly Access[] | null;
  readonly crumbs: readonly Crumb[];
}

export function casePageOf(view: CaseView): Shown {
  const { words, agency, found, trail, revealable, accesses, crumbs } = view;
  return {
    title: `${words.kind(found.kind)} ${found.number}`,
    crumbs,
    scripts: ['page'],
    body: (
      <>
        <Summary
          facts={[
            [words('title'), found.title ?? words('notPublic')],
            [words('state'), words.state(found.state)],
            [words('since'), found.since],
            ...(found.kind === 'application' ? ([[words('dueOn'), <Due view={view} />]] as const) : []),
            [words('nextAct'), <Next view={view} />],
          ]}
        />
        <Remarks words={words} remarks={trail.remarks} />
        {revealable ? <ToReveal words={words} agency={agency} of={found.case} /> : null}
        <h2 class="govuk-heading-m">{words('trail')}</h2>
        {hasFile(found) && trail.entries.some(({ contentHash }) => contentHash !== null) ? <FileHash words={words} /> : null}
        <ol class="app-trail">
          {trail.entries.map((entry) => (
            <li>
              <Entry view={view} entry={entry} />
            </li>
          ))}
        </ol>
        {accesses === null ? null : <Accesses words={words} accesses={accesses} />}
      </>
    ),
  };
}

/** What its acts name by a hash is a file: a document, or a reply. The hashes of a report are of texts and tables. */
function hasFile({ kind }: CaseAnswer): boolean {
  return kind === 'publication' || kind === 'application';
}

function Due({ view: { words, agency, found } }: { readonly view: CaseView }): JSX.Element {
  return (
    <>
      {found.dueOn ?? '–'} <a href={applicationsPage(agency, { case: found.case })}>{words('calendar')}</a>
    </>
  );
}

function Next({ view: { words, found } }: { readonly view: CaseView }): JSX.Element {
  if (found.waitsFor.length === 0) return <>{words('noNext')}</>;
  return (
    <ul class="govuk-list">
      {found.waitsFor.map((wait) => (
        <li>
          <InLine parts={[words.act(wait.act), wait.step, <WhoDoes wait={wait} words={words} />]} />
        </li>
      ))}
    </ul>
  );
}

function Remarks({ words, remarks }: { readonly words: Words; readonly remarks: readonly Remark[] }): JSX.Element | null {
  if (remarks.length === 0) return null;
  return (
    <div class="govuk-inset-text">
      <h2 class="govuk-heading-s">{words('remarks')}</h2>
      <ul class="govuk-list govuk-list--bullet">
        {remarks.map(({ message }) => (
          <li>{message}</li>
        ))}
      </ul>
    </div>
  );
}

const ATTESTED = { 'own-token': 'attestedOwn', emitter: 'attestedEmitter' } as const;

function attestedIn(words: Words, attestation: string): string {
  return words(attestation === 'own-token' || attestation === 'emitter' ? ATTESTED[attestation] : 'attestedNone');
}

function Entry({ view: { words, found, provable }, entry }: { readonly view: CaseView; readonly entry: TrailEntry }): JSX.Element {
  const facts: (readonly [string, JSX.Element | string])[] = [
    [words('role'), entry.role === null ? '–' : words.role(entry.role)],
    [words('recordedAt'), <When at={entry.recordedAt} />],
    [words('waited'), <Span of={entry.waited} words={words} />],
    [words('attestation'), attestedIn(words, entry.attestation)],
    [words('content'), <Hash of={entry.contentHash} ofFile={hasFile(found)} />],
  ];
  return (
    <>
      <h3 class="govuk-heading-s">
        <InLine parts={[words.act(entry.type), entry.step, entry.verdict, entry.channel]} />
      </h3>
      <p>
        <When at={entry.at} />
        {' · '}
        <bdi>{entry.actor}</bdi>
        {entry.approvedBy === undefined ? null : (
          <>
            {` · ${words('approved')}: `}
            <bdi>{entry.approvedBy.actor}</bdi>
          </>
        )}
      </p>
      <dl class="app-facts">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {entry.opinion === null ? null : (
        <p>
          {`${words('opinion')}: `}
          <bdi>{entry.opinion}</bdi>
        </p>
      )}
      {entry.sealed === true ? <p>{words('sealed')}</p> : null}
      {entry.remarks.map(({ message }) => (
        <p>
          <Tag colour="yellow">{message}</Tag>
        </p>
      ))}
      {provable ? (
        <p>
          <a href={proofPage(entry.eventId)}>{words('proof')}</a>
        </p>
      ) : null}
    </>
  );
}
