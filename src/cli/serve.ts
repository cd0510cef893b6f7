/** `disclosure serve`: runs until SIGTERM or SIGINT, then finishes what it has begun. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, listen } from '../main.js';
import { parsePort, portOf, readConfig } from '../config.js';
import { readSigning } from '../signing.js';
import { inUse, openWriterOrHolder } from '../runtime.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { note } from './output.js';

/** How long requests that have begun may take to be answered at the end, ms. */
const GRACE_MS = 5000;

/** Takes no new connection, lets what has begun be answered, then closes whoever is silent. */
async function drain(server: Server): Promise<void> {
  server.close();
  for (const end = Date.now() + GRACE_MS; Date.now() < end; await sleep(20)) {
    server.closeIdleConnections();
    const open = await new Promise<number>((resolve) => server.getConnections((error, count) => resolve(error === null ? count : 0)));
    if (open === 0) return;
  }
  server.closeAllConnections();
}

export async function serve(options: { readonly port?: string }): Promise<ExitCode> {
  const config = readConfig(process.env);
  const port = options.port === undefined ? portOf(process.env) : parsePort(options.port);
  const found = await openWriterOrHolder({ config, signing: readSigning(process.env, config.data) });
  if ('holder' in found) {
    note(`disclosure: ${inUse(config.data, found.holder)}`);
    return EXIT.unreachable;
  }
  const { runtime } = found;
  const app = await createApp(runtime);
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
