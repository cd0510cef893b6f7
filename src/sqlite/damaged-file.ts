/**
 * A file of the data folder that is not whole, with what to do about it. Only read models may be thrown away; the log
 * and the keys never are.
 */
import { isDamage } from './open-database.js';

/** The stable code of a damaged file, by what it holds; `state-damaged` is a witness's own. */
export type DamageCode = 'log-damaged' | 'read-damaged' | 'keys-damaged' | 'state-damaged';

/** What a file is to be called when it is not whole, and what to do then. */
export interface Damage {
  readonly code: DamageCode;
  readonly hint: string;
}

export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
  readonly code: DamageCode;
  readonly hint: string;
  constructor(file: string, { code, hint }: Damage, cause: unknown) {
    super(`${file} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** Runs what opens or reads a file. Errors: `DamagedFile` where SQLite finds it not whole. */
export function withFile<T>(file: string, damage: Damage, use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw isDamage(error) ? new DamagedFile(file, damage, error) : error;
  }
}
