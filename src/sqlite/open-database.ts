/** Opens SQLite files; a missing native build gets a message that says what to do. */
import Database from 'better-sqlite3';

export function openDatabase(file: string, options: Database.Options = {}): Database.Database {
  try {
    return new Database(file, options);
  } catch (cause) {
    if (cause instanceof Error && /bindings file|invalid ELF|NODE_MODULE_VERSION|ERR_DLOPEN/.test(cause.message)) {
      throw new Error(
        'better-sqlite3 has no native build for this Node. Run "npm rebuild better-sqlite3" with a C++ compiler and Python at hand.',
        {
          cause,
        },
      );
    }
    throw cause;
  }
}

/** Whether SQLite says that a file is none of its own, or not whole. Nothing that was read from it can be trusted then. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test(String((error as { code?: unknown } | null)?.code));
}

/** Whether SQLite could not write or read for a reason that may pass: a full disk, a failing one, another process that holds the file. */
export function isPassing(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|BUSY)/.test(String((error as { code?: unknown } | null)?.code));
}
