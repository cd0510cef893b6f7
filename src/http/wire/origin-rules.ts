/**
 * Which requests come from somewhere else than this service's own clients. As long as callers are not identified,
 * whoever reaches the port may do everything, and a browser on this machine reaches it for every web page that is open
 * in it: under another name that leads to this machine (DNS rebinding), or across origins. Such a request is known by
 * its headers alone, before route, parameters and body.
 */
import type { NamedHost } from '../../config/config.js';
import { headerValues } from './headers.js';
import { ABSOLUTE, isHealth, pathOf } from './path.js';
import { problem, type Problem } from '../problem.js';

/** Where a request came in. */
export interface Door {
  /** Of the socket that listens. */
  readonly port: number;
  readonly hosts: readonly NamedHost[];
  /** What is spoken there. */
  readonly scheme: 'http' | 'https';
}

/** The head of a request, as it came. */
export interface Head {
  readonly method: string;
  /** The target, also in absolute form. */
  readonly url: string;
  readonly httpVersion: string;
  readonly rawHeaders: string[];
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const USUAL_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };
const AUTHORITY = String.raw`(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([1-9]\d{0,4}))?`;
const HOST = new RegExp(`^${AUTHORITY}$`, 'i');
const ORIGIN = new RegExp(`^(https?)://${AUTHORITY}$`, 'i');

/**
 * Why a request is turned away; null where it may go on. 400 `bad-request`: no Host, or two. 421 `wrong-host`: a Host,
 * or a target in absolute form, that is not this service. 403 `foreign-origin`: sent by a page of another origin, and
 * no plain navigation to a page of ours. Source: contract, "Access", without an issuer; RFC 9112, section 3.2; Fetch
 * Metadata.
 */
export function turnedAway(head: Head, door: Door): Problem | null {
  const hosts = headerValues(head, 'host');
  const path = pathOf(head.url);
  // Whoever looks after the service may do so under any name: there is nothing to read or to change.
  const health = isHealth(path);
  if (hosts.length > 1) return twoHosts();
  const [host] = hosts;
  // HTTP/1.0 knows no Host, and some that look after services still speak it.
  if (host === undefined) return health && head.httpVersion === '1.0' ? null : noHost();
  if (health) return null;
  if (!isOwnHost(host, door) || !isOwnTarget(head.url, door)) return wrongHost(door);
  if (isNavigation(head) && !/^\/v1(\/|$)/.test(path)) return null;
  return isForeign(head, door) ? foreignOrigin() : null;
}

/** A browser leaves none of these out where it knows them; other clients send none of them. */
function isForeign(head: Head, door: Door): boolean {
  return (
    headerValues(head, 'origin').some((origin) => !isOwnOrigin(origin, door)) ||
    headerValues(head, 'sec-fetch-site').some((site) => site !== 'same-origin' && site !== 'none')
  );
}

function isNavigation(head: Head): boolean {
  const modes = headerValues(head, 'sec-fetch-mode');
  return head.method === 'GET' && modes.length === 1 && modes[0] === 'navigate';
}

function isOwnHost(text: string, door: Door): boolean {
  const [, name = '', digits] = HOST.exec(text.toLowerCase()) ?? [];
  const port = digits === undefined ? null : Number(digits);
  if (LOOPBACK.includes(name) && (port ?? USUAL_PORTS[door.scheme]) === door.port) return true;
  const usual = (of: number | null): boolean => of === null || Object.values(USUAL_PORTS).includes(of);
  return door.hosts.some((host) => {
    if (host.name !== name) return false;
    if (host.port === null) return usual(port) || port === door.port;
    return port === host.port || (port === null && usual(host.port));
  });
}

function isOwnOrigin(text: string, door: Door): boolean {
  const [, scheme = '', name = '', digits] = ORIGIN.exec(text.toLowerCase()) ?? [];
  const usual = USUAL_PORTS[scheme];
  const port = digits === undefined ? usual : Number(digits);
  if (scheme === door.scheme && LOOPBACK.includes(name) && port === door.port) return true;
  return door.hosts.some(
    (host) => host.name === name && (port === host.port || (host.port === null && (port === usual || port === door.port))),
  );
}

/**
 * A target in absolute form names the host over again, and a server has to believe that one (RFC 9112, section 3.2.2):
 * it must be ours too.
 */
function isOwnTarget(target: string, door: Door): boolean {
  if (target.startsWith('/') || target === '*') return true;
  const [, origin = ''] = ABSOLUTE.exec(target) ?? [];
  return isOwnOrigin(origin, door);
}

function twoHosts(): Problem {
  return problem(400, 'bad-request', 'There are two Host headers.', 'Send one Host.');
}

function noHost(): Problem {
  return problem(400, 'bad-request', 'There is no Host header.', 'Send the host and port of the address as Host.');
}

function wrongHost({ port, scheme }: Door): Problem {
  return problem(
    421,
    'wrong-host',
    'This service does not answer under that host.',
    `Ask ${scheme}://127.0.0.1:${port}, or name the host in DISCLOSURE_HOSTS where the service is started.`,
  );
}

function foreignOrigin(): Problem {
  return problem(
    403,
    'foreign-origin',
    'The request was sent by a page of another origin; nothing was read or recorded.',
    'Send it from a page of this service or from a program, without Origin; a proxy’s host is named in DISCLOSURE_HOSTS.',
  );
}
