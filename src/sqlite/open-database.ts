/** Opens SQLite files; where the package's binary does not fit this machine the message says what to do. */
import Database from 'better-sqlite3';
import { closeSync, openSync } from 'node:fs';
import { codeOf, messageOf } from '../encoding/unknown-values.js';

/** A file that is made is its owner's alone (0600); SQLite gives its -wal and -shm the same mode. */
export function openDatabase(file: string, options: Database.Options = {}): Database.Database {
  if (options.readonly !== true && options.fileMustExist !== true) makePrivate(file);
  try {
    return new Database(file, options);
  } catch (cause) {
    if (cause instanceof Error && /better_sqlite3\.node|prebuilds|invalid ELF|NODE_MODULE_VERSION|ERR_DLOPEN/.test(cause.message)) {
      throw new Error(
        `better-sqlite3 carries no binary that runs on ${process.platform} ${process.arch} with Node ${process.versions.node}: run "npm install" again on this machine, or use Linux, macOS or Windows on x64 or arm64 with Node 22.13 or newer.`,
        { cause },
      );
    }
    throw cause;
  }
}

/**
 * An empty file is an empty database. One that is there stays as it is; what cannot be made here SQLite will say of its
 * own.
 */
function makePrivate(file: string): void {
  if (file === '' || file === ':memory:') return;
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // There already, or not to be made.
  }
}

/** What `integrityOf` found. The code makes it damage like any that SQLite meets by itself. */
export class NotWhole extends Error {
  override readonly name = 'NotWhole';
  readonly code = 'SQLITE_CORRUPT';
}

/**
 * What SQLite's integrity check says against a file: pages, the order of every tree, and each index against the rows of
 * its table. Empty where it holds. Reads the whole file: about a second for a million events in the page cache. Without
 * it a flipped bit in an index hides rows from whoever looks them up.
 */
export function integrityOf(db: Database.Database): string[] {
  try {
    return (db.pragma('integrity_check(5)') as { integrity_check: string }[])
      .map((row) => row.integrity_check)
      .filter((line) => line !== 'ok');
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [messageOf(error)];
  }
}

/** Errors: `NotWhole`. */
export function requireWhole(db: Database.Database): void {
  const [found] = integrityOf(db);
  if (found !== undefined) throw new NotWhole(found);
}

/**
 * Whether SQLite says that a file is none of its own, or not whole. Nothing that was read from it can be trusted then.
 */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error) ?? '');
}

/**
 * Whether SQLite could not write or read for a reason that may pass: a full disk, a failing one, another process that
 * holds the file.
 */
export function isPassing(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|BUSY)/.test(codeOf(error) ?? '');
}
