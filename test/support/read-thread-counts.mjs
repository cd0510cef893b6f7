// The thread that reads ahead, which leaves a file behind with how many events it gave.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

let count = 0;
const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (events) => {
  count += events?.length ?? 0;
  writeFileSync(join(tmpdir(), `${workerData.namespace}ahead`), String(count));
  post(events);
};
await import('../../dist/log/read-thread/entry.js');
