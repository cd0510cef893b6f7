/**
 * Acts on dates that cannot be: before the agency was registered, or of an application or remedy before the regulation
 * was in force. The few there are are looked at where a table is made: a mistyped year would otherwise be carried in
 * every later one without a word.
 */
import type Database from 'better-sqlite3';
import type { Act } from '../../domain/acts.js';
import { isRemedy } from '../../domain/small-kinds/remedy.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import { EVERY_ACT, NO_ACTS } from '../every-act.js';
import type { EventsById } from '../journal/events-by-id.js';
import { idBytes } from '../journal/journal.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

/** `voided_idx`: the void that took the act back. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS registered_days (agency_id INTEGER PRIMARY KEY, on_day TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS implausible_acts (
    agency_id INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    voided_idx INTEGER,
    PRIMARY KEY (agency_id, stream_id, idx)
  ) STRICT, WITHOUT ROWID;
`;

/** 《政府信息公开条例》 (国务院令第492号) is in force from this day: nobody could apply before it, nor seek a remedy. */
const FIRST_APPLICATION: CalendarDate = '2008-05-01';

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    register: db.prepare('INSERT OR IGNORE INTO registered_days (agency_id, on_day) VALUES (?, ?)'),
    registered: db.prepare<unknown[], CalendarDate>('SELECT on_day FROM registered_days WHERE agency_id = ?').pluck(),
    add: db.prepare('INSERT INTO implausible_acts (agency_id, stream_id, idx) VALUES (?, ?, ?)'),
    void: db.prepare('UPDATE implausible_acts SET voided_idx = ? WHERE agency_id = ? AND stream_id = ? AND idx = ?'),
  };
}

class DatesApplier implements Applier {
  readonly #registered = new Map<number, CalendarDate>();
  readonly #sql: ReturnType<typeof statements>;
  readonly #events: EventsById;

  constructor(db: Database.Database, events: EventsById) {
    this.#events = events;
    this.#sql = statements(db);
  }

  flush(): void {
    // every row is written at once
  }

  reset(): void {
    this.#registered.clear();
  }

  apply({ act, index, agencyId, streamId }: ProjectedEvent): void {
    if (act === null) return;
    if (act.type === 'agency.registered') this.#sql.register.run(agencyId, act.on);
    if (act.type === 'record.voided') {
      const { eventId } = act.derived.voided;
      this.#sql.void.run(index, agencyId, streamId, this.#events.inStream(idBytes(eventId), streamId));
    } else if (act.type !== 'record.erased' && this.#isImplausible(act, agencyId)) this.#sql.add.run(agencyId, streamId, index);
  }

  #isImplausible({ subject: { kind }, on }: Act, agencyId: number): boolean {
    if (on < FIRST_APPLICATION && (kind === 'application' || isRemedy(kind))) return true;
    const registered = this.#registered.get(agencyId) ?? this.#sql.registered.get(agencyId);
    if (registered === undefined) return false;
    this.#registered.set(agencyId, registered);
    return on < registered;
  }
}

export const datesProjection: Projection = {
  name: 'dates',
  version: 1,
  figures: [],
  schema: SCHEMA,
  tables: { registered_days: 'agency_id', implausible_acts: 'agency_id, stream_id, idx' },
  handles: EVERY_ACT,
  ignores: NO_ACTS,
  open: (db, events) => new DatesApplier(db, events),
};
