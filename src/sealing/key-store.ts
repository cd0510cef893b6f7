/**
 * Keys of sealed texts, outside the log: destroying a key erases what it sealed, in every backup of the log too. A key is durable before
 * `create` resolves, so nothing is ever sealed under a key that a crash could lose.
 */
import type Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { openDatabase } from '../sqlite/open-database.js';
import { probeWrites } from '../sqlite/probe-writes.js';

export interface KeyStore {
  /** A key of its own for `name`: 32 random bytes, or the one that `name` already has. */
  create(name: string, now: number): Promise<Buffer>;
  /** The same for many names: all of them are durable, by one flush, before it resolves. */
  createAll(names: readonly string[], now: number): Promise<readonly Buffer[]>;
  /** null where there is none, or where it was destroyed. */
  get(name: string): Buffer | null;
  /** Destroys keys by name, for good before it returns; gives how many there were. Throws where it could not: whoever destroys tries again. */
  destroy(names: readonly string[]): number;
  /**
   * Destroys the keys made before `instant` (ms) whose name begins with `scope`; gives their number. What is kept for a time only is one scope: keys of
   * others are never destroyed for their age.
   */
  destroyBefore(scope: string, instant: number): number;
  /** Throws where no key could be made now. */
  writable(): void;
  /** A secret of the whole store, for keyed digests. */
  readonly secret: Buffer;
  close(): void;
}

const SECRET = 'store-secret';
const KEY_BYTES = 32;
/** How long one write proves that there may be another, ms. */
const PROVED_MS = 1000;

interface Waiting {
  readonly names: readonly string[];
  readonly now: number;
  readonly resolve: (keys: readonly Buffer[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Keys in one SQLite file, for the processes of one machine. Keys asked for in one turn of the event loop share a flush to disk. */
export class SqliteKeyStore implements KeyStore {
  readonly #db: Database.Database;
  readonly #sql: Record<'add' | 'get' | 'destroy' | 'destroyBefore', Database.Statement>;
  readonly #waiting: Waiting[] = [];
  /** The write-ahead log may still hold pages with keys that were destroyed. */
  #pagesLeft = false;
  /** When it was last seen to take a write. */
  #proved = -Infinity;
  readonly secret: Buffer;

  constructor(file: string) {
    this.#db = openDatabase(file);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    // A destroyed key must not survive in free pages of the file.
    this.#db.pragma('secure_delete = ON');
    this.#db.exec(
      'CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, key BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    );
    this.#sql = {
      add: this.#db.prepare('INSERT OR IGNORE INTO keys (name, key, created_at) VALUES (?, ?, ?)'),
      get: this.#db.prepare('SELECT key FROM keys WHERE name = ?').pluck(),
      destroy: this.#db.prepare('DELETE FROM keys WHERE name = ?'),
      destroyBefore: this.#db.prepare('DELETE FROM keys WHERE substr(name, 1, length(?)) = ? AND created_at < ?'),
    };
    this.secret = this.#ensureAll([SECRET], Number.MAX_SAFE_INTEGER)[0] as Buffer;
    // What a process that was killed between a destruction and its last step left in the write-ahead log.
    this.#forgetPages();
  }

  async create(name: string, now: number): Promise<Buffer> {
    return (await this.createAll([name], now))[0] as Buffer;
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
      group.forEach(({ resolve }, index) => resolve(keys[index] as Buffer[]));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  #ensureAll(names: readonly string[], now: number): Buffer[] {
    // Drawn at once: a buffer of its own for each of a thousand keys costs more than the keys.
    const drawn = randomBytes(names.length * KEY_BYTES);
    return names.map((name, at) => {
      const key = drawn.subarray(at * KEY_BYTES, (at + 1) * KEY_BYTES);
      return this.#sql.add.run(name, key, now).changes === 1 ? key : (this.get(name) as Buffer);
    });
  }

  writable(): void {
    if (Date.now() - this.#proved < PROVED_MS) return;
    probeWrites(this.#db, 0);
    this.#proved = Date.now();
  }

  get(name: string): Buffer | null {
    return (this.#sql.get.get(name) as Buffer | undefined) ?? null;
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
   * Pages as they were before a deletion stand in the write-ahead log until it is emptied. False where another process kept it from that: it is left to the
   * next destruction.
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
