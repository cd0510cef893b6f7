/**
 * Where the service listens, and what protects the way to it. A bearer token is worth what the way it came on is
 * worth: on any address but the loopback there is TLS, the service's own or that of a proxy that is named. Source:
 * contract, "Access".
 */
import { BlockList, isIP } from 'node:net';
import { BadConfiguration } from './config.js';
import { readTls, type Tls } from './tls.js';

export interface Listening {
  /** An IP address, or `localhost`. */
  readonly host: string;
  /** Whether it is reached from this machine only. */
  readonly loopback: boolean;
  /** null where the service speaks no TLS itself. */
  readonly tls: Tls | null;
  /**
   * The origin under which it is reached through a proxy, such as `https://ledger.example`; null where there is none.
   */
  readonly url: string | null;
  /** IP addresses and networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-*` are believed; no others are. */
  readonly proxies: readonly string[];
}

/** Where nothing is configured. */
export const THIS_MACHINE: Listening = { host: '127.0.0.1', loopback: true, tls: null, url: null, proxies: [] };

type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an IP address is one of a list; an IPv4 address is the same one as IPv6 (`::ffff:10.0.0.1`). */
export function isIn(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** The addresses and networks of `DISCLOSURE_PROXIES`. */
export function networksOf(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether an IP address, or `localhost`, is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || isIn(LOOPBACK, host);
}

/** Errors: `BadConfiguration`. */
export function readListening(env: Environment): Listening {
  const host = env['DISCLOSURE_HOST']?.trim() || THIS_MACHINE.host;
  if (isIP(host) === 0 && host !== 'localhost')
    throw new BadConfiguration(`DISCLOSURE_HOST: ${host} is no address to listen on: an IP address such as 0.0.0.0 or ::, or localhost`);
  const loopback = isLoopback(host);
  const tls = readTls(env);
  const url = readUrl(env);
  const proxies = readProxies(env);
  if (!loopback && tls === null && (url === null || proxies.length === 0))
    throw new BadConfiguration(
      `DISCLOSURE_HOST is ${host}: beyond the loopback there is TLS, DISCLOSURE_TLS_CERT and DISCLOSURE_TLS_KEY, or DISCLOSURE_URL=https://… with DISCLOSURE_PROXIES`,
    );
  return { host, loopback, tls, url, proxies };
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
