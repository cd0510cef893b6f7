/** The thread of the leaves that are hashed ahead, as it begins: see leaves-ahead.ts. It ends with the log. */
import { workerData } from 'node:worker_threads';
import { membersOf } from '../../encoding/unknown-values.js';
import { CHECKPOINT_STREAM } from '../../events/catalog.js';
import { leafText } from '../../ledger/leaf.js';
import { HASH_BYTES, leafHashHex } from '../../ledger/merkle.js';
import { FEW_EVENTS, logPages } from '../../log/pages.js';
import { SqliteEventLog } from '../../log/sqlite-event-log.js';
import { AHEAD, type LeavesHashed, type LeavesWanted } from './leaves-ahead.js';

/** Leaves that are told at once. */
const TOLD = 1024;
/** How often it looks whether it is asked on, ms. */
const LOOK_MS = 100;

function isWanted(data: unknown): data is LeavesWanted {
  return 'asked' in membersOf(data);
}

if (!isWanted(workerData)) throw new Error('this is no program: leaves-ahead.ts begins it');
const { file, position, index, port } = workerData;
const asked = new Int32Array(workerData.asked);
Atomics.compareExchange(asked, 0, 0, index);
const log = new SqliteEventLog({ file, readonly: true });
let next = index + 1;
let hashes = Buffer.alloc(TOLD * HASH_BYTES);
let count = 0;

function tell(last: string): void {
  const hashed: LeavesHashed = { from: next - count, hashes: new Uint8Array(hashes.subarray(0, count * HASH_BYTES)), position: last };
  port.postMessage(hashed, [hashed.hashes.buffer as ArrayBuffer]);
  hashes = Buffer.alloc(TOLD * HASH_BYTES);
  count = 0;
  for (let at = Atomics.load(asked, 0); next - at > AHEAD; at = Atomics.load(asked, 0)) Atomics.wait(asked, 0, at, LOOK_MS);
}

try {
  for await (const page of logPages(log, position, FEW_EVENTS)) {
    for (const stored of page) {
      if (stored.stream === CHECKPOINT_STREAM) continue;
      hashes.write(leafHashHex(leafText(stored)), count * HASH_BYTES, 'hex');
      [count, next] = [count + 1, next + 1];
      if (count === TOLD) tell(stored.position);
    }
  }
} finally {
  await log.close();
}
