/**
 * Whether what the read models hold is behind what was acknowledged: said on every table, so that an old figure is
 * never given without a sign. A read model lags for a moment behind each event, which is no news; standing still is
 * news at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKPOINT_STREAM } from '../events/catalog.js';
import { formatInstant, parseInstant } from '../time/instant.js';
import type { EventLog, StoredEvent } from '../log/event-log.js';
import type { Bookmark, ReadStore } from './read-store.js';

export interface Stale {
  /** Time of recording of the first event that is not in the answer. */
  readonly since: string;
  /**
   * `behind`: being applied, for longer than a moment; `failing`: tried again and again; `stopped`: until somebody
   * looks.
   */
  readonly why: 'behind' | 'failing' | 'stopped';
  /** The read model that stopped, and the event it stopped before. */
  readonly projection?: string;
  readonly eventId?: string;
}

/** What a runner says of itself; null where another process applies the events. */
export interface Running {
  readonly failing: string | null;
  readonly broken: string | null;
}

/** The moment an answer is about: an index, a time (ms), or null = now. What came after it is not missing. */
export type Until = { readonly index: number } | { readonly time: number } | null;

export interface StalenessParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly now: () => number;
  readonly running: () => Running | null;
  /** Said where the log was silent for long, whatever is missing; absent = never. */
  readonly cutOff?: () => Stale | null;
}

/** A lag shorter than this is what every event has. */
const MOMENT_MS = 1000;
/** Behind a bookmark there may be signed checkpoints, which are in no figure: so many are looked through. */
const PAGE = 20;
/**
 * How long an answer waits for a log that is not in this process, and how long "nothing is missing" is believed of one.
 */
const PATIENCE_MS = 300;
const BELIEVED_MS = 300;

interface Missing {
  readonly index: number;
  readonly recordedAt: number;
  readonly eventId: string;
}

type Found = Missing | 'nothing' | 'no-answer';

export class Staleness {
  readonly #parts: StalenessParts;
  #asked: { readonly position: string | null; readonly at: number; readonly answer: Promise<readonly StoredEvent[]> } | null = null;
  /** When the log last answered; before the first answer, when it was first asked. */
  #answered: number | null = null;

  constructor(parts: StalenessParts) {
    this.#parts = parts;
  }

  /**
   * `marks`: bookmarks of the read models an answer was made of, read together with it. null where it holds everything
   * it should.
   */
  async of(marks: readonly Bookmark[], until: Until = null): Promise<Stale | null> {
    const found = await this.#of(marks, until);
    if (found !== null || (until !== null && 'index' in until)) return found;
    return this.#parts.cutOff?.() ?? null;
  }

  async #of(marks: readonly Bookmark[], until: Until): Promise<Stale | null> {
    const first = [...marks].sort((a, b) => a.index - b.index)[0];
    if (first === undefined) return null;
    const stopped = first.stopped === null ? null : this.#held(first.index + 1);
    if (first.stopped !== null && stopped !== null) {
      const { eventId } = first.stopped;
      return isDue(stopped, until) ? { since: formatInstant(stopped.recordedAt), why: 'stopped', projection: first.name, eventId } : null;
    }
    const missing = await this.#behind(first);
    if (missing === 'nothing') return null;
    if (missing === 'no-answer') return this.#unanswered(until);
    return isDue(missing, until) ? this.#said(missing, first.stopped === null ? null : first.name) : null;
  }

  #said({ recordedAt, eventId }: Missing, projection: string | null): Stale | null {
    const { now, running } = this.#parts;
    const { failing = null, broken = null } = running() ?? {};
    const since = formatInstant(recordedAt);
    if (projection !== null || broken !== null) return { since, why: 'stopped', projection: projection ?? 'journal', eventId };
    if (failing !== null) return { since, why: 'failing', eventId };
    return now() - recordedAt < MOMENT_MS ? null : { since, why: 'behind', eventId };
  }

  /** Nobody knows what is missing while the log does not answer: anything recorded since it last did may be. */
  #unanswered(until: Until): Stale | null {
    const { now } = this.#parts;
    const since = (this.#answered ??= now());
    if (until !== null && 'index' in until) return null;
    return now() - since < MOMENT_MS ? null : { since: formatInstant(since), why: 'failing' };
  }

  /** An event the journal holds though another read model does not. */
  #held(index: number): Missing | null {
    const row = this.#parts.store.db
      .prepare<unknown[], { recordedAt: number }>('SELECT recorded_at AS recordedAt FROM events WHERE idx = ?')
      .get(index);
    return row === undefined ? null : { index, recordedAt: row.recordedAt, eventId: '' };
  }

  /** The first event of the ledger behind a bookmark. */
  async #behind({ position, index }: Bookmark): Promise<Found> {
    const { log } = this.#parts;
    // Nothing else may hold up an answer: a log elsewhere is given a moment only.
    const answer = this.#ask(position).catch(() => 'no-answer' as const);
    const page = await (log.ordered ? answer : Promise.race([answer, sleep(PATIENCE_MS, 'no-answer' as const, { ref: false })]));
    if (page === 'no-answer') return page;
    const event = page.find(({ stream }) => stream !== CHECKPOINT_STREAM);
    if (event === undefined) return 'nothing';
    return { index: index + 1, recordedAt: parseInstant(event.recordedAt) ?? 0, eventId: event.id };
  }

  /** A log elsewhere is asked once at a time, and not for every answer. */
  #ask(position: string | null): Promise<readonly StoredEvent[]> {
    const { log, now } = this.#parts;
    const asked = this.#asked;
    if (!log.ordered && asked !== null && asked.position === position && Date.now() - asked.at < BELIEVED_MS) return asked.answer;
    const answer = log.readAll(position, PAGE);
    this.#asked = { position, at: Date.now(), answer };
    this.#answered ??= now();
    answer.then(
      () => (this.#answered = now()),
      () => undefined,
    );
    return answer;
  }
}

function isDue(missing: Missing, until: Until): boolean {
  if (until === null) return true;
  return 'index' in until ? missing.index <= until.index : missing.recordedAt <= until.time;
}
