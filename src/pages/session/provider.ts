/** Signing in at a provider of OpenID Connect, as the pages ask for it; session/oidc.ts does it. */
import type { SignedIn } from '../../access/identity/verdict.js';

/** Who is on his way to the provider: `kept` stays in a cookie until he comes back. */
export interface Away {
  readonly url: string;
  readonly kept: string;
}

export interface ProviderSignIn {
  /** Names for the choice, in the order of the configuration. */
  readonly issuers: readonly string[];
  /**
   * Where the browser goes to. `back`: the page somebody wanted to see; `callback`: where the provider sends him back
   * to. Errors: throws where the provider is down.
   */
  readonly begin: (asked: { readonly issuer: string; readonly back: string; readonly callback: string }) => Promise<Away>;
  /**
   * Whom the provider sent to this address. Errors: throws where it sent nobody, or not the one who went away with
   * `kept`.
   */
  readonly finish: (kept: string, address: URL) => Promise<{ readonly who: SignedIn; readonly back: string }>;
}
