/**
 * The thread of a large import: reads, decides and records its messages. It ends with what came of them; what it tells
 * goes to in-thread.ts, which begins it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { membersOf } from '../../encoding/unknown-values.js';
import { failureOf } from '../render/output.js';
import { recorded } from './recorded.js';
import type { Begun, Told } from './words.js';

/** More often nobody sees it, ms. */
const PROGRESS_MS = 100;

const tell = (told: Told): void => parentPort?.postMessage(told);

function isBegun(data: unknown): data is Begun {
  return 'files' in membersOf(data);
}

async function run(begun: Begun): Promise<void> {
  let toldAt = 0;
  try {
    const done = await recorded(begun, { dryRun: false, thread: true }, (progress) => {
      if (performance.now() - toldAt < PROGRESS_MS) return;
      toldAt = performance.now();
      tell(progress);
    });
    tell({ done });
  } catch (error) {
    tell({ failed: failureOf(error) });
  }
}

if (!isBegun(workerData)) throw new Error('this is no program: in-thread.ts begins it');
void run(workerData);
