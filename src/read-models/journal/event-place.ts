/** Where an event stands, by the journal. */
import type Database from 'better-sqlite3';
import type { Preparing } from '../../sqlite/statements.js';
import { idBytes } from './journal.js';

export interface EventPlace {
  /** Ordinal in the ledger. */
  readonly idx: number;
  readonly stream: string;
  readonly revision: number;
}

/** Of two events with one id the first; undefined where the journal holds none. */
export function placeOf(db: Database.Database, eventId: string): EventPlace | undefined {
  return db
    .prepare<[Buffer], EventPlace>(
      'SELECT e.idx, s.stream, e.revision FROM events e JOIN streams s USING (stream_id) WHERE e.event_id = ? ORDER BY e.idx LIMIT 1',
    )
    .get(idBytes(eventId));
}

/** The code of the agency the event is of; undefined where the journal holds none, or it is of none. */
export function agencyOfEvent(db: Database.Database, eventId: string): string | undefined {
  return db
    .prepare<[Buffer], string>(
      'SELECT p.code FROM events e JOIN streams s USING (stream_id) JOIN agency_profiles p ON p.agency_id = s.agency_id WHERE e.event_id = ? LIMIT 1',
    )
    .pluck()
    .get(idBytes(eventId));
}

/** The position of the event with this index; null before the first. */
export function positionAt(db: Database.Database, index: number): string | null {
  return db.prepare<[number], string>('SELECT CAST(position AS TEXT) FROM events WHERE idx = ?').pluck().get(index) ?? null;
}

/** Id of the event with this index, in hexadecimal digits; undefined where the journal holds none. */
export function eventIdAt(db: Preparing, index: number): string | undefined {
  return db.prepare<unknown[], string>('SELECT hex(event_id) FROM events WHERE idx = ?').pluck().get(index);
}

/** Whether an event has this id and stands behind an index. */
export function standsBehind(db: Preparing, eventId: string, index: number): boolean {
  return (
    db.prepare<unknown[], number>('SELECT 1 FROM events WHERE event_id = ? AND idx > ?').pluck().get(idBytes(eventId), index) !== undefined
  );
}

/**
 * Stream and time of the act of every event before `size`, in the order of the ledger; the time is empty where an event
 * is no act.
 */
export function actTimes(db: Database.Database, size: number): IterableIterator<[stream: string, at: string]> {
  return db
    .prepare<[number], [string, string]>(
      'SELECT s.stream, e.at FROM events e JOIN streams s USING (stream_id) WHERE e.idx < ? ORDER BY e.idx',
    )
    .raw()
    .iterate(size);
}
