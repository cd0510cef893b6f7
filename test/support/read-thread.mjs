// Stands in for the thread that reads ahead: does what its namespace says.
import { parentPort, workerData } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';

const [does, lots] = workerData.namespace.split(' ');
const first = Number(workerData.after ?? 0) + 1;
let taken = 0;
parentPort.on('message', () => (taken += 1));
for (let lot = 0; lot < Number(lots); lot += 1) {
  parentPort.postMessage([{ position: String(first + 2 * lot) }, { position: String(first + 2 * lot + 1) }]);
  while (taken < lot - 1) await sleep(1);
}
if (does === 'dies') throw new Error('a fault that nobody catches');
if (does === 'ends') {
  parentPort.postMessage(null);
  parentPort.close();
}
