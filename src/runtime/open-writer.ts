/**
 * Opens for writing, or waits: for a holder that will be done soon, for a store that gives no answer, for read models
 * that are behind.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../log/event-log.js';
import { type Runtime, openWriter } from './runtime.js';
import { type OpenOptions, withAdapter, noteOnStderr } from './stores.js';
import { type Holder, type ServiceAddress, WriterLock } from './writer-lock.js';

/** How long a command waits for the read models to reach the end of the log before it gives up. */
const CATCH_UP_MS = 10 * 60 * 1000;
export const POLL_MS = 20;
/** How long a command waits for read models that stand still. */
export const PATIENCE_MS = 5000;
/** How long a writer waits for a holder that may be done soon. */
const HOLDER_MS = 2000;

/**
 * Opens for writing, or says who holds the folder. A service is known by its address; any other holder is a command
 * that will soon be done, or a service that has just begun, and is waited for a moment.
 */
export async function openWriterOrHolder(wanted: OpenOptions): Promise<{ readonly runtime: Runtime } | { readonly holder: Holder | null }> {
  const options = await withAdapter(wanted);
  const end = Date.now() + (options.holderMs ?? HOLDER_MS);
  for (let before: string | null = null; ;) {
    const runtime = openWriter(options);
    if (runtime !== null) {
      sayOpenFiles(runtime, options.notice ?? noteOnStderr);
      await claimInTime(runtime);
      return { runtime };
    }
    const holder = WriterLock.holder(options.config.data);
    const url = holder?.url ?? null;
    // Seen twice: a note of a service that died is overwritten at once by whoever has taken the lock after it.
    if ((url !== null && url === before) || Date.now() >= end) return { holder };
    before = url;
    await sleep(POLL_MS);
  }
}

/**
 * A ledger that would meet another of its store does not begin. A store that gives no answer is waited for a moment
 * only: before the first event it is asked again. Errors: `NamespaceOverlaps`.
 */
async function claimInTime(runtime: Runtime): Promise<void> {
  const claimed = runtime.log.claim().catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error;
  });
  const end = new AbortController();
  try {
    await Promise.race([claimed, sleep(PATIENCE_MS, undefined, { signal: end.signal })]);
  } catch (error) {
    await runtime.close();
    throw error;
  } finally {
    end.abort();
  }
}

/** What this program did not make so it does not change either: it may be meant. */
function sayOpenFiles({ writer }: Runtime, notice: (line: string) => void): void {
  const open = writer?.files.open() ?? [];
  if (open.length > 0)
    notice(
      `open to other accounts of this machine: ${open.map(({ file, mode }) => `${file} (${mode})`).join(', ')}; chmod 700 the folder and 600 its files`,
    );
}

/**
 * Opens for writing with the read models at the end of the log, or gives the service that holds the folder. Errors:
 * `StoreUnavailable`, also where a command holds it for longer than a moment.
 */
export async function openCaughtUpWriter(
  options: OpenOptions,
): Promise<{ readonly runtime: Runtime } | { readonly service: ServiceAddress }> {
  const found = await openWriterOrHolder(options);
  if ('runtime' in found) return { runtime: await caughtUp(found.runtime) };
  const service = serviceOf(found.holder);
  if (service === null) throw new StoreUnavailable(inUse(options.config.data, found.holder));
  return { service };
}

/** The service that holds a folder; null where a command does. */
export function serviceOf(holder: Holder | null): ServiceAddress | null {
  return holder?.url == null ? null : { url: holder.url, certificate: holder.certificate ?? null };
}

export function inUse(folder: string, holder: Holder | null): string {
  return `${folder} is in use by process ${holder?.pid ?? 'unknown'}${holder?.url == null ? '' : `, serving ${holder.url}`}`;
}

export async function caughtUp(runtime: Runtime): Promise<Runtime> {
  const runner = runtime.writer?.runner;
  try {
    for (const end = Date.now() + CATCH_UP_MS; Date.now() < end;) {
      if (await runner?.caughtUp(PATIENCE_MS)) return runtime;
      // A service tries again for as long as it takes; whoever runs a command is told.
      const { broken, failing } = runner?.status() ?? { broken: null, failing: null };
      if (broken !== null || failing !== null) throw new StoreUnavailable(broken ?? failing ?? '');
    }
    throw new StoreUnavailable('the read models did not reach the end of the log');
  } catch (error) {
    await runtime.close();
    throw error;
  }
}
