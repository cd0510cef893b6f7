/**
 * Applies events to every read model. Behind the end of the log a chunk is one transaction: its rows and its bookmarks
 * together. Before that many chunks share one, as pages that change again and again are written once for all of them;
 * where one of these cannot be applied, all are taken back, and come again a chunk at a time.
 */
import { messageOf } from '../encoding/unknown-values.js';
import { CHECKPOINT_STREAM } from '../events/catalog.js';
import { comparePositions } from '../log/event-log.js';
import { isDamage, isPassing } from '../sqlite/open-database.js';
import { one } from '../sqlite/statements.js';
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
import { EventsById } from './journal/events-by-id.js';
import { Journal } from './journal/journal.js';
import type { Projection } from './projection.js';
import { JOURNAL_NAME, type Bookmark, type ReadStore } from './read-store.js';

/** Events of chunks that share a transaction, at most; and from how many on rows that are held back are written. */
const SHARED_EVENTS = 32_000;
/** So long they do at most, ms: others see that this goes on. */
const SHARED_MS = 1000;
const HELD_BACK_EVENTS = 4000;

/** What many chunks shared was taken back: the events come again from the bookmarks on. */
export class TakenBack extends Error {
  override readonly name = 'TakenBack';
}

/** Bookmarks, that of the journal first. */
type Marks = readonly Bookmark[];

export class ModelWriter {
  readonly #store: ReadStore;
  readonly #events: EventsById;
  readonly #journal: Journal;
  readonly #running: readonly Running[];
  #journalMark: Bookmark;
  /** The bookmarks before the transaction that chunks share; null where none is open. */
  #before: Marks | null = null;
  readonly #most: number;
  #shared = 0;
  #since = 0;
  #heldBack = 0;
  /** Up to this position chunks share no transaction: one before it was taken back. */
  #aloneUpTo: string | null = null;

  /** `shared`: events whose chunks share a transaction, at most. */
  constructor(store: ReadStore, projections: readonly Projection[], shared = SHARED_EVENTS) {
    this.#most = shared;
    this.#store = store;
    this.#events = new EventsById(store.db);
    this.#journal = new Journal(store.db, this.#events);
    const bookmarkOf = this.#stored();
    this.#journalMark = bookmarkOf(JOURNAL_NAME);
    this.#running = projections.map((projection) => ({
      projection,
      applier: projection.open(store.db, this.#events),
      handles: new Set(projection.handles),
      ignores: new Set(projection.ignores),
      // A stopped one tries again with every start: the program may have been mended.
      bookmark: { ...bookmarkOf(projection.name), stopped: null },
    }));
  }

  /** Every read model has a bookmark: the store makes them with its tables. */
  #stored(): (name: string) => Bookmark {
    const bookmarks = new Map(this.#store.bookmarks().map((bookmark) => [bookmark.name, bookmark]));
    return (name) => one(bookmarks.get(name));
  }

  /** How far each is, with what is not committed yet; that of the journal first. */
  get bookmarks(): Marks {
    return [this.#journalMark, ...this.#running.map(({ bookmark }) => bookmark)];
  }

  /** How far each that runs has come, of what is committed: one that is new or built again comes behind the others. */
  get committed(): string | null {
    const marks = (this.#before ?? this.bookmarks).filter(({ stopped }) => stopped === null);
    return marks.reduce((last, mark) => (isBehind(mark, last.position) ? mark : last)).position;
  }

  /** Empties every read model. */
  clear(): void {
    this.#store.clear();
    this.#forget();
    const bookmarkOf = this.#stored();
    this.#journalMark = bookmarkOf(JOURNAL_NAME);
    for (const running of this.#running) running.bookmark = bookmarkOf(running.projection.name);
  }

  /** An index was made that this works without until it knows of it. */
  indexMade(): void {
    this.#events.forget();
  }

  /**
   * `shares`: with the chunks before and after it, until `commit`. Gives whether all that was applied is committed.
   * Errors: `TakenBack`, where it shared; what will not pass, such as a gap in the log; damage of the store, which is
   * marked; what SQLite says of a disk that is full.
   */
  apply(chunk: readonly Arrived[], shares: boolean): boolean {
    if (this.#store.damage !== null) throw new Error(this.#store.damage);
    return this.#marked(() => {
      if (shares && this.#mayShare(chunk)) this.#share(chunk);
      else {
        this.#commit();
        this.#applyAlone(chunk);
      }
      return this.#before === null;
    });
  }

  /** Commits what chunks shared; false where there is nothing. Errors: as of `apply`. */
  commit(): boolean {
    return this.#marked(() => this.#commit());
  }

  /** Damage that is met is marked, so that whoever opens the store next builds it again. */
  #marked(work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      throw new Error(this.#store.markDamaged(messageOf(error)), { cause: error });
    }
  }

  #mayShare(chunk: readonly Arrived[]): boolean {
    const last = chunk.at(-1);
    return last !== undefined && (this.#aloneUpTo === null || comparePositions(last.stored.position, this.#aloneUpTo) > 0);
  }

  #share(chunk: readonly Arrived[]): void {
    this.#tried(chunk, () => {
      if (this.#before === null) {
        this.#before = this.bookmarks;
        this.#since = performance.now();
        this.#store.db.exec('BEGIN IMMEDIATE');
      }
      this.#applyChunk(chunk, applyAll);
      this.#shared += chunk.length;
      this.#heldBack += chunk.length;
      if (this.#heldBack >= HELD_BACK_EVENTS) this.#flush();
      if (this.#shared >= this.#most || performance.now() - this.#since >= SHARED_MS) this.#end();
    });
  }

  #commit(): boolean {
    if (this.#before === null) return false;
    this.#tried([], () => this.#end());
    return true;
  }

  /** Of what is shared: all of it, or nothing. */
  #tried(chunk: readonly Arrived[], work: () => void): void {
    try {
      work();
    } catch (error) {
      const last = chunk.at(-1)?.stored.position ?? this.#journalMark.position;
      this.#takeBack();
      if (isDamage(error) || isPassing(error)) throw error;
      this.#aloneUpTo = last;
      throw new TakenBack(messageOf(error), { cause: error });
    }
  }

  #end(): void {
    this.#flush();
    for (const bookmark of this.bookmarks) this.#store.save(bookmark);
    this.#store.db.exec('COMMIT');
    this.#before = null;
    this.#shared = 0;
  }

  #takeBack(): void {
    // SQLite itself ends a transaction that it could not go on with.
    if (this.#store.db.inTransaction) this.#store.db.exec('ROLLBACK');
    if (this.#before !== null) this.#restore(this.#before);
    this.#before = null;
    this.#shared = 0;
    this.#heldBack = 0;
  }

  #flush(): void {
    this.#journal.flush();
    for (const { applier } of this.#running) applier.flush();
    this.#heldBack = 0;
  }

  /**
   * One transaction for all read models. Where one of them fails, it is tried again with a savepoint for each: SQLite
   * copies every page that changes behind a savepoint, which is a tenth of the work, and an event that cannot be
   * applied is rare.
   */
  #applyAlone(chunk: readonly Arrived[]): void {
    const before = this.bookmarks;
    const attempt = (applyTo: (running: Running, due: Due) => Applied): void => {
      try {
        this.#store.db.transaction(() => {
          this.#applyChunk(chunk, applyTo);
          this.#flush();
          for (const bookmark of this.bookmarks) this.#store.save(bookmark);
        })();
      } catch (error) {
        this.#restore(before);
        throw error;
      }
    };
    try {
      attempt(applyAll);
    } catch (error) {
      if (isDamage(error) || isPassing(error)) throw error;
      attempt((running, due) => applyOrStop(this.#store.db, running, due));
    }
  }

  #applyChunk(chunk: readonly Arrived[], applyTo: (running: Running, due: Due) => Applied): void {
    const taken = chunk.map((arrived) => this.#take(arrived));
    const last = chunk.at(-1);
    if (last === undefined) return;
    if (isBehind(this.#journalMark, last.stored.position)) this.#journalMark = markedAt(this.#journalMark, last);
    const due = { chunk, taken, types: plainTypes(taken) };
    for (const running of this.#running) applyOneModel(running, due, applyTo);
  }

  #take({ stored, index, recordedAt }: Arrived): Taken {
    const isNew = isBehind(this.#journalMark, stored.position);
    if (stored.stream !== CHECKPOINT_STREAM) return { stored, event: this.#journal.take(stored, index, recordedAt, isNew) };
    if (isNew) this.#journal.takeCheckpoint(stored);
    return { stored, event: null };
  }

  #restore([journal, ...others]: Marks): void {
    this.#journalMark = one(journal);
    this.#running.forEach((running, at) => (running.bookmark = one(others[at])));
    this.#forget();
  }

  /** Whatever is remembered of rows may no longer be so. */
  #forget(): void {
    this.#heldBack = 0;
    this.#journal.reset();
    for (const { applier } of this.#running) applier.reset();
  }
}

/** One read model, one chunk: all of it, or up to what it cannot apply. */
function applyOneModel(running: Running, due: Due, applyTo: (running: Running, due: Due) => Applied): void {
  if (running.bookmark.stopped !== null) return;
  const { chunk, taken, types } = due;
  // A chunk that is read again for another read model may begin before this one's bookmark.
  const begin = chunk.findIndex(({ stored }) => isBehind(running.bookmark, stored.position));
  if (begin < 0) return;
  const { count, stopped } = applyTo(running, { chunk, types, taken: begin === 0 ? taken : taken.slice(begin) });
  const last = chunk[begin + count - 1];
  const mark = count === 0 || last === undefined ? running.bookmark : markedAt(running.bookmark, last);
  running.bookmark = { ...mark, stopped };
}
