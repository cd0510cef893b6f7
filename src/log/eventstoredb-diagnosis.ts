/**
 * Why a server of EventStoreDB does not answer, in words for whoever runs the service: which address, and what is wrong
 * there. The client keeps it to itself (a name that is not known, a port that is closed and a certificate that is not
 * trusted are all "unavailable"), so the way to the server is walked once more, step by step: name, port, TLS. No text
 * of the client is given: it may hold the connection string, and that the password.
 */
import { ErrorType } from '@eventstore/db-client';
import { parseConnectionString } from '@eventstore/db-client/dist/Client/parseConnectionString.js';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codeOf, membersOf } from '../encoding/unknown-values.js';

interface EndPoint {
  readonly address: string;
  readonly port: number;
}

/** Where EVENTSTOREDB_URL leads; nothing of user and password. */
export interface Route {
  readonly hosts: readonly EndPoint[];
  readonly tls: boolean;
  readonly caFile: string | null;
}

/** EVENTSTOREDB_URL is no connection string. The client's own error holds all of it, the password too. */
export class BadUrl extends Error {
  override readonly name = 'BadUrl';
  constructor() {
    super('EVENTSTOREDB_URL is no connection string of EventStoreDB, such as esdb://user:password@host:2113?tls=true');
  }
}

/** How long one step may take, ms: all of them together stay below the 5 s in which a state must be known. */
const STEP_MS = 700;
/** gRPC's status of a call whose user or password is not accepted. */
const UNAUTHENTICATED = 16;

/** Errors: `BadUrl`. */
export function routeOf(url: string): Route {
  try {
    const { hosts, tls, tlsCAFile } = parseConnectionString(url);
    return { hosts, tls: tls !== false, caFile: tlsCAFile ?? null };
  } catch {
    throw new BadUrl();
  }
}

export function addressOf({ hosts }: Route): string {
  return hosts.map(({ address, port }) => `${address}:${port}`).join(', ');
}

/** What `error` of a call, or the lack of an answer (null), means. Never rejects. */
export async function diagnose(route: Route, error: unknown): Promise<string> {
  const { type, code } = membersOf(error);
  if (code === UNAUTHENTICATED) return 'user or password are not accepted';
  if (type === ErrorType.ACCESS_DENIED) return 'the user of EVENTSTOREDB_URL has no access';
  if (type === ErrorType.NOT_LEADER) return 'the node is not the leader of its cluster';
  const found = await Promise.all(route.hosts.map(async (host) => ({ host, why: await whyNot(route, host) })));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.why;
  return found.map(({ host, why }) => `${host.address}:${host.port} ${why}`).join('; ');
}

async function whyNot(route: Route, host: EndPoint): Promise<string> {
  const name = await inTime(lookup(host.address));
  if (name !== null) return `the name ${host.address} is not known (${name})`;
  const port = await reach(connect(host), 'connect');
  if (port === 'ECONNREFUSED') return 'the connection is refused (ECONNREFUSED)';
  if (port !== null) return `no connection is possible (${port})`;
  const tls = await handshake(route, host);
  if (!route.tls) return tls === null ? 'it speaks TLS, and EVENTSTOREDB_URL says tls=false' : SILENT;
  if (tls === null) return SILENT;
  return isOfCertificate(tls)
    ? `its TLS certificate is not trusted (${tls})`
    : `no TLS is possible there (${tls}): a server without it wants tls=false`;
}

/** It may be another program, or a server that starts, holds an election or hangs. */
const SILENT = 'it takes connections, and gives no answer of EventStoreDB';

function handshake({ tls, caFile }: Route, { address, port }: EndPoint): Promise<string | null> {
  let ca: Buffer | undefined;
  try {
    ca = caFile === null ? undefined : readFileSync(caFile);
  } catch (error) {
    return Promise.resolve(codeOf(error) ?? 'tlsCAFile');
  }
  return reach(
    connectTls({ host: address, port, servername: isIP(address) === 0 ? address : '', ca, rejectUnauthorized: tls }),
    'secureConnect',
  );
}

/** Node's and OpenSSL's names for what is wrong with a certificate. */
function isOfCertificate(code: string): boolean {
  return /CERT|SIGNATURE|ISSUER|^INVALID_PURPOSE$|^PATH_LENGTH_EXCEEDED$/.test(code);
}

/** null where the socket comes so far; else the code of what kept it from it. */
function reach(socket: Socket, event: 'connect' | 'secureConnect'): Promise<string | null> {
  return inTime(
    new Promise<void>((resolve, reject) => {
      socket.once(event, () => resolve());
      // Stays: what a socket says after it was given up is nobody's surprise.
      socket.on('error', reject);
      socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    }),
  ).finally(() => socket.destroy());
}

async function inTime(step: Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => (timer = setTimeout(resolve, STEP_MS, 'ETIMEDOUT')));
  const done = step.then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? error.name,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
