/** Who hands a message in, as far as it is known. */
import type { Caller } from '../domain/agency/acts.js';
import type { Attestation } from '../domain/agency/attestation.js';

export interface Sender {
  readonly attestation: Attestation;
  /** As its token names it; `local:<user>` for a command where callers are identified; null without identity. */
  readonly caller: Caller | string | null;
  /** Whether it is one of `DISCLOSURE_OPERATORS`. */
  readonly operator?: boolean;
  /** Whether callers are identified here at all. */
  readonly identity?: boolean;
}

export const NO_IDENTITY: Sender = { attestation: 'none', caller: null };
