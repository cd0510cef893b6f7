// Loaded before everything else in each thread of a process (node --import): those that the process began die of an
// uncaught error at a random moment while there is the file DISCLOSURE_TEST_DEATHS. It says how often, in 0 to 1, and
// where not all of them die a name in the data that they were begun with.
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';
import { isMainThread, workerData } from 'node:worker_threads';

const LOOK_MS = 20;

if (!isMainThread)
  setInterval(() => {
    let often = 0;
    try {
      const [share, name] = readFileSync(process.env.DISCLOSURE_TEST_DEATHS, 'utf8').split(' ');
      if (name === undefined || name in workerData) often = Number(share);
    } catch {
      // Nobody is to die.
    }
    if (Math.random() >= often) return;
    if (Math.random() < 0.5) process.exit(3);
    throw new Error('a fault that nobody catches');
  }, LOOK_MS).unref();
