/** Addresses of identity providers: what is fetched from them decides who comes in. */
import { isLoopback } from './listening.js';

/**
 * An address at a provider; null for what is none. https, or http on the loopback: on any other way somebody could
 * put his own keys in between. Without name, password or fragment.
 */
export function providerUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '' || text.includes('#')) return null;
  return url.protocol === 'https:' || isLoopbackHttp(url) ? url : null;
}

/** Whether it is spoken to without TLS, on this machine. */
export function isLoopbackHttp(url: URL): boolean {
  return url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'));
}
