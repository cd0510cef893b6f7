/**
 * A real OpenID provider on a loopback port, which can be stopped, begun again beside us, slowed down, and given
 * other keys.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Adapter, type AsymmetricSigningAlgorithm, type ClientMetadata } from 'oidc-provider';
import { membersOf } from '../../src/encoding/unknown-values.js';
import { askUrl } from './wire.js';

export const AUDIENCE = 'disclosure';
const CLIENT = { client_id: 'website', client_secret: 'a secret of this test' };

/** A private key of an algorithm, with its id. */
export async function newKey(alg: string, kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, ...(alg === 'EdDSA' ? { crv: 'Ed25519' } : {}) });
  return { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export class TestProvider {
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  #server: Server | null = null;
  #port = 0;
  #handler: Handler = () => undefined;

  /** With a certificate it speaks TLS. */
  constructor(private readonly tls: { readonly cert: string; readonly key: string } | null = null) {}

  get issuer(): string {
    return `${this.tls === null ? 'http' : 'https'}://127.0.0.1:${this.#port}`;
  }

  /** Listens with these keys; on the same port as before, if it did. */
  static async begin(keys: readonly JWK[], tls?: { readonly cert: string; readonly key: string }): Promise<TestProvider> {
    const provider = new TestProvider(tls);
    await provider.up();
    provider.publish(keys);
    return provider;
  }

  /** Is from now on a provider with these keys; `issuer`: under another name than it is reached by. */
  publish(keys: readonly JWK[], issuer = this.issuer): void {
    const answer = providerOf(issuer, keys).callback();
    this.#handler = (request, response) => void answer(request, response);
  }

  /** Is from now on a provider at which people sign in to the pages at `base`; whoever they say they are. */
  async signsIn(base: string, { client, secret }: { readonly client: string; readonly secret?: string }): Promise<void> {
    const answer = signInProviderOf(this.issuer, {
      key: await newKey('RS256', 'one'),
      client: {
        client_id: client,
        redirect_uris: [`${base}/sign-in/callback`],
        post_logout_redirect_uris: [`${base}/sign-in`],
        ...(secret === undefined
          ? { token_endpoint_auth_method: 'none' as const }
          : { client_secret: secret, token_endpoint_auth_method: 'client_secret_post' as const }),
      },
    }).callback();
    this.#handler = (request, response) => void answer(request, response);
  }

  /** Answers in another way than the provider does; `asUsual` answers as before. */
  answer(handler: (request: IncomingMessage, response: ServerResponse, asUsual: Handler) => void): void {
    const before = this.#handler;
    this.#handler = (request, response) => handler(request, response, before);
  }

  async up(): Promise<void> {
    const handle: Handler = (request, response) => {
      this.asked.push(request.url ?? '');
      this.#handler(request, response);
    };
    const server = this.tls === null ? createServer(handle) : createTlsServer(this.tls, handle);
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** An access token for the client, as the provider issues it. */
  async token(alg = 'RS256'): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'client_credentials', resource: `urn:disclosure:${alg}`, ...CLIENT });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, text } = await askUrl(`${this.issuer}/token`, { method: 'POST', headers, body: body.toString() });
    const { access_token: token } = membersOf(JSON.parse(text));
    if (typeof token !== 'string') throw new Error(`the provider issues no token: ${status}`);
    return token;
  }
}

function signInProviderOf(issuer: string, { key, client }: { readonly key: JWK; readonly client: ClientMetadata }): Provider {
  return new Provider(issuer, {
    clients: [client],
    jwks: { keys: [key] },
    // Two providers on one host have one jar of cookies, by name.
    cookies: {
      keys: ['a key of this test'],
      names: { session: nameOf(issuer, 's'), interaction: nameOf(issuer, 'i'), resume: nameOf(issuer, 'r') },
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
  });
}

const nameOf = (issuer: string, what: string): string => `provider-${new URL(issuer).port}-${what}`;

function providerOf(issuer: string, keys: readonly JWK[]): Provider {
  return new Provider(issuer, {
    adapter: KeepsNothing,
    ttl: { ClientCredentials: 2 * 3600 },
    jwks: { keys: keys },
    clients: [
      {
        ...CLIENT,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: '',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 2 * 3600,
          jwt: { sign: { alg: resource.split(':').at(-1) as AsymmetricSigningAlgorithm } },
        }),
      },
    },
  });
}

/** Tokens of this kind are not looked up: their issuer keeps none. */
class KeepsNothing implements Adapter {
  async upsert(): Promise<void> {}
  async consume(): Promise<void> {}
  async destroy(): Promise<void> {}
  async revokeByGrantId(): Promise<void> {}
  async find(): Promise<undefined> {}
  async findByUid(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
}
