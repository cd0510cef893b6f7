/** What cannot be shown, and why. */
import type { Trouble } from './door.js';
import type { Shown } from './views/layout.js';

export class PageTrouble extends Error {
  override readonly name = 'PageTrouble';
  constructor(readonly trouble: Trouble) {
    super(trouble.detail);
  }
}

/** A form was refused: a browser is shown it again, with what was typed and what is wrong. */
export class FormTrouble extends Error {
  override readonly name = 'FormTrouble';
  constructor(
    override readonly cause: unknown,
    readonly again: (trouble: Trouble) => Shown,
  ) {
    super('a form was refused', { cause });
  }
}

/** A form that this service did not show to this browser, or so long ago that it knows nothing of it. */
export const FOREIGN_FORM: Trouble = {
  status: 403,
  code: 'foreign-origin',
  detail: 'The form was not shown by this service to this browser.',
  hint: 'Open the page again and send the form from there.',
};

/** Nobody is signed in. */
export const NOT_SIGNED_IN: Trouble = { status: 401, code: 'no-token', detail: 'Nobody is signed in.', hint: 'Sign in at /sign-in.' };
