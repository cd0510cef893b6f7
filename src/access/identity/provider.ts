/**
 * What is asked of an identity provider: its description, and the keys this names. Source: OpenID Connect Discovery
 * 1.0, sections 3 and 4.
 */
import { isLoopbackHttp, providerUrl } from '../../config/provider-url.js';
import { membersOf, sure } from '../../encoding/unknown-values.js';
import { readKeySet, type PublicKey } from './public-keys.js';

/** A provider answered with what cannot be believed. */
export class BadProvider extends Error {
  override readonly name = 'BadProvider';
}

/** Bytes of one answer, unpacked. A description is about 5 KiB, a key about 1. */
const MAX_ANSWER = 256 * 1024;

/**
 * The keys of an issuer as it publishes them now. The description must name the issuer as it is configured, character
 * by character: else a host that describes several could lend the keys of one to another. Errors: `BadProvider`; what
 * `fetch` throws where the provider is down, or `signal` ends the wait.
 */
export async function fetchKeys(issuer: string, signal: AbortSignal): Promise<PublicKey[]> {
  const at = sure(providerUrl(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  const { issuer: named, jwks_uri: address } = membersOf(await answerOf(at, signal));
  if (named !== issuer) throw new BadProvider(`its description names another issuer`);
  const url = typeof address === 'string' ? providerUrl(address) : null;
  // An issuer on another machine has no keys on this one.
  if (url === null || (isLoopbackHttp(url) && !isLoopbackHttp(at)))
    throw new BadProvider('its description names no address of keys to trust');
  const keys = readKeySet(await answerOf(url, signal));
  if (keys === null) throw new BadProvider('its keys are no key set');
  return keys;
}

/** A redirect is not followed: it would lead to where nobody decided to trust. */
async function answerOf(url: URL, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new BadProvider(`${url.pathname} is answered with ${response.status}`);
  }
  try {
    return JSON.parse(await textOf(response));
  } catch (error) {
    throw error instanceof SyntaxError ? new BadProvider(`${url.pathname} is answered with what is no JSON`) : error;
  }
}

async function textOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const body: AsyncIterable<Uint8Array> = response.body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER) throw new BadProvider(`an answer has over ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
