/** The files a process keeps of a ledger, and which accounts of the machine may use them. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Group and others. */
export const OPEN = 0o077;

/** The key sets of issuers as they were last fetched. */
export const KEPT_KEY_SETS = 'oidc-keys.json';
/** The private key of the local issuer. */
export const TOKEN_KEY = 'token-key.pem';

/** A file or folder that accounts other than its owner's may use. */
export interface OpenFile {
  readonly file: string;
  /** As `chmod` prints it: 644. */
  readonly mode: string;
}

export class DataFiles {
  /** `folder` of log and read models, `keys` the file of the key store. */
  constructor(
    readonly folder: string,
    readonly keys: string,
  ) {}

  /**
   * What of them is open to group or others, the folder itself first. What this program makes is its owner's alone
   * (0700, 0600); what was there before stays as it is, and is said. Windows has no such modes: empty there.
   */
  open(): OpenFile[] {
    const names = ['log.db', 'read.db', 'last-checkpoint', 'writer.lock', 'writer.json', KEPT_KEY_SETS, TOKEN_KEY];
    const files = names.map((name) => join(this.folder, name));
    return [this.folder, ...[...files, this.keys].flatMap((file) => [file, `${file}-wal`, `${file}-shm`])].flatMap((file) => {
      const mode = modeIfOpen(file, OPEN);
      return mode === null ? [] : [{ file, mode }];
    });
  }

  /** The database files that are there, each with its `-wal`. */
  sizes(): FileSize[] {
    const files = [...['log.db', 'read.db'].map((name) => join(this.folder, name)), this.keys];
    return files
      .flatMap((file) => [file, `${file}-wal`])
      .flatMap((file) => {
        const bytes = statSync(file, { throwIfNoEntry: false })?.size;
        return bytes === undefined ? [] : [{ file: basename(file), bytes }];
      });
  }

  /** Bytes that this account may still write on the disk of the folder; 0 where the folder is gone. */
  freeBytes(): number {
    try {
      const { bavail, bsize } = statfsSync(this.folder);
      return bavail * bsize;
    } catch {
      return 0;
    }
  }
}

/** A file that is there. */
export interface FileSize {
  /** Without its folder. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * The mode of a file that has one of `bits`, as `chmod` prints it; null for any other, where there is none, and on
 * Windows.
 */
export function modeIfOpen(file: string, bits: number): string | null {
  const mode = process.platform === 'win32' ? null : modeOf(file);
  return mode === null || (mode & bits) === 0 ? null : (mode & 0o777).toString(8);
}

/** null where there is no such file. */
export function modeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mode ?? null;
}

/**
 * Puts a text in place of a file, for its owner alone. A crash leaves the old text or the new one, whole.
 * Errors: throws what the file system says.
 */
export function replaceFile(file: string, text: string): void {
  const beside = newFile(file, text);
  renameSync(beside, file);
  flushFolder(file);
}

/** A text in a file beside `file`, on the disk, for its owner alone: to be given the name of `file`. Gives its name. */
export function newFile(file: string, text: string): string {
  const beside = `${file}.${process.pid}.new`;
  // One that a crash has left may have another mode.
  rmSync(beside, { force: true });
  writeFileSync(beside, text, { flag: 'wx', mode: 0o600, flush: true });
  return beside;
}

/** Makes the names in the folder of a file as durable as what they name. */
export function flushFolder(file: string): void {
  // Windows opens no folder.
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
