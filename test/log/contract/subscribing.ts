/** Contract: subscriptions. What was there, then what is new, in order, each event once, until the signal aborts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '../../../src/log/event-log.js';
import type { LogTests } from '../../support/log-bench.js';
import { everything, ids, inFlight, newEvents } from '../../support/log-events.js';
import { Follower } from '../../support/log-follower.js';

/** More events than any adapter holds for a reader at once, in a few calls. */
const MANY = 6000;

async function appendMany(log: EventLog, stream: string, from = 0): Promise<void> {
  for (let end = from - 1; end < from + MANY - 1; end += 500) {
    await log.append(stream, end < 0 ? 'no-stream' : end, newEvents(500, { data: {}, metadata: {} }));
  }
}

export const subscribing: LogTests = {
  'gives old events, catch-up, new events, in order': async ({ log }) => {
    // Gives what is there, says that it has caught up, then gives what is new: in order, each event once.
    for (let index = 0; index < 5; index += 1) await log.append(`stream-${index % 2}`, 'any', newEvents(2));
    const follower = new Follower(log);
    await follower.until(() => follower.caughtUp);
    expect(follower.events).toHaveLength(10);
    for (let index = 0; index < 5; index += 1) await log.append(`stream-${index % 2}`, 'any', newEvents(2));
    const given = await follower.given(20);
    await follower.stop();
    expect(given).toEqual(await everything(log));
  },

  'catches up with an empty log': async ({ log }) => {
    const follower = new Follower(log);
    await follower.until(() => follower.caughtUp);
    expect(follower.events).toEqual([]);
    await log.append('case', 'no-stream', newEvents(1));
    expect(await follower.given(1)).toHaveLength(1);
    await follower.stop();
  },

  'gives a new event soon': async ({ log }) => {
    const follower = new Follower(log);
    await follower.until(() => follower.caughtUp);
    for (let index = 1; index <= 5; index += 1) {
      await log.append('case', 'any', newEvents(1));
      await follower.until(() => follower.events.length === index);
    }
    await follower.stop();
  },

  'begins behind the position it is given': async ({ log }) => {
    // Begins behind the position it is given, that one excluded.
    await log.append('case', 'no-stream', newEvents(10));
    const whole = await everything(log);
    for (const index of [0, 4, 8, 9]) {
      const follower = new Follower(log, whole[index]?.position);
      await follower.until(() => follower.caughtUp);
      expect(follower.events).toEqual(whole.slice(index + 1));
      await follower.stop();
    }
  },

  'goes on where another left off': async ({ log }) => {
    // Goes on where another left off, when it is given the last position that one was given.
    let given: string[] = [];
    let last: string | null = null;
    let writing = true;
    const writer = inFlight(4, async (lane) => {
      for (let index = 0; writing; index += 1) await log.append(`stream-${lane}`, index === 0 ? 'no-stream' : index - 1, newEvents(1));
    });
    for (let round = 0; round < 5; round += 1) {
      const follower: Follower = new Follower(log, last);
      await follower.until(() => follower.events.length >= 10);
      await follower.stop();
      given = [...given, ...ids(follower.events)];
      last = follower.events.at(-1)?.position ?? last;
    }
    writing = false;
    await writer;
    expect(given).toEqual(ids(await everything(log)).slice(0, given.length));
  },

  'catches up only when everything is given': async ({ log }) => {
    // Says that it has caught up only with everything given that was there, also to a slow reader.
    await appendMany(log, 'case');
    // A pause after every batch lets the adapter run into whatever bounds what it holds.
    const follower = new Follower(log, null, () => sleep(60));
    await follower.until(() => follower.caughtUp);
    const until = follower.batches.findIndex((batch) => batch.caughtUp);
    expect(follower.batches.slice(0, until + 1).flatMap((batch) => batch.events)).toHaveLength(MANY);
    await follower.stop();
  },

  'loses nothing for a slow reader': async ({ log }) => {
    // Loses nothing for a slow reader while others write, and does not hold them up.
    await log.append('before', 'no-stream', newEvents(1));
    let free: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (free = resolve));
    const follower = new Follower(log, null, () => stuck);
    await follower.until(() => follower.events.length === 1);
    await appendMany(log, 'case');
    expect(follower.events).toHaveLength(1);
    free();
    const given = await follower.given(MANY + 1);
    await follower.stop();
    expect(ids(given)).toEqual(ids(await everything(log)));
  },

  'gives writers in flight in the log’s order': async ({ log }) => {
    // Gives writers in flight in the order of the log.
    const follower = new Follower(log);
    await inFlight(64, async (lane) => {
      for (let index = 0; index < 5; index += 1) await log.append(`stream-${lane}`, index === 0 ? 'no-stream' : index - 1, newEvents(1));
    });
    const given = await follower.given(64 * 5);
    await follower.stop();
    expect(given).toEqual(await everything(log));
  },

  'serves subscriptions that know nothing of each other': async ({ log }) => {
    await log.append('case', 'no-stream', newEvents(3));
    const failing = new Follower(log, null, () => Promise.reject(new Error('the reader failed')));
    const slow = new Follower(log, null, () => sleep(30));
    const quick = new Follower(log);
    await expect(failing.end()).rejects.toThrow('the reader failed');
    await log.append('case', 2, newEvents(3));
    const whole = await everything(log);
    expect(await quick.given(6)).toEqual(whole);
    await quick.stop();
    expect(await slow.given(6)).toEqual(whole);
    await slow.stop();
  },

  'ends when the signal aborts, at any time': async ({ log }) => {
    // Ends when the signal aborts: before it began, while it waits, while the reader is busy.
    await log.append('case', 'no-stream', newEvents(3));
    const before: unknown[] = [];
    for await (const batch of log.subscribe(null, AbortSignal.abort())) before.push(batch);
    expect(before).toEqual([]);

    const waiting = new Follower(log);
    await waiting.until(() => waiting.caughtUp);
    await waiting.stop();

    let free: () => void = () => undefined;
    const busy = new Follower(log, null, () => new Promise((resolve) => (free = resolve)));
    await busy.until(() => busy.batches.length > 0);
    const ending = busy.stop();
    free();
    await ending;
    const given = busy.events.length;
    await log.append('case', 2, newEvents(1));
    const after = new Follower(log);
    await after.given(4);
    await after.stop();
    expect([waiting.events.length, busy.events.length]).toEqual([3, given]);
  },

  'ends when the reader leaves its loop': async ({ log }) => {
    await log.append('case', 'no-stream', newEvents(3));
    const { signal } = new AbortController();
    for (let round = 0; round < 3; round += 1) {
      for await (const { events } of log.subscribe(null, signal)) if (events.length > 0) break;
    }
    expect((await log.append('case', 2, newEvents(1))).revision).toBe(3);
  },

  'ends when the log is closed': async (bench) => {
    await bench.log.append('case', 'no-stream', newEvents(3));
    const follower = new Follower(bench.log);
    await follower.until(() => follower.caughtUp);
    await bench.close();
    await follower.end();
    expect(follower.events).toHaveLength(3);
  },
};
