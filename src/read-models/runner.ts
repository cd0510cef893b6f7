/**
 * The runner feeds every read model from the log: catch up, then live, one subscription for all. Each batch is one
 * transaction: rows and bookmarks together. An event that a read model cannot apply stops that one before it, visibly,
 * and the others go on; a gap in the log stops all. What may pass (a full disk, a log that does not answer) stops
 * nothing: it is tried again, less and less often, and visible meanwhile. Before the first event it makes sure that the
 * bookmarks are bookmarks of this very log: behind those of another one events would be skipped.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, sure } from '../encoding/unknown-values.js';
import { comparePositions, StoreUnavailable, type EventLog, type StoredEvent } from '../log/event-log.js';
import { parseInstant } from '../time/instant.js';
import { CHECKPOINT_STREAM } from '../events/catalog.js';
import { isDamage, isPassing } from '../sqlite/open-database.js';
import {
  applyAll,
  applyOrStop,
  isBehind,
  markedAt,
  plainTypes,
  type Applied,
  type Arrived,
  type Due,
  type Running,
  type Taken,
} from './applying.js';
import { Follower, type RunnerStatus } from './follower.js';
import { Journal } from './journal/journal.js';
import type { Projection } from './projection.js';
import { JOURNAL_NAME, PROJECTIONS, type Bookmark, type ReadStore } from './read-store.js';
import { isBuiltFrom } from './same-log.js';
import { one } from '../sqlite/statements.js';

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
  /** Hears what an operator should know, a line each. */
  readonly notice?: (line: string) => void;
  /** Told of events once their rows are committed; maybe again after a start. Must not throw. */
  readonly applied?: (events: readonly StoredEvent[]) => void;
  /** Told whenever `status` may be another. Must not throw. */
  readonly changed?: () => void;
}

export class ProjectionRunner extends Follower {
  readonly restarts = 0;
  readonly #log: EventLog;
  readonly #store: ReadStore;
  readonly #end: string | null;
  readonly #notice: (line: string) => void;
  readonly #applied: (events: readonly StoredEvent[]) => void;
  readonly #journal: Journal;
  readonly #running: readonly Running[];
  readonly #changed: () => void;
  readonly #abort = new AbortController();
  #journalMark: Bookmark;
  /** The bookmarks are known to be of this log. */
  #verified = false;
  #caughtUp = false;
  #failing: string | null = null;
  #broken: string | null = null;
  #loop: Promise<void> | null = null;

  constructor(log: EventLog, store: ReadStore, { projections = PROJECTIONS, until, notice, applied, changed }: RunnerOptions = {}) {
    super(log);
    this.#log = log;
    this.#end = until ?? null;
    this.#notice = notice ?? (() => undefined);
    this.#applied = applied ?? (() => undefined);
    this.#changed = changed ?? (() => undefined);
    this.#store = store;
    this.#journal = new Journal(store.db);
    const bookmarkOf = this.#bookmarks();
    this.#journalMark = bookmarkOf(JOURNAL_NAME);
    this.#running = projections.map((projection) => ({
      projection,
      applier: projection.open(store.db),
      handles: new Set(projection.handles),
      ignores: new Set(projection.ignores),
      // A stopped one tries again with every start: the program may have been mended.
      bookmark: { ...bookmarkOf(projection.name), stopped: null },
    }));
  }

  /** Every read model has a bookmark: the store makes them with its tables. */
  #bookmarks(): (name: string) => Bookmark {
    const bookmarks = new Map(this.#store.bookmarks().map((bookmark) => [bookmark.name, bookmark]));
    return (name) => one(bookmarks.get(name));
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Goes on for ever, from the bookmarks again after whatever may pass; what will not pass is said and ends it. */
  async #run(): Promise<void> {
    for (let wait = RETRY_MS; !this.#abort.signal.aborted; wait = Math.min(2 * wait, MAX_RETRY_MS)) {
      try {
        await this.#verify();
        await this.#follow();
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
      const { index } = this.#journalMark;
      this.#store.clear();
      this.#forget();
      const bookmarkOf = this.#bookmarks();
      this.#journalMark = bookmarkOf(JOURNAL_NAME);
      for (const running of this.#running) running.bookmark = bookmarkOf(running.projection.name);
      this.#notice(`the read models (up to event ${index}) were not built from this log, such as after a restore: building them anew`);
    }
    this.#verified = true;
    this.wake();
  }

  async #follow(): Promise<void> {
    const from = [this.#journalMark, ...this.#running.map(({ bookmark }) => bookmark)].reduce((a, b) => (isBehind(b, a.position) ? b : a));
    let { index, recordedAt } = from;
    let lastTime = '';
    for await (const batch of this.#log.subscribe(from.position, this.#abort.signal)) {
      const end = this.#end;
      const events = end === null ? batch.events : batch.events.filter(({ position }) => comparePositions(position, end) <= 0);
      const size = this.#caughtUp ? CHUNK : CATCH_UP_CHUNK;
      for (let start = 0; start < events.length; start += size) {
        const chunk = events.slice(start, start + size).map((stored) => {
          if (stored.stream === CHECKPOINT_STREAM) return { stored, index, recordedAt };
          index += 1;
          // Events recorded together have one time.
          if (stored.recordedAt !== lastTime) recordedAt = Math.max(recordedAt, parseInstant(stored.recordedAt) ?? 0);
          lastTime = stored.recordedAt;
          return { stored, index, recordedAt };
        });
        this.#apply(chunk);
        this.#goesOn();
        this.#applied(chunk.map(({ stored }) => stored));
        this.wake();
        if (events.length > size) await new Promise((resolve) => setImmediate(resolve));
        if (this.#abort.signal.aborted) return;
      }
      if (batch.caughtUp && !this.#caughtUp) {
        await this.#createIndexes();
        if (this.#abort.signal.aborted) return;
        this.#caughtUp = true;
      }
      this.#goesOn();
      this.wake();
    }
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
  }

  /**
   * One transaction for all read models. Where one of them fails, it is tried again with a savepoint for each: SQLite
   * copies every page that changes behind a savepoint, which is a tenth of the work, and an event that cannot be
   * applied is rare.
   */
  #apply(chunk: readonly Arrived[]): void {
    if (this.#store.damage !== null) throw new Error(this.#store.damage);
    const before = { journal: this.#journalMark, bookmarks: this.#running.map(({ bookmark }) => bookmark) };
    const attempt = (applyTo: (running: Running, due: Due) => Applied): void => {
      try {
        this.#store.db.transaction(() => this.#applyChunk(chunk, applyTo))();
      } catch (error) {
        this.#journalMark = before.journal;
        this.#running.forEach((running, at) => (running.bookmark = sure(before.bookmarks[at])));
        this.#forget();
        throw error;
      }
    };
    try {
      try {
        attempt((running, due) => applyAll(running, due));
      } catch (error) {
        if (isDamage(error) || isPassing(error)) throw error;
        attempt((running, due) => applyOrStop(this.#store.db, running, due));
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      throw new Error(this.#store.markDamaged(messageOf(error)), { cause: error });
    }
  }

  #applyChunk(chunk: readonly Arrived[], applyTo: (running: Running, due: Due) => Applied): void {
    const taken = chunk.map((arrived) => this.#take(arrived));
    this.#journal.flush();
    const last = chunk.at(-1);
    if (last === undefined) return;
    if (isBehind(this.#journalMark, last.stored.position)) {
      this.#journalMark = markedAt(this.#journalMark, last);
      this.#store.save(this.#journalMark);
    }
    const due = { chunk, taken, types: plainTypes(taken) };
    for (const running of this.#running) this.#applyTo(running, due, applyTo);
  }

  #take({ stored, index, recordedAt }: Arrived): Taken {
    const isNew = isBehind(this.#journalMark, stored.position);
    if (stored.stream !== CHECKPOINT_STREAM) return { stored, event: this.#journal.take(stored, index, recordedAt, isNew) };
    if (isNew) this.#journal.takeCheckpoint(stored);
    return { stored, event: null };
  }

  /** Whatever is remembered of rows may no longer be so. */
  #forget(): void {
    this.#journal.reset();
    for (const { applier } of this.#running) applier.reset();
  }

  /** One read model, one chunk: all of it, or up to what it cannot apply. */
  #applyTo(running: Running, { chunk, taken, types }: Due, applyTo: (running: Running, due: Due) => Applied): void {
    if (running.bookmark.stopped !== null) return;
    // A chunk that is read again for another read model may begin before this one's bookmark.
    const begin = chunk.findIndex(({ stored }) => isBehind(running.bookmark, stored.position));
    if (begin < 0) return;
    const { count, stopped } = applyTo(running, { chunk, types, taken: begin === 0 ? taken : taken.slice(begin) });
    const last = chunk[begin + count - 1];
    const mark = count === 0 || last === undefined ? running.bookmark : markedAt(running.bookmark, last);
    running.bookmark = { ...mark, stopped };
    this.#store.save(running.bookmark);
  }

  status(): RunnerStatus {
    return {
      bookmarks: [this.#journalMark, ...this.#running.map(({ bookmark }) => bookmark)],
      caughtUp: this.#caughtUp,
      failing: this.#failing ?? this.#log.trouble ?? this.#store.gone(),
      broken: this.#standsStill(),
    };
  }

  get isCaughtUp(): boolean {
    return this.#caughtUp;
  }

  get reachedPosition(): string | null {
    if (!this.#verified) return null;
    // From the end of the log on all go together. Before, one that is new or built again comes behind the journal.
    if (this.#caughtUp) return this.#journalMark.position;
    const running = this.#running.map(({ bookmark }) => bookmark).filter(({ stopped }) => stopped === null);
    return running.reduce((last, bookmark) => (isBehind(bookmark, last.position) ? bookmark : last), this.#journalMark).position;
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
