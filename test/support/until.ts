/**
 * Waiting in tests: for a condition, never for a time. Nothing here has a limit of its own: a busy machine makes a test
 * slow, not red, and what never comes is ended by the runner (`testTimeout` in jest.config.cjs).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Follower } from '../../src/read-models/follower.js';

/** For what must be given a limit: a little below the runner's, so that the test says itself what did not come. */
export const PATIENCE_MS = 18 * 60_000;

/** Looks again and again until what it sees is true, and gives that. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>, pauseMs = 5): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    await sleep(pauseMs);
  }
}

/** Until the read models have reached the end of the log, or say why they do not. */
export async function atRest(runner: Follower): Promise<void> {
  await until(() => {
    const { caughtUp, broken, failing } = runner.status();
    return caughtUp || broken !== null || failing !== null;
  });
}
