/**
 * The journal: one row per event in log order. It gives each event its index, checks that the revisions of every stream
 * follow without a gap, and knows every message, so that a repeat is recognised across cases. Every other read model
 * stands on it; where it stops, all stop.
 */
import type Database from 'better-sqlite3';
import { isActType, isStoredType } from '../../events/catalog.js';
import { toAct, type ActMetadata } from '../../events/envelope.js';
import type { Act } from '../../domain/acts.js';
import type { StoredEvent } from '../../log/event-log.js';
import { count, NOTHING, type Counted } from '../../statistics/measures.js';
import { LRUCache } from 'lru-cache';
import { CHECKPOINT_SCHEMA, CHECKPOINT_TABLES, CheckpointWriter } from '../ledger/checkpoints.js';
import { parseInstant } from '../../time/instant.js';
import type { ProjectedEvent } from '../projection.js';
import { RECKONED_COLUMNS } from './event-indexes.js';
import type { EventsById } from './events-by-id.js';

export const JOURNAL_TABLES: Readonly<Record<string, string>> = {
  names: 'name_id',
  streams: 'stream_id',
  events: 'idx',
  ...CHECKPOINT_TABLES,
};

export const JOURNAL_SCHEMA = `
  CREATE TABLE IF NOT EXISTS names (name_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS streams (
    stream_id INTEGER PRIMARY KEY,
    stream TEXT NOT NULL UNIQUE,
    agency_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    last_revision INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    idx INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    stream_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    agency_id INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    actor_id INTEGER,
    source_id INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    at TEXT NOT NULL,
    instant INTEGER,
    recorded_at INTEGER NOT NULL,${RECKONED_COLUMNS}
  ) STRICT;
${CHECKPOINT_SCHEMA}`;

/** The log itself is not whole: revisions of a stream do not follow one another. */
export class BrokenContinuity extends Error {
  override readonly name = 'BrokenContinuity';
}

const REMEMBERED_STREAMS = 20_000;

export function idBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

export function idText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Digests of messages by their algorithm: the first byte of the column names it. */
const DIGESTS = ['sha256', 'hmac-sha256'] as const;

function digestBytes(digest: string): Buffer {
  const colon = digest.indexOf(':');
  const algorithm = DIGESTS.indexOf(digest.slice(0, colon) as (typeof DIGESTS)[number]);
  return Buffer.from(`0${algorithm + 1}${digest.slice(colon + 1)}`, 'hex');
}

/** As the event's metadata names it. */
export function digestText(bytes: Buffer): string {
  return `${DIGESTS[(bytes[0] ?? 0) - 1] ?? 'unknown'}:${bytes.toString('hex', 1)}`;
}

interface StreamRow {
  readonly streamId: number;
  readonly agencyId: number;
  lastRevision: number;
}

function readAct(stored: StoredEvent): Pick<ProjectedEvent, 'act' | 'unreadable'> {
  if (isOwn(stored.type)) return { act: null, unreadable: null };
  try {
    return { act: toAct(stored), unreadable: null };
  } catch (error) {
    return { act: null, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

function countedOnce(act: Act | null): () => Counted {
  let known: Counted | null = null;
  return () => (known ??= act === null ? NOTHING : count(act));
}

/** What the service keeps of itself is no act: its time is in no filter of times. */
function isOwn(type: string): boolean {
  return isStoredType(type) && !isActType(type);
}

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    name: db.prepare<unknown[], number>('SELECT name_id FROM names WHERE name = ?').pluck(),
    addName: db.prepare('INSERT INTO names (name) VALUES (?)'),
    stream: db.prepare<unknown[], StreamRow>(
      'SELECT stream_id AS streamId, agency_id AS agencyId, last_revision AS lastRevision FROM streams WHERE stream = ?',
    ),
    addStream: db.prepare('INSERT INTO streams (stream, agency_id, subject, last_revision) VALUES (?, ?, ?, ?)'),
    advance: db.prepare('UPDATE streams SET last_revision = ? WHERE stream_id = ?'),
    event: db.prepare(
      `INSERT INTO events (idx, position, event_id, stream_id, revision, agency_id, type_id, actor_id, source_id, message_id, digest, at, instant, recorded_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  };
}

export class Journal {
  readonly #names = new Map<string, number>();
  readonly #streams = new LRUCache<string, StreamRow>({ max: REMEMBERED_STREAMS });
  /** Streams longer than their row says, until the next flush. */
  readonly #grown = new Map<string, StreamRow>();
  readonly #checkpoints: CheckpointWriter;
  readonly #sql: ReturnType<typeof statements>;
  readonly #events: EventsById;

  constructor(db: Database.Database, events: EventsById) {
    this.#events = events;
    this.#checkpoints = new CheckpointWriter(db);
    this.#sql = statements(db);
  }

  reset(): void {
    this.#events.forget();
    this.#names.clear();
    this.#streams.clear();
    this.#grown.clear();
  }

  /**
   * Writes how long the streams have become: once for events side by side, which often follow one another in a stream.
   */
  flush(): void {
    for (const { streamId, lastRevision } of this.#grown.values()) this.#sql.advance.run(lastRevision, streamId);
    this.#grown.clear();
  }

  /**
   * The event as the read models see it; `record` is false for an event the journal already holds, read again for a
   * read model that lags. Throws on a gap in its stream. An event that this program cannot read keeps its place and
   * says so.
   */
  take(stored: StoredEvent, index: number, recordedAt: number, record: boolean): ProjectedEvent {
    const { act, unreadable } = readAct(stored);
    const metadata = stored.metadata as Partial<ActMetadata>;
    const stream = this.#stream(stored, metadata.agency ?? '', metadata.subject ?? stored.stream, record);
    const eventId = idBytes(stored.id);
    const earlier = this.#events.first(eventId);
    const reused = earlier !== undefined && earlier[0] < index && earlier[1] !== stream.streamId;
    if (record) {
      this.#sql.event.run(
        index,
        BigInt(stored.position),
        eventId,
        stream.streamId,
        stored.revision,
        stream.agencyId,
        this.#name(stored.type),
        typeof metadata.actor === 'string' ? this.#name(metadata.actor) : null,
        this.#name(metadata.source ?? ''),
        metadata.id ?? '',
        digestBytes(metadata.digest ?? ''),
        metadata.at ?? '',
        isOwn(stored.type) ? null : (act?.instant ?? parseInstant(metadata.at)),
        recordedAt,
      );
      this.#events.add(eventId, [index, stream.streamId], earlier);
    }
    const { streamId, agencyId } = stream;
    return { index, stored, act, counted: countedOnce(act), unreadable, recordedAt, streamId, agencyId, reused };
  }

  /** Notes what stands in the stream of checkpoints, which has no index. Throws on a gap there. */
  takeCheckpoint(stored: StoredEvent): void {
    const expected = this.#checkpoints.last() + 1;
    if (stored.revision !== expected)
      throw new BrokenContinuity(`stream ${stored.stream}: revision ${stored.revision} where ${expected} should follow`);
    this.#checkpoints.add(stored, idBytes(stored.id));
  }

  #stream(stored: StoredEvent, agency: string, subject: string, record: boolean): StreamRow {
    const known = this.#streams.get(stored.stream) ?? this.#grown.get(stored.stream) ?? this.#sql.stream.get(stored.stream);
    if (!record) {
      if (known === undefined) throw new Error(`the journal lacks stream ${stored.stream}`);
      return known;
    }
    const expected = (known?.lastRevision ?? -1) + 1;
    if (stored.revision !== expected) {
      throw new BrokenContinuity(`stream ${stored.stream}: revision ${stored.revision} where ${expected} should follow`);
    }
    if (known !== undefined) {
      known.lastRevision = stored.revision;
      this.#grown.set(stored.stream, known);
      return known;
    }
    const agencyId = this.#name(agency);
    const streamId = Number(this.#sql.addStream.run(stored.stream, agencyId, subject, stored.revision).lastInsertRowid);
    const added = { streamId, agencyId, lastRevision: stored.revision };
    this.#streams.set(stored.stream, added);
    return added;
  }

  #name(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const id = this.#sql.name.get(name) ?? Number(this.#sql.addName.run(name).lastInsertRowid);
    this.#names.set(name, id);
    return id;
  }
}
