/** Refused messages that wait to be mended or sent again: still sealed, with how often they came. */
import type Database from 'better-sqlite3';
import type { StoredType } from '../../events/catalog.js';
import { EVERY_ACT } from '../every-act.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS refusals (
    stream_id INTEGER PRIMARY KEY,
    refusal_id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    sealed TEXT NOT NULL,
    count INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    last_idx INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS refusals_open ON refusals (settled, last_idx);
`;

class RefusalsApplier implements Applier {
  readonly #sql: Record<'keep' | 'repeat' | 'settle', Database.Statement>;

  constructor(db: Database.Database) {
    this.#sql = {
      keep: db.prepare(
        `INSERT INTO refusals (stream_id, refusal_id, code, sealed, count, settled, last_at, last_idx) VALUES (?, ?, ?, ?, 1, 0, ?, ?)
         ON CONFLICT DO UPDATE SET sealed = excluded.sealed, count = count + 1, settled = 0, last_at = excluded.last_at, last_idx = excluded.last_idx`,
      ),
      repeat: db.prepare('UPDATE refusals SET count = count + 1, settled = 0, last_at = ?, last_idx = ? WHERE stream_id = ?'),
      settle: db.prepare('UPDATE refusals SET settled = 1, last_idx = ? WHERE stream_id = ?'),
    };
  }

  flush(): void {
    // every row is written at once
  }

  reset(): void {
    // nothing is remembered between events
  }

  apply({ stored, index, streamId, recordedAt }: ProjectedEvent): void {
    switch (stored.type) {
      case 'refusal.kept': {
        const { refusalId, code, sealed } = stored.data as { refusalId: string; code: string; sealed: unknown };
        this.#sql.keep.run(streamId, refusalId, code, JSON.stringify(sealed), recordedAt, index);
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
  version: 2,
  figures: [],
  schema: SCHEMA,
  tables: { refusals: 'stream_id' },
  handles: HANDLED,
  ignores: IGNORED,
  open: (db) => new RefusalsApplier(db),
};
