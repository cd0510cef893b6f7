/**
 * What this process knows of its server: whether it answers, and why not. Every answer to any call counts; where none
 * came for a moment, a read that costs nothing is asked. Each change is said once: lost, with address and cause, and
 * back.
 */
import { ErrorType } from '@eventstore/db-client';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { membersOf } from '../encoding/unknown-values.js';
import { StoreUnavailable } from './event-log.js';
import type { Attempt } from './eventstoredb-connection.js';
import { addressOf, diagnose, type Route } from './eventstoredb-diagnosis.js';

export interface ServerOptions {
  readonly route: Route;
  /** Reads something that costs the server nothing, until it is given up; rejects where it does not answer. */
  readonly ask: (signal: AbortSignal) => Promise<unknown>;
  /** Tries another connection; whether it took the place of the one at hand. */
  readonly another: (attempt: Omit<Attempt, 'ask'>) => Promise<boolean>;
  readonly closing: AbortSignal;
  /** How long the answer to that read is waited for, ms. */
  readonly patience: number;
}

/** How often the server is looked after, and how long an answer proves that it is there, ms. */
const INTERVAL_MS = 500;
const PROVED_MS = 500;
/** After how much silence another connection is tried, how long it is given, and the pause between two, ms. */
const SILENT_MS = 1500;
const ANOTHER_MS = 1000;
const PAUSE_MS = 400;
/** How long a cause that was found is believed, ms. */
const CAUSE_MS = 1000;

/** Errors by which a server that works refuses a call. */
const ANSWERS: ReadonlySet<unknown> = new Set([
  ErrorType.WRONG_EXPECTED_VERSION,
  ErrorType.STREAM_NOT_FOUND,
  ErrorType.STREAM_DELETED,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.INVALID_ARGUMENT,
]);

export const errorType = (error: unknown): unknown => membersOf(error)['type'];

export class NoAnswer extends StoreUnavailable {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

export class Server {
  readonly #options: ServerOptions;
  readonly #listeners = new Set<() => void>();
  #heardAt = -Infinity;
  /** Resolves when the server answers after a silence. */
  #return = Promise.withResolvers<void>();
  #trouble: string | null = null;
  #cause: { readonly at: number; readonly why: Promise<string> } | null = null;
  #notice: (line: string) => void = () => undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  get address(): string {
    return addressOf(this.#options.route);
  }

  /** Why the server does not answer, as one sentence; null while it does, or nobody has looked. */
  get trouble(): string | null {
    return this.#trouble;
  }

  heard(): void {
    // What a log that closes cuts off looks like an answer.
    if (this.#options.closing.aborted) return;
    const now = Date.now();
    if (now - this.#heardAt > SILENT_MS) this.#returned();
    this.#heardAt = now;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
    if (this.#trouble === null) return;
    this.#trouble = null;
    this.#notice(`EventStoreDB at ${this.address} answers again`);
  }

  #returned(): void {
    this.#return.resolve();
    this.#return = Promise.withResolvers();
  }

  /** Resolves after so many ms, or as soon as the server answers again after a silence. Never rejects. */
  async pause(ms: number): Promise<void> {
    const done = new AbortController();
    const late = sleep(ms, undefined, { signal: AbortSignal.any([this.#options.closing, done.signal]) }).catch(() => undefined);
    await Promise.race([late, this.#return.promise]);
    done.abort();
  }

  /** What came of a call: an answer, whatever it says, or none. */
  settled(error: unknown): void {
    if (error === null || ANSWERS.has(errorType(error))) this.heard();
  }

  /**
   * Resolves where the server answers: an answer of the last moment, or to any call meanwhile, is one. Errors:
   * `StoreUnavailable`.
   */
  async reachable(): Promise<void> {
    const began = Date.now();
    if (began - this.#heardAt < PROVED_MS) return;
    let listener: () => void = () => undefined;
    const other = new Promise<void>((resolve) => this.#listeners.add((listener = resolve)));
    try {
      await Promise.race([other, this.#asked()]);
    } catch (error) {
      // Of a busy process the timer may come before the answer that stands in its socket.
      for (let turn = 0; turn < 3; turn += 1) await nextTurn();
      if (this.#heardAt < began) throw error;
    } finally {
      this.#listeners.delete(listener);
    }
  }

  async #asked(): Promise<void> {
    const { ask, patience, closing } = this.#options;
    const done = new AbortController();
    const late = sleep(patience, undefined, { signal: AbortSignal.any([closing, done.signal]) }).then(
      () => Promise.reject(new NoAnswer(patience)),
      () => new Promise<never>(() => undefined),
    );
    const given = new AbortController();
    const answer = ask(given.signal).then(() => !given.signal.aborted && this.heard());
    await Promise.race([answer, late]).finally(() => {
      given.abort();
      done.abort();
    });
  }

  /** The error for whoever called: address and cause are in its message. `error` is what the call ended with. */
  async unavailable(error: unknown): Promise<StoreUnavailable> {
    if (this.#options.closing.aborted) return new StoreUnavailable('the log is closed', { cause: error });
    // What ended a subscription says more than that it ended.
    const why = await this.#why(error instanceof StoreUnavailable ? (error.cause ?? error) : error);
    return new StoreUnavailable(this.#sentence(why), { cause: error });
  }

  #sentence(why: string): string {
    return `EventStoreDB at ${this.address} cannot be used: ${why}`;
  }

  #why(error: unknown): Promise<string> {
    // A server that answers others and not this call is slow, whatever its ports look like.
    if (error instanceof NoAnswer && Date.now() - this.#heardAt < CAUSE_MS) return Promise.resolve(error.message);
    const known = this.#cause;
    if (known !== null && Date.now() - known.at < CAUSE_MS) return known.why;
    const why = diagnose(this.#options.route, error);
    this.#cause = { at: Date.now(), why };
    return why;
  }

  /** Looks after the server until the log is closed, and says each change. Called once at most. */
  async watch(notice: (line: string) => void): Promise<void> {
    this.#notice = notice;
    const { closing } = this.#options;
    void this.#reconnect();
    while (!closing.aborted) {
      await this.#look();
      await sleep(INTERVAL_MS, undefined, { signal: closing, ref: false }).catch(() => undefined);
    }
  }

  /** A silent connection may be dead: TCP would find out minutes later that the network is back. */
  async #reconnect(): Promise<void> {
    const { another, closing } = this.#options;
    const wanted = (): boolean => !closing.aborted && Date.now() - this.#heardAt > SILENT_MS;
    while (!closing.aborted) {
      if (wanted() && (await another({ patience: ANOTHER_MS, wanted }))) this.heard();
      await sleep(PAUSE_MS, undefined, { signal: closing, ref: false }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const began = Date.now();
    try {
      await this.reachable();
    } catch (error) {
      const why = this.#sentence(await this.#why(error));
      if (this.#heardAt >= began || this.#options.closing.aborted || this.#trouble === why) return;
      this.#trouble = why;
      this.#notice(why);
    }
  }
}
