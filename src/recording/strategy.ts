/** How messages that come at the same time are recorded: one way for each kind of log. */
import type { Refusal } from '../domain/decider.js';
import type { AcceptedMessage } from '../intake/message.js';
import type { CaseStore } from './facts/case-store.js';
import type { FactsReader } from './facts/facts.js';
import type { Preparation } from './preparation.js';
import type { Receipt } from './receipts.js';
import type { Sender } from './sender.js';

export interface StrategyParts {
  readonly cases: CaseStore;
  readonly facts: FactsReader;
  readonly preparation: Preparation;
  /** null where there is room for another message; else resolves when there is. Asked in the turn: the order stays. */
  readonly room: () => Promise<unknown> | null;
}

export interface RecordingStrategy {
  /**
   * The receipt of what was recorded, or why it is refused. Errors: `StoreUnavailable`; nothing folded by then can be
   * trusted.
   */
  record(message: AcceptedMessage, sender: Sender): Promise<Receipt | Refusal>;
}
