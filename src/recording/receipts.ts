/** What a message is answered with. */
import type { Refusal } from '../domain/decider.js';
import type { AcceptedMessage } from '../intake/message.js';
import { masked } from '../intake/personal-data.js';

export interface Receipt {
  readonly source: string | null;
  readonly id: string | null;
  readonly status: 'recorded' | 'duplicate' | 'refused';
  readonly stream: string | null;
  readonly revision: number | null;
  readonly position: string | null;
  readonly eventIds: readonly string[];
  readonly error?: Refusal;
  /** The event that took the message's act back since. */
  readonly voidedBy?: string;
}

export function receipt(
  message: AcceptedMessage,
  status: 'recorded' | 'duplicate',
  at: { stream: string; revision: number; position: string },
  voidedBy?: string,
): Receipt {
  return {
    source: message.source,
    id: message.id,
    status,
    stream: at.stream,
    revision: at.revision,
    position: at.position,
    eventIds: [message.command.eventId],
    ...(voidedBy === undefined ? {} : { voidedBy }),
  };
}

export function refusedReceipt(message: { readonly source: string | null; readonly id: string | null }, error: Refusal): Receipt {
  const [source, id] = [message.source, message.id].map((name) => (name === null ? null : masked(name))) as [string | null, string | null];
  return { source, id, status: 'refused', stream: null, revision: null, position: null, eventIds: [], error };
}
