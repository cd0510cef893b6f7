/**
 * The code flow of OpenID Connect with PKCE, by openid-client: signatures, nonce, state, issuer and times are its work.
 * It is loaded with the first who signs in. Source: OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9700.
 */
import type { Configuration } from 'openid-client';
import type { SignedIn } from '../../access/identity/verdict.js';
import type { SignInClient } from '../../config/access.js';
import { isLoopbackHttp, providerUrl } from '../../config/provider-url.js';
import { membersOf, sure } from '../../encoding/unknown-values.js';
import type { Away, ProviderSignIn } from './provider.js';
import { LONGEST_MS } from './sessions.js';

/** What the browser brings back with it. */
interface Kept {
  readonly issuer: string;
  readonly back: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** ms since 1970 in `now`. */
export function signInBy(clients: readonly SignInClient[], now: () => number): ProviderSignIn {
  const known = new Map(clients.map((client) => [client.issuer, client]));
  return {
    issuers: clients.map(({ issuer }) => issuer),
    begin: (asked) => begin(sure(known.get(asked.issuer)), asked),
    finish: async (text, address) => {
      const kept = readKept(text);
      return { who: await finish(sure(known.get(kept.issuer)), { kept, address, now: now() }), back: kept.back };
    },
  };
}

/** Read again for each who signs in: few do, and keys and addresses of a provider change. */
async function configurationOf({ issuer, client, secret }: SignInClient): Promise<Configuration> {
  const { allowInsecureRequests, ClientSecretPost, discovery, None } = await import('openid-client');
  const url = sure(providerUrl(issuer));
  // A provider on this machine is tried without TLS, and no other is.
  const execute = isLoopbackHttp(url) ? [allowInsecureRequests] : [];
  return discovery(url, client, {}, secret === undefined ? None() : ClientSecretPost(secret), { execute });
}

async function begin(client: SignInClient, { back, callback }: { readonly back: string; readonly callback: string }): Promise<Away> {
  const oidc = await import('openid-client');
  const configuration = await configurationOf(client);
  const kept: Kept = {
    issuer: client.issuer,
    back,
    verifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
  };
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: callback,
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier),
    code_challenge_method: 'S256',
    state: kept.state,
    nonce: kept.nonce,
  });
  return { url: url.href, kept: Buffer.from(JSON.stringify(kept)).toString('base64url') };
}

interface Returned {
  readonly kept: Kept;
  readonly address: URL;
  readonly now: number;
}

async function finish(client: SignInClient, { kept, address, now }: Returned): Promise<SignedIn> {
  const { authorizationCodeGrant } = await import('openid-client');
  const tokens = await authorizationCodeGrant(await configurationOf(client), address, {
    pkceCodeVerifier: kept.verifier,
    expectedState: kept.state,
    expectedNonce: kept.nonce,
    idTokenExpected: true,
  });
  const { sub } = sure(tokens.claims());
  // The issuer as it is configured: as permissions name it, and as bearer tokens of it are compared.
  return { caller: { issuer: client.issuer, subject: sub }, expiresAt: now + LONGEST_MS };
}

/** Errors: throws for what this service did not keep. */
function readKept(text: string): Kept {
  const { issuer, back, verifier, state, nonce } = membersOf(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  if ([issuer, back, verifier, state, nonce].every((one) => typeof one === 'string'))
    return { issuer: String(issuer), back: String(back), verifier: String(verifier), state: String(state), nonce: String(nonce) };
  throw new Error('not what was kept');
}
