/**
 * Who calls: the check of tokens, with the keys of every configured issuer, kept up to date as long as the service
 * runs.
 */
import { join } from 'node:path';
import { LOCAL_ISSUER, type AccessConfig, type Issuer } from '../../config/access.js';
import { KEPT_KEY_SETS } from '../../config/data-files.js';
import { IssuerKeys, KEY_TIMES, type ProviderStatus } from './issuer-keys.js';
import { KeptKeySets } from './kept-key-sets.js';
import { localKeys } from './local-issuer.js';
import { fetchKeys } from './provider.js';
import { TokenCheck } from './token-check.js';
import type { TokenVerdict } from './verdict.js';

export interface IdentityOptions {
  readonly issuers: readonly Issuer[];
  /** Data folder, which is there. */
  readonly folder: string;
  /** ms since 1970. */
  readonly now: () => number;
  /** Told when keys cannot be fetched or kept, and when they can again. */
  readonly notice: (line: string) => void;
  /** ms a fetch of keys may take; a test gives less. */
  readonly wait?: number;
}

/** Who comes in, as the service is given it. */
export interface Access extends Pick<AccessConfig, 'operators' | 'publishedIsPublic' | 'rate'> {
  readonly identity: Pick<Identity, 'check'>;
}

export class Identity {
  readonly #providers: readonly IssuerKeys[];
  readonly #tokens: TokenCheck;
  readonly #timer: NodeJS.Timeout;

  private constructor(providers: readonly IssuerKeys[], tokens: TokenCheck) {
    this.#providers = providers;
    this.#tokens = tokens;
    // Also while nobody calls: the first call after a quiet hour is not to be let in by a key that was withdrawn in it.
    this.#timer = setInterval(() => this.#renew(), KEY_TIMES.pause).unref();
    this.#renew();
  }

  /** Waits for no provider: the service starts while they are down. Errors: `TokenKeyProblem`, of the local issuer. */
  static async open({ issuers, folder, now, notice, wait }: IdentityOptions): Promise<Identity> {
    const kept = new KeptKeySets(join(folder, KEPT_KEY_SETS), notice);
    const providers: IssuerKeys[] = [];
    const known = issuers.map(async (issuer) => {
      if (issuer.issuer === LOCAL_ISSUER) return { ...issuer, keys: await localKeys(folder) };
      const fetch = (signal: AbortSignal): ReturnType<typeof fetchKeys> => fetchKeys(issuer.issuer, signal);
      const keys = new IssuerKeys({ issuer: issuer.issuer, fetch, kept, now, notice, wait });
      providers.push(keys);
      return { ...issuer, keys };
    });
    return new Identity(providers, new TokenCheck(await Promise.all(known), now));
  }

  /**
   * `authorization`: the values of all `Authorization` fields of a request as they came, none joined or left out.
   * Never throws.
   */
  check(authorization: readonly string[]): Promise<TokenVerdict> {
    return this.#tokens.check(authorization);
  }

  /** For metrics: how old the keys of each provider are. */
  providers(): ProviderStatus[] {
    return this.#providers.map((keys) => keys.status());
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const keys of this.#providers) keys.stop();
  }

  #renew(): void {
    for (const keys of this.#providers) keys.renew();
  }
}
