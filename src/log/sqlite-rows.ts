/** How events look in the file of the embedded log: its tables, what is asked of them, and rows as events. */
import type Database from 'better-sqlite3';
import { messageOf } from '../encoding/unknown-values.js';
import { openDatabase } from '../sqlite/open-database.js';
import { preparedOnce } from '../sqlite/statements.js';
import { formatInstant } from '../time/instant.js';
import type { Irregular, SerialisedEvent, StoredEvent } from './event-log.js';

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS streams (
    stream_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream_id INTEGER NOT NULL REFERENCES streams,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_stream ON events (stream_id, revision);
`;

/** Pages at hand, KiB: the log is written at its end and read in its order. SQLite would keep 16 MB. */
const CACHE_KIB = 2048;

/** A connection to the file. What it commits, a probe too, is on the disk: the package would only flush it later. */
export function openLogFile(file: string, options: Database.Options): Database.Database {
  const db = openDatabase(file, options);
  db.pragma('synchronous = FULL');
  db.pragma(`cache_size = -${CACHE_KIB}`);
  return db;
}

const SELECT = `SELECT e.position, s.name AS stream, e.revision, e.id, e.type, e.version, e.recorded_at, e.data, e.metadata
  FROM events e JOIN streams s USING (stream_id)`;

interface Row {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly recorded_at: number;
  readonly data: string;
  readonly metadata: string;
}

type FoundRow = Omit<Row, 'stream' | 'recorded_at'>;

/** Whether the row is what an append of the event would write. */
export function isSame(event: SerialisedEvent, row: FoundRow | undefined): boolean {
  return (
    row?.id === event.id &&
    row.type === event.type &&
    row.version === event.version &&
    row.data === event.data &&
    row.metadata === event.metadata
  );
}

/** Typed by the rows they give. */
export function selects(database: Database.Database) {
  const db = preparedOnce(database);
  return {
    all: db.prepare<unknown[], Row>(`${SELECT} WHERE e.position > ? ORDER BY e.position LIMIT ?`),
    stream: db.prepare<unknown[], Row>(`${SELECT} WHERE e.stream_id = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`),
    head: db.prepare<unknown[], { position: number; recorded_at: number }>(
      'SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1',
    ),
    streamId: db.prepare<unknown[], { stream_id: number }>('SELECT stream_id FROM streams WHERE name = ?'),
    last: db.prepare<unknown[], { revision: number }>('SELECT revision FROM events WHERE stream_id = ? ORDER BY revision DESC LIMIT 1'),
    find: db.prepare<unknown[], FoundRow>(
      'SELECT id, revision, position, type, version, data, metadata FROM events WHERE stream_id = ? AND revision >= ? ORDER BY revision LIMIT ?',
    ),
  };
}

let lastInstant = { recordedAt: 0, text: formatInstant(0) };

/** Events of one commit have one time: it is written once. */
function timeOf({ recorded_at: recordedAt }: Row): string {
  if (lastInstant.recordedAt !== recordedAt) lastInstant = { recordedAt, text: formatInstant(recordedAt) };
  return lastInstant.text;
}

export function toStored(row: Row): StoredEvent {
  return {
    id: row.id,
    stream: row.stream,
    revision: row.revision,
    position: String(row.position),
    type: row.type,
    version: row.version,
    recordedAt: timeOf(row),
    data: JSON.parse(row.data) as Record<string, unknown>,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
  };
}

/** A row that is no event any more says why. */
export function toStoredOrIrregular(row: Row): StoredEvent | Irregular {
  try {
    return toStored(row);
  } catch (error) {
    const { stream, revision, position } = row;
    return { irregular: 'unreadable', stream, revision, position: String(position), why: messageOf(error) };
  }
}
