/**
 * What an event log is: every adapter runs all of these tests, and there is no list of exceptions. An adapter's own
 * test file is a harness and one call of `describeEventLog`; what only one store can do is tested beside it, not in
 * here.
 */
import type { EventLog } from '../../src/log/event-log.js';
import type { LogBench, LogHarness, LogTests } from '../support/log-bench.js';
import { appending } from './contract/appending.js';
import { durability } from './contract/durability.js';
import { reading } from './contract/reading.js';
import { refusing } from './contract/refusing.js';
import { retrying } from './contract/retrying.js';
import { subscribing } from './contract/subscribing.js';

const PARTS: Readonly<Record<string, LogTests>> = { appending, retrying, refusing, reading, subscribing, durability };

/** How many tests the contract has, for a run that must say that it left them out. */
export const CONTRACT_TESTS = Object.values(PARTS).reduce((sum, tests) => sum + Object.keys(tests).length, 0);

export function describeEventLog(name: string, harness: LogHarness): void {
  describe(`the event log in ${name}`, () => {
    for (const [part, tests] of Object.entries(PARTS)) {
      describe(part, () => {
        for (const [title, run] of Object.entries(tests)) it(title, () => onBench(harness, run));
      });
    }
  });
}

/** Gives the test a new, empty log; closes what it left open, also when it failed. */
async function onBench(harness: LogHarness, run: (bench: LogBench) => Promise<void>): Promise<void> {
  const place = await harness();
  let open: EventLog | null = null;
  const bench: LogBench = {
    target: place.target,
    now: Date.now,
    get log() {
      if (open === null) throw new Error('the log of this test is closed');
      return open;
    },
    async close() {
      await open?.close();
      open = null;
    },
    async reopen() {
      await bench.close();
      return (open = place.open(() => bench.now()));
    },
  };
  try {
    await bench.reopen();
    await run(bench);
  } finally {
    await bench.close();
    await place.remove();
  }
}
