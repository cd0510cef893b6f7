/**
 * Nobody may be left with a rejection that nobody handles: outside a test it ends the process. Jest gives tests a copy
 * of `process`, on which such a listener never fires, so it is put on the real one.
 */
import { runInThisContext } from 'node:vm';

const real = runInThisContext('process') as NodeJS.Process;

/** Call it in a `describe`: each of its tests fails when a rejection or exception got away during it. */
export function expectNothingUnhandled(): void {
  const escaped: unknown[] = [];
  const note = (error: unknown): void => void escaped.push(error);
  beforeAll(() => {
    real.on('unhandledRejection', note).on('uncaughtExceptionMonitor', note);
  });
  afterEach(() => {
    expect(escaped.splice(0)).toEqual([]);
  });
  afterAll(() => {
    real.off('unhandledRejection', note).off('uncaughtExceptionMonitor', note);
  });
}
