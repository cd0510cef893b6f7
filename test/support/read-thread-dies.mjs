// The thread that reads ahead, which dies of an uncaught error in the midst of what it gives.
import { setImmediate } from 'node:timers';
import { parentPort } from 'node:worker_threads';

let lots = Math.ceil(20 * Math.random());
const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (events) => {
  post(events);
  lots -= 1;
  if (lots !== 0) return;
  setImmediate(() => {
    throw new Error('a fault that nobody catches');
  });
};
await import('../../dist/log/read-thread/entry.js');
