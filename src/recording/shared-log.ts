/**
 * Over a log that other processes append to as well, only messages that concern each other wait for each other, until
 * the store has acknowledged. What is known here may be behind, or a guess: nothing is refused, and no id is said to be
 * reused, before everything was read again.
 */
import { refuse, type Refusal } from '../domain/decider.js';
import { storedAct } from '../events/envelope.js';
import type { AcceptedMessage } from '../intake/message.js';
import { WrongExpectedRevision } from '../log/event-log.js';
import type { Reading } from './facts/facts.js';
import { Lanes } from './lanes.js';
import type { Prepared } from './preparation.js';
import { receipt, type Receipt } from './receipts.js';
import type { Sender } from './sender.js';
import type { RecordingStrategy, StrategyParts } from './strategy.js';

/** Attempts against writers of other processes before `conflict`. */
const ATTEMPTS = 8;

export class SharedLog implements RecordingStrategy {
  readonly #parts: StrategyParts;
  readonly #lanes = new Lanes();

  constructor(parts: StrategyParts) {
    this.#parts = parts;
  }

  record(message: AcceptedMessage, sender: Sender): Promise<Receipt | Refusal> {
    const { writes, reads } = this.#parts.facts.concernsOf(message);
    return this.#lanes.run(writes, reads, () => this.#attempts(message, sender));
  }

  async #attempts(message: AcceptedMessage, sender: Sender): Promise<Receipt | Refusal> {
    const { facts: reader, preparation, room } = this.#parts;
    const full = room();
    if (full !== null) await full;
    const settled = async (): Promise<void> => undefined;
    let reading: Reading = 'guessed';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const facts = await reader.read(message, reading);
      const outcome = await preparation.prepare(message, sender, facts, { final: reading === 'fresh', settled });
      // What was guessed is looked up, before everything is read again.
      reading = facts.guessed ? 'known' : 'fresh';
      if (outcome === 'stale') continue;
      if (!('append' in outcome)) return outcome;
      const recorded = await this.#appended(message, outcome, facts.guessed);
      if (recorded !== 'overtaken') return recorded;
    }
    return refuse('conflict', 'Others keep writing to this case at the same time.', 'Send the same message again.').refusal;
  }

  /** `guessed`: what stands there already is a repeat of which only the case can tell the rest, such as its void. */
  async #appended(message: AcceptedMessage, { stream, loaded, event, append }: Prepared, guessed: boolean): Promise<Receipt | 'overtaken'> {
    try {
      const { revision, position, already } = await append();
      if (already === true && guessed) return 'overtaken';
      this.#parts.cases.recorded(loaded, storedAct({ ...event, stream, revision, position, recordedAt: '' }, message.command));
      return receipt(message, already === true ? 'duplicate' : 'recorded', { stream, revision, position });
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      return 'overtaken';
    }
  }
}
