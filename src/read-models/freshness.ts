/**
 * How long ago this replica knew everything that the log held, and how long the log has been silent. Permissions are
 * read from the read models: where these may be behind a log that is elsewhere, an act waits until they are not, and
 * after 10 s of silence none is taken. Over a log in this process nothing is ever waited for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable, type EventLog } from '../log/event-log.js';
import { formatInstant } from '../time/instant.js';
import type { Follower } from './follower.js';
import type { Running, Stale } from './staleness.js';

/** A moment on two clocks, ms: one goes on while the machine sleeps, the other is never set back. */
export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

export interface FreshnessParts {
  readonly log: Pick<EventLog, 'ordered' | 'head' | 'reachable' | 'trouble'>;
  /** null in a reader beside the process that applies the events. */
  readonly runner: (Pick<Follower, 'reached' | 'started'> & { status(): Running }) | null;
  readonly clock?: () => Moment;
}

/** After so much silence acts are refused and answers are stale, ms. */
export const CUT_OFF_MS = 10_000;
/** So long what was known is believed, ms: with the way of an act it stays below 2 s. */
const FRESH_MS = 1500;
/** From how much silence on another answer is asked for beside the one that is waited for, ms. */
const SILENT_MS = 1500;
/** How often the log is asked, and how often a waiter looks, ms. */
const INTERVAL_MS = 500;
const LOOK_MS = 200;

function clockOfMachine(): Moment {
  return { wall: Date.now(), steady: performance.now() };
}

export class Freshness {
  readonly #parts: FreshnessParts;
  readonly #clock: () => Moment;
  readonly #end = new AbortController();
  /** When the log last answered; before its first answer, when this began. */
  #answered: Moment;
  /** The read models hold what the log held then; before they first did, when this began. */
  #known: Moment;
  #everKnown = false;
  #running: Promise<unknown> = Promise.resolve();
  /** Resolves at the next end of a look, and what ends the pause before the next one. */
  #looked = Promise.withResolvers<void>();
  #hurry = Promise.withResolvers<void>();

  constructor(parts: FreshnessParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? clockOfMachine;
    this.#answered = this.#known = this.#clock();
  }

  /** Asks the log until it is stopped. */
  start(): void {
    if (!this.#isNeeded) return;
    this.#running = Promise.all([this.#hear(), this.#follow()]);
  }

  async stop(): Promise<void> {
    this.#end.abort();
    this.#hurry.resolve();
    this.#looked.resolve();
    await this.#running;
  }

  get #isNeeded(): boolean {
    return !this.#parts.log.ordered && this.#parts.runner !== null;
  }

  /** ms since the log last answered; 0 where it is in this process. */
  get silence(): number {
    return this.#isNeeded ? this.#since(this.#answered) : 0;
  }

  /** Why no act is taken, as one sentence; null while the log answers. */
  get cutOff(): string | null {
    const { silence } = this;
    if (silence <= CUT_OFF_MS) return null;
    return this.#parts.log.trouble ?? `the log has given no answer for ${Math.floor(silence / 1000)} s`;
  }

  /** Said of every answer while what is known may be over 10 s old; null else. */
  get stale(): Stale | null {
    if (!this.#isNeeded || this.#since(this.#known) <= CUT_OFF_MS) return null;
    const { broken = null, failing = null } = this.#parts.runner?.status() ?? {};
    const silent = this.cutOff !== null || failing !== null;
    return { since: formatInstant(this.#known.wall), why: broken !== null ? 'stopped' : silent ? 'failing' : 'behind' };
  }

  /**
   * Resolves where the read models hold what the log held 1.5 s ago, or when this was asked. Errors: `StoreUnavailable`
   * after 10 s, and at once where the log has been silent for as long.
   */
  async known(): Promise<void> {
    if (!this.#isNeeded || this.#isFresh(FRESH_MS)) return;
    const asked = this.#clock();
    this.#hurry.resolve();
    // The process may have been stopped meanwhile: then what was known when this was asked is old as well.
    while (!this.#isFresh(Math.min(this.#since(asked), CUT_OFF_MS))) {
      const why = this.cutOff;
      if (why !== null) throw new StoreUnavailable(why);
      if (this.#since(asked) > CUT_OFF_MS || this.#end.signal.aborted)
        throw new StoreUnavailable('the read models, and permissions with them, are behind the log');
      await Promise.race([this.#looked.promise, sleep(LOOK_MS, undefined, { ref: false })]);
    }
  }

  #isFresh(age: number): boolean {
    return this.#everKnown && this.#since(this.#known) <= age;
  }

  #since({ wall, steady }: Moment): number {
    const now = this.#clock();
    return Math.max(now.wall - wall, now.steady - steady);
  }

  /** Any answer will do. */
  async #hear(): Promise<void> {
    const { log } = this.#parts;
    while (!this.#end.signal.aborted) {
      const answered = log.reachable().then(() => (this.#answered = this.#clock()));
      await this.#ended(answered);
      await this.#pause();
    }
  }

  async #follow(): Promise<void> {
    while (!this.#end.signal.aborted) {
      await this.#ended(this.#look());
      await Promise.race([this.#pause(), this.#hurry.promise]);
      this.#hurry = Promise.withResolvers();
    }
  }

  /** What was known counts from when the log was asked for its end, not from when the read models came there. */
  async #look(): Promise<void> {
    const asked = this.#clock();
    if (!(await this.#holdsAll().catch(() => false))) return;
    if (!this.#everKnown || this.#since(asked) < this.#since(this.#known)) this.#known = asked;
    this.#everKnown = true;
    const { resolve } = this.#looked;
    this.#looked = Promise.withResolvers();
    resolve();
  }

  /** Not while the log is silent: a question that went into silence may be told later than another one is answered. */
  async #ended(question: Promise<unknown>): Promise<void> {
    let ended = false;
    const end = question.then(
      () => (ended = true),
      () => (ended = true),
    );
    do await Promise.race([end, this.#pause()]);
    while (!ended && this.silence < SILENT_MS && !this.#end.signal.aborted);
  }

  async #holdsAll(): Promise<boolean> {
    const { log, runner } = this.#parts;
    const head = await log.head();
    if (runner === null) return false;
    return head === null ? runner.started(CUT_OFF_MS) : runner.reached(head, CUT_OFF_MS);
  }

  async #pause(): Promise<void> {
    await sleep(INTERVAL_MS, undefined, { signal: this.#end.signal, ref: false }).catch(() => undefined);
  }
}
