/** The ledger as an auditor checks it. */
import type { JSX } from 'preact';
import type { Witnesses } from '../../signing/witness-service.js';
import { LEDGER } from '../addresses.js';
import type { Words } from '../words/words.js';
import type { Shown } from './layout.js';
import { Button, Summary, TableOr, Tag, When } from './parts.js';
import { BrowserCheck, type Said } from './with-script/browser-check.js';

/** What came of a proof; `text` is the file itself. */
export type CheckedProof =
  | { readonly text: string; readonly holds: false; readonly why: string }
  | {
      readonly text: string;
      readonly holds: true;
      readonly why: null;
      readonly index: number;
      readonly size: number;
      readonly entry: string;
    };

export interface LedgerView {
  readonly words: Words;
  readonly formToken: string;
  /** The last checkpoint as it is signed; null before the first. */
  readonly note: string | null;
  /** The ledger's, a line each. */
  readonly keys: readonly string[];
  readonly witnesses: Witnesses;
  readonly proof: CheckedProof | null;
}

export function ledgerPage({ words, formToken, note, keys, witnesses, proof }: LedgerView): Shown {
  return {
    title: words('ledger'),
    scripts: ['ledger'],
    body: (
      <>
        {proof === null ? null : <Proof words={words} proof={proof} />}
        <h2 class="govuk-heading-m">{words('checkpoint')}</h2>
        {witnesses.checkpoint === null || note === null ? (
          <p>{words('noCheckpoint')}</p>
        ) : (
          <>
            <p>
              {`${words('size')}: ${witnesses.checkpoint.size} · `}
              <When at={witnesses.checkpoint.signedAt} />
              {` · ${witnesses.checkpoint.signatures.status}`}
            </p>
            <Text label={words('checkpoint')} text={note} />
          </>
        )}
        {keys.length === 0 ? null : (
          <>
            <p>{words('ledgerKeys')}</p>
            <Text label={words('ledgerKeys')} text={keys.join('\n')} id="keys" />
          </>
        )}
        <Witnessed words={words} witnesses={witnesses} />
        <h2 class="govuk-heading-m">{words('pasteProof')}</h2>
        <form method="post" action={LEDGER}>
          <input type="hidden" name="token" value={formToken} />
          <div class="govuk-form-group">
            <label class="govuk-label" for="proof">
              {words('pasteProofHint')}
            </label>
            <textarea class="govuk-textarea" id="proof" name="proof" rows={8} spellcheck={false}>
              {proof?.text ?? ''}
            </textarea>
          </div>
          <BrowserCheck words={words} service={saidOf(proof)} />
          <Button>{words('check')}</Button>
        </form>
        <p>
          {`${words('packCommand')}: `}
          <code>npx disclosure verify --pack FILE</code>
        </p>
      </>
    ),
  };
}

/** Lines as they are: read by machines, so that nothing is wrapped away. */
function Text({ label, text, id }: { readonly label: string; readonly text: string; readonly id?: string }): JSX.Element {
  return (
    <div class="app-wide" tabIndex={0} role="region" aria-label={label}>
      <pre id={id}>{text}</pre>
    </div>
  );
}

function saidOf(proof: CheckedProof | null): Said {
  if (proof === null || proof.text === '') return 'nothing';
  return proof.holds ? 'holds' : 'holds-not';
}

function Proof({ words, proof }: { readonly words: Words; readonly proof: CheckedProof }): JSX.Element {
  return (
    <section class="govuk-inset-text">
      <h2 class="govuk-heading-m">{words('byService')}</h2>
      {proof.holds ? (
        <>
          <p>
            <Tag colour="green">{words('proved')}</Tag>
          </p>
          <Summary
            facts={[
              [words('index'), proof.index],
              [words('size'), proof.size],
            ]}
          />
          <Text label={words('entry')} text={proof.entry} />
        </>
      ) : (
        <>
          <p>
            <Tag colour="red">{words('notProved')}</Tag>
          </p>
          <p>{proof.why}</p>
        </>
      )}
    </section>
  );
}

function Witnessed({ words, witnesses: { witnesses } }: { readonly words: Words; readonly witnesses: Witnesses }): JSX.Element {
  return (
    <TableOr
      caption={words('witnesses')}
      nothing={words('noWitnesses')}
      columns={[
        { head: words('name') },
        { head: words('size'), numeric: true },
        { head: words('on') },
        { head: words('behind'), numeric: true },
      ]}
      rows={witnesses.map(({ name, size, signedAt, lagEvents }) => [name, size, <When at={signedAt} />, lagEvents])}
    />
  );
}
