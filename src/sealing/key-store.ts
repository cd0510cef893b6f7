/**
 * Keys of sealed texts, outside the log: destroying a key erases what it sealed, in every backup of the log too. A key
 * is durable before `create` resolves, so nothing is ever sealed under a key that a crash could lose.
 */
import type Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { sure } from '../encoding/unknown-values.js';
import { HeldFile } from '../sqlite/held-file.js';
import { openDatabase } from '../sqlite/open-database.js';
import { probeWrites } from '../sqlite/probe-writes.js';
import { columnsOf, one } from '../sqlite/statements.js';
import { Hmac } from './hmac.js';

export interface KeyStore {
  /** A key of its own for `name`: 32 random bytes, or the one that `name` already has. */
  create(name: string, now: number): Promise<Buffer>;
  /** The same for many names: all of them are durable, by one flush, before it resolves. */
  createAll(names: readonly string[], now: number): Promise<readonly Buffer[]>;
  /** null where there is none, or where it was destroyed. Errors: `DamagedKey`. */
  get(name: string): Buffer | null;
  /**
   * Destroys keys by name, for good before it returns; gives how many there were. Throws where it could not: whoever
   * destroys tries again.
   */
  destroy(names: readonly string[]): number;
  /**
   * Destroys the keys made before `instant` (ms) whose name begins with `scope`; gives their number. What is kept for a
   * time only is one scope: keys of others are never destroyed for their age.
   */
  destroyBefore(scope: string, instant: number): number;
  /** Throws where no key could be made now. */
  writable(): void;
  /** A secret of the whole store, for keyed digests. */
  readonly secret: Buffer;
  close(): void;
}

/**
 * A key is not what it was when it was made. Nothing may be sealed under it: nobody could ever open that with a whole
 * copy of the store.
 */
export class DamagedKey extends Error {
  override readonly name = 'DamagedKey';
  constructor(name: string) {
    super(`the key store is damaged: the key ${name} is not what it was when it was made; restore keys.db from its backup`);
  }
}

const SECRET = 'store-secret';
const KEY_BYTES = 32;
/** Pages at hand, KiB. SQLite would keep 16 MB. */
const CACHE_KIB = 2048;
/** How long one write proves that there may be another, ms. */
const PROVED_MS = 1000;

interface Waiting {
  readonly names: readonly string[];
  readonly now: number;
  readonly resolve: (keys: readonly Buffer[]) => void;
  readonly reject: (error: unknown) => void;
}

interface KeyRow {
  readonly key: Buffer;
  /** null for a key made before there were check values. */
  readonly check_value: Buffer | null;
}

/** Tells a key from any other, and nothing of it: a keyed digest of its name. */
function checkValueOf(name: string, key: Buffer): Buffer {
  return new Hmac(key).digest(`disclosure/key-check/1\n${name}`).subarray(0, 8);
}

function isWhole({ name, key, check_value: check }: KeyRow & { readonly name: string }): boolean {
  return key.length === KEY_BYTES && (check === null || check.equals(checkValueOf(name, key)));
}

/** Several processes may open the store for the first time at one moment. */
function addCheckValues(db: Database.Database): void {
  db.transaction(() => {
    if (!columnsOf(db, 'keys').includes('check_value')) db.exec('ALTER TABLE keys ADD COLUMN check_value BLOB');
  }).immediate();
}

/**
 * The names of keys that are not what they were when they were made; of one without a check value nothing can be said.
 * For a store opened by others.
 */
export function damagedKeys(db: Database.Database): string[] {
  if (!columnsOf(db, 'keys').includes('check_value')) return [];
  const rows = db.prepare<unknown[], KeyRow & { name: string }>('SELECT name, key, check_value FROM keys').iterate();
  const damaged: string[] = [];
  // One by one: there is a key for every case.
  for (const row of rows) if (!isWhole(row)) damaged.push(row.name);
  return damaged;
}

/** How many keys a store opened by others holds. Errors: where some are not what they were when they were made. */
export function countKeys(db: Database.Database): number {
  const damaged = damagedKeys(db);
  if (damaged.length > 0) throw new Error(`${damaged.length} keys are not what they were when they were made`);
  return one(db.prepare<unknown[], number>('SELECT COUNT(*) FROM keys').pluck().get());
}

/**
 * Keys in one SQLite file, for the processes of one machine. Keys asked for in one turn of the event loop share a flush
 * to disk.
 */
export class SqliteKeyStore implements KeyStore {
  readonly #db: Database.Database;
  readonly #sql: Record<'add' | 'get' | 'destroy' | 'destroyBefore', Database.Statement<unknown[], KeyRow>>;
  readonly #waiting: Waiting[] = [];
  /** The write-ahead log may still hold pages with keys that were destroyed. */
  #pagesLeft = false;
  readonly #held: HeldFile;
  /** When it was last seen to take a write. */
  #proved = -Infinity;
  readonly secret: Buffer;

  constructor(file: string) {
    this.#db = openDatabase(file);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.pragma(`cache_size = -${CACHE_KIB}`);
    // A destroyed key must not survive in free pages of the file.
    this.#db.pragma('secure_delete = ON');
    this.#db.exec(
      'CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, key BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    );
    addCheckValues(this.#db);
    this.#sql = {
      add: this.#db.prepare<unknown[], KeyRow>('INSERT OR IGNORE INTO keys (name, key, created_at, check_value) VALUES (?, ?, ?, ?)'),
      get: this.#db.prepare<unknown[], KeyRow>('SELECT key, check_value FROM keys WHERE name = ?'),
      destroy: this.#db.prepare<unknown[], KeyRow>('DELETE FROM keys WHERE name = ?'),
      destroyBefore: this.#db.prepare<unknown[], KeyRow>('DELETE FROM keys WHERE substr(name, 1, length(?)) = ? AND created_at < ?'),
    };
    this.secret = sure(this.#ensureAll([SECRET], Number.MAX_SAFE_INTEGER)[0]);
    this.#held = new HeldFile(file);
    // What a process that was killed between a destruction and its last step left in the write-ahead log.
    this.#forgetPages();
  }

  async create(name: string, now: number): Promise<Buffer> {
    return sure((await this.createAll([name], now))[0]);
  }

  createAll(names: readonly string[], now: number): Promise<readonly Buffer[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ names, now, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const group = this.#waiting.splice(0);
    try {
      const keys = this.#db.transaction(() => group.map(({ names, now }) => this.#ensureAll(names, now)))();
      // A key in a file that nobody will find again is not durable.
      this.#held.require();
      group.forEach(({ resolve }, index) => resolve(sure(keys[index])));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  #ensureAll(names: readonly string[], now: number): Buffer[] {
    // Drawn at once: a buffer of its own for each of a thousand keys costs more than the keys.
    const drawn = randomBytes(names.length * KEY_BYTES);
    return names.map((name, at) => {
      const key = drawn.subarray(at * KEY_BYTES, (at + 1) * KEY_BYTES);
      return this.#sql.add.run(name, key, now, checkValueOf(name, key)).changes === 1 ? key : sure(this.get(name));
    });
  }

  writable(): void {
    this.#held.require();
    if (Date.now() - this.#proved < PROVED_MS) return;
    probeWrites(this.#db, 0);
    this.#proved = Date.now();
  }

  get(name: string): Buffer | null {
    const row = this.#sql.get.get(name);
    if (row === undefined) return null;
    if (!isWhole({ ...row, name })) throw new DamagedKey(name);
    return row.key;
  }

  destroy(names: readonly string[]): number {
    const changes = this.#db.transaction(() => names.reduce((sum, name) => sum + this.#sql.destroy.run(name).changes, 0))();
    if ((changes > 0 || this.#pagesLeft) && !this.#forgetPages())
      throw new Error('another process holds the key store: the pages of a destroyed key are not overwritten yet');
    return changes;
  }

  destroyBefore(scope: string, instant: number): number {
    const { changes } = this.#sql.destroyBefore.run(scope, scope, instant);
    if (changes > 0 || this.#pagesLeft) this.#forgetPages();
    return changes;
  }

  /**
   * Pages as they were before a deletion stand in the write-ahead log until it is emptied. False where another process
   * kept it from that: it is left to the next destruction.
   */
  #forgetPages(): boolean {
    const [done] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
    this.#pagesLeft = done.busy !== 0;
    return !this.#pagesLeft;
  }

  close(): void {
    this.#db.close();
  }
}
