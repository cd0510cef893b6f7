// The thread that appends to EventStoreDB, which dies of an uncaught error at a random moment after it has begun.
import { setTimeout } from 'node:timers';
import '../../dist/log/append-thread/entry.js';

setTimeout(
  () => {
    throw new Error('a fault that nobody catches');
  },
  100 + 1500 * Math.random(),
);
