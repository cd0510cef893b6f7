/**
 * Contract: reading. Pages, the order of the whole log, its head, what comes back of what was given, time of recording,
 * reopening.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { comparePositions, StoreUnavailable, type NewEvent, type StoredEvent } from '../../../src/log/event-log.js';
import type { LogTests } from '../../support/log-bench.js';
import { everything, expectSound, ids, inFlight, newEvent, newEvents, outcome } from '../../support/log-events.js';

const HOUR = 3_600_000;

/** Values that some stores bend. */
const VALUES: Readonly<Record<string, NewEvent['data']>> = {
  'an empty object': {},
  'Chinese text': { 标题: '关于公开〔2017〕12号文件的通知', name: '𠮷野家 龘' },
  'emoji and half of one': { emoji: '👩‍👩‍👧‍👦 ✅', half: '\ud83d' },
  'control characters': { text: 'a\u0000b\u0007\n\r\t\u2028\u2029\\"/' },
  nesting: { a: { b: [{ c: [[], {}, [null, [{ d: '' }]]] }] } },
  'null, true, false': { none: null, yes: true, no: false },
  numbers: { zero: 0, tiny: 5e-324, huge: 1.7976931348623157e308, half: 0.1, fen: 9007199254740991, negative: -42 },
  'keys that look like numbers': { '10': 'ten', '2': 'two', '-1': 'minus', '01': 'padded', b: 1, a: 2 },
  'keys with a meaning elsewhere': JSON.parse(
    '{"__proto__":{"x":1},"constructor":1,"toString":2,"":3,"toJSON":4,"length":5}',
  ) as NewEvent['data'],
  'keys the stores use': {
    $recording: { version: 9 },
    $correlationId: 'c',
    $causationId: 'd',
    $maxAge: 1,
    version: 'v',
    recordedAt: 'never',
  },
  'a text of 200 kB': { text: '信息公开'.repeat(17_000) },
};

export const reading: LogTests = {
  'gives a stream in pages from a revision': async ({ log }) => {
    // Gives a stream in pages from a revision on, that one included.
    const sent = newEvents(25);
    await log.append('case', 'no-stream', sent);
    await log.append('another', 'no-stream', newEvents(5));
    const page = async (from: number, limit: number): Promise<string[]> => ids(await log.readStream('case', from, limit));
    expect(await page(0, 10)).toEqual(ids(sent.slice(0, 10)));
    expect(await page(10, 10)).toEqual(ids(sent.slice(10, 20)));
    expect(await page(20, 10)).toEqual(ids(sent.slice(20)));
    expect(await page(24, 1)).toEqual(ids(sent.slice(24)));
    expect(await page(0, 1000)).toEqual(ids(sent));
  },

  'gives nothing where there is nothing to read': async ({ log }) => {
    expect([await log.readStream('case', 0, 10), await log.readAll(null, 10)]).toEqual([[], []]);
    const { position } = await log.append('case', 'no-stream', newEvents(2));
    expect(await log.readStream('case', 2, 10)).toEqual([]);
    expect(await log.readStream('case', 1000, 10)).toEqual([]);
    expect(await log.readStream('missing', 0, 10)).toEqual([]);
    expect(await log.readAll(position, 10)).toEqual([]);
    expect([await log.readStream('case', 0, 0), await log.readAll(null, 0)]).toEqual([[], []]);
  },

  'gives a check everything up to a position': async ({ log }) => {
    // Gives a check everything up to a position, and nothing behind.
    const scanned = async (until: string): Promise<unknown[]> => {
      const found: unknown[] = [];
      for await (const batch of log.scan(until)) found.push(...batch);
      return found;
    };
    const { position: first } = await log.append('case', 'no-stream', newEvents(1));
    for (let stream = 0; stream < 3; stream += 1) await log.append(`case-${stream}`, 'no-stream', newEvents(700));
    const { position: last } = await log.append('case', 0, newEvents(1));
    const all = await everything(log);
    expect(await scanned(last)).toEqual(all);
    expect(await scanned(all.at(-2)?.position ?? '')).toEqual(all.slice(0, -1));
    expect(await scanned(first)).toEqual(all.slice(0, 1));
  },

  'keeps streams apart whose names resemble each other': async ({ log }) => {
    const names = ['a', 'ab', 'a-b', 'A', 'a ', 'a/b', 'a%2Fb', 'a_', 'a%', '公开/〔2017〕12', '公开', "o'clock", 'x'.repeat(200)];
    const sent = new Map(names.map((name) => [name, newEvents(2)]));
    for (const [name, events] of sent) await log.append(name, 'no-stream', events);
    for (const [name, events] of sent) {
      const stored = await log.readStream(name, 0, 10);
      expect([ids(stored), stored.map((event) => event.stream)]).toEqual([ids(events), [name, name]]);
    }
    expect((await everything(log)).map((event) => event.stream)).toEqual(names.flatMap((name) => [name, name]));
  },

  'gives the whole log in order, any page': async ({ log }) => {
    // Gives the whole log in the order of appending, whatever the page.
    const sent: NewEvent[] = [];
    for (let index = 0; index < 30; index += 1) {
      const events = newEvents(1 + (index % 3));
      sent.push(...events);
      await log.append(`stream-${index % 7}`, 'any', events);
    }
    const whole = await everything(log);
    expectSound(whole);
    expect(ids(whole)).toEqual(ids(sent));
    for (const page of [1, 7, sent.length - 1, sent.length, sent.length + 1]) expect(await everything(log, page)).toEqual(whole);
  },

  'gives at most as many as asked for': async ({ log }) => {
    // Gives at most as many as were asked for, and begins behind the position.
    await log.append('case', 'no-stream', newEvents(10));
    const whole = await everything(log);
    for (const [index, event] of whole.entries()) {
      expect(await log.readAll(event.position, 3)).toEqual(whole.slice(index + 1, index + 4));
    }
  },

  'gives an event the same way everywhere': async ({ log }) => {
    const appended = await log.append('case', 'no-stream', newEvents(3));
    const stored = await log.readStream('case', 0, 10);
    expect(await log.readAll(null, 10)).toEqual(stored);
    expect(stored[2]?.position).toBe(appended.position);
    expect(Object.keys(stored[0] as StoredEvent).sort()).toEqual([
      'data',
      'id',
      'metadata',
      'position',
      'recordedAt',
      'revision',
      'stream',
      'type',
      'version',
    ]);
  },

  'writes positions as decimal numbers that comparePositions orders': async ({ log }) => {
    for (let index = 0; index < 12; index += 1) await log.append(`stream-${index % 3}`, 'any', newEvents(1));
    const positions = (await everything(log)).map((event) => event.position);
    for (const position of positions) expect(position).toMatch(/^(0|[1-9][0-9]*)$/);
    expect([...positions].sort(comparePositions)).toEqual(positions);
    expect([...positions].sort((a, b) => Number(BigInt(a) - BigInt(b)))).toEqual(positions);
    expect(comparePositions('9', '10')).toBeLessThan(0);
    expect(comparePositions('10', '10')).toBe(0);
  },

  'names the last position as its head': async ({ log }) => {
    // Names the position of the last event as its head, null while there is none.
    expect(await log.head()).toBeNull();
    for (const stream of ['a', 'b', 'a']) {
      const { position } = await log.append(stream, 'any', newEvents(2));
      expect(await log.head()).toBe(position);
    }
    await outcome(log.append('a', 0, newEvents(1)));
    expect(await log.head()).toBe((await everything(log)).at(-1)?.position);
  },

  'never shows an event behind a read position': async ({ log }) => {
    // Never shows a reader an event behind a position it has already read.
    const all = 32 * 12 * 2;
    let writing = true;
    const seen: StoredEvent[] = [];
    const reader = (async () => {
      for (let last = false; seen.length <= all; last = !writing) {
        const page = await log.readAll(seen.at(-1)?.position ?? null, 50);
        seen.push(...page);
        if (last && page.length === 0) return;
        await nextTurn();
      }
    })();
    await inFlight(32, async (lane) => {
      for (let index = 0; index < 12; index += 1)
        await log.append(`stream-${lane}`, index === 0 ? 'no-stream' : 2 * index - 1, newEvents(2));
    });
    writing = false;
    await reader;
    expect(seen).toHaveLength(all);
    expect(seen).toEqual(await everything(log));
  },

  ...Object.fromEntries(
    Object.entries(VALUES).map(([what, value]) => [
      `gives data and metadata back equal: ${what}`,
      async ({ log }: { readonly log: Parameters<typeof everything>[0] }) => {
        await log.append('case', 'no-stream', [newEvent({ data: value, metadata: {} }), newEvent({ data: {}, metadata: value })]);
        const [first, second] = await log.readStream('case', 0, 10);
        // As JSON too, for what toEqual forgives: order of keys, keys named __proto__.
        expect([first?.data, second?.metadata]).toEqual([value, value]);
        expect([first?.data, second?.metadata].map((back) => JSON.stringify(back))).toEqual([JSON.stringify(value), JSON.stringify(value)]);
        expect([first?.metadata, second?.data]).toEqual([{}, {}]);
      },
    ]),
  ),

  'gives id, type, version and stream back': async ({ log }) => {
    const event = newEvent({ type: '申请已受理 v2', version: 17 });
    await log.append('依申请公开/〔2017〕3', 'no-stream', [event]);
    const [stored] = await log.readAll(null, 1);
    expect(stored).toMatchObject({ ...event, stream: '依申请公开/〔2017〕3', revision: 0 });
  },

  'records Shanghai time to the millisecond': async (bench) => {
    // Records the time in Asia/Shanghai, by the clock, to the millisecond.
    bench.now = () => Date.parse('2017-12-31T23:59:59.007Z');
    await bench.log.append('case', 'no-stream', newEvents(2));
    const stored = await bench.log.readStream('case', 0, 10);
    expect(stored.map((event) => event.recordedAt)).toEqual(['2018-01-01T07:59:59.007+08:00', '2018-01-01T07:59:59.007+08:00']);
  },

  'never goes back with the clock': async (bench) => {
    const start = Date.parse('2017-03-02T01:00:00Z');
    for (const [index, offset] of [0, 5, -HOUR, -1, 4, 6, -10 * HOUR, 7].entries()) {
      bench.now = () => start + offset;
      await bench.log.append(`stream-${index % 3}`, 'any', newEvents(1));
    }
    const offsets = (await everything(bench.log)).map((event) => Date.parse(event.recordedAt) - start);
    expect(offsets).toEqual([0, 5, 5, 5, 5, 6, 6, 7]);
  },

  'has everything after it was opened again': async (bench) => {
    // Has everything after it was closed and opened again, and goes on from there.
    await inFlight(8, async (lane) => {
      for (let index = 0; index < 5; index += 1)
        await bench.log.append(`stream-${lane}`, index === 0 ? 'no-stream' : index - 1, newEvents(1));
    });
    const [before, head] = [await everything(bench.log), await bench.log.head()];
    const log = await bench.reopen();
    expect(await everything(log)).toEqual(before);
    expect(await log.head()).toBe(head);
    expect((await log.append('stream-0', 4, newEvents(2))).revision).toBe(6);
    const after = await everything(log);
    expectSound(after);
    expect(after.slice(0, 40)).toEqual(before);
    expect(after).toHaveLength(42);
  },

  'is unavailable once closed, twice is no fault': async (bench) => {
    // Is unavailable once closed, and stores nothing more; to close twice is no fault.
    const { log } = bench;
    await log.append('case', 'no-stream', newEvents(1));
    await log.close();
    await log.close();
    const calls = [log.append('case', 0, newEvents(1)), log.readStream('case', 0, 1), log.readAll(null, 1), log.head()];
    for (const call of await Promise.all(calls.map(outcome<unknown>))) expect(call).toBeInstanceOf(StoreUnavailable);
    expect(await everything(await bench.reopen())).toHaveLength(1);
  },
};
