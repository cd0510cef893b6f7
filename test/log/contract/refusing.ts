/**
 * Contract: what can never be stored is refused as `InvalidEvent` before the store sees it, and the log is as usable as
 * before.
 */
import {
  InvalidEvent,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
  type EventLog,
  type ExpectedRevision,
  type NewEvent,
} from '../../../src/log/event-log.js';
import type { LogBench, LogTests } from '../../support/log-bench.js';
import { everything, ids, newEvent, newEvents, outcome } from '../../support/log-events.js';

const as = (value: unknown): NewEvent['data'] => value as NewEvent['data'];

function circular(): NewEvent['data'] {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}

const throwing = {
  toJSON() {
    throw new Error('not today');
  },
};

/** An object whose JSON has exactly that many bytes. */
const ofBytes = (bytes: number): NewEvent['data'] => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });

/**
 * Each is refused, alone and behind a good event in one call; good appends before, beside and after it are stored, and
 * nothing else is.
 */
async function expectRefused({ log }: LogBench, bad: readonly (() => NewEvent)[]): Promise<void> {
  const good: NewEvent[] = newEvents(1);
  await log.append('case', 'no-stream', good);
  for (const make of bad) {
    const [beside] = newEvents(1) as [NewEvent];
    const [alone, behind, stored] = await Promise.all([
      outcome(log.append('case', 'any', [make()])),
      outcome(log.append('new', 'no-stream', [newEvent(), make()])),
      log.append('case', good.length - 1, [beside]),
    ]);
    expect(alone).toBeInstanceOf(InvalidEvent);
    expect(behind).toBeInstanceOf(InvalidEvent);
    expect(stored.revision).toBe(good.length);
    good.push(beside);
  }
  expect(ids(await everything(log))).toEqual(ids(good));
}

const refusesData = (values: () => readonly unknown[]) => async (bench: LogBench) => {
  const events = values().flatMap((value) => [() => newEvent({ data: as(value) }), () => newEvent({ metadata: as(value) })]);
  await expectRefused(bench, events);
};

async function expectRefusedCall(log: EventLog, stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<void> {
  expect(await outcome(log.append(stream, expected, events))).toBeInstanceOf(InvalidEvent);
}

export const refusing: LogTests = {
  'refuses data and metadata that hold a BigInt': refusesData(() => [{ amount: 10n }, { deep: [{ amount: 10n }] }, 10n]),

  'refuses data and metadata that contain themselves': refusesData(() => [circular(), { deep: [circular()] }]),

  'refuses data and metadata that are undefined, a function or a symbol': refusesData(() => [undefined, () => 1, Symbol('data')]),

  'refuses data and metadata that are no object: null, a list, a text, a number': refusesData(() => [
    null,
    [1],
    'text',
    7,
    true,
    new Date(0),
  ]),

  'refuses data and metadata whose own toJSON throws': refusesData(() => [throwing, { deep: throwing }]),

  'refuses an id that is no UUID': async (bench) => {
    // Refuses an id that is no UUID in lower case.
    const wrong = [
      '',
      'x',
      '1',
      'not-a-uuid',
      newEvent().id.slice(1),
      `${newEvent().id}0`,
      `{${newEvent().id}}`,
      newEvent().id.replaceAll('-', ''),
    ];
    wrong.push('ABCDEFAB-1111-4111-8111-ABCDEFABCDEF', undefined as unknown as string, 7 as unknown as string);
    await expectRefused(
      bench,
      wrong.map((id) => () => newEvent({ id })),
    );
  },

  'refuses an id twice in one append': async ({ log }) => {
    // Refuses an id that stands twice in one append.
    const [event, other] = newEvents(2) as [NewEvent, NewEvent];
    await expectRefusedCall(log, 'case', 'no-stream', [event, event]);
    await expectRefusedCall(log, 'case', 'any', [event, other, { ...event, type: 'Another' }]);
    expect(await everything(log)).toEqual([]);
    expect((await log.append('case', 'no-stream', [event, other])).revision).toBe(1);
  },

  'refuses an empty, foreign or reserved type': async (bench) => {
    // Refuses a type that is no text, is empty, or belongs to the store.
    const wrong = ['', '$>', '$metadata', 'half \ud83d', undefined, 7];
    await expectRefused(
      bench,
      wrong.map((type) => () => newEvent({ type: type as string })),
    );
  },

  'refuses a version that is no natural number': async (bench) => {
    const wrong = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', undefined];
    await expectRefused(
      bench,
      wrong.map((version) => () => newEvent({ version: version as number })),
    );
  },

  'refuses an append without events': async ({ log }) => {
    for (const expected of ['any', 'no-stream', 'stream-exists', 0] satisfies ExpectedRevision[])
      await expectRefusedCall(log, 'case', expected, []);
    expect(await log.readStream('case', 0, 10)).toEqual([]);
    expect((await log.append('case', 'no-stream', newEvents(1))).revision).toBe(0);
  },

  'refuses a stream without a usable name': async ({ log }) => {
    // Refuses a stream without a name, of the store itself, or with half a character in its name.
    for (const stream of ['', '$', '$all', '$$case', '$ce-case', 'half \ud83d', undefined as unknown as string]) {
      for (const expected of ['any', 'no-stream'] satisfies ExpectedRevision[])
        await expectRefusedCall(log, stream, expected, newEvents(1));
    }
    expect(await everything(log)).toEqual([]);
    expect((await log.append('not$all', 'no-stream', newEvents(1))).revision).toBe(0);
  },

  'refuses an impossible expected revision': async ({ log }) => {
    await log.append('case', 'no-stream', newEvents(1));
    const wrong = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 'nostream', undefined, null];
    for (const expected of wrong) await expectRefusedCall(log, 'case', expected as ExpectedRevision, newEvents(1));
    expect(await everything(log)).toHaveLength(1);
  },

  'takes the largest event, refuses a byte more': async ({ log }) => {
    // Takes an event of the largest size and refuses one byte more.
    const metadata = ofBytes(1000);
    const largest = newEvent({ data: ofBytes(MAX_EVENT_BYTES - 1000), metadata });
    expect((await log.append('case', 'no-stream', [largest])).revision).toBe(0);
    await expectRefusedCall(log, 'case', 0, [newEvent({ data: ofBytes(MAX_EVENT_BYTES - 999), metadata })]);
    // Counted in bytes of UTF-8: a third as many Chinese characters are as large.
    await expectRefusedCall(log, 'case', 0, [newEvent({ data: { text: '公'.repeat(MAX_EVENT_BYTES / 3) }, metadata: {} })]);
    expect(await everything(log)).toEqual([expect.objectContaining({ data: largest.data, metadata })]);
  },

  'takes the largest append, refuses a byte more': async ({ log }) => {
    // Takes an append of the largest size, in few events or in many, and refuses one byte more.
    for (const count of [2, 500, 4000]) {
      const each = MAX_APPEND_BYTES / count - 2;
      const full = newEvents(count, { data: ofBytes(each), metadata: {} });
      expect((await log.append(`case-${count}`, 'no-stream', full)).revision).toBe(count - 1);
      const more = [...newEvents(count - 1, { data: ofBytes(each), metadata: {} }), newEvent({ data: ofBytes(each + 1), metadata: {} })];
      await expectRefusedCall(log, `more-${count}`, 'no-stream', more);
    }
    expect(await everything(log)).toHaveLength(4502);
  },
};
