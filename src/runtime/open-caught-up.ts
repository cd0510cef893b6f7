/**
 * Opens a ledger for a command that reads, with the read models at the end of the log: by itself where nobody writes
 * the data folder, else beside the process that does.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../encoding/unknown-values.js';
import { requireLedger } from './data-folder.js';
import { comparePositions, StoreUnavailable } from '../log/event-log.js';
import { isBuiltFrom } from '../read-models/same-log.js';
import { askService } from './ask-service.js';
import { caughtUp, inUse, PATIENCE_MS, POLL_MS, serviceOf } from './open-writer.js';
import { damageFound, withAdapter, type OpenOptions } from './stores.js';
import { openReader, openWriter, type Runtime } from './runtime.js';
import { type ServiceAddress, WriterLock } from './writer-lock.js';

/** Looks that must show the same beside the time: on a busy machine some seconds are short for both processes. */
const PATIENCE_LOOKS = 5;

/**
 * Opens whichever way is free, with the read models at the end of the log; makes no ledger where there is none. Errors:
 * `NoLedger`, `StoreUnavailable`, also where the process that holds the folder gets nowhere for some seconds.
 */
export async function openCaughtUp(wanted: OpenOptions): Promise<Runtime> {
  const options = await withAdapter(wanted);
  requireLedger(options.config);
  const patience = new Patience();
  for (;;) {
    const runtime = openWriter(options);
    if (runtime !== null) return caughtUp(runtime);
    const found = existsSync(join(options.config.data, 'read.db')) ? await tryReader(options) : { behind: 'there is no read.db' };
    if (!('behind' in found)) return found;
    if (patience.isOver(found.behind)) throw new StoreUnavailable(await whyBehind(options.config.data, found.behind));
    await sleep(POLL_MS);
  }
}

/** How long a reader waits for another process: for as long as that gets on, and some seconds beyond. */
class Patience {
  #seen = '';
  #since = Date.now();
  #looks = 0;

  /** `state`: how far the other is. Many looks too: on a busy machine some seconds are short for both. */
  isOver(state: string): boolean {
    if (state !== this.#seen) {
      this.#seen = state;
      this.#since = Date.now();
      this.#looks = 0;
    }
    this.#looks += 1;
    return this.#looks >= PATIENCE_LOOKS && Date.now() - this.#since >= PATIENCE_MS;
  }
}

/** What the holder of the folder says of itself, where it serves. */
async function whyBehind(folder: string, state: string): Promise<string> {
  const holder = WriterLock.holder(folder);
  const service = serviceOf(holder);
  const said = service === null ? null : await readinessOf(service);
  return `the read models do not reach the end of the log (${state}); ${inUse(folder, holder)}${said === null ? '' : `, which says: ${said}`}`;
}

async function readinessOf(service: ServiceAddress): Promise<string | null> {
  try {
    const { text } = await askService(service, { path: '/health/ready', patienceMs: PATIENCE_MS });
    const { status, broken, failing } = JSON.parse(text) as { status: string; broken: string | null; failing: string | null };
    return broken ?? failing ?? status;
  } catch {
    return 'nothing: it does not answer';
  }
}

/**
 * Opens for reading alone, with the read models at the end of the log: a command that takes long keeps nobody from
 * writing meanwhile, nor a service from starting. Errors: `StoreUnavailable`.
 */
export async function openToRead(wanted: OpenOptions): Promise<Runtime> {
  const options = await withAdapter(wanted);
  const runtime = await openCaughtUp(options);
  if (runtime.writer === null) return runtime;
  await runtime.close();
  return openReader(options);
}

/** A reader beside the writing process, or how far that is, while its answers would be wrong. */
async function tryReader(options: OpenOptions): Promise<Runtime | { readonly behind: string }> {
  let reader: Runtime;
  try {
    reader = openReader(options);
  } catch (error) {
    // The writing process is opening, recovering or closing a file at this moment.
    if (codeOf(error)?.startsWith('SQLITE_BUSY') === true) return { behind: 'a file is locked' };
    throw error;
  }
  const behind = await behindOf(reader).catch(async (error: unknown) => {
    await reader.close();
    throw damageFound(reader, error);
  });
  if (behind === null) return reader;
  await reader.close();
  return { behind };
}

/** How far the read models of another process are behind the log; null where they are at its end. */
async function behindOf({ log, store }: Runtime): Promise<string | null> {
  // Before the position is looked at: behind a bookmark of another log nothing would seem to be missing.
  if (!(await isBuiltFrom(log, store)))
    return 'read.db was not built from this log: was the log replaced under the running service? Restart it, and it builds read.db anew';
  const head = await log.head();
  if (head === null) return null;
  for (let tries = 0; tries < 50; tries += 1) {
    const behind = store
      .bookmarks()
      .filter(({ position, stopped }) => stopped === null && (position === null || comparePositions(position, head) < 0));
    if (behind.length === 0) return null;
    if (tries === 49) return behind.map(({ name, index }) => `${name} at index ${index}`).join(', ');
    await sleep(POLL_MS);
  }
  return null;
}
