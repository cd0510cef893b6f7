/** Read models built up to an event, for a command that waits for it. */
import { StoreUnavailable } from '../log/event-log.js';
import { JOURNAL_NAME } from './read-store.js';
import type { ProjectionRunner } from './runner.js';

const PROGRESS_MS = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Runs a runner that was made to end at `until`, and stops it. `progress` hears how many events the journal holds.
 * Gives how many they are in the end. Errors: `StoreUnavailable`.
 */
export async function runUntil(runner: ProjectionRunner, until: string, progress: (events: number) => void): Promise<number> {
  const events = (): number => (runner.status().bookmarks.find(({ name }) => name === JOURNAL_NAME)?.index ?? -1) + 1;
  const timer = setInterval(() => progress(events()), PROGRESS_MS);
  try {
    runner.start();
    if (!(await runner.reached(until, DAY_MS)))
      throw new StoreUnavailable(runner.status().broken ?? 'the log could not be read to its end');
    return events();
  } finally {
    clearInterval(timer);
    await runner.stop();
  }
}
