/**
 * The journal's rows of the stream of checkpoints: which were signed, and what witnesses signed under them. They have
 * no index and no leaf. The journal keeps the order and a gapless stream; whether what they say is true of the tree is
 * for the ledger's read model, which stands still at one that is not.
 */
import type Database from 'better-sqlite3';
import { parseInstant } from '../../time/instant.js';
import { CHECKPOINT_TYPE, COSIGNED_TYPE } from '../../events/catalog.js';
import { parseCheckpoint } from '../../ledger/checkpoint.js';
import { readCosigned, type Cosigned } from '../../ledger/cosigning.js';
import { parseNote } from '../../ledger/signed-note.js';
import type { StoredEvent } from '../../log/event-log.js';
import { one } from '../../sqlite/statements.js';

export const CHECKPOINT_TABLES: Readonly<Record<string, string>> = { checkpoints: 'revision', cosignatures: 'size, name, key_id' };

/** `note` is null for what was cosigned and for an event that cannot be read. */
export const CHECKPOINT_SCHEMA = `
  CREATE TABLE IF NOT EXISTS checkpoints (
    revision INTEGER PRIMARY KEY,
    event_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    size INTEGER,
    note TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS checkpoints_by_size ON checkpoints (size) WHERE note IS NOT NULL;
  CREATE TABLE IF NOT EXISTS cosignatures (
    size INTEGER NOT NULL,
    name TEXT NOT NULL,
    key_id TEXT NOT NULL,
    line TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (size, name, key_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS cosignatures_by_key ON cosignatures (name, key_id, size);
`;

/** A signed checkpoint. */
export interface SignedCheckpoint {
  readonly revision: number;
  readonly size: number;
  /** The signed note, with the lines of the ledger's own keys. */
  readonly note: string;
  /** ms; when it came into the log. */
  readonly recordedAt: number;
}

/** What a witness signed under the checkpoint of a size. */
export interface StoredCosignature {
  readonly size: number;
  readonly name: string;
  readonly keyId: string;
  /** The line of a note, without its newline. */
  readonly line: string;
  /** ms; when it came into the log. */
  readonly recordedAt: number;
}

/** Who signed: the name and id of a key. */
interface KeyName {
  readonly name: string;
  readonly id: string;
}

/** Writes the rows, in the journal's transaction. */
export class CheckpointWriter {
  readonly #last: Database.Statement<unknown[], number | null>;
  readonly #checkpoint: Database.Statement;
  readonly #cosignature: Database.Statement;

  constructor(db: Database.Database) {
    this.#last = db.prepare<unknown[], number | null>('SELECT MAX(revision) FROM checkpoints').pluck();
    this.#checkpoint = db.prepare(
      'INSERT INTO checkpoints (revision, event_id, position, recorded_at, size, note) VALUES (?, ?, ?, ?, ?, ?)',
    );
    // Of two by one key for one size, as two replicas may ask for them at once, the first is enough.
    this.#cosignature = db.prepare(
      'INSERT INTO cosignatures (size, name, key_id, line, recorded_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
  }

  /** Revision of the last event there; -1 before the first. */
  last(): number {
    return one(this.#last.get()) ?? -1;
  }

  add({ revision, position, recordedAt, type, data }: StoredEvent, eventId: Buffer): void {
    const time = parseInstant(recordedAt) ?? 0;
    const { size, note, cosigned } = readLine(type, data);
    this.#checkpoint.run(revision, eventId, BigInt(position), time, size, note);
    if (cosigned === null) return;
    const { signatures } = parseNote(`-\n\n${cosigned.cosignatures.join('\n')}\n`);
    signatures.forEach(({ name, id }, at) => this.#cosignature.run(cosigned.size, name, id, cosigned.cosignatures[at], time));
  }
}

interface StreamLine {
  readonly size: number | null;
  readonly note: string | null;
  readonly cosigned: Cosigned | null;
}

/** What an event of the stream says; nothing where it cannot be read. */
function readLine(type: string, data: StoredEvent['data']): StreamLine {
  try {
    if (type === COSIGNED_TYPE) {
      const cosigned = readCosigned(data);
      return { size: cosigned.size, note: null, cosigned };
    }
    if (type === CHECKPOINT_TYPE) {
      const note = String(data['note']);
      return { size: parseCheckpoint(parseNote(note).text).size, note, cosigned: null };
    }
  } catch {
    // the ledger stands still at it
  }
  return { size: null, note: null, cosigned: null };
}

const SIGNED = 'SELECT revision, size, note, recorded_at AS recordedAt FROM checkpoints WHERE note IS NOT NULL';
const COSIGNED = 'SELECT size, name, key_id AS keyId, line, recorded_at AS recordedAt FROM cosignatures';

function reads(db: Database.Database) {
  const signed = (which: string) => db.prepare<unknown[], SignedCheckpoint>(`${SIGNED} ${which}`);
  const cosigned = (which: string) => db.prepare<unknown[], StoredCosignature>(`${COSIGNED} ${which}`);
  return {
    last: signed('ORDER BY revision DESC LIMIT 1'),
    behind: signed('AND revision > ? ORDER BY revision LIMIT ?'),
    above: signed('AND size > ? ORDER BY size, revision LIMIT 1'),
    of: signed('AND size = ? ORDER BY revision DESC LIMIT 1'),
    cosignatures: cosigned('WHERE size = ? ORDER BY name, key_id'),
    cosignedSizes: db.prepare<unknown[], number>('SELECT DISTINCT size FROM cosignatures ORDER BY size DESC LIMIT ?').pluck(),
    lastBy: cosigned('WHERE name = ? AND key_id = ? AND size < ? ORDER BY size DESC LIMIT 1'),
  };
}

/** Reads the rows. */
export class CheckpointRows {
  readonly #sql: ReturnType<typeof reads>;

  constructor(db: Database.Database) {
    this.#sql = reads(db);
  }

  /** The last that was signed; null before the first. */
  last(): SignedCheckpoint | null {
    return this.#sql.last.get() ?? null;
  }

  /** Those behind a revision, in the order of the log. */
  behind(revision: number, limit: number): readonly SignedCheckpoint[] {
    return this.#sql.behind.all(revision, limit);
  }

  /** The first of more than `size` events. */
  firstAbove(size: number): SignedCheckpoint | null {
    return this.#sql.above.get(size) ?? null;
  }

  /** The last of exactly `size` events. */
  of(size: number): SignedCheckpoint | null {
    return this.#sql.of.get(size) ?? null;
  }

  /** What witnesses signed under the one of `size` events, by name. */
  cosignaturesOf(size: number): readonly StoredCosignature[] {
    return this.#sql.cosignatures.all(size);
  }

  /** The largest sizes of which there is any cosignature, from the largest down. */
  cosignedSizes(limit: number): readonly number[] {
    return this.#sql.cosignedSizes.all(limit);
  }

  /**
   * What is said to be signed by a key, of the largest size below `below`; null where there is none. Whether the key
   * made it was not looked at.
   */
  lastBy({ name, id }: KeyName, below = Number.MAX_SAFE_INTEGER): StoredCosignature | null {
    return this.#sql.lastBy.get(name, id, below) ?? null;
  }
}
