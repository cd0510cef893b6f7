/** Signing in and out at a provider of OpenID Connect, as the pages ask for it; session/oidc.ts does it. */
import type { SignedIn } from '../../access/identity/verdict.js';

/** Who is on his way to the provider: `kept` stays in a cookie until he comes back. */
export interface Away {
  readonly url: string;
  readonly kept: string;
}

/** Whom a provider named. */
export interface Known {
  readonly signedIn: SignedIn;
  /** Says to the provider whose session ends there; it stays on the server. */
  readonly idToken: string;
}

/** Who leaves a provider too: `after` is where it sends the browser back to, with `state`. */
export interface Left {
  readonly issuer: string;
  readonly idToken: string;
  readonly after: string;
  readonly state: string;
}

export interface ProviderSignIn {
  /** Names for the choice, in the order of the configuration. */
  readonly issuers: readonly string[];
  /**
   * Where the browser goes to. `back`: the page somebody wanted to see; `callback`: where the provider sends him back
   * to. Errors: throws where the provider is down, and where it is one of several and its answers do not name it.
   */
  readonly begin: (asked: { readonly issuer: string; readonly back: string; readonly callback: string }) => Promise<Away>;
  /**
   * Whom the provider sent to this address. Errors: throws where it sent nobody, or not the one who went away with
   * `kept`.
   */
  readonly finish: (kept: string, address: URL) => Promise<Known & { readonly back: string }>;
  /**
   * Where a browser goes to end its session at the provider; null where the provider offers no such address. Errors:
   * throws where the provider is down.
   */
  readonly end: (left: Left) => Promise<string | null>;
}
