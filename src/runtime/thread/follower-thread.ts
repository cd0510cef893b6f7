/**
 * The read models in a thread of their own: taking messages and answering are never held up by applying events. The
 * thread has its own connections; here only what it says is known. One that dies is begun again from its bookmarks,
 * less and less often, and visible meanwhile: answers go on, and say how old they are.
 */
import { Worker } from 'node:worker_threads';
import type { Config } from '../../config/config.js';
import { threadFile } from '../../config/package-files.js';
import { messageOf } from '../../encoding/unknown-values.js';
import type { EventLog } from '../../log/event-log.js';
import { SqliteEventLog } from '../../log/sqlite-event-log.js';
import type { Erased } from '../../read-models/accesses/accesses.js';
import { Follower, type RunnerStatus } from '../../read-models/follower.js';
import type { ReadStore } from '../../read-models/read-store.js';
import { isDamage } from '../../sqlite/open-database.js';
import type { FromThread, State, ToThread } from './words.js';

/** How long it waits before it begins a thread again, ms: at first, and at most. */
const RETRY_MS = 100;
const MAX_RETRY_MS = 5000;
/** What it works with for a moment, MB: half of it costs a seventh more of the processor's time. */
const YOUNG_MB = 24;
/**
 * Far above a page of the largest messages, MB: how soon what lasted is cleaned up follows from what it may become.
 */
const OLD_MB = 1024;
const ENTRY = threadFile('runtime/thread/entry');

export interface FollowerThreadParts {
  readonly config: Config;
  readonly log: EventLog;
  /** Opened as `writtenByThread`. */
  readonly store: ReadStore;
  readonly notice: (line: string) => void;
  /** Told of erasures once their rows are committed. Must not throw. */
  readonly erased: (erased: readonly Erased[]) => void;
  /** A thread died that may have committed what it did not tell of any more. Must not throw. */
  readonly died: () => void;
}

type Known = Pick<State, 'status' | 'reachedPosition'>;

export class FollowerThread extends Follower {
  readonly #parts: FollowerThreadParts;
  #known: Known;
  #caughtUp = false;
  #worker: Worker | null = null;
  /** Why the last thread died, and where it stood then; null from when a later one got further. */
  #death: { readonly why: string; readonly position: string | null } | null = null;
  #restarts = 0;
  #retryMs = RETRY_MS;
  #retry: NodeJS.Timeout | null = null;
  #stopping = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(parts: FollowerThreadParts) {
    super(parts.log);
    this.#parts = parts;
    const { log, store } = parts;
    const status = { bookmarks: store.bookmarks(), caughtUp: false, failing: null, broken: null };
    this.#known = { status, reachedPosition: null };
    store.onDamage((damage) => {
      this.#tell({ kind: 'damage', damage });
      this.wake();
    });
    if (log instanceof SqliteEventLog) log.onCommit(() => this.#tell({ kind: 'look' }));
  }

  start(): void {
    if (this.#worker === null && this.#retry === null) this.#begin();
  }

  #begin(): void {
    this.#retry = null;
    const worker = new Worker(ENTRY, {
      workerData: { config: this.#parts.config },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
    });
    this.#worker = worker;
    let why = 'it ended by itself';
    worker.on('message', (words: FromThread) => this.#hear(words));
    worker.on('error', (error) => {
      why = messageOf(error);
      if (isDamage(error)) this.#parts.store.markDamaged(why);
    });
    worker.on('exit', () => this.#over(why));
  }

  #tell(words: ToThread): void {
    this.#worker?.postMessage(words);
  }

  #hear(words: FromThread): void {
    const { store, notice, erased } = this.#parts;
    if (words.kind === 'notice') {
      notice(words.line);
      return;
    }
    // Who waits for it must find it.
    store.seeNow();
    this.#known = words;
    this.#caughtUp ||= words.status.caughtUp;
    if (words.damage !== null) store.learnDamage(words.damage);
    if (words.erased.length > 0) erased(words.erased);
    if (this.#death !== null && (words.status.caughtUp || isFurther(words, this.#death))) {
      this.#death = null;
      this.#retryMs = RETRY_MS;
      notice('the thread of the read models goes on');
    }
    this.wake();
  }

  /** A thread has ended: as it was told to, or it is begun again. */
  #over(why: string): void {
    this.#worker = null;
    if (this.#stopping) {
      this.#ended.resolve();
      return;
    }
    const { notice, died } = this.#parts;
    if (this.#death === null) notice(`the thread of the read models died and is started again: ${why}`);
    const position = this.#known.reachedPosition ?? this.#death?.position ?? null;
    this.#death = { why: `the thread of the read models died: ${why}`, position };
    this.#restarts += 1;
    died();
    if (!this.hasEnded) {
      this.#retry = setTimeout(() => this.#begin(), this.#retryMs);
      this.#retryMs = Math.min(2 * this.#retryMs, MAX_RETRY_MS);
    }
    this.wake();
  }

  status(): RunnerStatus {
    const { log, store } = this.#parts;
    const { bookmarks, failing } = this.#known.status;
    return {
      bookmarks,
      caughtUp: this.#caughtUp,
      failing: this.#death?.why ?? failing ?? log.trouble ?? store.gone(),
      broken: this.#standsStill,
    };
  }

  get isCaughtUp(): boolean {
    return this.#caughtUp;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get reachedPosition(): string | null {
    return this.#known.reachedPosition;
  }

  get #standsStill(): string | null {
    return this.#known.status.broken ?? this.#parts.store.damage;
  }

  protected get hasEnded(): boolean {
    return this.#stopping || this.#standsStill !== null;
  }

  async stop(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.wake();
      if (this.#retry !== null) clearTimeout(this.#retry);
      if (this.#worker === null) this.#ended.resolve();
      else this.#tell({ kind: 'stop' });
    }
    await this.#ended.promise;
  }
}

function isFurther({ reachedPosition }: Known, { position }: { readonly position: string | null }): boolean {
  return reachedPosition !== null && reachedPosition !== position;
}
