/** The files a process keeps of a ledger, and which accounts of the machine may use them. */
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Group and others. */
const OPEN = 0o077;

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
    if (process.platform === 'win32') return [];
    const files = ['log.db', 'read.db', 'last-checkpoint', 'writer.lock', 'writer.json'].map((name) => join(this.folder, name));
    return [this.folder, ...[...files, this.keys].flatMap((file) => [file, `${file}-wal`, `${file}-shm`])].flatMap((file) => {
      const mode = modeOf(file);
      return mode === null || (mode & OPEN) === 0 ? [] : [{ file, mode: (mode & 0o777).toString(8) }];
    });
  }
}

/** null where there is no such file. */
export function modeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mode ?? null;
}
