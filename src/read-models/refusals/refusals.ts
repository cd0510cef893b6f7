/** Refused messages that wait to be mended or sent again: still sealed, with how often they came and who sent them. */
import type Database from 'better-sqlite3';
import type { Caller } from '../../domain/agency/acts.js';
import type { StoredType } from '../../events/catalog.js';
import { EVERY_ACT } from '../every-act.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS refusals (
    stream_id INTEGER PRIMARY KEY,
    refusal_id TEXT NOT NULL UNIQUE,
    agency TEXT,
    code TEXT NOT NULL,
    sealed TEXT NOT NULL,
    count INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    first_idx INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    last_idx INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS refusals_open ON refusals (settled, first_idx);
  CREATE TABLE IF NOT EXISTS refusal_senders (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    stream_id INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject, stream_id)
  ) STRICT, WITHOUT ROWID;
`;

/** By code and by agency, in the order of their first keeping. */
const INDEXES = {
  refusals_by_code: 'refusals (settled, code, first_idx)',
  refusals_by_agency: 'refusals (settled, agency, first_idx)',
  refusals_by_agency_code: 'refusals (settled, agency, code, first_idx)',
};

/** Agency and caller are noted since callers are identified: what was kept before has neither, and is nobody's own. */
interface RefusalData {
  readonly refusalId?: string;
  readonly code?: string;
  readonly sealed?: unknown;
  readonly agency?: string;
  /** Who sent it; a text for a command of this machine. */
  readonly caller?: Caller | string;
}

class RefusalsApplier implements Applier {
  readonly #sql: Record<'keep' | 'repeat' | 'settle' | 'sender', Database.Statement>;

  constructor(db: Database.Database) {
    this.#sql = {
      keep: db.prepare(
        `INSERT INTO refusals (stream_id, refusal_id, agency, code, sealed, count, settled, first_idx, last_at, last_idx)
         VALUES (@streamId, @refusalId, @agency, @code, @sealed, 1, 0, @index, @recordedAt, @index)
         ON CONFLICT DO UPDATE SET agency = excluded.agency, sealed = excluded.sealed, count = count + 1, settled = 0,
           last_at = excluded.last_at, last_idx = excluded.last_idx`,
      ),
      repeat: db.prepare('UPDATE refusals SET count = count + 1, settled = 0, last_at = ?, last_idx = ? WHERE stream_id = ?'),
      settle: db.prepare('UPDATE refusals SET settled = 1, last_idx = ? WHERE stream_id = ?'),
      sender: db.prepare('INSERT OR IGNORE INTO refusal_senders (issuer, subject, stream_id) VALUES (?, ?, ?)'),
    };
  }

  flush(): void {
    // every row is written at once
  }

  reset(): void {
    // nothing is remembered between events
  }

  apply({ stored, index, streamId, recordedAt }: ProjectedEvent): void {
    const data = stored.data as RefusalData;
    if (typeof data.caller === 'object') this.#sql.sender.run(data.caller.issuer, data.caller.subject, streamId);
    switch (stored.type) {
      case 'refusal.kept': {
        const { agency = null, refusalId, code, sealed } = data;
        this.#sql.keep.run({ streamId, refusalId, agency, code, sealed: JSON.stringify(sealed), recordedAt, index });
        break;
      }
      case 'refusal.repeated':
        this.#sql.repeat.run(recordedAt, index, streamId);
        break;
      case 'refusal.settled':
        this.#sql.settle.run(index, streamId);
        break;
    }
  }
}

const HANDLED = ['refusal.kept', 'refusal.repeated', 'refusal.settled'];

/** No act is one, whatever it is. */
const IGNORED: readonly StoredType[] = [...EVERY_ACT, 'access.granted', 'access.refused'];

export const refusalsProjection: Projection = {
  name: 'refusals',
  version: 3,
  figures: [],
  schema: SCHEMA,
  indexes: INDEXES,
  tables: { refusals: 'stream_id', refusal_senders: 'issuer, subject, stream_id' },
  handles: HANDLED,
  ignores: IGNORED,
  open: (db) => new RefusalsApplier(db),
};
