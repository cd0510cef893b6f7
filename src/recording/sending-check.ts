/**
 * Whether who sends may, by the permissions of this moment: asked before a message is decided, and again before each
 * attempt of its append. A log that was silent meanwhile may hold the end of the permission.
 */
import { decideSending, refuseLocal, type Sending, type SentMessage } from '../access/sending.js';
import type { RightsReader } from '../access/rights.js';
import type { AcceptedMessage } from '../intake/message.js';
import { StoreUnavailable } from '../log/event-log.js';
import type { Freshness } from '../read-models/freshness.js';
import { callerOf, type Sender } from './sender.js';

export interface SendingParts {
  /** What callers may, where they are identified. */
  readonly rights: Pick<RightsReader, 'of'>;
  /** Whether that is known; absent = it is. */
  readonly freshness?: Pick<Freshness, 'known'>;
}

export class SendingCheck {
  readonly #parts: SendingParts;

  constructor(parts: SendingParts) {
    this.#parts = parts;
  }

  /** Resolves where the permissions of the sender are known. Errors: `StoreUnavailable`. */
  async known(sender: Sender): Promise<void> {
    if (callerOf(sender) !== null) await this.#parts.freshness?.known();
  }

  /** Of a message that was read. */
  of(message: AcceptedMessage, sender: Sender): Sending {
    const { attestation, identity = false } = sender;
    if (!identity) return { ok: true, attestation };
    const { source, command } = message;
    const parent = command.type === 'agency.registered' ? command.data.parent : undefined;
    return this.named({ ...command, source, parent }, sender) ?? refuseLocal(command) ?? { ok: true, attestation: 'none' };
  }

  /** Of what a message names; null without a caller. */
  named(named: SentMessage, sender: Sender): Sending | null {
    const caller = callerOf(sender);
    const { operator = false } = sender;
    return caller === null ? null : decideSending(named, { caller, operator }, this.#parts.rights.of(caller));
  }

  /**
   * For the attempts of the append of a message that was decided: what it gives rejects where the sender may no more
   * send it so. Its errors: `StoreUnavailable`.
   */
  still(message: AcceptedMessage, sender: Sender): () => Promise<void> {
    return async () => {
      if (callerOf(sender) === null) return;
      await this.known(sender);
      const now = this.of(message, sender);
      if (!now.ok || now.attestation !== sender.attestation)
        throw new StoreUnavailable('the permission of the caller changed while the log gave no answer');
    };
  }
}
