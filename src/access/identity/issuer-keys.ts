/**
 * The keys of one provider: known ones at once, unknown ones after one more look. Which key of a set fits a header is
 * jose's (`createLocalJWKSet`). Its `createRemoteJWKSet` is not used, which asks a provider that is down once a
 * request: its pause begins only with a fetch that succeeded. A set past its age holds up everybody there, and refuses
 * everybody while the provider is down. Its cache (`jwksCache`) is not read either once it is past that age.
 */
import { createLocalJWKSet, type CryptoKey, type JWSHeaderParameters } from 'jose';
import { messageOf } from '../../encoding/unknown-values.js';
import type { KeptKeySets, KeySet } from './kept-key-sets.js';
import type { PublicKey } from './public-keys.js';

/** Where the keys of an issuer are looked up. */
export interface KeySource {
  /** The key that fits a header, by id, algorithm and use; null where the issuer has none. Never throws. */
  find(header: JWSHeaderParameters): Promise<CryptoKey | null>;
}

/** ms. Source: contract, "Tokens and keys". */
export const KEY_TIMES = { renewed: 600_000, pause: 10_000, wait: 5_000, believed: 24 * 3_600_000 } as const;

export interface ProviderStatus {
  readonly issuer: string;
  /** ms since 1970; null where no keys are known. */
  readonly fetchedAt: number | null;
  /** What the last fetch failed of; null where it did not. */
  readonly trouble: string | null;
}

export interface IssuerKeysParts {
  readonly issuer: string;
  /** The keys as they are published now. */
  readonly fetch: (signal: AbortSignal) => Promise<readonly PublicKey[]>;
  readonly kept: KeptKeySets;
  readonly now: () => number;
  readonly notice: (line: string) => void;
  /** ms a fetch may take; a test gives less. */
  readonly wait?: number;
}

type Finder = ReturnType<typeof createLocalJWKSet>;

export class IssuerKeys implements KeySource {
  readonly #parts: IssuerKeysParts;
  readonly #end = new AbortController();
  #set: (KeySet & { readonly finder: Finder }) | null = null;
  #askedAt: number | null = null;
  #asking: Promise<void> | null = null;
  #trouble: string | null = null;

  constructor(parts: IssuerKeysParts) {
    this.#parts = parts;
    const kept = parts.kept.of(parts.issuer);
    if (kept !== null) this.#set = { ...kept, finder: finderOf(kept.keys) };
  }

  async find(header: JWSHeaderParameters): Promise<CryptoKey | null> {
    // Nobody whose key is known waits for it.
    this.renew();
    const known = await this.#look(header);
    if (known !== null) return known;
    const asking = this.#ask();
    if (asking === null) return null;
    await asking;
    return this.#look(header);
  }

  /** Fetches the keys if they are due; does not wait. A fetch that failed is due again after the pause. */
  renew(): void {
    // A pause earlier than they must be, so that with a look every pause none is older.
    const due = this.#set === null || this.#trouble !== null || this.#age(this.#set.fetchedAt) >= KEY_TIMES.renewed - KEY_TIMES.pause;
    if (due) void this.#ask();
  }

  status(): ProviderStatus {
    return { issuer: this.#parts.issuer, fetchedAt: this.#set?.fetchedAt ?? null, trouble: this.#trouble };
  }

  /** Ends a fetch that runs; none begins from then on. */
  stop(): void {
    this.#end.abort();
  }

  async #look(header: JWSHeaderParameters): Promise<CryptoKey | null> {
    if (this.#set === null || this.#age(this.#set.fetchedAt) > KEY_TIMES.believed) return null;
    try {
      return await this.#set.finder(header);
    } catch {
      // No key fits, several do, or the one that does is damaged: in each case nothing can be verified with it.
      return null;
    }
  }

  /**
   * The fetch that runs, else one that begins; null where none may begin yet: one in a pause, whatever became of the
   * last.
   */
  #ask(): Promise<void> | null {
    const tooEarly = this.#askedAt !== null && this.#age(this.#askedAt) < KEY_TIMES.pause;
    if (this.#asking !== null || tooEarly || this.#end.signal.aborted) return this.#asking;
    this.#askedAt = this.#parts.now();
    this.#asking = this.#fetch().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Never throws: what cannot be fetched leaves what is known as it is. */
  async #fetch(): Promise<void> {
    const { issuer, fetch, kept, now, notice, wait = KEY_TIMES.wait } = this.#parts;
    const before = this.#trouble;
    try {
      const keys = await fetch(AbortSignal.any([this.#end.signal, AbortSignal.timeout(wait)]));
      const set = { keys, fetchedAt: now() };
      this.#set = { ...set, finder: finderOf(keys) };
      this.#trouble = null;
      kept.keep(issuer, set);
      if (before !== null) notice(`the keys of ${issuer} are fetched again`);
    } catch (error) {
      if (this.#end.signal.aborted) return;
      this.#trouble = messageOf(error);
      // Once, not every pause.
      if (before === null) notice(`the keys of ${issuer} cannot be fetched: ${this.#trouble}`);
    }
  }

  /** ms, never below zero: a clock that is put back makes nothing young for longer than its age allows. */
  #age(since: number): number {
    return Math.abs(this.#parts.now() - since);
  }
}

/**
 * Whether and which key fits is decided by jose: kind, curve, `alg`, `use`, `key_ops`, and `kid` where the header
 * names one.
 */
export function finderOf(keys: readonly PublicKey[]): Finder {
  return createLocalJWKSet({ keys: [...keys] });
}
