/** Where an auditor drops a pack: pages/script/pack.ts verifies it in the browser. Without script it is the command. */
import type { ComponentChildren, JSX } from 'preact';
import type { Word, Words } from '../../words/words.js';
import { FileField, Part, SeverityTag, Slot, Status, Summary, Tag, WithScript } from '../parts.js';

interface Given {
  readonly words: Words;
}

/** `keys`: the ledger's own, a line each. */
export function PackDrop({ words, keys }: Given & { readonly keys: readonly string[] }): JSX.Element {
  return (
    <section id="pack" aria-labelledby="pack-head">
      <h2 class="govuk-heading-m" id="pack-head">
        {words('auditPack')}
      </h2>
      <Command words={words} />
      <WithScript name="pack">
        <div class="app-drop">
          <p>{words('packStays')}</p>
          <Lines words={words} name="keys" hint="packKeys" text={keys.join('\n')} />
          <Lines words={words} name="witnesses" hint="packWitnesses" />
          <Lines words={words} name="previous" hint="packPrevious" />
          <FileField id="pack-file" label={words('choosePack')} />
          <Status />
          <div hidden data-running>
            <progress class="app-progress" aria-label={words('packRead')} />
            <button type="button" class="govuk-button govuk-button--secondary" data-cancel>
              {words('cancel')}
            </button>
          </div>
          <div data-result />
          <Parts words={words} />
        </div>
      </WithScript>
    </section>
  );
}

function Command({ words }: Given): JSX.Element {
  return (
    <p>
      {`${words('packCommand')}: `}
      <code>npx disclosure verify --pack FILE --key VKEY</code>
      {` ${words('or')} `}
      <code>node verify.mjs FILE --key VKEY</code>
    </p>
  );
}

interface LinesGiven extends Given {
  readonly name: string;
  readonly hint: Word;
  readonly text?: string;
}

/** A field for lines that machines read. */
function Lines({ words, name, hint, text = '' }: LinesGiven): JSX.Element {
  return (
    <div class="govuk-form-group">
      <label class="govuk-label" for={`pack-${name}`}>
        {words(hint)}
      </label>
      <textarea class="govuk-textarea" id={`pack-${name}`} name={name} rows={2} spellcheck={false}>
        {text}
      </textarea>
    </div>
  );
}

/** What is said before and instead of a result. */
function Parts({ words }: Given): JSX.Element {
  return (
    <>
      <Part name="working">
        <p>
          {`${words('packWorking')} `}
          <Slot name="name" />
        </p>
      </Part>
      <Part name="cancelled">
        <p>{words('packCancelled')}</p>
      </Part>
      <Part name="large">
        <p>
          <Slot name="name" />
          {`: ${words('packLarge')}`}
        </p>
        <Command words={words} />
      </Part>
      <Part name="refused">
        <p>
          {`${words('packRefused')} `}
          <Slot name="why" />
        </p>
      </Part>
      <Part name="failed">
        <p>
          {`${words('packFailed')} `}
          <Slot name="why" />
        </p>
        <Command words={words} />
      </Part>
      <Result words={words} />
      <Verdict name="holds">
        <Tag colour="green">{words('packHolds')}</Tag>
      </Verdict>
      <Verdict name="holds-not">
        <Tag colour="red">{words('packHoldsNot')}</Tag>
      </Verdict>
      <FindingRow words={words} severity="error" />
      <FindingRow words={words} severity="warning" />
      <Part name="more">
        <tr class="govuk-table__row">
          <td class="govuk-table__cell" />
          <td class="govuk-table__cell">
            <Slot name="rule" />
          </td>
          <td class="govuk-table__cell" />
          <td class="govuk-table__cell">
            {`${words('packMore')} `}
            <Slot name="count" />
          </td>
        </tr>
      </Part>
      <Part name="signOff">
        <li>
          <Slot name="of" />
          {': '}
          <Slot name="steps" />
        </li>
      </Part>
      <Part name="unchecked">
        <li>
          <Slot name="line" />
        </li>
      </Part>
    </>
  );
}

/** Read out, as the result itself is long. */
function Verdict({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <Part name={name}>
      <p>
        <Slot name="file" /> {children}
      </p>
    </Part>
  );
}

function FindingRow({ words, severity }: Given & { readonly severity: 'error' | 'warning' }): JSX.Element {
  return (
    <Part name={severity}>
      <tr class="govuk-table__row">
        <td class="govuk-table__cell">
          <SeverityTag words={words} severity={severity} />
        </td>
        <td class="govuk-table__cell">
          <Slot name="rule" />
        </td>
        <td class="govuk-table__cell">
          <Slot name="where" />
        </td>
        <td class="govuk-table__cell">
          <Slot name="message" />
        </td>
      </tr>
    </Part>
  );
}

/** What the command prints. */
function Result({ words }: Given): JSX.Element {
  return (
    <Part name="result">
      <Summary
        facts={[
          [words('ledger'), <Slot name="origin" />],
          [words('packPart'), <Slot name="cut" />],
          [words('packEntries'), <Slot name="size" />],
          [words('packRoot'), <Slot name="root" />],
          [words('size'), <Slot name="events" />],
          [words('checkpoints'), <Slot name="checkpoints" />],
          [words('signedUpTo'), <Slot name="signed" />],
          [words('witnesses'), <Slot name="witnessed" />],
          [words('keysGiven'), <Slot name="keys" />],
          [`${words('packTables')}: ${words('live')}`, <Slot name="live" />],
          [`${words('packTables')}: ${words('paper')}`, <Slot name="paper" />],
          [`${words('packTables')}: ${words('published')}`, <Slot name="published" />],
          [words('cellsRecomputed'), <Slot name="cells" />],
        ]}
      />
      <ul class="govuk-list govuk-list--bullet" data-list="signOffs" />
      <div class="app-wide" tabIndex={0} role="region" aria-label={words('findings')} data-findings>
        <table class="govuk-table">
          <caption class="govuk-table__caption govuk-table__caption--m">{words('findings')}</caption>
          <thead class="govuk-table__head">
            <tr class="govuk-table__row">
              {(['severity', 'rule', 'place', 'message'] as const).map((word) => (
                <th scope="col" class="govuk-table__header">
                  {words(word)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody class="govuk-table__body" data-list="findings" />
        </table>
      </div>
      <h3 class="govuk-heading-s">{words('notVerified')}</h3>
      <ul class="govuk-list govuk-list--bullet" data-list="notVerified" />
      <details>
        <summary>{words('packJson')}</summary>
        <div class="app-wide" tabIndex={0} role="region" aria-label={words('packJson')}>
          <pre>
            <Slot name="json" />
          </pre>
        </div>
      </details>
    </Part>
  );
}
