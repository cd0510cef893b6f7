/** What can be said of the token of a request. */
import type { Caller } from '../../config/access.js';

/**
 * Why a token is bad, in a word that stays. It is a label of metrics and never part of an answer, which would tell a
 * guesser how near he is. The meanings stand in docs/access.md. `in-query` is for the edge, which alone sees addresses.
 */
export const BAD_TOKEN_REASONS = [
  'malformed',
  'too-long',
  'twice',
  'in-query',
  'algorithm',
  'unknown-issuer',
  'unknown-key',
  'signature',
  'audience',
  'expired',
  'not-yet-valid',
  'claims',
  'unexpected',
] as const;

export type BadTokenReason = (typeof BAD_TOKEN_REASONS)[number];

/** A caller whose token is good. */
export interface Identified {
  readonly ok: true;
  readonly caller: Caller;
  /**
   * The officer's name, in the claim that the configuration names for it. Any text: nobody has looked whether it is one
   * by the rule of names.
   */
  readonly actor?: string;
  /** `exp` in ms since 1970: what is still answered then ends. Within the leeway it has passed already. */
  readonly expiresAt: number;
}

/** A caller as a session keeps him: until when what he was named by stands. */
export type SignedIn = Pick<Identified, 'caller' | 'expiresAt'>;

/** 401, with the code for its problem document. */
export type Unidentified =
  | { readonly ok: false; readonly code: 'no-token'; readonly why: 'no-token' }
  | { readonly ok: false; readonly code: 'bad-token'; readonly why: BadTokenReason };

export type TokenVerdict = Identified | Unidentified;

export function badToken(why: BadTokenReason): Unidentified {
  return { ok: false, code: 'bad-token', why };
}
