/** A subscriber for tests: reads in the background and keeps every batch, until it is told to stop. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Batch, EventLog, StoredEvent } from '../../src/log/event-log.js';

export class Follower {
  readonly batches: Batch[] = [];
  readonly #abort = new AbortController();
  readonly #log: EventLog;
  readonly #ended: Promise<void>;
  #failure: unknown = null;

  /** `busy` is what the reader does with each batch before it asks for the next. */
  constructor(log: EventLog, after: string | null = null, busy: (batch: Batch) => Promise<void> = async () => undefined) {
    this.#log = log;
    this.#ended = this.#read(log, after, busy);
  }

  async #read(log: EventLog, after: string | null, busy: (batch: Batch) => Promise<void>): Promise<void> {
    try {
      for await (const batch of log.subscribe(after, this.#abort.signal)) {
        this.batches.push(batch);
        await busy(batch);
        // A log that gives batches without end must not keep this process from noticing.
        await nextTurn();
      }
    } catch (error) {
      this.#failure = error;
    }
  }

  get events(): StoredEvent[] {
    return this.batches.flatMap((batch) => batch.events);
  }

  get caughtUp(): boolean {
    return this.batches.some((batch) => batch.caughtUp);
  }

  /**
   * Waits until it was given that many events, and until one that subscribes behind them says that nothing more is
   * there: one too many must have its chance to appear.
   */
  async given(count: number): Promise<StoredEvent[]> {
    await this.until(() => this.events.length >= count);
    const behind = new Follower(this.#log, this.events.at(-1)?.position ?? null);
    await behind.until(() => behind.caughtUp);
    await behind.stop();
    return this.events;
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#failure !== null) throw this.#failure as Error;
      await sleep(5);
    }
  }

  /** Aborts it, and waits for its end: a subscription that does not end by its signal fails the test here. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.end();
  }

  /** Waits for its end without aborting it. */
  async end(): Promise<void> {
    await this.#ended;
    if (this.#failure !== null) throw this.#failure as Error;
  }
}
