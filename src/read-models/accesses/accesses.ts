/**
 * Cases whose sealed texts were erased, each with the key that is to be gone; and who asked to see sealed texts of
 * which case.
 */
import type Database from 'better-sqlite3';
import type { AccessEventType, StoredType } from '../../events/catalog.js';
import { accessIn, sealKeyOf } from '../../events/envelope.js';
import type { StoredEvent } from '../../log/event-log.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';
import { ACTS_OF_NO_MODEL } from '../every-act.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS erasures (stream_id INTEGER PRIMARY KEY, idx INTEGER NOT NULL, seal_key TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS accesses (
    idx INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    granted INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    caller TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS accesses_by_agency ON accesses (agency_id, subject, idx);
`;

/** The key an erasure destroys. */
export function erasedKey(event: Pick<StoredEvent, 'metadata'>): string {
  return sealKeyOf(event) ?? '';
}

/** A case whose texts were erased, and the key that is to be gone. */
export interface Erased {
  readonly stream: string;
  readonly key: string;
}

export function erasedIn(events: readonly StoredEvent[]): Erased[] {
  return events.flatMap((event) => (event.type === 'record.erased' ? [{ stream: event.stream, key: erasedKey(event) }] : []));
}

class PersonalDataApplier implements Applier {
  readonly #sql: Record<'erase' | 'access', Database.Statement>;

  constructor(db: Database.Database) {
    this.#sql = {
      erase: db.prepare('INSERT OR IGNORE INTO erasures (stream_id, idx, seal_key) VALUES (?, ?, ?)'),
      access: db.prepare('INSERT INTO accesses (idx, agency_id, subject, granted, actor, reason, caller) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    };
  }

  flush(): void {
    // every row is written at once
  }

  reset(): void {
    // nothing is remembered between events
  }

  apply({ stored, index, streamId, agencyId }: ProjectedEvent): void {
    if (stored.type === 'record.erased') {
      this.#sql.erase.run(streamId, index, erasedKey(stored));
      return;
    }
    const { case: subject, actor, reason, caller } = accessIn(stored);
    const granted = stored.type === ('access.granted' satisfies AccessEventType);
    const sender = caller === null || typeof caller === 'string' ? caller : JSON.stringify(caller);
    this.#sql.access.run(index, agencyId, subject, granted ? 1 : 0, actor, reason, sender);
  }
}

const HANDLED = ['record.erased', 'access.granted', 'access.refused'];

/** By hand: a new type is placed here on purpose. */
const IGNORED: readonly StoredType[] = [
  ...ACTS_OF_NO_MODEL,
  'agency.permission-granted',
  'agency.permission-ended',
  'publication.drafted',
  'application.received',
  'application.supplement-requested',
  'application.supplemented',
  'application.third-party-consulted',
  'application.third-party-answered',
  'application.extended',
  'application.replied',
  'application.abandoned',
  'application.withdrawn',
  'calendar.announced',
  'report.compiled',
  'report.text-drafted',
  'report.text-revised',
  'report.cleared',
  'report.approved',
  'report.published',
  'record.voided',
  'refusal.kept',
  'refusal.repeated',
  'refusal.settled',
];

export const personalDataProjection: Projection = {
  name: 'personal-data',
  version: 1,
  figures: [],
  schema: SCHEMA,
  tables: { erasures: 'stream_id', accesses: 'idx' },
  handles: HANDLED,
  ignores: IGNORED,
  open: (db) => new PersonalDataApplier(db),
};
