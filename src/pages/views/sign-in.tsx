/** Signing in: at a provider, with a token, or in the try-out as one of four persons. */
import type { JSX } from 'preact';
import { SIGN_IN, withAsked } from '../addresses.js';
import type { Person } from '../session/sessions.js';
import type { Words } from '../words/words.js';
import type { Shown } from './layout.js';
import { Button } from './parts.js';

/** From where somebody signed out: from this service alone, or at his provider too. */
export type LeftFrom = 'here' | 'everywhere';

export interface SignInChoice {
  readonly words: Words;
  readonly token: string;
  /** The page to go on to. */
  readonly back: string;
  readonly failed: boolean;
  /** Who comes here from signing out; null who does not. */
  readonly left: LeftFrom | null;
  /** Of the try-out; none where callers are identified. */
  readonly persons: readonly Person[];
  /** Of OpenID Connect. */
  readonly issuers: readonly string[];
}

export function signInForm(choice: SignInChoice): Shown {
  const { words, persons, failed, left } = choice;
  return {
    title: words('signIn'),
    body: (
      <>
        {failed ? (
          <div class="govuk-error-summary">
            <div role="alert">
              <p class="govuk-error-summary__title">{words('signInFailed')}</p>
            </div>
          </div>
        ) : null}
        {left === null ? null : (
          <p class="govuk-inset-text" role="status">
            {words(left === 'here' ? 'leftHere' : 'leftEverywhere')}
          </p>
        )}
        {persons.length > 0 ? <Persons choice={choice} /> : <Providers choice={choice} />}
      </>
    ),
  };
}

/** Signed out here; the browser goes on to sign out at the provider, of itself or by the link. */
export function onToProvider({ words, issuer, url }: { readonly words: Words; readonly issuer: string; readonly url: string }): Shown {
  return {
    title: words('signOut'),
    onTo: url,
    body: (
      <>
        <p class="govuk-body">{words('signedOutOn')}</p>
        <p>
          <a class="govuk-button" href={url}>{`${words('signOutAt')} ${issuer}`}</a>
        </p>
      </>
    ),
  };
}

function Hidden({ choice: { token, back } }: { readonly choice: SignInChoice }): JSX.Element {
  return (
    <>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="return" value={back} />
    </>
  );
}

function Persons({ choice }: { readonly choice: SignInChoice }): JSX.Element {
  const { words, persons } = choice;
  return (
    <form method="post" action={SIGN_IN}>
      <Hidden choice={choice} />
      <div class="govuk-form-group">
        <fieldset class="govuk-fieldset">
          <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{words('tryOutChoose')}</legend>
          <div class="govuk-radios">
            {persons.map((person, at) => (
              <div class="govuk-radios__item">
                <input
                  class="govuk-radios__input"
                  type="radio"
                  name="person"
                  id={`person-${person}`}
                  value={person}
                  checked={at === 0}
                  aria-describedby={`person-${person}-hint`}
                />
                <label class="govuk-label govuk-radios__label" for={`person-${person}`}>
                  {words(person)}
                </label>
                <div class="govuk-hint govuk-radios__hint" id={`person-${person}-hint`}>
                  {words(`${person}Said`)}
                </div>
              </div>
            ))}
          </div>
        </fieldset>
      </div>
      <Button>{words('signIn')}</Button>
    </form>
  );
}

function Providers({ choice }: { readonly choice: SignInChoice }): JSX.Element {
  const { words, issuers, back } = choice;
  return (
    <>
      {issuers.map((issuer) => (
        <p>
          <a class="govuk-button" href={withAsked(`${SIGN_IN}/provider`, { issuer, return: back })}>
            {`${words('withProvider')} ${issuer}`}
          </a>
        </p>
      ))}
      <form method="post" action={SIGN_IN}>
        <Hidden choice={choice} />
        <div class="govuk-form-group">
          <label class="govuk-label" for="bearer">
            {words('withToken')}
          </label>
          <textarea class="govuk-textarea" id="bearer" name="bearer" rows={4} autocomplete="off" spellcheck={false} />
        </div>
        <Button>{words('signIn')}</Button>
      </form>
    </>
  );
}
