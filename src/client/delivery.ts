/**
 * Sends what waits, request by request, until it is told to stop. A message leaves the outbox when it is decided, its
 * receipt was taken by `onReceipt`, and, where it is refused, it stands among the refused.
 */
import { delayOf, type RetryTimes } from './backoff.js';
import type { DeadLetters } from './dead-letters.js';
import { EmitterError } from './emitter-error.js';
import type { Exchange, Outcome, PutOff } from './exchange.js';
import type { Journal, Line } from './journal.js';
import { sentMessage, type Receipt, type SentMessage } from './message.js';
import { Pause } from './pause.js';
import { messageOf } from './values.js';
import { WaitingMessages, type Waiting } from './waiting-messages.js';

/** Told when something is tried again later: nothing is lost, and nothing is to be done unless it goes on. */
export interface Retry extends PutOff {
  /** Messages that are tried again, at least. */
  readonly messages: number;
  /** Failures in a row. */
  readonly failures: number;
  /** ms until then. */
  readonly retryInMs: number;
}

export interface DeliveryParts {
  readonly journal: Journal;
  readonly deadLetters: DeadLetters;
  readonly exchange: Exchange;
  readonly times: RetryTimes;
  /** Whether what is refused holds up its case. */
  readonly holds: boolean;
  readonly onReceipt: (receipt: Receipt, message: SentMessage) => void | Promise<void>;
  readonly onRetry: (retry: Retry) => void;
  /** Told behind every message that left the outbox. */
  readonly onSettled: (message: Waiting, receipt: Receipt) => void;
}

interface Decided {
  readonly message: Waiting;
  readonly receipt: Receipt;
}

interface Flusher {
  readonly upTo: number;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

/** What one request of the service takes; 1 MiB below its 16, for what a proxy may add. */
const MOST = { messages: 500, bytes: 15 * 1024 * 1024 };
/** Codes of receipts that say nothing of the message: it is sent again. */
const PUT_OFF = new Set(['conflict', 'store-unavailable', 'overloaded', 'not-reached', 'too-many-requests', 'timeout']);
/** Of these the one that is no other message's trouble. */
const CONFLICT = 'conflict';

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #waiting = new WaitingMessages();
  readonly #pause = new Pause();
  readonly #abort = new AbortController();
  #stopping = false;
  #failure: Error | null = null;
  #most = MOST.messages;
  #failures = 0;
  #flushers: Flusher[] = [];
  readonly #running: Promise<void>;

  constructor(parts: DeliveryParts, waiting: readonly Waiting[]) {
    this.#parts = parts;
    for (const message of waiting) this.#waiting.add(message);
    this.#running = this.#run();
  }

  /** Why nothing goes on; null while it does. */
  get failure(): Error | null {
    return this.#failure;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes messages that are durable in the outbox; `instead` of others that are no longer. */
  add(messages: readonly Waiting[], instead: readonly Waiting[] = []): void {
    for (const { number } of instead) this.#waiting.remove(number);
    for (const message of messages) this.#waiting.add(message);
    this.#pause.wake();
    this.#tellFlushers();
  }

  /** Those of a case, in order. */
  ofCase(lane: string): Waiting[] {
    return this.#waiting.ofCase(lane);
  }

  /** Resolves when nothing waits up to a number, but for held cases. Errors: `closed`, or why nothing goes on. */
  flushed(upTo: number): Promise<void> {
    return new Promise((done, failed) => {
      this.#flushers.push({ upTo, done, failed });
      this.#tellFlushers();
    });
  }

  /** Ends behind the request that is on its way; `now` gives that up, too. */
  async stop(now: boolean): Promise<void> {
    this.#stopping = true;
    if (now) this.#abort.abort();
    this.#pause.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopping) {
        const limits = { messages: this.#most, bytes: MOST.bytes };
        const { messages, wakeAt } = this.#waiting.pick(limits, this.#parts.journal.held, Date.now());
        if (messages.length > 0) await this.#send(messages);
        else await this.#pause.untilWoken(wakeAt === null ? null : wakeAt - Date.now());
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(messageOf(error));
    }
    this.#stopping = true;
    this.#tellFlushers();
  }

  async #send(messages: readonly Waiting[]): Promise<void> {
    const outcome = await this.#parts.exchange.send(
      messages.map(({ json }) => json),
      this.#abort.signal,
    );
    if (outcome.kind === 'decided')
      return this.#decided(outcome.receipts.flatMap((receipt, at) => messages.slice(at, at + 1).map((message) => ({ message, receipt }))));
    const [first, ...others] = messages;
    const isTooMuch = outcome.kind === 'turned-away' || outcome.status === 413;
    if (isTooMuch && others.length > 0) {
      // One of them is why, and which one is not said: half of them next, until it goes alone.
      this.#most = Math.ceil(messages.length / 2);
    } else if (outcome.kind === 'turned-away' && first !== undefined) await this.#decided([turnedAway(first, outcome)]);
    else if (outcome.kind === 'put-off' && !this.#abort.signal.aborted) await this.#wait(outcome, messages.length);
  }

  async #decided(decided: readonly Decided[]): Promise<void> {
    this.#most = Math.min(MOST.messages, this.#most * 2);
    await this.#settle(decided.filter(({ receipt }) => !isPutOff(receipt)));
    const later = decided.filter(({ receipt }) => isPutOff(receipt));
    const trouble = later.find(({ receipt }) => receipt.error?.code !== CONFLICT)?.receipt.error;
    if (trouble !== undefined)
      return this.#wait({ status: 200, code: trouble.code, message: trouble.message, afterMs: null }, later.length);
    this.#failures = 0;
    for (const { message, receipt } of later) this.#putOff(message, CONFLICT, receipt.error?.message ?? '');
  }

  /** Nothing is sent for a while: what went wrong is no message's own trouble. */
  async #wait(why: PutOff, messages: number): Promise<void> {
    this.#failures += 1;
    const retryInMs = delayOf(this.#failures, this.#parts.times, why.afterMs);
    const { status, code, message, afterMs } = why;
    this.#parts.onRetry({ status, code, message, afterMs, messages, failures: this.#failures, retryInMs });
    await this.#pause.sleep(retryInMs);
  }

  /** One message goes later, and with it what follows it in its case. */
  #putOff(message: Waiting, code: string, why: string): void {
    message.tries += 1;
    const retryInMs = delayOf(message.tries, this.#parts.times, null);
    message.notBefore = Date.now() + retryInMs;
    this.#parts.onRetry({ status: 200, code, message: why, afterMs: null, messages: 1, failures: message.tries, retryInMs });
  }

  async #settle(decided: readonly Decided[]): Promise<void> {
    const taken: Decided[] = [];
    for (const one of decided) if (await this.#isTaken(one)) taken.push(one);
    if (taken.length === 0) return;
    const { journal, deadLetters, holds, onSettled } = this.#parts;
    const refused = taken.filter(({ receipt }) => receipt.status === 'refused');
    const lines: Line[] = [{ settled: taken.map(({ message }) => message.number) }];
    if (holds) lines.push(...refused.map(({ message }) => ({ held: message.lanes.writes[0] ?? '' })));
    const letters = refused.map(({ message: { number, json }, receipt }) => ({ number, json, receipt }));
    if (!(await this.#untilWritten(() => deadLetters.add(letters), taken.length))) return;
    if (!(await this.#untilWritten(() => journal.commit(lines), taken.length))) return;
    for (const { message, receipt } of taken) {
      this.#waiting.remove(message.number);
      onSettled(message, receipt);
    }
    this.#tellFlushers();
  }

  /** Whether the receipt is with the sender. One that could not take it is given it again, by sending again. */
  async #isTaken({ message, receipt }: Decided): Promise<boolean> {
    try {
      await this.#parts.onReceipt(receipt, sentMessage(message.json));
      return true;
    } catch (error) {
      this.#putOff(message, 'receipt-not-taken', messageOf(error));
      return false;
    }
  }

  /** Tries again while the disk takes nothing. False where it was told to stop before. Errors: `outbox-lost`. */
  async #untilWritten(write: () => Promise<void>, messages: number): Promise<boolean> {
    for (;;) {
      try {
        await write();
        return true;
      } catch (error) {
        if (error instanceof EmitterError && error.code !== 'outbox-unwritable') throw error;
        if (this.#stopping) return false;
        await this.#wait({ status: null, code: 'outbox-unwritable', message: messageOf(error), afterMs: null }, messages);
      }
    }
  }

  #tellFlushers(): void {
    this.#flushers = this.#flushers.filter(({ upTo, done, failed }) => {
      if (!this.#waiting.hasUpTo(upTo, this.#parts.journal.held)) done();
      else if (this.#stopping) failed(this.#failure ?? new EmitterError('closed', 'the emitter was closed before all was sent'));
      else return true;
      return false;
    });
  }
}

function isPutOff({ status, error }: Receipt): boolean {
  return status === 'refused' && PUT_OFF.has(error?.code ?? '');
}

/** A refusal without a receipt, as one. */
function turnedAway(message: Waiting, { error }: Extract<Outcome, { kind: 'turned-away' }>): Decided {
  const { source, id } = sentMessage(message.json);
  const nowhere = { stream: null, revision: null, position: null, eventIds: [] };
  return { message, receipt: { source, id, status: 'refused', ...nowhere, error } };
}
