/**
 * The code flow of OpenID Connect with PKCE, by openid-client: signatures, nonce, state, issuer and times are its work.
 * It is loaded with the first who signs in. Source: OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9700.
 */
import type { Configuration } from 'openid-client';
import type { SignInClient } from '../../config/access.js';
import { isLoopbackHttp, providerUrl } from '../../config/provider-url.js';
import { membersOf, messageOf, sure } from '../../encoding/unknown-values.js';
import type { Away, Known, Left, ProviderSignIn } from './provider.js';
import { LONGEST_MS } from './sessions.js';

/** What the browser brings back with it. */
interface Kept {
  readonly issuer: string;
  readonly back: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export interface SignInParts {
  /** ms since 1970. */
  readonly now: () => number;
  /** Is told why somebody could not sign in or out: the page says only that he could not. */
  readonly notice: (line: string) => void;
}

export function signInBy(clients: readonly SignInClient[], { now, notice }: SignInParts): ProviderSignIn {
  const known = new Map(clients.map((client) => [client.issuer, client]));
  const several = clients.length > 1;
  const noted = async <Done>(issuer: string, work: Promise<Done>): Promise<Done> => {
    try {
      return await work;
    } catch (error) {
      notice(`signing in or out at ${issuer}: ${reasonOf(error)}`);
      throw error;
    }
  };
  return {
    issuers: clients.map(({ issuer }) => issuer),
    begin: (asked) => noted(asked.issuer, begin(sure(known.get(asked.issuer)), { ...asked, several })),
    finish: async (text, address) => {
      const kept = readKept(text);
      const client = sure(known.get(kept.issuer));
      return { ...(await noted(client.issuer, finish(client, { kept, address, now: now(), several }))), back: kept.back };
    },
    end: (left) => noted(left.issuer, end(sure(known.get(left.issuer)), left)),
  };
}

/** A provider is waited for so long, s. */
const PATIENCE_S = 5;

/** Read again for each who signs in or out: few do, and keys and addresses of a provider change. */
async function configurationOf({ issuer, client, secret }: SignInClient): Promise<Configuration> {
  const { allowInsecureRequests, ClientSecretPost, discovery, None } = await import('openid-client');
  const url = sure(providerUrl(issuer));
  // A provider on this machine is tried without TLS, and no other is.
  const execute = isLoopbackHttp(url) ? [allowInsecureRequests] : [];
  return discovery(url, client, {}, secret === undefined ? None() : ClientSecretPost(secret), { execute, timeout: PATIENCE_S });
}

/**
 * As before, for signing in. Where there are several providers, one of them could pass a browser on to another and have
 * the code of that one sent to itself. A provider that names itself in its answers cannot: openid-client looks at the
 * name before it sends a code anywhere. Source: RFC 9700, section 4.4; RFC 9207. Errors: throws for one that does not.
 */
async function signInAt(client: SignInClient, several: boolean): Promise<Configuration> {
  const configuration = await configurationOf(client);
  if (several && configuration.serverMetadata().authorization_response_iss_parameter_supported !== true)
    throw new Error('it does not name itself in its answers (RFC 9207), which each of several providers must');
  return configuration;
}

interface Asked {
  readonly back: string;
  readonly callback: string;
  readonly several: boolean;
}

async function begin(client: SignInClient, { back, callback, several }: Asked): Promise<Away> {
  const oidc = await import('openid-client');
  const configuration = await signInAt(client, several);
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
  readonly several: boolean;
}

async function finish(client: SignInClient, { kept, address, now, several }: Returned): Promise<Known> {
  const { authorizationCodeGrant } = await import('openid-client');
  const tokens = await authorizationCodeGrant(await signInAt(client, several), address, {
    pkceCodeVerifier: kept.verifier,
    expectedState: kept.state,
    expectedNonce: kept.nonce,
    idTokenExpected: true,
  });
  const { sub } = sure(tokens.claims());
  // The issuer as it is configured: as permissions name it, and as bearer tokens of it are compared.
  const signedIn = { caller: { issuer: client.issuer, subject: sub }, expiresAt: now + LONGEST_MS };
  return { signedIn, idToken: sure(tokens.id_token) };
}

/** The id token names whose session ends. Source: OpenID Connect RP-Initiated Logout 1.0, section 2. */
async function end(client: SignInClient, { idToken, after, state }: Left): Promise<string | null> {
  const { buildEndSessionUrl } = await import('openid-client');
  const configuration = await configurationOf(client);
  const { end_session_endpoint: endpoint } = configuration.serverMetadata();
  // It is sent an id token, as nothing is that is no address at a provider.
  if (endpoint === undefined || providerUrl(endpoint) === null) return null;
  return buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: after, state }).href;
}

/** What openid-client found wrong, and what lay under it: messages only, as a cause may hold codes and tokens. */
function reasonOf(error: unknown): string {
  const { cause } = membersOf(error);
  const lower = typeof membersOf(cause)['message'] === 'string' ? `: ${reasonOf(cause)}` : '';
  return `${messageOf(error)}${lower}`;
}

/** Errors: throws for what this service did not keep. */
function readKept(text: string): Kept {
  const { issuer, back, verifier, state, nonce } = membersOf(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  if ([issuer, back, verifier, state, nonce].every((one) => typeof one === 'string'))
    return { issuer: String(issuer), back: String(back), verifier: String(verifier), state: String(state), nonce: String(nonce) };
  throw new Error('not what was kept');
}
