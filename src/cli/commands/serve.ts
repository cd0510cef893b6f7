/** `disclosure serve`: runs until SIGTERM or SIGINT, then finishes what it has begun. */
import { hostsOf, parsePort, portOf, readConfig } from '../../config/config.js';
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
  readonly createApp: (runtime: Runtime, options: { readonly hosts: readonly NamedHost[] }) => Promise<NestFastifyApplication>;
  /** Gives the address. */
  readonly listen: (app: NestFastifyApplication, port: number) => Promise<string>;
}

export async function serve(options: { readonly port?: string }, { createApp, listen }: Serving): Promise<ExitCode> {
  const config = readConfig(process.env);
  const port = options.port === undefined ? portOf(process.env) : parsePort(options.port);
  const hosts = hostsOf(process.env);
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
  const app = await createApp(runtime, { hosts });
  for (const line of whoMayWhat(hosts)) note(line);
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
    await drain(app.getHttpServer());
    await app.close();
    await runtime.close();
  }
  return EXIT.done;
}

/** Said at every start: whoever runs the service is not to take it for guarded. */
function whoMayWhat(hosts: readonly NamedHost[]): string[] {
  const names = hosts.map(({ name, port }) => (port === null ? name : `${name}:${port}`)).join(', ');
  return [
    'no identity is configured: the service is reached from this machine only, and everybody on it may read everything and record any act in any name',
    ...(names === '' ? [] : [`DISCLOSURE_HOSTS: it answers under ${names} too, and whoever reaches it through these may do the same`]),
  ];
}
