/** One request for a page: who asks, in which language, for what. */
import type { Door, Visitor } from './door.js';
import type { Session } from './session/sessions.js';
import type { Words } from './words/words.js';

/** Somebody who came in: a session, or a token as programs send it. */
export interface Visit {
  readonly door: Door;
  readonly visitor: Visitor;
  readonly session: Session | null;
  readonly words: Words;
  /** Parts of the address, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** What stands behind the `?`: each once and not empty. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Of a form. */
  readonly body: Readonly<Record<string, string>>;
  /** For the forms of the page. */
  readonly formToken: string;
}
