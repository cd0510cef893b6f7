/** Sealed texts of a case: what leads to them, the form that asks, what was given, and who asked before. */
import type { JSX } from 'preact';
import { isObject } from '../../../encoding/unknown-values.js';
import type { EventTexts } from '../../../privacy/case-texts.js';
import type { Access, PersonalData } from '../../../privacy/personal-data-service.js';
import type { Trail } from '../../../read-models/trail/trail-reader.js';
import { casePage, revealPage } from '../../addresses.js';
import type { Trouble } from '../../door.js';
import type { Words } from '../../words/words.js';
import type { Crumb, Shown } from '../layout.js';
import { Button, Field, Summary, TableOr, Tag, TroubleSummary, When } from '../parts.js';

export interface RevealView {
  readonly words: Words;
  readonly agency: string;
  /** `kind/number`. */
  readonly case: string;
  readonly formToken: string;
  /** The name under which who looks acts here; null where nobody is identified, and a name is typed. */
  readonly bound: string | null;
  /** As they were typed. */
  readonly actor: string;
  readonly reason: string;
  readonly crumbs: readonly Crumb[];
}

/** The remark of privacy/case-texts.ts. */
export const isErased = ({ remarks }: Pick<Trail, 'remarks'>): boolean => remarks.some(({ code }) => code === 'erased');

/** On the page of a case. */
export function ToReveal({ words, agency, of }: { readonly words: Words; readonly agency: string; readonly of: string }): JSX.Element {
  return (
    <p>
      <a href={revealPage(agency, of)}>{words('askForTexts')}</a>
    </p>
  );
}

export interface RevealFormView extends RevealView {
  readonly erased?: boolean;
  /** Why it was refused before. */
  readonly trouble?: Trouble;
}

export function revealForm(view: RevealFormView): Shown {
  const { words, agency, case: name, formToken, bound, actor, reason, crumbs, erased = false, trouble } = view;
  return {
    title: titleOf(view),
    crumbs,
    body: (
      <>
        {trouble === undefined ? null : <TroubleSummary words={words} trouble={trouble} />}
        {erased ? (
          <p>{words('erasedSaid')}</p>
        ) : (
          <form method="post" action={revealPage(agency, name)}>
            <input type="hidden" name="token" value={formToken} />
            <p class="govuk-inset-text">{words('revealSaid')}</p>
            {bound === null ? (
              <Field name="actor" label={words('revealName')} hint={words('revealNameHint')} value={actor} />
            ) : (
              <p>
                {`${words('revealUnder')}: `}
                <bdi>{bound}</bdi>
              </p>
            )}
            <Field name="reason" label={words('revealReason')} hint={words('revealReasonHint')} value={reason} wide />
            <Button>{words('reveal')}</Button>
          </form>
        )}
        <Back view={view} />
      </>
    ),
  };
}

export function revealedPage(view: RevealView & { readonly found: PersonalData }): Shown {
  const { words, actor, reason, found, crumbs } = view;
  return {
    title: titleOf(view),
    crumbs,
    body: (
      <>
        <div class="govuk-inset-text" role="status">
          <p>{words('revealed')}</p>
          <Summary
            facts={[
              [words('who'), <bdi>{actor}</bdi>],
              [words('revealReason'), <bdi>{reason}</bdi>],
            ]}
          />
          <p>{words('revealedOnce')}</p>
        </div>
        {found.events.length === 0 ? <p>{words('nothingSealed')}</p> : null}
        {found.events.map((event) => (
          <Texts words={words} event={event} />
        ))}
        <Back view={view} />
      </>
    ),
  };
}

const titleOf = ({ words, case: name }: RevealView): string => `${words('sealedTexts')}: ${name}`;

function Back({ view: { words, agency, case: name } }: { readonly view: RevealView }): JSX.Element {
  return (
    <p>
      <a href={casePage(agency, name)}>{words('backToCase')}</a>
    </p>
  );
}

function Texts({ words, event: { type, at, texts } }: { readonly words: Words; readonly event: EventTexts }): JSX.Element {
  return (
    <section>
      <h2 class="govuk-heading-m">
        {`${words.act(type)} · `}
        <When at={at} />
      </h2>
      <Summary facts={factsIn(words, texts, []).map(([name, text]) => [name, <bdi class="app-text">{text}</bdi>])} />
    </section>
  );
}

/** Texts at any depth, each with its name; of a name that has no words those above it, and itself. */
function factsIn(words: Words, texts: object, above: readonly string[]): (readonly [name: string, text: string])[] {
  return Object.entries(texts).flatMap(([name, value]: [string, unknown]) => {
    const path = [...above, name];
    if (isObject(value)) return factsIn(words, value, path);
    const known = words.field(path.join('.'));
    const label = known === path.join('.') && above.length > 0 ? `${words.field(above.join('.'))} ${name}` : known;
    return [[label, String(value)] as const];
  });
}

/** Accesses that are shown: the rest is for a program. */
const SHOWN = 20;

export function Accesses({ words, accesses }: { readonly words: Words; readonly accesses: readonly Access[] }): JSX.Element {
  return (
    <section>
      <TableOr
        caption={words('accesses')}
        nothing={words('noAccesses')}
        columns={[{ head: words('recordedAt') }, { head: words('who') }, { head: words('revealReason') }, { head: words('state') }]}
        rows={accesses
          .slice(0, SHOWN)
          .map(({ recordedAt, actor, reason, granted }) => [
            <When at={recordedAt} />,
            actor,
            reason,
            <Tag colour={granted ? 'grey' : 'red'}>{words(granted ? 'accessGiven' : 'accessRefused')}</Tag>,
          ])}
      />
      {accesses.length <= SHOWN ? null : (
        <p>
          {`${words('accessesInAll')}: ${accesses.length}; ${words('accessesByCommand')} `}
          <code>npx disclosure reveal --list</code>
        </p>
      )}
    </section>
  );
}
