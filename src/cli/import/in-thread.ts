/**
 * A large import in a thread of its own, for the sake of its heap: that of a process grows to several times what it
 * holds, that of a thread no further than it is told.
 */
import { Worker } from 'node:worker_threads';
import { threadFile } from '../../config/package-files.js';
import { FailedInThread } from '../render/failure.js';
import type { ImportProgress } from './record-files.js';
import type { Begun, Done, Told } from './words.js';

/**
 * The heap of the thread, MB: where objects are made, and where those stay that last. The one holds the messages on
 * their way. The other is far above what is held: how soon it is cleaned up follows from what it may become.
 */
const HEAP = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 };

type Heard = (progress: ImportProgress) => void;

/** Standard input is the thread's. Errors: `FailedInThread`. */
export async function importInThread(begun: Begun, heard: Heard): Promise<Done> {
  const stdin = begun.files.includes('-');
  const thread = new Worker(threadFile('cli/import/thread'), { workerData: begun, resourceLimits: HEAP, stdin });
  if (thread.stdin !== null) process.stdin.pipe(thread.stdin);
  try {
    return await resultOf(thread, heard);
  } finally {
    // Whoever writes to it may go on for ever.
    if (stdin) process.stdin.destroy();
  }
}

function resultOf(thread: Worker, heard: Heard): Promise<Done> {
  return new Promise((resolve, reject) => {
    let last: Exclude<Told, ImportProgress> | null = null;
    thread.on('message', (told: Told) => {
      if ('bytes' in told) {
        heard(told);
        return;
      }
      // Everything is closed when it tells; what stdin still holds would keep it for ever.
      last = told;
      void thread.terminate();
    });
    thread.on('error', reject);
    thread.on('exit', () => {
      if (last === null) reject(new Error('the thread of the import ended before its work was done'));
      else if ('done' in last) resolve(last.done);
      else reject(new FailedInThread(last.failed));
    });
  });
}
