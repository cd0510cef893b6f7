/**
 * The read store: one SQLite file of read models. Disposable: it holds nothing that the log does not say, and is built
 * anew when it is missing or was written by another version. Rows and bookmarks change in one transaction, so a crash
 * leaves both of before or both of after.
 */
import type Database from 'better-sqlite3';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { openDatabase } from '../sqlite/open-database.js';
import { HeldFile } from '../sqlite/held-file.js';
import { agenciesProjection } from './agencies/agencies.js';
import { auditTrailProjection } from './trail/audit-trail.js';
import { caseloadProjection } from './cases/caseload.js';
import { CheckpointRows } from './ledger/checkpoints.js';
import { clockProjection } from './deadlines/clock.js';
import { contributionsProjection } from './figures/contributions.js';
import { datesProjection } from './dates/dates.js';
import { EVENT_INDEXES } from './journal/event-indexes.js';
import { idText, JOURNAL_SCHEMA, JOURNAL_TABLES } from './journal/journal.js';
import { itemsProjection } from './items/items.js';
import { ledgerProjection } from './ledger/ledger.js';
import type { Projection } from './projection.js';
import { moversProjection } from './movers/movers.js';
import { personalDataProjection } from './accesses/accesses.js';
import { permissionsProjection } from './permissions/permissions.js';
import { refusalsProjection } from './refusals/refusals.js';
import { reportsProjection } from './reports/reports.js';
import { readOneStateAtATime } from '../sqlite/one-state.js';
import { one } from '../sqlite/statements.js';

export const PROJECTIONS: readonly Projection[] = [
  contributionsProjection,
  agenciesProjection,
  auditTrailProjection,
  caseloadProjection,
  refusalsProjection,
  clockProjection,
  datesProjection,
  itemsProjection,
  reportsProjection,
  personalDataProjection,
  permissionsProjection,
  ledgerProjection,
  moversProjection,
];

export const JOURNAL_NAME = 'journal';
/** Raised when the journal's rows change: everything is then built anew. */
const JOURNAL_VERSION = 4;

const META_SCHEMA = `
  CREATE TABLE IF NOT EXISTS projections (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    position TEXT,
    idx INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    stopped_at TEXT,
    stopped_why TEXT
  ) STRICT, WITHOUT ROWID;
`;

/** How far a read model has come. `index` -1 and `position` null before the first event. */
export interface Bookmark {
  readonly name: string;
  readonly position: string | null;
  readonly index: number;
  readonly recordedAt: number;
  /** The event it could not apply, and why; it stands before that event. */
  readonly stopped: { readonly eventId: string; readonly why: string } | null;
}

/** The last event the journal holds. */
export interface JournalEnd {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly position: string;
  /** ms; the latest time of recording up to this event. */
  readonly recordedAt: number;
}

/** An event in the stream of checkpoints, signed or cosigned. */
export interface InCheckpoints {
  readonly revision: number;
  readonly eventId: string;
  readonly position: string;
}

function statements(db: Database.Database) {
  return {
    bookmarks: db.prepare<
      unknown[],
      { name: string; position: string | null; idx: number; recorded_at: number; stopped_at: string | null; stopped_why: string | null }
    >('SELECT name, position, idx, recorded_at, stopped_at, stopped_why FROM projections ORDER BY name'),
    index: db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?"),
    save: db.prepare('UPDATE projections SET position = ?, idx = ?, recorded_at = ?, stopped_at = ?, stopped_why = ? WHERE name = ?'),
    end: db.prepare<unknown[], Omit<JournalEnd, 'eventId'> & { index: number; eventId: Buffer | null }>(`
        SELECT p.idx AS "index", s.stream, e.revision, e.event_id AS eventId, CAST(e.position AS TEXT) AS position, e.recorded_at AS recordedAt
        FROM projections p LEFT JOIN events e ON e.idx = p.idx LEFT JOIN streams s USING (stream_id) WHERE p.name = '${JOURNAL_NAME}'`),
    checkpoint: db.prepare<unknown[], Omit<InCheckpoints, 'eventId'> & { readonly eventId: Buffer }>(
      'SELECT revision, event_id AS eventId, CAST(position AS TEXT) AS position FROM checkpoints ORDER BY revision DESC LIMIT 1',
    ),
  };
}

/** Pages at hand beside the thread that writes, KiB: the machine has them as well. */
const READER_KIB = 4096;

/** Length of the write-ahead log from which it is begun from its start again; beyond what SQLite copies by itself. */
const WAL_BYTES = 40 * 1024 * 1024;
/** How long that waits for who reads, and how long anything else waits for a lock, ms. */
const WAL_PATIENCE_MS = 500;
const LOCK_PATIENCE_MS = 5000;

export interface ReadStoreOptions {
  /** Beside the process that writes. */
  readonly readonly?: boolean;
  /** Makes the tables, and from then on only reads: a thread of this process writes. */
  readonly writtenByThread?: boolean;
}

export class ReadStore {
  readonly db: Database.Database;
  readonly checkpoints: CheckpointRows;
  #damage: string | null = null;
  /** Length of the write-ahead log when it could not be emptied; 0 since it could. */
  #walTriedAt = 0;
  #letGo: () => void = () => undefined;
  readonly #damageHeard = new Set<(damage: string) => void>();
  readonly #sql: ReturnType<typeof statements>;
  /** The file as it was opened for writing; null for a reader, and in memory. */
  readonly #held: HeldFile | null;

  constructor(
    readonly file: string,
    { readonly = false, writtenByThread = false }: ReadStoreOptions = {},
  ) {
    this.db = openDatabase(file, { readonly, fileMustExist: readonly });
    try {
      if (!readonly) {
        this.db.pragma('journal_mode = WAL');
        this.db.pragma('synchronous = NORMAL');
        // Ids and hashes fall anywhere in their trees: with the pages of these at hand, and copied into the file less
        // often, a rebuild takes a fifth less time. A crash loses nothing by it, both numbers only say how much memory
        // and how much of the disk this takes.
        this.db.pragma('cache_size = -16384');
        this.db.pragma('wal_autocheckpoint = 8000');
        this.#createTables();
      }
      if (writtenByThread) {
        this.db.pragma('query_only = ON');
        this.db.pragma(`cache_size = -${READER_KIB}`);
        this.#letGo = readOneStateAtATime(this.db);
      }
      this.#sql = statements(this.db);
      this.#held = readonly || this.db.memory ? null : new HeldFile(file);
      this.checkpoints = new CheckpointRows(this.db);
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  /**
   * Why nobody else reads what is written here: the file was removed, or replaced by another. null while it is in its
   * place.
   */
  gone(): string | null {
    return this.#held?.gone() ?? null;
  }

  /** `missing`: the bookmark stands on an event the journal does not hold. */
  journalEnd(): JournalEnd | 'empty' | 'missing' {
    const { index, eventId, ...end } = one(this.#sql.end.get());
    if (index < 0) return 'empty';
    return eventId === null ? 'missing' : { ...end, eventId: idText(eventId) };
  }

  /** The last event of the stream of checkpoints that the journal holds: behind it the next one is appended. */
  lastInCheckpoints(): InCheckpoints | null {
    const row = this.#sql.checkpoint.get();
    return row === undefined ? null : { ...row, eventId: idText(row.eventId) };
  }

  /** Empties every read model, in one transaction: from then on they are as they were before the first event. */
  clear(): void {
    this.db.transaction(() => {
      for (const index of Object.keys(ReadStore.indexes())) this.db.exec(`DROP INDEX IF EXISTS ${index}`);
      for (const table of Object.keys(ReadStore.tables())) this.db.exec(`DELETE FROM ${table}`);
      this.db.exec('UPDATE projections SET position = NULL, idx = -1, recorded_at = 0, stopped_at = NULL, stopped_why = NULL');
    })();
  }

  #createTables(): void {
    this.db.transaction(() => {
      this.db.exec(META_SCHEMA);
      const stored = new Map(this.db.prepare<unknown[], [string, number]>('SELECT name, version FROM projections').raw().all());
      const wanted = [{ name: JOURNAL_NAME, version: JOURNAL_VERSION, schema: JOURNAL_SCHEMA, tables: JOURNAL_TABLES }, ...PROJECTIONS];
      // Every other read model refers to rows of the journal: with another journal all of them are built anew.
      const all = stored.has(JOURNAL_NAME) && stored.get(JOURNAL_NAME) !== JOURNAL_VERSION;
      for (const { name, version, schema, tables } of wanted) {
        if (all || stored.get(name) !== version) {
          for (const table of Object.keys(tables)) this.db.exec(`DROP TABLE IF EXISTS ${table}`);
          this.db.prepare('INSERT OR REPLACE INTO projections (name, version, idx, recorded_at) VALUES (?, ?, -1, 0)').run(name, version);
        }
        this.db.exec(schema);
      }
    })();
  }

  /** Makes an index that is made late, where it is not there; false where all of them are. */
  createNextIndex(): boolean {
    const missing = Object.entries(ReadStore.indexes()).find(([name]) => !this.hasIndex(name));
    if (missing === undefined) return false;
    this.db.exec(`CREATE INDEX IF NOT EXISTS ${missing[0]} ON ${missing[1]}`);
    return true;
  }

  hasIndex(name: string): boolean {
    return this.#sql.index.get(name) !== undefined;
  }

  bookmarks(): Bookmark[] {
    const rows = this.#sql.bookmarks.all();
    return rows.map((row) => ({
      name: row.name,
      position: row.position,
      index: row.idx,
      recordedAt: row.recorded_at,
      stopped: row.stopped_at === null ? null : { eventId: row.stopped_at, why: row.stopped_why ?? '' },
    }));
  }

  save(bookmark: Bookmark): void {
    this.#sql.save.run(
      bookmark.position,
      bookmark.index,
      bookmark.recordedAt,
      bookmark.stopped?.eventId ?? null,
      bookmark.stopped?.why ?? null,
      bookmark.name,
    );
  }

  /** Every table of every read model with the order that makes two copies comparable. */
  static tables(): Readonly<Record<string, string>> {
    return Object.fromEntries([JOURNAL_TABLES, ...PROJECTIONS.map(({ tables }) => tables)].flatMap((tables) => Object.entries(tables)));
  }

  /** Indexes that are made where the end of the log was reached: name → what it is of. */
  static indexes(): Readonly<Record<string, string>> {
    return Object.fromEntries([EVENT_INDEXES, ...PROJECTIONS.map(({ indexes = {} }) => indexes)].flatMap((of) => Object.entries(of)));
  }

  /** Why nothing that is read from here can be trusted any more; null while nothing was found. */
  get damage(): string | null {
    return this.#damage;
  }

  /**
   * What was read shows that the file is not whole: whoever opens it for writing next builds it anew. Gives the words
   * for it.
   */
  markDamaged(why: string): string {
    const damage = this.#damage ?? `read.db is damaged (${why}); the next start builds it anew from the log`;
    writeFileSync(this.file + DAMAGED, '', { mode: 0o600 });
    this.learnDamage(damage);
    return damage;
  }

  /** What is asked from here on sees everything that is committed now. */
  seeNow(): void {
    this.#letGo();
  }

  /**
   * Empties the write-ahead log where it has become long. Beside a thread that asks all the time SQLite never finds the
   * moment at which it may begin it again, and it would grow without end. Who reads for long is not waited for: it is
   * tried again when it has grown by a quarter of that.
   */
  emptyWal(limit = WAL_BYTES): void {
    const bytes = statSync(`${this.file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes < Math.max(limit, this.#walTriedAt + limit / 4)) return;
    this.#walTriedAt = bytes;
    try {
      this.db.pragma(`busy_timeout = ${WAL_PATIENCE_MS}`);
      if (this.db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0) this.#walTriedAt = 0;
    } catch {
      // What keeps it from being copied keeps the next event from being applied, and is said then.
    } finally {
      this.db.pragma(`busy_timeout = ${LOCK_PATIENCE_MS}`);
    }
  }

  /** Damage that another thread found, in its words. */
  learnDamage(damage: string): void {
    if (this.#damage !== null) return;
    this.#damage = damage;
    for (const heard of this.#damageHeard) heard(damage);
  }

  /** To be told of damage once. */
  onDamage(heard: (damage: string) => void): void {
    this.#damageHeard.add(heard);
  }

  close(): void {
    this.db.close();
  }
}

const DAMAGED = '.damaged';

/** Whether a read store was found not to be whole after it was opened. */
export function isMarkedDamaged(file: string): boolean {
  return existsSync(file + DAMAGED);
}

/**
 * Deletes a read store that nobody has open; the mark goes last, so that a crash in between leaves it to be done again.
 */
export function removeReadStore(file: string): void {
  for (const suffix of ['', '-wal', '-shm', DAMAGED]) rmSync(file + suffix, { force: true });
}

type Row = readonly unknown[];

function sameRow(a: Row, b: Row): boolean {
  return a.every((value, column) => {
    const other = b[column];
    return value === other || (Buffer.isBuffer(value) && Buffer.isBuffer(other) && value.equals(other));
  });
}

/** The first table and row in which two read stores differ, or null; and how many rows were compared. */
export function compareReadStores(a: ReadStore, b: ReadStore): { readonly rows: number; readonly difference: string | null } {
  let rows = 0;
  for (const [table, order] of Object.entries(ReadStore.tables())) {
    const read = (store: ReadStore): IterableIterator<Row> =>
      store.db.prepare<unknown[], Row>(`SELECT * FROM ${table} ORDER BY ${order}`).raw().iterate();
    const left = read(a);
    const right = read(b);
    try {
      for (let row = 0; ; row += 1) {
        const [x, y] = [left.next(), right.next()];
        if (x.done === true && y.done === true) break;
        if (x.done === true || y.done === true || !sameRow(x.value, y.value)) return { rows, difference: `${table}, row ${row}` };
        rows += 1;
      }
    } finally {
      left.return?.();
      right.return?.();
    }
  }
  return { rows, difference: null };
}
