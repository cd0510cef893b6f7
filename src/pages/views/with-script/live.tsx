/** Where a page says that something newer was recorded, for pages/script/live.ts. */
import type { JSX } from 'preact';
import { SIGN_IN, withAsked } from '../../addresses.js';
import type { Words } from '../../words/words.js';
import { Part, Slot, Status, WithScript } from '../parts.js';

export interface Live {
  /** Of the event stream. */
  readonly address: string;
  /** Where the page stands. */
  readonly after: string;
  /** Whether it may be drawn anew by itself. */
  readonly replaced: boolean;
}

/** `url`: of the page, to come back to. */
export function LiveNews({ words, live, url }: { readonly words: Words; readonly live: Live; readonly url: string }): JSX.Element {
  const choice = live.replaced ? <Choice words={words} /> : null;
  return (
    <WithScript name="live">
      <div class="app-live" data-address={live.address} data-after={live.after}>
        <Status />
        <Part name="news">
          <p>{words('newRecords')}</p>
          <button type="button" class="govuk-button govuk-button--secondary" data-do="reload">
            {words('refresh')}
          </button>
          {choice}
        </Part>
        <Part name="refreshed">
          <p>
            {words('refreshed')} <Slot name="time" />
          </p>
          {choice}
        </Part>
        <Part name="signed-out">
          <p>
            {words('sessionEnded')} <a href={withAsked(SIGN_IN, { return: url })}>{words('signIn')}</a>
          </p>
        </Part>
      </div>
    </WithScript>
  );
}

/** Nothing moves under somebody's eyes unless he asked for it here, and it can be stopped where it was begun. */
function Choice({ words }: { readonly words: Words }): JSX.Element {
  return (
    <label class="app-live__choice">
      <input type="checkbox" data-do="by-itself" /> {words('refreshByItself')}
    </label>
  );
}
