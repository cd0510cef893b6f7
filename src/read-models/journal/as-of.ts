/** An earlier moment of the log, as an event index: a figure as of then is made of the events up to it. */
import type Database from 'better-sqlite3';
import { endOfDay, formatInstant, parseInstant } from '../../time/instant.js';
import { isCalendarDate } from '../../time/calendar-date.js';
import { comparePositions, isPosition, type EventLog } from '../../log/event-log.js';
import { JOURNAL_NAME, type ReadStore } from '../read-store.js';
import { QueryProblem } from '../query-problem.js';

export interface Moment {
  /** Index of the last event included; -1 before the first. */
  readonly index: number;
}

export interface AsOf {
  /** All three are null before the first event. */
  readonly position: string | null;
  readonly index: number | null;
  readonly recordedAt: string | null;
}

/**
 * Reads `POSITION`, `index:N`, an RFC 3339 time or a date (its end in Asia/Shanghai). undefined = now. `upTo` is the
 * last index the read models hold; a position or index behind it has not been reached yet.
 */
export function momentOf(db: Database.Database, text: string | undefined, upTo: number): Moment {
  if (text === undefined) return { index: upTo };
  const index = indexNamed(text);
  if (index !== null) {
    if (index > upTo)
      throw new QueryProblem('not-reached', `No event has the index ${index} yet.`, 'The last index is in asOf of the live table.');
    return { index };
  }
  if (isPosition(text)) {
    if (BigInt(text) > (valueAt(db, 'position', upTo) ?? 0n)) {
      throw new QueryProblem(
        'not-reached',
        `Position ${text} has not been reached.`,
        'Use a position from a receipt, and wait for the read models with after=.',
      );
    }
    return { index: lastNotAfter(db, 'position', BigInt(text), upTo) };
  }
  const instant = isCalendarDate(text) ? endOfDay(text) : parseInstant(text);
  if (instant === null)
    throw new QueryProblem(
      'bad-as-of',
      `"${text}" is no position, index:N, date or time.`,
      'Give a position of a receipt, index:N, or a time such as 2018-01-31T17:00:00+08:00.',
    );
  return { index: lastNotAfter(db, 'recorded_at', BigInt(instant), upTo) };
}

/** The index that `index:N` names; null where a text is something else. */
export function indexNamed(text: string): number | null {
  return /^index:\d{1,15}$/.test(text) ? Number(text.slice('index:'.length)) : null;
}

/** The end of the journal, in one state of the read store; index -1 before the first event. */
export interface End {
  readonly index: number;
  readonly position: string | null;
}

export function journalEnd(store: ReadStore): End {
  const { index, position } = store.bookmarks().find(({ name }) => name === JOURNAL_NAME) ?? { index: -1, position: null };
  return { index, position };
}

/** Whether a moment that a question names has come. */
export class MomentReader {
  readonly #log: EventLog;
  readonly #store: ReadStore;

  constructor(log: EventLog, store: ReadStore) {
    this.#log = log;
    this.#store = store;
  }

  /**
   * Refuses a moment named by an index that no event has: `bad-parameter` where the log ends before it, `not-reached`
   * where only the read models do. Any other moment passes.
   */
  async requireIndex(moment: string | undefined): Promise<void> {
    const index = moment === undefined ? null : indexNamed(moment);
    const end = journalEnd(this.#store);
    if (index === null || index <= end.index) return;
    const head = await this.#log.head();
    if (head !== null && (end.position === null || comparePositions(end.position, head) < 0))
      throw new QueryProblem(
        'not-reached',
        `The read models have not reached index ${index}.`,
        'Ask again; /health/ready says whether they run.',
      );
    throw new QueryProblem(
      'bad-parameter',
      `No event has the index ${index}.`,
      end.index < 0 ? 'The ledger has no event yet.' : `The last one has index:${end.index}.`,
    );
  }
}

/** The time a question names, ms; null where it names none, or an event. */
export function instantOf(text: string | undefined): number | null {
  if (text === undefined || isPosition(text)) return null;
  return isCalendarDate(text) ? endOfDay(text) : parseInstant(text);
}

type Column = 'position' | 'recorded_at';

function valueAt(db: Database.Database, column: Column, index: number): bigint | undefined {
  return db.prepare<unknown[], bigint>(`SELECT ${column} FROM events WHERE idx = ?`).pluck().safeIntegers().get(index);
}

/** Both columns never go back along the index, so the last event not after a value is found by halving. */
export function lastNotAfter(db: Database.Database, column: Column, value: bigint, upTo: number): number {
  let [low, high] = [-1, upTo];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((valueAt(db, column, middle) ?? 0n) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function describeMoment(db: Database.Database, { index }: Moment): AsOf {
  const row = db
    .prepare<unknown[], { position: string; recordedAt: number }>(
      'SELECT CAST(position AS TEXT) AS position, recorded_at AS recordedAt FROM events WHERE idx = ?',
    )
    .get(index);
  return row === undefined
    ? { position: null, index: null, recordedAt: null }
    : { position: row.position, index, recordedAt: formatInstant(row.recordedAt) };
}
