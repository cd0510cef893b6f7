/** Who asked for sealed texts, and the keys of what was erased, as the read model keeps them. */
import type Database from 'better-sqlite3';
import type { Caller } from '../../domain/agency/acts.js';
import { LIST_LIMIT } from '../lists.js';
import type { Erased } from './accesses.js';

export interface AccessRow {
  readonly eventId: Buffer;
  /** ms. */
  readonly recordedAt: number;
  readonly subject: string;
  readonly granted: number;
  readonly actor: string;
  readonly reason: string;
  readonly caller: string | null;
}

/** Newest first, at most 1000; of one case where `subject` names it. */
export function accessRows(db: Database.Database, agencyId: number, subject?: string): AccessRow[] {
  return db
    .prepare<(number | string)[], AccessRow>(
      `SELECT e.event_id AS eventId, e.recorded_at AS recordedAt, a.subject, a.granted, a.actor, a.reason, a.caller FROM accesses a JOIN events e USING (idx)
         WHERE a.agency_id = ? ${subject === undefined ? '' : 'AND a.subject = ?'} ORDER BY a.idx DESC LIMIT ${LIST_LIMIT}`,
    )
    .all(...[agencyId, ...(subject === undefined ? [] : [subject])]);
}

/** A caller as it was noted: the name of a local command is a text, one with a token an object. */
export function callerIn(noted: string | null): Caller | string | null {
  return noted?.startsWith('{') === true ? (JSON.parse(noted) as Caller) : noted;
}

/** Every case that was erased. */
export function erasedCases(db: Database.Database): Erased[] {
  return db.prepare<[], Erased>('SELECT s.stream, e.seal_key AS key FROM erasures e JOIN streams s USING (stream_id)').all();
}
