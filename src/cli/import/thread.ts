/** The thread of a large import: reads, decides and records its messages. in-thread.ts begins it. */
import { workerData } from 'node:worker_threads';
import { membersOf } from '../../encoding/unknown-values.js';
import { workInThread } from '../heap-thread.js';
import { failureOf } from '../render/output.js';
import type { ImportProgress } from './record-files.js';
import { recorded } from './recorded.js';
import type { Begun, Done } from './words.js';

function isBegun(data: unknown): data is Begun {
  return 'files' in membersOf(data);
}

if (!isBegun(workerData)) throw new Error('this is no program: in-thread.ts begins it');
const begun = workerData;
void workInThread<ImportProgress, Done>((heard) => recorded(begun, { dryRun: false, thread: true }, heard), failureOf);
