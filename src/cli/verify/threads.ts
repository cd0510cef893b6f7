/**
 * The threads of `disclosure verify`: one reads the log and builds its tree, one builds the read models beside it. Each
 * has connections and a heap of its own, and the heap's young part is kept small: what is read lives for a moment.
 */
import { Worker } from 'node:worker_threads';
import type { Work } from '../../audit/verify-store/work.js';
import type { Config } from '../../config/config.js';
import { threadFile } from '../../config/package-files.js';
import { StoreUnavailable } from '../../log/event-log.js';
import { READING_HEAP } from '../heap-thread.js';
import type { Order, Told } from './thread.js';

export interface ThreadOptions {
  readonly config: Config;
  /** The file of the scratch database. */
  readonly scratch: string;
}

export function workInThreads({ config, scratch }: ThreadOptions): Work {
  return {
    beside: true,
    scan: async (until, progress) => {
      const scan = await begin({ config, step: 'reading', scratch, until }, progress).done;
      if (scan === null) throw new Error('the thread that reads the log told nothing of it');
      return scan;
    },
    rows: (wanted, progress) => {
      const { done, stop } = begin({ config, step: 'rebuilding', ...wanted }, progress);
      const built = done.then(() => undefined);
      // It may fail before anybody waits for it, or when nobody will.
      built.catch(() => undefined);
      return { ...wanted, done: built, stop };
    },
  };
}

function begin(order: Order, progress: (events: number) => void) {
  const thread = new Worker(threadFile('cli/verify/thread'), { resourceLimits: READING_HEAP });
  thread.postMessage(order);
  const done = new Promise<Extract<Told, { done: unknown }>['done']>((resolve, reject) => {
    thread.on('message', (told: Told) => {
      if ('events' in told) progress(told.events);
      else if ('done' in told) resolve(told.done);
      else reject(failureOf(told.failed));
    });
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('a thread ended before its work was done')));
  });
  return { done, stop: async () => void (await thread.terminate()) };
}

/** As it was in its thread, as far as anybody branches on it. */
function failureOf({ message, code, unavailable }: Extract<Told, { failed: unknown }>['failed']): Error {
  if (unavailable) return new StoreUnavailable(message);
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
