/**
 * What an item says of itself that no figure of a form needs: its category (信息类别), by which a report's prose counts.
 * Titles and numbers stay out: they are sealed until the release.
 */
import type Database from 'better-sqlite3';
import { ACTS_OF_NO_MODEL, NO_ACTS } from '../every-act.js';
import type { EventsById } from '../journal/events-by-id.js';
import { idBytes } from '../journal/journal.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

/** A row for each draft that names a category; `voided_idx`: the void that took the draft back. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS item_categories (
    stream_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    category TEXT NOT NULL,
    voided_idx INTEGER,
    PRIMARY KEY (stream_id, idx)
  ) STRICT, WITHOUT ROWID;
`;

function statements(db: Database.Database) {
  return {
    add: db.prepare('INSERT INTO item_categories (stream_id, idx, category) VALUES (?, ?, ?)'),
    void: db.prepare('UPDATE item_categories SET voided_idx = ? WHERE stream_id = ? AND idx = ?'),
  };
}

class ItemsApplier implements Applier {
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
    // nothing is remembered between events
  }

  apply({ act, index, streamId }: ProjectedEvent): void {
    if (act?.type === 'publication.drafted') {
      const { category } = act.data;
      if (category !== undefined) this.#sql.add.run(streamId, index, category);
    } else if (act?.type === 'record.voided' && act.subject.kind === 'publication')
      this.#sql.void.run(index, streamId, this.#events.inStream(idBytes(act.derived.voided.eventId), streamId));
  }
}

export const itemsProjection: Projection = {
  name: 'items',
  version: 1,
  figures: [],
  schema: SCHEMA,
  tables: { item_categories: 'stream_id, idx' },
  handles: ['publication.drafted', 'record.voided'],
  ignores: [
    ...ACTS_OF_NO_MODEL,
    'agency.permission-granted',
    'agency.permission-ended',
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
    'record.erased',
    ...NO_ACTS,
  ],
  open: (db, events) => new ItemsApplier(db, events),
};
