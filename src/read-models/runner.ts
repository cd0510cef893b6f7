/**
 * The runner feeds every read model from the log: catch up, then live, one subscription for all. Each batch is one
 * transaction: rows and bookmarks together. An event that a read model cannot apply stops that one before it, visibly,
 * and the others go on; a gap in the log stops all. What may pass (a full disk, a log that does not answer) stops
 * nothing: it is tried again, less and less often, and visible meanwhile. Before the first event it makes sure that the
 * bookmarks are bookmarks of this very log: behind those of another one events would be skipped.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { comparePositions, StoreUnavailable, type EventLog, type StoredEvent } from '../log/event-log.js';
import { SqliteEventLog } from '../log/sqlite-event-log.js';
import { parseInstant } from '../time/instant.js';
import { CHECKPOINT_STREAM } from '../events/catalog.js';
import { isPassing } from '../sqlite/open-database.js';
import { erasedIn, type Erased } from './accesses/accesses.js';
import { isBehind, type Arrived } from './applying.js';
import { Follower, type RunnerStatus } from './follower.js';
import { LeavesAhead } from './ledger/leaves-ahead.js';
import { ledgerHashedAhead, ledgerProjection } from './ledger/ledger.js';
import { ModelWriter, TakenBack } from './model-writer.js';
import type { Projection } from './projection.js';
import { PROJECTIONS, type Bookmark, type ReadStore } from './read-store.js';
import { isBuiltFrom } from './same-log.js';

/** Events applied in one transaction: bounds how long the event loop is held (about 20 ms). */
const CHUNK = 500;
/**
 * The same before the end of the log was reached once, while no answer is given: pages that events side by side change
 * are then written half as often.
 */
const CATCH_UP_CHUNK = 1000;
/** How long it waits before it tries again after what may pass, ms: at first, and at most. */
const RETRY_MS = 200;
const MAX_RETRY_MS = 5000;

export interface RunnerOptions {
  /** The read models that are filled; absent = all there are. */
  readonly projections?: readonly Projection[];
  /** Position of the last event to apply; absent = go on for ever. */
  readonly until?: string;
  /** Events that share a transaction at most, before the end of the log is reached; absent = 32,000. */
  readonly shared?: number;
  /** Hears what an operator should know, a line each. */
  readonly notice?: (line: string) => void;
  /** Rows are committed: told what was erased in their events, maybe again after a start. Must not throw. */
  readonly committed?: (erased: readonly Erased[]) => void;
  /** Told whenever `status` may be another. Must not throw. */
  readonly changed?: () => void;
}

export class ProjectionRunner extends Follower {
  readonly restarts = 0;
  readonly #log: EventLog;
  readonly #store: ReadStore;
  readonly #end: string | null;
  readonly #notice: (line: string) => void;
  readonly #committed: (erased: readonly Erased[]) => void;
  readonly #writer: ModelWriter;
  /** null where the log is not in a file. */
  readonly #leaves: LeavesAhead | null;
  readonly #changed: () => void;
  readonly #abort = new AbortController();
  /** In events that are applied and not committed yet. */
  #erased: Erased[] = [];
  /** The bookmarks are known to be of this log. */
  #verified = false;
  #caughtUp = false;
  #failing: string | null = null;
  #broken: string | null = null;
  #loop: Promise<void> | null = null;

  constructor(
    log: EventLog,
    store: ReadStore,
    { projections = PROJECTIONS, until, shared, notice, committed, changed }: RunnerOptions = {},
  ) {
    super(log);
    this.#log = log;
    this.#end = until ?? null;
    this.#notice = notice ?? (() => undefined);
    this.#committed = committed ?? (() => undefined);
    this.#changed = changed ?? (() => undefined);
    this.#store = store;
    this.#leaves = log instanceof SqliteEventLog ? new LeavesAhead(log.file) : null;
    this.#writer = new ModelWriter(store, hashedAhead(projections, this.#leaves), shared);
  }

  start(): void {
    this.#loop ??= this.#run().finally(() => this.#leaves?.end());
  }

  /** Goes on for ever, from the bookmarks again after whatever may pass; what will not pass is said and ends it. */
  async #run(): Promise<void> {
    for (let wait = RETRY_MS; !this.#abort.signal.aborted; wait = Math.min(2 * wait, MAX_RETRY_MS)) {
      try {
        await this.#verify();
        while (await this.#takenBack());
        return;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        // A rebuild up to an event is somebody's command: it fails, and may be begun again.
        if (this.#end !== null || !(isPassing(error) || error instanceof StoreUnavailable)) {
          this.#broken = why;
          this.wake();
          return;
        }
        if (this.#failing === null) {
          wait = RETRY_MS;
          this.#notice(`the read models stand still and try again: ${why}`);
        }
        this.#failing = why;
        this.wake();
        await sleep(wait, undefined, { signal: this.#abort.signal }).catch(() => undefined);
      }
    }
  }

  /**
   * Empties read models that were built from another log than this. A crash in between leaves them as they were, or
   * empty.
   */
  async #verify(): Promise<void> {
    if (this.#verified) return;
    if (!(await isBuiltFrom(this.#log, this.#store))) {
      const index = this.#writer.bookmarks[0]?.index ?? -1;
      this.#writer.clear();
      this.#notice(`the read models (up to event ${index}) were not built from this log, such as after a restore: building them anew`);
    }
    this.#verified = true;
    this.wake();
  }

  /** Follows the log; true where what many chunks shared was taken back, and comes again. */
  async #takenBack(): Promise<boolean> {
    try {
      await this.#follow();
      return false;
    } catch (error) {
      if (error instanceof TakenBack) return true;
      throw error;
    }
  }

  async #follow(): Promise<void> {
    const from = this.#writer.bookmarks.reduce((a, b) => (isBehind(b, a.position) ? b : a));
    const index = new Indexing(from);
    this.#erased = [];
    try {
      for await (const batch of this.#log.subscribe(from.position, this.#abort.signal)) {
        const end = this.#end;
        const events = end === null ? batch.events : batch.events.filter(({ position }) => comparePositions(position, end) <= 0);
        const size = this.#caughtUp ? CHUNK : CATCH_UP_CHUNK;
        for (let start = 0; start < events.length; start += size) {
          this.#apply(index.of(events.slice(start, start + size)));
          if (events.length > size) await new Promise((resolve) => setImmediate(resolve));
          if (this.#abort.signal.aborted) return;
        }
        await this.#batchEnds(batch.caughtUp, batch.events.at(-1)?.position ?? null);
        if (this.#abort.signal.aborted) return;
      }
    } finally {
      this.#commit();
    }
  }

  #apply(chunk: readonly Arrived[]): void {
    this.#erased.push(...erasedIn(chunk.map(({ stored }) => stored)));
    if (this.#writer.apply(chunk, !this.#caughtUp)) this.#tell();
  }

  async #batchEnds(caughtUp: boolean, last: string | null): Promise<void> {
    const end = this.#end;
    if (caughtUp || (end !== null && last !== null && comparePositions(last, end) >= 0)) this.#commit();
    if (caughtUp && !this.#caughtUp) {
      await this.#createIndexes();
      if (this.#abort.signal.aborted) return;
      this.#caughtUp = true;
      this.#leaves?.end();
    }
    this.#goesOn();
    this.wake();
  }

  #commit(): void {
    if (this.#writer.commit()) this.#tell();
  }

  /** Rows were committed. */
  #tell(): void {
    this.#goesOn();
    this.#committed(this.#erased);
    this.#erased = [];
    this.wake();
  }

  #goesOn(): void {
    if (this.#failing === null) return;
    this.#failing = null;
    this.#notice('the read models go on');
  }

  /** One after the other, so that others are heard in between. Up to an event there are none to find anything by. */
  async #createIndexes(): Promise<void> {
    if (this.#end !== null) return;
    while (!this.#abort.signal.aborted && this.#store.createNextIndex()) await new Promise((resolve) => setImmediate(resolve));
    this.#writer.indexMade();
  }

  status(): RunnerStatus {
    return {
      bookmarks: this.#writer.bookmarks,
      caughtUp: this.#caughtUp,
      failing: this.#failing ?? this.#log.trouble ?? this.#store.gone(),
      broken: this.#standsStill(),
    };
  }

  get isCaughtUp(): boolean {
    return this.#caughtUp;
  }

  get reachedPosition(): string | null {
    return this.#verified ? this.#writer.committed : null;
  }

  protected get hasEnded(): boolean {
    return this.#standsStill() !== null || this.#abort.signal.aborted;
  }

  /** Why nothing is applied any more; a question may have found that the store is not whole. */
  #standsStill(): string | null {
    return this.#broken ?? this.#store.damage;
  }

  protected override wake(): void {
    super.wake();
    this.#changed();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.wake();
    await this.#loop;
  }
}

function hashedAhead(projections: readonly Projection[], leaves: LeavesAhead | null): readonly Projection[] {
  return leaves === null ? projections : projections.map((one) => (one === ledgerProjection ? ledgerHashedAhead(leaves) : one));
}

/** Gives events their index, and the latest time up to each. */
class Indexing {
  #index: number;
  #recordedAt: number;
  #lastTime = '';

  /** Behind a bookmark. */
  constructor({ index, recordedAt }: Bookmark) {
    this.#index = index;
    this.#recordedAt = recordedAt;
  }

  of(events: readonly StoredEvent[]): Arrived[] {
    return events.map((stored) => {
      if (stored.stream !== CHECKPOINT_STREAM) {
        this.#index += 1;
        // Events recorded together have one time.
        if (stored.recordedAt !== this.#lastTime) this.#recordedAt = Math.max(this.#recordedAt, parseInstant(stored.recordedAt) ?? 0);
        this.#lastTime = stored.recordedAt;
      }
      return { stored, index: this.#index, recordedAt: this.#recordedAt };
    });
  }
}
