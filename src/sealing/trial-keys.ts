/** Keys of a trial: made and destroyed in memory alone, over a store that is only read. */
import { randomBytes } from 'node:crypto';
import type { KeyStore } from './key-store.js';

export class TrialKeyStore implements KeyStore {
  readonly #base: Pick<KeyStore, 'get' | 'secret' | 'writable'>;
  /** null: destroyed here. */
  readonly #changed = new Map<string, Buffer | null>();

  constructor(base: Pick<KeyStore, 'get' | 'secret' | 'writable'>) {
    this.#base = base;
  }

  get secret(): Buffer {
    return this.#base.secret;
  }

  async create(name: string): Promise<Buffer> {
    const key = this.get(name) ?? randomBytes(32);
    this.#changed.set(name, key);
    return Promise.resolve(key);
  }

  createAll(names: readonly string[]): Promise<readonly Buffer[]> {
    return Promise.all(names.map((name) => this.create(name)));
  }

  get(name: string): Buffer | null {
    const changed = this.#changed.get(name);
    return changed === undefined ? this.#base.get(name) : changed;
  }

  destroy(names: readonly string[]): number {
    const held = names.filter((name) => this.get(name) !== null);
    for (const name of held) this.#changed.set(name, null);
    return held.length;
  }

  /** Nothing here is kept long enough. */
  destroyBefore(): number {
    return 0;
  }

  /** A store that takes no key would refuse what the trial takes. */
  writable(): void {
    this.#base.writable();
  }

  close(): void {
    this.#changed.clear();
  }
}
