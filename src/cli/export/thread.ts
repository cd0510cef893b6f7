/** The thread that writes long lists. commands/export.ts begins it. */
import { workerData } from 'node:worker_threads';
import { membersOf } from '../../encoding/unknown-values.js';
import type { WrittenFile } from '../../exports/write-file.js';
import { workInThread } from '../heap-thread.js';
import { failureOf } from '../render/output.js';
import { writeFiles, type FilesProgress, type FilesWanted } from './write-files.js';

function isBegun(data: unknown): data is FilesWanted {
  return 'formats' in membersOf(data);
}

if (!isBegun(workerData)) throw new Error('this is no program: commands/export.ts begins it');
const wanted = workerData;
void workInThread<FilesProgress, WrittenFile[]>((heard) => writeFiles(wanted, heard), failureOf);
