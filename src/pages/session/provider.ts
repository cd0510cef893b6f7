/** Signing in at a provider of OpenID Connect, as the pages ask for it; session/oidc.ts does it. */
import type { SignedIn } from './sessions.js';

/** Who is on his way to the provider: kept in a cookie until he comes back. */
export interface Away {
  readonly url: string;
  /** For the cookie. */
  readonly kept: string;
}

export interface ProviderSignIn {
  /** Names for the choice, in the order of the configuration. */
  readonly issuers: readonly string[];
  /** Where the browser goes to. `back`: the page somebody wanted to see. Errors: throws where the provider is down. */
  readonly begin: (issuer: string, back: string) => Promise<Away>;
  /** Whom the provider sent back with these parameters; null where it did not, or not to this browser. */
  readonly finish: (kept: string, parameters: URLSearchParams) => Promise<{ readonly who: SignedIn; readonly back: string } | null>;
}
