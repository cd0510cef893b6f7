/**
 * Whether a file that a process holds open is still the one of its name. A database that is removed, or replaced by
 * another, goes on taking commits in this process, into a file that is in no folder any more.
 */
import { statSync } from 'node:fs';
import { messageOf } from '../encoding/unknown-values.js';

/** null where there is no such file. */
export function identityOf(file: string): string | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

export class FileGone extends Error {
  override readonly name = 'FileGone';
}

/**
 * A database in WAL mode, held open: while one connection is, neither its file nor its write-ahead log is ever replaced
 * by SQLite itself.
 */
export class HeldFile {
  readonly #files: readonly string[];
  readonly #identities: (string | null)[];

  constructor(file: string) {
    this.#files = [file, `${file}-wal`];
    this.#identities = this.#files.map(identityOf);
    if (this.#identities[0] === null) throw new FileGone(`${file} was removed while it was opened`);
  }

  /** Why it is not the one of its name any more; null while it is. */
  gone(): string | null {
    try {
      this.require();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Two looks at the folder, some microseconds. Errors: `FileGone`; it stays so, whatever is put there later. */
  require(): void {
    this.#files.forEach((file, at) => {
      const now = identityOf(file);
      // The write-ahead log begins with the first write.
      this.#identities[at] ??= now;
      if (now !== this.#identities[at])
        throw new FileGone(`${file} was removed or replaced while this process held it open: stop it, put the files back, and start again`);
    });
  }
}
