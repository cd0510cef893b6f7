/** Who hands a message in, as far as it is known. */
import type { Attestation } from '../events/envelope.js';

export interface Sender {
  readonly attestation: Attestation;
  /** The authenticated caller; null without identity. */
  readonly caller: string | null;
}

export const NO_IDENTITY: Sender = { attestation: 'none', caller: null };
