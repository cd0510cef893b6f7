/** `disclosure serve`: runs until SIGTERM or SIGINT, then finishes what it has begun. */
import { Identity, type Access } from '../../access/identity/identity.js';
import { readAccess, type AccessConfig, type SignInClient } from '../../config/access.js';
import { hostsOf, parsePort, portOf, readConfig, type NamedHost } from '../../config/config.js';
import type { Listening } from '../../config/listening.js';
import { readTls, tlsWarnings, type Tls } from '../../config/tls.js';
import { messageOf } from '../../encoding/unknown-values.js';
import { readSigning, readTrustedKeys } from '../../runtime/signing-keys.js';
import { inUse, openWriterOrHolder } from '../../runtime/open-writer.js';
import type { Runtime } from '../../runtime/runtime.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { drain } from '../drain.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { boundHeapGrowth } from '../heap-growth.js';
import { note } from '../render/output.js';

/** The HTTP service around a ledger: `src/main.ts`, which the entry point hands in. */
export interface Serving {
  readonly createApp: (
    runtime: Runtime,
    options: {
      readonly hosts: readonly NamedHost[];
      readonly access?: Access;
      readonly listening: Listening;
      readonly signIn: readonly SignInClient[];
    },
  ) => Promise<NestFastifyApplication>;
  /** Gives the address under which this machine reaches it. Errors: `BadConfiguration`. */
  readonly listen: (app: NestFastifyApplication, port: number, listening: Listening) => Promise<string>;
  /** Shows this certificate from now on. */
  readonly renew: (app: NestFastifyApplication, tls: Tls) => void;
}

export async function serve(options: { readonly port?: string }, { createApp, listen, renew }: Serving): Promise<ExitCode> {
  boundHeapGrowth();
  const config = readConfig(process.env);
  const port = options.port === undefined ? portOf(process.env) : parsePort(options.port);
  const hosts = hostsOf(process.env);
  const access = readAccess(process.env);
  const found = await openWriterOrHolder({
    config,
    thread: true,
    signing: readSigning(process.env, config.data),
    trusted: readTrustedKeys(process.env),
  });
  if ('holder' in found) {
    note(`disclosure: ${inUse(config.data, found.holder)}`);
    return EXIT.unreachable;
  }
  const { runtime } = found;
  const identity = access.issuers.length === 0 ? null : await identityOf(access, config.data);
  const { listening, signIn } = access;
  const app = await createApp(runtime, { hosts, listening, signIn, ...(identity === null ? {} : { access: { ...access, identity } }) });
  for (const line of [...(identity === null ? whoMayWhat(hosts) : whoIsKnown(access)), ...warningsOf(listening.tls)]) note(line);
  // Listens for the signals before it says that it is ready: whoever reads that line may send one at once.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  try {
    const url = await listen(app, port, listening);
    const announce = (tls: Tls | null): void => runtime.writer?.lock.announce({ url, certificate: tls?.cert ?? null });
    announce(listening.tls);
    if (listening.tls !== null)
      process.on(
        'SIGHUP',
        renewal((tls) => (renew(app, tls), announce(tls))),
      );
    note(`listening on ${url}`);
    await stopped;
  } finally {
    // Answers that have no end: their clients come again.
    runtime.feed.stop();
    await drain(app.getHttpServer());
    await app.close();
    identity?.stop();
    await runtime.close();
  }
  return EXIT.done;
}

/** Errors: `TokenKeyProblem`, of the local issuer. */
function identityOf({ issuers }: AccessConfig, folder: string): Promise<Identity> {
  return Identity.open({ issuers, folder, now: Date.now, notice: (line) => note(`disclosure: ${line}`) });
}

/** Reads the certificate again; one that is wrong is said, and the one before stays. */
function renewal(take: (tls: Tls) => void): () => void {
  return () => {
    try {
      const tls = readTls(process.env);
      if (tls === null) return;
      take(tls);
      note('the certificate was read again: connections from now on are shown it');
      for (const line of warningsOf(tls)) note(line);
    } catch (error) {
      note(`disclosure: the certificate stays as it was: ${messageOf(error)}`);
    }
  };
}

function warningsOf(tls: Tls | null): string[] {
  return tls === null ? [] : tlsWarnings(process.env, tls);
}

function whoIsKnown({ issuers, operators, publishedIsPublic, listening }: AccessConfig): string[] {
  const names = issuers.map(({ issuer }) => issuer).join(', ');
  const shown = publishedIsPublic ? '; published tables are shown to everybody' : '';
  return [`callers are identified by ${names}; operators: ${operators.length}${shown}`, ...whereFrom(listening)];
}

/** Said where it is reached from other machines. */
function whereFrom({ host, loopback, tls, url, proxies }: Listening): string[] {
  if (loopback) return [];
  const way = tls === null ? `through ${proxies.join(', ')}, under ${url}` : 'over TLS';
  return [`${host} is listened on: other machines reach the service ${way}`];
}

/** Said at every start: whoever runs the service is not to take it for guarded. */
function whoMayWhat(hosts: readonly NamedHost[]): string[] {
  const names = hosts.map(({ name, port }) => (port === null ? name : `${name}:${port}`)).join(', ');
  return [
    'no identity is configured: the service is reached from this machine only, and everybody on it may read everything and record any act in any name',
    ...(names === '' ? [] : [`DISCLOSURE_HOSTS: it answers under ${names} too, and whoever reaches it through these may do the same`]),
  ];
}
