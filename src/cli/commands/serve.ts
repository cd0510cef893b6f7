/** `disclosure serve`: runs until SIGTERM or SIGINT, then finishes what it has begun. */
import { Identity, type Access } from '../../access/identity/identity.js';
import { readAccess, type AccessConfig } from '../../config/access.js';
import { BadConfiguration, hostsOf, parsePort, portOf, readConfig } from '../../config/config.js';
import type { NamedHost } from '../../config/config.js';
import { readSigning, readTrustedKeys } from '../../runtime/signing-keys.js';
import { inUse, openWriterOrHolder } from '../../runtime/open-writer.js';
import type { Runtime } from '../../runtime/runtime.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { drain } from '../drain.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note } from '../render/output.js';

/** The HTTP service around a ledger: `src/main.ts`, which the entry point hands in. */
export interface Serving {
  readonly createApp: (
    runtime: Runtime,
    options: { readonly hosts: readonly NamedHost[]; readonly access?: Access },
  ) => Promise<NestFastifyApplication>;
  /** Gives the address. */
  readonly listen: (app: NestFastifyApplication, port: number) => Promise<string>;
}

export async function serve(options: { readonly port?: string }, { createApp, listen }: Serving): Promise<ExitCode> {
  const config = readConfig(process.env);
  const port = options.port === undefined ? portOf(process.env) : parsePort(options.port);
  const hosts = hostsOf(process.env);
  const access = readAccess(process.env);
  requireLoopback(access);
  const found = await openWriterOrHolder({
    config,
    signing: readSigning(process.env, config.data),
    trusted: readTrustedKeys(process.env),
  });
  if ('holder' in found) {
    note(`disclosure: ${inUse(config.data, found.holder)}`);
    return EXIT.unreachable;
  }
  const { runtime } = found;
  const identity = access.issuers.length === 0 ? null : await identityOf(access, config.data);
  const app = await createApp(runtime, { hosts, ...(identity === null ? {} : { access: { ...access, identity } }) });
  for (const line of identity === null ? whoMayWhat(hosts) : whoIsKnown(access)) note(line);
  // Listens for the signals before it says that it is ready: whoever reads that line may send one at once.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  try {
    const url = await listen(app, port);
    runtime.writer?.lock.announce(url);
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

/**
 * Errors: `BadConfiguration`: this version speaks no TLS, so it is reached from its own machine, or by a proxy on it.
 */
function requireLoopback({ listening: { loopback, tls } }: AccessConfig): void {
  if (!loopback || tls !== null)
    throw new BadConfiguration(
      'this version listens on the loopback only: leave DISCLOSURE_HOST and DISCLOSURE_TLS_* out, and let a proxy on this machine speak TLS',
    );
}

function whoIsKnown({ issuers, operators, publishedIsPublic }: AccessConfig): string[] {
  const names = issuers.map(({ issuer }) => issuer).join(', ');
  const shown = publishedIsPublic ? '; published tables are shown to everybody' : '';
  return [`callers are identified by ${names}; operators: ${operators.length}${shown}`];
}

/** Said at every start: whoever runs the service is not to take it for guarded. */
function whoMayWhat(hosts: readonly NamedHost[]): string[] {
  const names = hosts.map(({ name, port }) => (port === null ? name : `${name}:${port}`)).join(', ');
  return [
    'no identity is configured: the service is reached from this machine only, and everybody on it may read everything and record any act in any name',
    ...(names === '' ? [] : [`DISCLOSURE_HOSTS: it answers under ${names} too, and whoever reaches it through these may do the same`]),
  ];
}
