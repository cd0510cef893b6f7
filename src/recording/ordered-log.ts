/**
 * Over an ordered log messages are decided one after the other, in the order they came, and each waits for its commit
 * outside the lane: the log has the order of the file, and commits are shared.
 */
import type { Refusal } from '../domain/decider.js';
import { streamOf } from '../domain/identifiers.js';
import { storedAct } from '../events/envelope.js';
import type { AcceptedMessage } from '../intake/message.js';
import { StoreUnavailable, type Appended } from '../log/event-log.js';
import { receipt, type Receipt } from './receipts.js';
import type { Sender } from './sender.js';
import type { RecordingStrategy, StrategyParts } from './strategy.js';

const noop = (): void => undefined;

export class OrderedLog implements RecordingStrategy {
  readonly #parts: StrategyParts;
  /** Settles when every message that came is decided; never rejects. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Event ids on their way to a commit. */
  readonly #waiting = new Map<string, Promise<Receipt>>();

  constructor(parts: StrategyParts) {
    this.#parts = parts;
  }

  async record(message: AcceptedMessage, sender: Sender): Promise<Receipt | Refusal> {
    const decided = this.#turn.then(() => this.#decided(message, sender));
    this.#turn = decided.then(noop, noop);
    // The commit is wrapped: the next message would wait for a promise that this one gave.
    const answer = await decided;
    return 'committed' in answer ? answer.committed : answer;
  }

  async #decided(
    message: AcceptedMessage,
    sender: Sender,
  ): Promise<Receipt | Refusal | { readonly committed: Promise<Receipt | Refusal> }> {
    const { cases, facts: reader, preparation, room } = this.#parts;
    const { command } = message;
    const full = room();
    if (full !== null) await full;
    const facts = await reader.read(message, 'known');
    const waiting = this.#waiting.get(command.eventId);
    if (waiting !== undefined) return { committed: waiting.then(() => this.#repeated(message)) };
    const settled = (): Promise<unknown> => Promise.allSettled(this.#waiting.values());
    const outcome = await preparation.prepare(message, sender, facts, { final: true, settled });
    if (outcome === 'stale') throw new Error('nothing is stale where one process appends');
    if (!('append' in outcome)) return outcome;
    const { stream, loaded, event } = outcome;
    const appended = outcome.append();
    const revision = (loaded.revision ?? -1) + 1;
    cases.recorded(loaded, storedAct({ ...event, stream, revision, position: '', recordedAt: '' }, command));
    return { committed: this.#committed(message, appended) };
  }

  /**
   * Until its commit the act stands in the folded case without a position; a repeat that comes meanwhile waits for the
   * same commit.
   */
  #committed(message: AcceptedMessage, appended: Promise<Appended>): Promise<Receipt> {
    const { eventId } = message.command;
    const committed = this.#receiptOf(message, appended);
    this.#waiting.set(eventId, committed);
    committed.catch(noop);
    return committed;
  }

  async #receiptOf(message: AcceptedMessage, appended: Promise<Appended>): Promise<Receipt> {
    const { eventId, agency, subject } = message.command;
    try {
      const { revision, position } = await appended;
      return receipt(message, 'recorded', { stream: streamOf(agency, subject), revision, position });
    } finally {
      this.#waiting.delete(eventId);
    }
  }

  /** The answer to a message whose like was on its way when it came. */
  async #repeated(message: AcceptedMessage): Promise<Receipt | Refusal> {
    const { facts, preparation } = this.#parts;
    const answer = await preparation.repeated(message, await facts.read(message, 'known'));
    if (answer === null) throw new StoreUnavailable('the message was on its way twice');
    return answer;
  }
}
