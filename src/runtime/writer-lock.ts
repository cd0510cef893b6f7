/**
 * One process at a time writes a data folder. The lock is an open exclusive transaction on a small SQLite file: the
 * operating system gives it back with the process, also after kill -9, so no stale lock is ever left. Beside it stands
 * who holds it, believed only while it is held.
 */
import type Database from 'better-sqlite3';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../encoding/unknown-values.js';
import { openDatabase } from '../sqlite/open-database.js';

/** A service, as who is on its machine reaches it. */
export interface ServiceAddress {
  readonly url: string;
  /** Of a service with TLS of its own: the certificate it shows, as PEM; null of any other. */
  readonly certificate: string | null;
}

export interface Holder {
  readonly pid: number;
  /** Where the holder serves; null for a command. */
  readonly url: string | null;
  /** As in `ServiceAddress`; absent of services before there was TLS. */
  readonly certificate?: string | null;
}

export class WriterLock {
  readonly #db: Database.Database;
  readonly #holderFile: string;

  private constructor(db: Database.Database, holderFile: string) {
    this.#db = db;
    this.#holderFile = holderFile;
  }

  /** The lock, or null while another process holds it. */
  static take(folder: string): WriterLock | null {
    const db = openDatabase(join(folder, 'writer.lock'), { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (codeOf(error)?.startsWith('SQLITE_BUSY') === true) return null;
      throw error;
    }
    const lock = new WriterLock(db, join(folder, 'writer.json'));
    lock.announce(null);
    return lock;
  }

  announce(service: ServiceAddress | null): void {
    const { url, certificate } = service ?? { url: null, certificate: null };
    writeFileSync(this.#holderFile, JSON.stringify({ pid: process.pid, url, certificate } satisfies Holder), { mode: 0o600 });
  }

  /** Who is said to hold the lock of a folder; null when nobody says so. */
  static holder(folder: string): Holder | null {
    try {
      return JSON.parse(readFileSync(join(folder, 'writer.json'), 'utf8')) as Holder;
    } catch {
      return null;
    }
  }

  release(): void {
    rmSync(this.#holderFile, { force: true });
    this.#db.close();
  }
}
