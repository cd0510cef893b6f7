/** Cases whose sealed texts were erased, each with the key that is to be gone; and who asked to see sealed texts of which case. */
import type Database from 'better-sqlite3';
import { STORED_TYPES, type AccessEventType } from '../events/catalog.js';
import type { ActMetadata } from '../events/envelope.js';
import type { StoredEvent } from '../log/event-log.js';
import type { Applier, ProjectedEvent, Projection } from './projection.js';

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

/** `data` of the events `access.granted` and `access.refused`. */
export interface AccessData {
  readonly agency: string;
  /** `kind/number`. */
  readonly case: string;
  readonly actor: string;
  readonly reason: string;
  readonly caller: string | null;
}

/** The key an erasure destroys. */
export function erasedKey({ metadata }: Pick<StoredEvent, 'metadata'>): string {
  return (metadata as unknown as ActMetadata).sealKey ?? '';
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
    const { case: subject, actor, reason, caller } = stored.data as unknown as AccessData;
    const granted = stored.type === ('access.granted' satisfies AccessEventType);
    this.#sql.access.run(index, agencyId, subject, granted ? 1 : 0, actor, reason, caller);
  }
}

const HANDLED = ['record.erased', 'access.granted', 'access.refused'];

export const personalDataProjection: Projection = {
  name: 'personal-data',
  version: 1,
  schema: SCHEMA,
  tables: { erasures: 'stream_id', accesses: 'idx' },
  handles: HANDLED,
  ignores: STORED_TYPES.filter((type) => !HANDLED.includes(type)),
  open: (db) => new PersonalDataApplier(db),
};
