/**
 * The long way to the end of a log in EventStoreDB, read in a thread of its own: what the client makes of each event
 * costs as much as applying it. It only ever saves work: where it fails, dies or says nothing, who follows goes on
 * behind the last event that was given, as without it.
 */
import { Worker } from 'node:worker_threads';
import { threadFile } from '../../config/package-files.js';
import type { StoredEvent } from '../event-log.js';

const ENTRY = threadFile('log/read-thread/entry');

/** What it works with for a moment, MB. */
const YOUNG_MB = 16;

/** What the thread is begun with. */
export interface Begun {
  readonly url: string;
  readonly namespace: string;
  /** Position of the event behind which it begins; null = the beginning. */
  readonly after: string | null;
}

/** Events side by side in the order of the log; null behind the last of them. Each is answered by `TAKEN`. */
export type Ahead = readonly StoredEvent[] | null;
export const TAKEN = 'taken';

export interface ReaderOptions {
  readonly stop: AbortSignal;
  /** How long it may say nothing while it is waited for, ms. */
  readonly patience: number;
  /** Hears whatever comes of it. */
  readonly heard: () => void;
  /** The file of the thread; absent = entry.ts. */
  readonly entry?: URL | undefined;
}

/**
 * The events behind a position, up to the end of the log as it is when it is reached, or to wherever it came. Does not
 * throw.
 */
export async function* readInThread(
  begun: Begun,
  { stop, patience, heard, entry = ENTRY }: ReaderOptions,
): AsyncGenerator<readonly StoredEvent[]> {
  const arrived: (readonly StoredEvent[])[] = [];
  let ended = false;
  let wake = (): void => undefined;
  if (stop.aborted) return;
  const worker = new Worker(entry, { workerData: begun, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  const end = (): void => {
    ended = true;
    wake();
  };
  worker.on('message', (ahead: Ahead) => {
    if (ahead === null) return end();
    arrived.push(ahead);
    wake();
  });
  worker.on('error', end);
  worker.on('exit', end);
  stop.addEventListener('abort', end);
  try {
    for (;;) {
      if (arrived.length === 0 && !ended) {
        const late = setTimeout(end, patience);
        await new Promise<void>((resolve) => (wake = resolve));
        clearTimeout(late);
      }
      const events = stop.aborted ? undefined : arrived.shift();
      if (events === undefined) return;
      heard();
      worker.postMessage(TAKEN);
      yield events;
    }
  } finally {
    stop.removeEventListener('abort', end);
    void worker.terminate();
  }
}
