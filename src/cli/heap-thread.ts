/**
 * Long work of a command in a thread of its own, for the sake of its heap: that of a process grows to several times
 * what it holds, that of a thread no further than it is told.
 */
import { parentPort, Worker, type ResourceLimits } from 'node:worker_threads';
import { threadFile } from '../config/package-files.js';
import { FailedInThread, type Failure } from './render/failure.js';

/** How far the thread is, and in the end what came of it, or why nothing more did. */
type Told<Progress, Done> = { readonly progress: Progress } | { readonly done: Done } | { readonly failed: Failure };

/**
 * The heap of who reads the log on end, MB: an event lives for a moment, and what stays is small. Half of the young
 * part saves 10 MB, and costs a rebuild a seventh more of the processor's time. How much may stay is far above a page
 * of the largest messages.
 */
export const READING_HEAP: ResourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 1024 };

export interface HeapThread<Progress> {
  /** As `threadFile` names it; its file calls `workInThread`. */
  readonly file: string;
  /** What the thread finds as its `workerData`. */
  readonly begun: unknown;
  /** Absent = that of who reads the log on end. */
  readonly heap?: ResourceLimits;
  readonly heard: (progress: Progress) => void;
  /** Standard input is the thread's; absent = it is not. */
  readonly stdin?: boolean;
}

/** Errors: `FailedInThread`. */
export async function inHeapThread<Progress, Done>(work: HeapThread<Progress>): Promise<Done> {
  const { file, begun, heap = READING_HEAP, stdin = false } = work;
  const thread = new Worker(threadFile(file), { workerData: begun, resourceLimits: heap, stdin });
  if (thread.stdin !== null) process.stdin.pipe(thread.stdin);
  try {
    return await resultOf<Progress, Done>(thread, work.heard);
  } finally {
    // Whoever writes to it may go on for ever.
    if (stdin) process.stdin.destroy();
  }
}

function resultOf<Progress, Done>(thread: Worker, heard: (progress: Progress) => void): Promise<Done> {
  return new Promise((resolve, reject) => {
    let last: Exclude<Told<Progress, Done>, { readonly progress: Progress }> | null = null;
    thread.on('message', (told: Told<Progress, Done>) => {
      if ('progress' in told) {
        heard(told.progress);
        return;
      }
      // Everything is closed when it tells; what stdin still holds would keep it for ever.
      last = told;
      void thread.terminate();
    });
    thread.on('error', reject);
    thread.on('exit', () => {
      if (last === null) reject(new Error('the thread of a command ended before its work was done'));
      else if ('done' in last) resolve(last.done);
      else reject(new FailedInThread(last.failed));
    });
  });
}

/** More often nobody sees it, ms. */
const PROGRESS_MS = 100;

/** The other side: does the work, tells how far it is, and ends with what came of it. Never rejects. */
export async function workInThread<Progress, Done>(
  work: (heard: (progress: Progress) => void) => Promise<Done>,
  failureOf: (error: unknown) => Failure,
): Promise<void> {
  const tell = (told: Told<Progress, Done>): void => parentPort?.postMessage(told);
  let toldAt = 0;
  try {
    const done = await work((progress) => {
      if (performance.now() - toldAt < PROGRESS_MS) return;
      toldAt = performance.now();
      tell({ progress });
    });
    tell({ done });
  } catch (error) {
    tell({ failed: failureOf(error) });
  }
}
