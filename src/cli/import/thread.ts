/** The thread of a large import: reads, decides and records its messages. in-thread.ts begins it. */
import { workerData } from 'node:worker_threads';
import { membersOf } from '../../encoding/unknown-values.js';
import { workInThread } from '../heap-thread.js';
import { failureOf } from '../render/output.js';
import { recordFiles, type ImportProgress, type ImportResult } from './record-files.js';
import type { Begun } from './words.js';

function isBegun(data: unknown): data is Begun {
  return 'files' in membersOf(data);
}

if (!isBegun(workerData)) throw new Error('this is no program: in-thread.ts begins it');
const { files } = workerData;
void workInThread<ImportProgress, ImportResult>((heard) => recordFiles(files, { dryRun: false, thread: true }, heard), failureOf);
