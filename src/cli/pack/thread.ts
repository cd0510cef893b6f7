/** The thread that writes a pack. commands/export-pack.ts begins it. */
import { workerData } from 'node:worker_threads';
import type { Exported } from '../../audit/pack/export-pack.js';
import { membersOf } from '../../encoding/unknown-values.js';
import { workInThread } from '../heap-thread.js';
import { failureOf } from '../render/output.js';
import { writePack, type PackProgress, type PackWanted } from './write-pack.js';

function isBegun(data: unknown): data is PackWanted {
  return 'pack' in membersOf(data);
}

if (!isBegun(workerData)) throw new Error('this is no program: commands/export-pack.ts begins it');
const wanted = workerData;
void workInThread<PackProgress, Exported>((heard) => writePack(wanted, heard), failureOf);
