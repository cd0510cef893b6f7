/** How long ago a replica knew everything: on two clocks, as a process may be stopped, and a machine may sleep. */
import { StoreUnavailable } from '../../src/log/event-log.js';
import { CUT_OFF_MS, Freshness, type Moment } from '../../src/read-models/freshness.js';
import { until } from '../support/until.js';

/** A log elsewhere, and read models behind it, that answer when they are told to. */
class Elsewhere {
  moment: Moment = { wall: 1_900_000_000_000, steady: 0 };
  answers = true;
  /** Whether the read models come to the end of the log. */
  applies = true;
  failing: string | null = null;
  /** What an answer of the log waits for. */
  onTheWay: Promise<void> = Promise.resolve();
  readonly freshness: Freshness;

  constructor(ordered = false) {
    const answer = async <T>(value: T): Promise<T> => {
      if (!this.answers) throw new StoreUnavailable('away');
      await this.onTheWay;
      return value;
    };
    const log = { ordered, trouble: null, head: () => answer('7'), reachable: () => answer(undefined) };
    const caughtUp = async (): Promise<boolean> => this.applies;
    const runner = { reached: caughtUp, started: caughtUp, status: () => ({ failing: this.failing, broken: null }) };
    this.freshness = new Freshness({ log, runner, clock: () => this.moment });
    this.freshness.start();
  }

  passes(wall: number, steady = wall): void {
    this.moment = { wall: this.moment.wall + wall, steady: this.moment.steady + steady };
  }
}

let elsewhere: Elsewhere;
beforeEach(async () => {
  elsewhere = new Elsewhere();
  await elsewhere.freshness.known();
});
afterEach(() => elsewhere.freshness.stop());

const settles = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => 'known',
    (error: unknown) => (error instanceof StoreUnavailable ? 'unavailable' : 'another error'),
  );

test('a silent log is cut off after ten seconds', async () => {
  elsewhere.answers = false;
  elsewhere.passes(CUT_OFF_MS);
  expect([elsewhere.freshness.cutOff, elsewhere.freshness.stale]).toEqual([null, null]);
  elsewhere.passes(1);
  expect(elsewhere.freshness.cutOff).toBe('the log has given no answer for 10 s');
  expect(elsewhere.freshness.stale).toMatchObject({ why: 'failing' });
  expect(await settles(elsewhere.freshness.known())).toBe('unavailable');
  elsewhere.answers = true;
  await until(() => elsewhere.freshness.cutOff === null);
  expect(await settles(elsewhere.freshness.known())).toBe('known');
  expect([elsewhere.freshness.stale, elsewhere.freshness.silence]).toEqual([null, 0]);
});

test.each([
  ['a process that was stopped', 30_000, 30_000],
  ['a machine that slept', 30_000, 0],
  ['a clock that was set back', -3_600_000, 30_000],
])('%s believes nothing it knew', async (_what, wall, steady) => {
  // Before it has asked the log again no act is taken; the first answer counts, not the first tick of a timer.
  elsewhere.answers = false;
  elsewhere.passes(wall, steady);
  expect(elsewhere.freshness.cutOff).not.toBeNull();
  expect(elsewhere.freshness.stale).not.toBeNull();
  expect(await settles(elsewhere.freshness.known())).toBe('unavailable');
});

test('an answer counts from its question', async () => {
  // One that was on its way while the process stood tells what was so before.
  const { promise, resolve } = Promise.withResolvers<void>();
  elsewhere.onTheWay = promise;
  elsewhere.passes(2000);
  const known = settles(elsewhere.freshness.known());
  await new Promise((done) => setTimeout(done, 50));
  elsewhere.passes(30_000);
  elsewhere.onTheWay = new Promise(() => undefined);
  resolve();
  expect(await known).toBe('unavailable');
  expect(elsewhere.freshness.stale).not.toBeNull();
});

test('a short silence makes acts wait', async () => {
  elsewhere.answers = false;
  elsewhere.passes(2000);
  let settled = false;
  const known = elsewhere.freshness.known().finally(() => (settled = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(settled).toBe(false);
  elsewhere.answers = true;
  await known;
});

test('an answer alone does not make it known', async () => {
  // After a cut the read models must have come to the end that the log had when it was asked again.
  elsewhere.applies = false;
  elsewhere.passes(30_000);
  await until(() => elsewhere.freshness.cutOff === null);
  expect(elsewhere.freshness.stale).toMatchObject({ why: 'behind' });
  elsewhere.failing = 'a full disk';
  expect(elsewhere.freshness.stale).toMatchObject({ why: 'failing' });
  const known = settles(elsewhere.freshness.known());
  elsewhere.passes(CUT_OFF_MS + 1);
  expect(await known).toBe('unavailable');
  elsewhere.applies = true;
  await until(() => elsewhere.freshness.cutOff === null);
  expect(await settles(elsewhere.freshness.known())).toBe('known');
});

test('a log in this process is never away', async () => {
  const embedded = new Elsewhere(true);
  embedded.answers = false;
  embedded.passes(60_000);
  expect(await settles(embedded.freshness.known())).toBe('known');
  expect([embedded.freshness.cutOff, embedded.freshness.stale, embedded.freshness.silence]).toEqual([null, null, 0]);
  await embedded.freshness.stop();
});
