/** A file of the data folder that is not whole, with what to do about it. Only read models may be thrown away; the log and the keys never are. */
import { isDamage } from './sqlite/open-database.js';

export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
  constructor(
    file: string,
    readonly hint: string,
    cause: unknown,
  ) {
    super(`${file} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Runs what opens or reads a file. Errors: `DamagedFile` where SQLite finds it not whole. */
export function withFile<T>(file: string, hint: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw isDamage(error) ? new DamagedFile(file, hint, error) : error;
  }
}
