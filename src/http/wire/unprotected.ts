/**
 * Which requests came on a way that nothing protects, though somebody could listen there: a token is then anybody's.
 * Asked where the protection is a proxy's. Source: contract, "Access".
 */
import { isIn, isLoopback, networksOf, type Listening } from '../../config/listening.js';
import { problem, type Problem } from '../problem.js';
import { headerValues } from './headers.js';
import { isHealth, pathOf } from './path.js';

/** The way of a request: the two ends of its connection, and its head. */
export interface Way {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly url: string;
  readonly rawHeaders: string[];
}

/**
 * The rule for requests of a service that listens so: why one is turned away, as 421 `wrong-host`; null where it may
 * go on. A named proxy is believed in `X-Forwarded-Proto`, and protects where it says nothing. Anybody else is on this
 * machine, or comes over the service's own TLS. Health is answered on every way: it tells a status.
 */
export function protection({ tls, url, proxies }: Listening): (way: Way) => Problem | null {
  const named = networksOf(proxies);
  return (way) => {
    if (proxies.length === 0 || isHealth(pathOf(way.url))) return null;
    const { remoteAddress = '', localAddress } = way;
    const safe = isIn(named, remoteAddress) ? !saysHttp(way) : tls !== null || isLoopback(remoteAddress) || remoteAddress === localAddress;
    return safe ? null : unprotected(url ?? 'over https');
  };
}

/** Of several proxies behind each other each may add its own word: no part of the way may be plain. */
function saysHttp(way: Way): boolean {
  const said = headerValues(way, 'x-forwarded-proto').flatMap((value) => value.split(','));
  return said.some((scheme) => scheme.trim().toLowerCase() !== 'https');
}

function unprotected(url: string): Problem {
  return problem(
    421,
    'wrong-host',
    'The request came without TLS, where others could read its token.',
    `Ask ${url}. Issue another token: this one may have been read.`,
  );
}
