/**
 * Where the service listens, and what protects the way to it. A bearer token is worth what the way it came on is
 * worth: on any address but the loopback there is TLS, the service's own or that of a proxy that is named. Source:
 * contract, "Access".
 */
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../encoding/unknown-values.js';
import { BadConfiguration } from './config.js';

export interface Listening {
  /** An IP address, or `localhost`. */
  readonly host: string;
  /** Whether it is reached from this machine only. */
  readonly loopback: boolean;
  /** PEM texts; null where the service speaks no TLS itself. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /**
   * The origin under which it is reached through a proxy, such as `https://ledger.example`; null where there is none.
   */
  readonly url: string | null;
  /** IP addresses and networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-*` are believed; no others are. */
  readonly proxies: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an IP address, or `localhost`, is this machine itself. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/** Errors: `BadConfiguration`. */
export function readListening(env: Environment): Listening {
  const host = env['DISCLOSURE_HOST']?.trim() || '127.0.0.1';
  if (isIP(host) === 0 && host !== 'localhost')
    throw new BadConfiguration(`DISCLOSURE_HOST: ${host} is no address to listen on: an IP address such as 0.0.0.0 or ::, or localhost`);
  const loopback = isLoopback(host);
  const tls = readTls(env);
  const url = readUrl(env);
  const proxies = readProxies(env);
  if (!loopback && tls === null && (url === null || proxies.length === 0))
    throw new BadConfiguration(
      `DISCLOSURE_HOST is ${host}: beyond the loopback there is TLS, DISCLOSURE_TLS_CERT and _KEY, or DISCLOSURE_URL=https://… with DISCLOSURE_PROXIES`,
    );
  return { host, loopback, tls, url, proxies };
}

function readTls(env: Environment): Listening['tls'] {
  const files = { cert: env['DISCLOSURE_TLS_CERT'] ?? '', key: env['DISCLOSURE_TLS_KEY'] ?? '' };
  if (files.cert === '' && files.key === '') return null;
  if (files.cert === '' || files.key === '') throw new BadConfiguration('DISCLOSURE_TLS_CERT and DISCLOSURE_TLS_KEY are given together');
  try {
    const tls = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
    // Refused now what would fail each client later: a key that is not the certificate's, or no PEM.
    createSecureContext(tls);
    return tls;
  } catch (error) {
    throw new BadConfiguration(`DISCLOSURE_TLS_CERT, DISCLOSURE_TLS_KEY: the two files of a certificate in PEM: ${messageOf(error)}`);
  }
}

function readUrl(env: Environment): string | null {
  const said = env['DISCLOSURE_URL']?.trim() ?? '';
  if (said === '') return null;
  const url = URL.canParse(said) ? new URL(said) : null;
  if (url?.protocol !== 'https:' || `${url.origin}/` !== url.href)
    throw new BadConfiguration(`DISCLOSURE_URL: ${said} is not the address of a service: https:// and a host, and no path`);
  return url.origin;
}

function readProxies(env: Environment): string[] {
  const said = env['DISCLOSURE_PROXIES']?.trim() ?? '';
  const proxies = said === '' ? [] : said.split(',').map((proxy) => proxy.trim());
  for (const proxy of proxies)
    if (!isNetwork(proxy))
      throw new BadConfiguration(
        `DISCLOSURE_PROXIES: "${proxy}" is neither an IP address nor a network such as 10.0.0.0/8; commas between several`,
      );
  return proxies;
}

/** A network of every address is none: it would believe `X-Forwarded-*` of everybody. */
function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  const version = address.includes('%') ? 0 : isIP(address);
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128));
}
