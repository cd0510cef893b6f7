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

/** The caller as its token names it; null for a local command, and without identity. */
export function callerOf({ caller }: Sender): Caller | null {
  return typeof caller === 'string' ? null : caller;
}

export const NO_IDENTITY: Sender = { attestation: 'none', caller: null };
