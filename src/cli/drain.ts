/** How a server ends. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long requests that have begun may take to be answered at the end, ms. */
const GRACE_MS = 5000;

/** Takes no new connection, lets what has begun be answered, then closes whoever is silent. */
export async function drain(server: Server): Promise<void> {
  server.close();
  for (const end = Date.now() + GRACE_MS; Date.now() < end; await sleep(20)) {
    server.closeIdleConnections();
    const open = await new Promise<number>((resolve) => server.getConnections((error, count) => resolve(error === null ? count : 0)));
    if (open === 0) return;
  }
  server.closeAllConnections();
}
