/**
 * Contract: the same append sent again. A caller who was not told whether it was stored sends it again, and it is
 * stored once.
 */
import { WrongExpectedRevision, type ExpectedRevision, type NewEvent } from '../../../src/log/event-log.js';
import type { LogTests } from '../../support/log-bench.js';
import { everything, ids, newEvents, outcome } from '../../support/log-events.js';

export const retrying: LogTests = {
  'answers a repeated no-stream append as before': async ({ log }) => {
    // Gives the original result to a no-stream append sent again, and stores nothing.
    const events = newEvents(1);
    const original = await log.append('case', 'no-stream', events);
    expect(await log.append('case', 'no-stream', events)).toEqual(original);
    expect(ids(await everything(log))).toEqual(ids(events));
  },

  'answers a repeated exact append as before': async ({ log }) => {
    // Gives the original result to an exact append of several events sent again, and stores nothing.
    await log.append('case', 'no-stream', newEvents(2));
    const events = newEvents(3);
    const original = await log.append('case', 1, events);
    expect(original.revision).toBe(4);
    expect(await log.append('case', 1, events)).toEqual(original);
    expect(await everything(log)).toHaveLength(5);
  },

  'answers a repeat as before, in grown streams': async ({ log }) => {
    // Does so also when the stream, and the log, have grown since.
    const [first, second] = [newEvents(2), newEvents(2)];
    const originals = [await log.append('case', 'no-stream', first), await log.append('case', 1, second)];
    for (let index = 0; index < 10; index += 1) {
      await log.append('case', 3 + index, newEvents(1));
      await log.append('another', 'any', newEvents(1));
    }
    expect([await log.append('case', 'no-stream', first), await log.append('case', 1, second)]).toEqual(originals);
    expect(await everything(log)).toHaveLength(24);
  },

  'answers a repeat as before, after reopening': async (bench) => {
    // Does so also after the log was opened again.
    const events = newEvents(2);
    const original = await bench.log.append('case', 'no-stream', events);
    await bench.log.append('case', 1, newEvents(1));
    const log = await bench.reopen();
    // A store may tell besides that another process stored them.
    expect(await log.append('case', 'no-stream', events)).toMatchObject(original);
    expect(await everything(log)).toHaveLength(3);
  },

  'answers a repeat in flight as the first': async ({ log }) => {
    // Gives both the same result when the second is sent before the first has answered.
    await log.append('case', 'no-stream', newEvents(1));
    const events = newEvents(2);
    const [once, twice] = await Promise.all([log.append('case', 0, events), log.append('case', 0, events)]);
    expect(twice).toEqual(once);
    expect(await everything(log)).toHaveLength(3);
  },

  'refuses known ids with a wrong expected revision': async ({ log }) => {
    // Refuses the same ids with another expected revision that does not hold.
    const events = newEvents(2);
    await log.append('case', 'no-stream', newEvents(2));
    await log.append('case', 1, events);
    await log.append('case', 3, newEvents(1));
    for (const expected of ['no-stream', 0, 2, 3, 5, 99] satisfies ExpectedRevision[]) {
      const refused = await outcome(log.append('case', expected, events));
      expect(refused).toBeInstanceOf(WrongExpectedRevision);
      expect((refused as WrongExpectedRevision).actual).toBe(4);
    }
    expect(await everything(log)).toHaveLength(5);
  },

  'takes only stored ids, in order, as retry': async ({ log }) => {
    // Takes it for a retry only when every id is the stored one, in the stored order.
    await log.append('case', 'no-stream', newEvents(1));
    const stored = newEvents(3);
    await log.append('case', 0, stored);
    const [one, two, three] = stored as [NewEvent, NewEvent, NewEvent];
    const [fresh] = newEvents(1) as [NewEvent];
    for (const events of [
      [two, three],
      [one, three],
      [one, fresh],
      [fresh, two, three],
      [three, two, one],
      [one, two, three, fresh],
    ]) {
      expect(await outcome(log.append('case', 0, events))).toBeInstanceOf(WrongExpectedRevision);
    }
    expect(await everything(log)).toHaveLength(4);
  },

  'refuses known ids with other content': async ({ log }) => {
    // Refuses the same ids with another content: that is no retry, and what was stored first stands.
    const [event] = newEvents(1, { type: 'Paid', version: 2, data: { amount: 1 }, metadata: { actor: 'a' } }) as [NewEvent];
    const original = await log.append('case', 'no-stream', [event]);
    const others: Partial<NewEvent>[] = [{ type: 'Refunded' }, { version: 3 }, { data: { amount: 2 } }, { metadata: { actor: 'b' } }];
    for (const other of others) {
      const refused = await outcome(log.append('case', 'no-stream', [{ ...event, ...other }]));
      expect(refused).toBeInstanceOf(WrongExpectedRevision);
      expect((refused as WrongExpectedRevision).actual).toBe(0);
    }
    expect(await log.append('case', 'no-stream', [{ ...event }])).toEqual(original);
    expect(await everything(log)).toEqual([expect.objectContaining({ ...event })]);
  },
};
