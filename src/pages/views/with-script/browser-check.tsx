/** The control that checks a proof in the browser, for pages/script/ledger.ts. */
import type { JSX } from 'preact';
import type { Words } from '../../words/words.js';
import { FileField, Part, Slot, Status, Tag, WithScript } from '../parts.js';

/** What the service said of the text that stands in the field when the page comes. */
export type Said = 'holds' | 'holds-not' | 'nothing';

/** The control by which pages/script/ledger.ts checks a proof, and says beside the service's answer what came of it. */
export function BrowserCheck({ words, service }: { readonly words: Words; readonly service: Said }): JSX.Element {
  return (
    <WithScript name="proof">
      <div class="app-drop" data-service={service}>
        <FileField id="proof-file" label={words('chooseProof')} accept=".tlog-proof,text/plain" />
        <Status />
        <Part name="checked">
          <h3 class="govuk-heading-s">{words('inBrowser')}</h3>
          <p>
            <Tag colour="green">{words('provedHere')}</Tag>
          </p>
          <p>
            {`${words('index')}: `}
            <Slot name="index" />
            {` · ${words('size')}: `}
            <Slot name="size" />
          </p>
        </Part>
        <Part name="signed">
          <p>{words('signedHere')}</p>
        </Part>
        <Part name="unsigned">
          <p>
            <Tag colour="yellow">{words('signatureUnchecked')}</Tag>
          </p>
        </Part>
        <Part name="wrong">
          <h3 class="govuk-heading-s">{words('inBrowser')}</h3>
          <p>
            <Tag colour="red">{words('notProved')}</Tag>
          </p>
          <p>
            <Slot name="why" />
          </p>
        </Part>
        <Part name="failed">
          <p>{words('cannotCheckHere')}</p>
        </Part>
        <Part name="service-nothing">
          <p>{words('serviceSaysNothing')}</p>
        </Part>
        <Part name="service-agrees">
          <p>{words('serviceAgrees')}</p>
        </Part>
        <Part name="service-differs">
          <div class="govuk-error-summary">
            <h3 class="govuk-error-summary__title">{words('disagree')}</h3>
            <p>{words('disagreeSaid')}</p>
          </div>
        </Part>
      </div>
    </WithScript>
  );
}
