/**
 * The last key set of each issuer, in a file of the data folder, so that a provider that is down stops nobody across
 * a restart. Replaced whole: a crash leaves the file before or the new one, and an older one only knows less.
 */
import { readFileSync } from 'node:fs';
import { modeIfOpen, replaceFile } from '../../config/data-files.js';
import { codeOf, membersOf, messageOf } from '../../encoding/unknown-values.js';
import { readKeySet, type PublicKey } from './public-keys.js';

export interface KeySet {
  readonly keys: readonly PublicKey[];
  /** ms since 1970. */
  readonly fetchedAt: number;
}

/** Group and others. */
const WRITABLE_BY_OTHERS = 0o022;

export class KeptKeySets {
  readonly #sets: Map<string, KeySet>;

  /** `notice` is told what cannot be read or kept: neither stops anything. */
  constructor(
    private readonly file: string,
    private readonly notice: (line: string) => void,
  ) {
    this.#sets = this.#read();
  }

  /** null where none is kept. */
  of(issuer: string): KeySet | null {
    return this.#sets.get(issuer) ?? null;
  }

  keep(issuer: string, set: KeySet): void {
    this.#sets.set(issuer, set);
    const issuers = [...this.#sets].map(([name, { keys, fetchedAt }]) => ({ issuer: name, fetchedAt, keys }));
    try {
      replaceFile(this.file, JSON.stringify({ issuers }));
    } catch (error) {
      this.notice(`the keys of ${issuer} are known until the next start only: ${messageOf(error)}`);
    }
  }

  /** Whoever may write this file says whose tokens are good: it is read only if that is its owner alone. */
  #read(): Map<string, KeySet> {
    if (modeIfOpen(this.file, WRITABLE_BY_OTHERS) !== null) {
      this.notice(`${this.file} is not believed: other accounts may write it`);
      return new Map();
    }
    try {
      return setsOf(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') this.notice(`${this.file} cannot be read, the keys are fetched again: ${messageOf(error)}`);
      return new Map();
    }
  }
}

/** What in it is no key set of an issuer is left out. */
function setsOf(value: unknown): Map<string, KeySet> {
  const { issuers } = membersOf(value);
  const found = (Array.isArray(issuers) ? issuers : []).flatMap((entry): [string, KeySet][] => {
    const { issuer, fetchedAt } = membersOf(entry);
    const keys = readKeySet(entry);
    return typeof issuer === 'string' && typeof fetchedAt === 'number' && keys !== null ? [[issuer, { keys, fetchedAt }]] : [];
  });
  return new Map(found);
}
