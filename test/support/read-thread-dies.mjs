// The thread that reads ahead, which dies of an uncaught error in the midst.
import { setTimeout } from 'node:timers';
import '../../dist/log/read-thread/entry.js';

setTimeout(() => {
  throw new Error('a fault that nobody catches');
}, 150 * Math.random());
