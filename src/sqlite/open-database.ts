/** Opens SQLite files; where the package's binary does not fit this machine the message says what to do. */
import Database from 'better-sqlite3';

export function openDatabase(file: string, options: Database.Options = {}): Database.Database {
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

/** Whether SQLite says that a file is none of its own, or not whole. Nothing that was read from it can be trusted then. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test(String((error as { code?: unknown } | null)?.code));
}

/** Whether SQLite could not write or read for a reason that may pass: a full disk, a failing one, another process that holds the file. */
export function isPassing(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|BUSY)/.test(String((error as { code?: unknown } | null)?.code));
}
