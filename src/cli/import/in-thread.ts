/** A large import in a thread of its own: its memory is bounded by that of the thread. */
import { inHeapThread } from '../heap-thread.js';
import type { ImportProgress } from './record-files.js';
import type { Begun, Done } from './words.js';

/**
 * The heap of the thread, MB: where objects are made, and where those stay that last. The one holds the messages on
 * their way: at half of it a quarter of the processor's time is the collector's. The other is far above what is held:
 * how soon it is cleaned up follows from what it may become.
 */
const HEAP = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 };

/** Standard input is the thread's. Errors: `FailedInThread`. */
export async function importInThread(begun: Begun, heard: (progress: ImportProgress) => void): Promise<Done> {
  return inHeapThread({ file: 'cli/import/thread', begun, heap: HEAP, heard, stdin: begun.files.includes('-') });
}
