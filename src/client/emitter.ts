/**
 * The client of those who send disclosure events. `send` puts a message into an outbox on the disk; from there it goes
 * to the service, in the order of its case, until it is recorded or refused, through restarts of both. Needs nothing
 * but Node. docs/emitting.md begins with a whole program.
 */
import { resolve } from 'node:path';
import { RETRY_TIMES, type RetryTimes } from './backoff.js';
import { DeadLetters } from './dead-letters.js';
import { Delivery, type Retry } from './delivery.js';
import { Exchange, type Token } from './exchange.js';
import { makeFolder } from './files.js';
import { Journal, type Line } from './journal.js';
import { Lock } from './lock.js';
import { caseLane, caseOf, lanesOf, write, type Message, type Receipt, type SentMessage, type Written } from './message.js';
import { failedBy, Room } from './room.js';
import { waitingOf, type Waiting } from './waiting-messages.js';

export { EmitterError, type EmitterErrorCode } from './emitter-error.js';
export type { Message, MessageOf, MessageType, Receipt, SentMessage } from './message.js';
export type { DataByType } from './messages.js';
export type { Retry } from './delivery.js';
export type { RetryTimes } from './backoff.js';
export type { Token } from './exchange.js';

export interface EmitterOptions {
  /** Where the service is, such as `https://disclosure.example.gov.cn`. */
  readonly url: string;
  /** Folder of the outbox, made where it is not there. One process at a time. */
  readonly outbox: string;
  /** Name of the system that sends, where a message has no `source` of its own. */
  readonly source?: string;
  /** A bearer token, or what gives one: it is asked before each request, and once more where one was not taken. */
  readonly token?: Token;
  /** How much waits at most: 100,000 messages and 64 MiB where nothing is said. */
  readonly maxMessages?: number;
  readonly maxBytes?: number;
  /** What `send` does with a full outbox: `wait` for room (the default), or `reject` with `outbox-full`. */
  readonly whenFull?: 'wait' | 'reject';
  /** What a refusal does to the later messages of its case: they `go-on` (the default), or are held until `resume`. */
  readonly afterRefusal?: 'go-on' | 'hold';
  /** Times between tries: from 0.5 s, doubled up to 60 s, where nothing is said. */
  readonly retry?: Partial<RetryTimes>;
  /** How long one request may take, ms: 60,000 where nothing is said. */
  readonly timeoutMs?: number;
  /** Closes the emitter when it is aborted, and gives up the request that is on its way: it is sent again next time. */
  readonly signal?: AbortSignal;
  /**
   * Given each receipt, at least once, before its message leaves the outbox. Where it throws or rejects, the message is
   * sent again later, and its receipt then says `duplicate`.
   */
  readonly onReceipt?: (receipt: Receipt, message: SentMessage) => void | Promise<void>;
  /** Told whenever something is tried again later, and why. */
  readonly onRetry?: (retry: Retry) => void;
  /** Told whenever messages have come or gone. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Messages in the outbox, and their bytes. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Recorded, or found recorded, since the emitter was opened. */
  readonly delivered: number;
  /** Refused since then. */
  readonly refused: number;
}

/** The name of a message: what its receipt is found by. */
export interface MessageName {
  readonly source: string;
  readonly id: string;
}

export interface CaseName {
  readonly agency: string;
  /** `kind/number`. */
  readonly subject: string;
}

const DEFAULTS = { maxMessages: 100_000, maxBytes: 64 * 1024 * 1024, timeoutMs: 60_000 };

export class Emitter {
  readonly #options: EmitterOptions;
  readonly #lock: Lock;
  readonly #journal: Journal;
  readonly #deadLetters: DeadLetters;
  readonly #room: Room;
  readonly #delivery: Delivery;
  readonly #sending = new Set<Promise<unknown>>();
  #delivered = 0;
  #refused = 0;
  #last = 0;
  #closed: Promise<void> | null = null;

  private constructor(options: EmitterOptions, lock: Lock, journal: Journal) {
    this.#options = options;
    this.#lock = lock;
    this.#journal = journal;
    this.#deadLetters = new DeadLetters(resolve(options.outbox), journal.id);
    const { maxMessages = DEFAULTS.maxMessages, maxBytes = DEFAULTS.maxBytes } = options;
    this.#room = new Room({ messages: maxMessages, bytes: maxBytes }, options.whenFull ?? 'wait');
    const waiting = [...journal.waiting].map(([number, json]) => waitingOf(number, json));
    for (const { number, bytes } of waiting) {
      this.#room.hold(bytes);
      this.#last = number;
    }
    this.#delivery = new Delivery(this.#parts(), waiting);
    const { signal } = options;
    if (signal?.aborted === true) void this.#close(true);
    signal?.addEventListener('abort', () => void this.#close(true), { once: true });
  }

  /**
   * Opens the outbox and begins to send what waits in it. Errors: `EmitterError` `outbox-held`, `outbox-damaged`; what
   * the file system says.
   */
  static async open(options: EmitterOptions): Promise<Emitter> {
    const folder = resolve(options.outbox);
    await makeFolder(folder);
    const lock = await Lock.take(folder);
    try {
      const journal = await Journal.open(folder, () => lock.check());
      await settleRefused(journal, new DeadLetters(folder, journal.id), options.afterRefusal === 'hold');
      return new Emitter(options, lock, journal);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Where the refused messages stand, each with its receipt: JSON lines. */
  get refusedFile(): string {
    return this.#deadLetters.file;
  }

  get progress(): Progress {
    const { waiting } = this.#delivery;
    return { waiting, waitingBytes: this.#room.bytes, delivered: this.#delivered, refused: this.#refused };
  }

  /** Cases that a refusal holds, with `afterRefusal: 'hold'`. */
  get held(): readonly CaseName[] {
    return [...this.#journal.held].map(caseOf);
  }

  /**
   * Resolves when the message is on the disk; it is sent then, also by a later process. Gives its name. Errors:
   * `EmitterError` `bad-message`, `too-large`, `outbox-full`, `outbox-unwritable`, `outbox-lost`, `closed`; the reason
   * of `signal` while it waits for room. A message that was not taken is not sent.
   */
  async send(message: Message, { signal }: { readonly signal?: AbortSignal } = {}): Promise<MessageName> {
    const written = write(message, this.#options.source);
    const put = this.#put(written, signal);
    this.#sending.add(put);
    try {
      await put;
    } finally {
      this.#sending.delete(put);
    }
    return { source: written.source, id: written.id };
  }

  /**
   * Resolves when every message handed in before is recorded or refused, but for those of held cases. Errors:
   * `EmitterError` `closed` where it was closed before, `outbox-lost`; the reason of `signal`.
   */
  async flush({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted();
    const flushed = Promise.allSettled([...this.#sending]).then(() => this.#delivery.flushed(this.#last));
    if (signal === undefined) return flushed;
    await Promise.race([flushed, rejectedBy(signal)]);
  }

  /**
   * Lets the messages of a held case go on, behind those given here: the refused one, mended. Errors: as `send`; the
   * case is held as before then.
   */
  async resume({ agency, subject }: CaseName, ...mended: readonly Message[]): Promise<void> {
    const lane = caseLane(agency, subject);
    const first = mended.map((message) => write(message, this.#options.source));
    for (const { bytes } of first) await this.#room.enter(bytes, () => Promise.resolve());
    try {
      await Promise.allSettled([...this.#sending]);
      // New numbers for all of them: they stand behind what is put before them.
      const waiting = this.#delivery.ofCase(lane);
      const again = [...first, ...waiting].map(({ json }) => waitingOf(this.#journal.number(), json));
      const lines: Line[] = [{ resumed: lane }, { settled: waiting.map(({ number }) => number) }];
      await this.#journal.commit([...lines, ...again.map(({ number, json }) => ({ put: number, json }))]);
      this.#take(again, waiting);
    } catch (error) {
      for (const { bytes } of first) this.#room.leave(bytes);
      throw error;
    }
  }

  /**
   * Takes no more messages, waits for the request that is on its way, and gives the outbox back. What waits stays in
   * it. To send everything first, `flush`.
   */
  close(): Promise<void> {
    return this.#close(false);
  }

  #close(now: boolean): Promise<void> {
    if (now && this.#closed !== null) void this.#delivery.stop(true);
    this.#closed ??= this.#end(now);
    return this.#closed;
  }

  async #end(now: boolean): Promise<void> {
    this.#room.close();
    await Promise.allSettled([...this.#sending]);
    await this.#delivery.stop(now);
    await this.#journal.close();
    await this.#lock.release();
  }

  /** Its place among the others is that of its turn: in the order in which `send` was called. */
  #put({ json, bytes }: Written, signal: AbortSignal | undefined): Promise<void> {
    return this.#room.enter(
      bytes,
      async () => {
        if (this.#delivery.failure !== null) throw this.#delivery.failure;
        const number = this.#journal.number();
        await this.#journal.commit([{ put: number, json }]);
        this.#take([waitingOf(number, json)], []);
      },
      signal,
    );
  }

  #take(messages: readonly Waiting[], instead: readonly Waiting[]): void {
    for (const { number } of messages) this.#last = Math.max(this.#last, number);
    this.#delivery.add(messages, instead);
    tell(this.#options.onProgress, this.progress);
  }

  #parts(): ConstructorParameters<typeof Delivery>[0] {
    const { url, token, timeoutMs = DEFAULTS.timeoutMs, retry, afterRefusal, onReceipt, onRetry } = this.#options;
    return {
      journal: this.#journal,
      deadLetters: this.#deadLetters,
      exchange: new Exchange(url, token, timeoutMs),
      times: { ...RETRY_TIMES, ...retry },
      holds: afterRefusal === 'hold',
      onReceipt: (receipt, message) => onReceipt?.(receipt, message),
      onRetry: (retry) => tell(onRetry, retry),
      onSettled: ({ bytes }, { status }) => {
        if (status === 'refused') this.#refused += 1;
        else this.#delivered += 1;
        this.#room.leave(bytes);
        tell(this.#options.onProgress, this.progress);
      },
    };
  }
}

/** A crash may have come between the line among the refused and the outbox: what stands there is settled. */
async function settleRefused(journal: Journal, deadLetters: DeadLetters, holds: boolean): Promise<void> {
  if (journal.waiting.size === 0) return;
  const there = await deadLetters.numbers();
  const refused = [...journal.waiting].filter(([number]) => there.has(number));
  if (refused.length === 0) return;
  const held = holds ? refused.map(([, json]) => ({ held: lanesOf(json).writes[0] ?? '' })) : [];
  await journal.commit([{ settled: refused.map(([number]) => number) }, ...held]);
}

/** One that throws is told as an uncaught exception: nothing of ours stops for it. */
function tell<T>(listener: ((value: T) => void) | undefined, value: T): void {
  try {
    listener?.(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Errors: the reason of the signal, once it is aborted; resolves never. */
function rejectedBy(signal: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    signal.addEventListener('abort', () => settle(failedBy(signal)), { once: true });
  });
}
