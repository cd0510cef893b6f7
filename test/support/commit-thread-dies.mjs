// The thread that commits to the embedded log, which dies at random: before a commit, or behind one that it has not
// answered.
import { parentPort } from 'node:worker_threads';

// Five deaths over one group fail it: seldom enough that none does by chance.
const OFTEN = 0.02;
const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (words) => {
  if (Math.random() < OFTEN) process.exit(3);
  post(words);
};
parentPort.on('message', () => {
  if (Math.random() < OFTEN) throw new Error('a fault that nobody catches');
});
await import('../../dist/log/commit-thread/entry.js');
