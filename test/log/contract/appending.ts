/** Contract: appending. Revisions, expected revisions, conflicts, many writers, all or nothing. */
import {
  StoreUnavailable,
  WrongExpectedRevision,
  type Appended,
  type ExpectedRevision,
  type NewEvent,
} from '../../../src/log/event-log.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogTests } from '../../support/log-bench.js';
import { appendWithRetry, everything, expectSound, ids, inFlight, newEvent, newEvents, outcome } from '../../support/log-events.js';

/** What the rejected appends were told. */
const refusal = (error: unknown): unknown =>
  error instanceof WrongExpectedRevision ? { stream: error.stream, expected: error.expected, actual: error.actual } : error;

export const appending: LogTests = {
  'numbers a stream’s events from 0, without gap': async ({ log }) => {
    // Numbers the events of a stream from 0 without a gap, and says where the last one stands.
    const first = await log.append('case', 'no-stream', newEvents(1));
    const second = await log.append('case', 0, newEvents(3));
    const third = await log.append('case', 3, newEvents(1));
    expect([first.revision, second.revision, third.revision]).toEqual([0, 3, 4]);
    const stored = await log.readStream('case', 0, 100);
    expect(stored.map((event) => event.revision)).toEqual([0, 1, 2, 3, 4]);
    expect([stored[0]?.position, stored[3]?.position, stored[4]?.position]).toEqual([first.position, second.position, third.position]);
  },

  'counts every stream on its own': async ({ log }) => {
    await log.append('a', 'no-stream', newEvents(2));
    expect((await log.append('b', 'no-stream', newEvents(1))).revision).toBe(0);
    expect((await log.append('a', 1, newEvents(1))).revision).toBe(2);
    expect((await log.append('b', 0, newEvents(1))).revision).toBe(1);
  },

  'takes each expected revision when it holds': async ({ log }) => {
    const held: [ExpectedRevision, number][] = [
      ['no-stream', 0],
      ['any', 1],
      ['stream-exists', 2],
      [2, 3],
      ['any', 4],
    ];
    for (const [expected, revision] of held) expect((await log.append('case', expected, newEvents(1))).revision).toBe(revision);
    expect((await log.append('another', 'any', newEvents(1))).revision).toBe(0);
    expect(await log.readStream('case', 0, 100)).toHaveLength(5);
  },

  'refuses a wrong expected revision, stores nothing': async ({ log }) => {
    // Refuses each expected revision that does not hold, says what it found, and stores nothing.
    await log.append('case', 'no-stream', newEvents(3));
    const wrong: [string, ExpectedRevision, number | null][] = [
      ['case', 'no-stream', 2],
      ['case', 0, 2],
      ['case', 1, 2],
      ['case', 3, 2],
      ['case', 1000, 2],
      ['missing', 'stream-exists', null],
      ['missing', 0, null],
      ['missing', 7, null],
    ];
    for (const [stream, expected, actual] of wrong) {
      expect(refusal(await outcome(log.append(stream, expected, newEvents(2))))).toEqual({ stream, expected, actual });
    }
    expect(await everything(log)).toHaveLength(3);
    expect(await log.readStream('missing', 0, 10)).toEqual([]);
  },

  'gives a new stream to one of many': async ({ log }) => {
    // Gives a stream to exactly one of many who expect none.
    const calls = await Promise.all(newEvents(16).map((event) => outcome(log.append('case', 'no-stream', [event]))));
    expect(calls.filter((call) => !(call instanceof Error))).toHaveLength(1);
    expect(calls.filter((call) => call instanceof WrongExpectedRevision)).toHaveLength(15);
    expect(await log.readStream('case', 0, 100)).toHaveLength(1);
  },

  'gives a revision to one of many': async ({ log }) => {
    // Gives a revision to exactly one of many who expect the same, and tells the others what they met.
    await log.append('case', 'no-stream', newEvents(5));
    const rivals = newEvents(16);
    const calls = await Promise.all(rivals.map((event) => outcome(log.append('case', 4, [event]))));
    const winners = calls.flatMap((call, index) => (call instanceof Error ? [] : [{ call, id: rivals[index]?.id }]));
    expect(winners).toHaveLength(1);
    const [stored] = await log.readStream('case', 5, 100);
    expect(winners[0]).toEqual({ call: { revision: 5, position: stored?.position }, id: stored?.id });
    const losers = calls.filter((call) => call instanceof Error);
    expect(losers.map(refusal)).toEqual(losers.map(() => ({ stream: 'case', expected: 4, actual: 5 })));
  },

  'judges each append in flight alone': async ({ log }) => {
    // Judges every append in flight on its own: a wrong one takes no other with it.
    await log.append('case', 'no-stream', newEvents(1));
    const calls = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const [stream, expected]: [string, ExpectedRevision] = index % 2 === 0 ? [`stream-${index}`, 'no-stream'] : ['case', 7];
        return outcome(log.append(stream, expected, newEvents(2)));
      }),
    );
    expect(calls.map((call) => (call instanceof WrongExpectedRevision ? 'wrong' : (call as Appended).revision))).toEqual(
      calls.map((_, index) => (index % 2 === 0 ? 1 : 'wrong')),
    );
    expect(await everything(log)).toHaveLength(41);
  },

  'keeps the order of one caller’s appends': async ({ log }) => {
    // Keeps the order of appends of one caller who does not wait.
    const sent = newEvents(50);
    await Promise.all(sent.map((event, index) => log.append('case', index === 0 ? 'no-stream' : index - 1, [event]).catch(() => null)));
    const stored = await log.readStream('case', 0, 100);
    // A store may meet them in another order and refuse some; those it took stand in the order they expected.
    expect(ids(stored)).toEqual(ids(sent.slice(0, stored.length)));
    expect(stored.length).toBeGreaterThan(0);
  },

  'lets 32 writers share one stream': async ({ log }) => {
    // Lets 32 writers share one stream: everything of everyone, once, without a gap.
    const sent: NewEvent[] = [];
    await inFlight(32, async () => {
      for (let index = 0; index < 4; index += 1) {
        const events = newEvents(1 + (index % 2));
        sent.push(...events);
        const { revision } = await appendWithRetry(log, 'busy', events);
        expect((await log.readStream('busy', revision, 1))[0]?.id).toBe(events.at(-1)?.id);
      }
    });
    const stored = await everything(log);
    expectSound(stored);
    expect(ids(stored).sort()).toEqual(ids(sent).sort());
    expect(await log.readStream('busy', 0, 1000)).toEqual(stored);
  },

  'keeps 64 streams in flight in order': async ({ log }) => {
    // Takes appends to 64 streams in flight, each in its own order.
    const sent = new Map<string, NewEvent[]>();
    await inFlight(64, async (lane) => {
      const events = newEvents(8);
      sent.set(`stream-${lane}`, events);
      for (const [index, event] of events.entries()) {
        const { revision } = await log.append(`stream-${lane}`, index === 0 ? 'no-stream' : index - 1, [event]);
        expect(revision).toBe(index);
      }
    });
    const stored = await everything(log);
    expectSound(stored);
    expect(stored).toHaveLength(64 * 8);
    for (const [stream, events] of sent) expect(ids(await log.readStream(stream, 0, 100))).toEqual(ids(events));
  },

  'stores an append whole or not at all': async ({ log }) => {
    // Stores all events of an append or none: no reader ever sees a part.
    let writing = true;
    const partly: number[] = [];
    const reader = (async () => {
      while (writing) {
        const { length } = await log.readStream('case', 0, 10_000);
        if (length % 5 !== 0) partly.push(length);
        await nextTurn();
      }
    })();
    for (let index = 0; index < 40; index += 1) {
      const [good, bad] = [
        log.append('case', index === 0 ? 'no-stream' : index * 5 - 1, newEvents(5)),
        log.append('case', 9999, newEvents(3)),
      ];
      await Promise.all([good, outcome(bad)]);
    }
    writing = false;
    await reader;
    expect(partly).toEqual([]);
    expect(await log.readStream('case', 0, 10_000)).toHaveLength(200);
  },

  'gives no reader part of a long append': async ({ log }) => {
    // A store that reads a stream in lots must not take the end of a lot, within an append, for the end of the stream.
    const long = 33;
    const partly: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      let writing = true;
      const stream = `case-${String(index)}`;
      const read = async (): Promise<void> => {
        while (writing) {
          const { length } = await log.readStream(stream, 0, 10_000);
          if (length % long !== 0) partly.push(length);
          await nextTurn();
        }
      };
      const readers = Array.from({ length: 8 }, read);
      await log.append(stream, 'no-stream', newEvents(long));
      await log.append(stream, long - 1, newEvents(long));
      writing = false;
      await Promise.all(readers);
    }
    expect(partly).toEqual([]);
  },

  'stores the event as it was given': async ({ log }) => {
    // Stores what the event was when it was given, whatever the caller does to it afterwards.
    const data: Record<string, unknown> = { title: 'as given', list: [1, 2] };
    const metadata: Record<string, unknown> = { actor: 'as given' };
    const appended = log.append('case', 'no-stream', [newEvent({ data, metadata })]);
    data['title'] = 10n;
    (data['list'] as number[]).push(3);
    delete metadata['actor'];
    await appended;
    const [stored] = await log.readStream('case', 0, 1);
    expect([stored?.data, stored?.metadata]).toEqual([{ title: 'as given', list: [1, 2] }, { actor: 'as given' }]);
  },

  'says that it takes appends, storing nothing': async ({ log }) => {
    // Says that it takes appends, and stores nothing by saying so.
    await log.writable();
    expect(await log.head()).toBeNull();
    await log.append('case', 'no-stream', newEvents(1));
    const head = await log.head();
    await Promise.all([log.writable(), log.append('case', 0, newEvents(1)), log.writable()]);
    const events = await log.readAll(null, 10);
    expect([events.length, events[0]?.position]).toEqual([2, head]);
  },

  'says that it is closed to appends': async ({ log }) => {
    // Says that it takes none once it is closed.
    await log.close();
    await expect(log.writable()).rejects.toBeInstanceOf(StoreUnavailable);
  },
};
