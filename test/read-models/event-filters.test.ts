/** Every filter of the log, alone and in pairs, in both orders and in pages of any size, gives what a scan gives. */
import fc from 'fast-check';
import { parseDuration } from '../../src/time/duration.js';
import { dateInShanghai, formatInstant, parseInstant } from '../../src/time/instant.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import type { StoredEvent } from '../../src/log/event-log.js';
import type { EventFilters } from '../../src/read-models/journal/event-filter.js';
import { readEvents, type EventQuestion } from '../../src/read-models/journal/event-reader.js';
import { budget } from '../support/budget.js';
import { AGENCIES, sendAll, setUpAgencies } from '../support/histories.js';
import { TEST_NOW } from '../support/ledger.js';
import { at, message } from '../support/messages.js';
import { mixedHistory, mixedMessages } from '../support/mixed-histories.js';
import { whileEightSend } from '../support/senders.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';

const HOUR = 3_600_000;
const LATE = ['PT0S', 'PT1M', 'PT30M', 'PT1H', 'PT5H30M', 'P1D', 'P1DT1S', 'P30D', 'P52W', 'P3000D', 'P9000D'];

/** In every class of delays, on both sides of its bounds. */
const DELAYS = [0, 59_000, 61_000, 0.5 * HOUR, HOUR, 5.6 * HOUR, 24 * HOUR, 25 * HOUR, 719 * HOUR, 720 * HOUR, 721 * HOUR];

/** A history, recorded over years by a clock that goes on by minutes or by months; some acts are recorded at once. */
async function recorded(folder: string, messages: readonly unknown[], steps: readonly number[]): Promise<OpenLedger> {
  let clock = TEST_NOW;
  const ledger = openLedger(folder, () => clock);
  for (const [place, one] of messages.entries()) {
    const [step = 0] = steps.slice(place % steps.length);
    await ledger.recorder.recordValue(one, NO_IDENTITY);
    clock += step;
    const delay = DELAYS[place % DELAYS.length] ?? 0;
    const time = formatInstant(clock - step - delay);
    const fresh = message('meeting.held', `meeting/fresh-${place}`, time, 'clerk', { title: '会' }, { agency: AGENCIES[1] });
    if (place % 4 === 0) await ledger.recorder.recordValue(fresh, NO_IDENTITY);
    // Refused, which is kept.
    if (place % 31 === 0) await ledger.recorder.recordValue({ ...fresh, id: `refused-${place}`, data: {} }, NO_IDENTITY);
  }
  await ledger.settled();
  return ledger;
}

type Matches = (event: StoredEvent) => boolean;

/** From the start of a day or from a time, in ms; and until the end of one. */
const startOf = (text: string): number => parseInstant(text) ?? Date.parse(`${text}T00:00:00.000+08:00`);
const endOf = (text: string): number => parseInstant(text) ?? Date.parse(`${text}T23:59:59.999+08:00`);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Each filter as it reads, on one event. */
const MATCHES: { readonly [F in keyof EventFilters]-?: (wanted: string) => Matches } = {
  agency: (wanted) => (event) => event.metadata['agency'] === wanted,
  type: (wanted) => (event) => `disclosure.${event.type}` === wanted,
  case: (wanted) => (event) => event.metadata['subject'] === wanted,
  actor: (wanted) => (event) => event.metadata['actor'] === wanted,
  from: (wanted) => (event) => Date.parse(text(event.metadata['at'])) >= startOf(wanted),
  to: (wanted) => (event) => Date.parse(text(event.metadata['at'])) <= endOf(wanted),
  recordedFrom: (wanted) => (event) => Date.parse(event.recordedAt) >= startOf(wanted),
  recordedTo: (wanted) => (event) => Date.parse(event.recordedAt) <= endOf(wanted),
  lateBy: (wanted) => (event) => Date.parse(event.recordedAt) - Date.parse(text(event.metadata['at'])) >= (parseDuration(wanted) ?? NaN),
};
const TIMES: ReadonlySet<string> = new Set(['from', 'to', 'recordedFrom', 'recordedTo', 'lateBy']);

function scanned(all: readonly StoredEvent[], filters: EventFilters): number[] {
  const asked = Object.entries(filters) as [keyof EventFilters, string][];
  return all.flatMap((event, index) => {
    if (asked.some(([name]) => TIMES.has(name)) && /^(access|refusal)\./.test(event.type)) return [];
    return asked.every(([name, wanted]) => MATCHES[name](wanted)(event)) ? [index] : [];
  });
}

/** A value of a filter, most often one that some event has. */
function valueOf(name: keyof EventFilters, { metadata, type, recordedAt }: StoredEvent, by: number): string {
  const act = parseInstant(metadata['at']) ?? TEST_NOW;
  const kept = parseInstant(recordedAt) ?? TEST_NOW;
  const shifted = (instant: number): string =>
    by % 2 === 0 ? dateInShanghai(instant + (by - 3) * 30 * 24 * HOUR) : formatInstant(instant + (by === 1 ? 0 : by));
  if (name === 'agency') return AGENCIES.find((agency) => agency === text(metadata['agency'])) ?? AGENCIES[0];
  if (name === 'type') return `disclosure.${type}`;
  if (name === 'case') return text(metadata['subject']) || 'publication/none';
  if (name === 'actor') return text(metadata['actor']) || 'nobody';
  if (name === 'lateBy') return LATE[by] ?? 'P1D';
  return shifted(name.startsWith('recorded') ? kept : act);
}

const NAMES = Object.keys(MATCHES) as (keyof EventFilters)[];
const PAIRS = NAMES.flatMap((one, place) => [[one], ...NAMES.slice(place + 1).map((other) => [one, other])]);

async function walked(ledger: OpenLedger, question: EventQuestion, limits: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (let [page, after] = [0, undefined as string | undefined]; ; page += 1) {
    const limit = limits[page % limits.length] ?? 100;
    const { events, next, ended } = await readEvents(ledger, { ...question, limit, after });
    found.push(...events.map(({ index }) => index));
    if (ended) expect((await readEvents(ledger, { ...question, after: next })).events).toEqual([]);
    if (ended) return found;
    expect(events).toHaveLength(limit);
    expect(page).toBeLessThan(5000);
    after = next;
  }
}

/** One after the other, from the start again at the end. */
function cycled(values: readonly number[]): () => number {
  let at = -1;
  return () => values[(at += 1) % values.length] ?? 0;
}

test.each([
  ['P30D', 30 * 24 * HOUR],
  ['P2W', 14 * 24 * HOUR],
  ['P1DT2H3M4S', 26 * HOUR + 184_000],
  ['PT90M', 1.5 * HOUR],
  ['P', null],
  ['PT', null],
  ['P1DT', null],
  ['-P1D', null],
  ['P1M', null],
  ['P1.5D', null],
  ['30', null],
])('%s lasts %s ms', (written, ms) => {
  expect(parseDuration(written)).toBe(ms);
});

test('filters give what a scan gives', async () => {
  const stepsOf = fc.array(fc.constantFrom(0, 1, 1000, 50_000, HOUR, 30 * HOUR, 900 * HOUR), { minLength: 3, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(
      mixedHistory,
      stepsOf,
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(10), { minLength: 31, maxLength: 31 }),
      fc.array(fc.nat(1_000_000), { minLength: 47, maxLength: 47 }),
      async (steps, clock, limits, shifts, places) => {
        const folder = newFolder();
        const ledger = await recorded(folder, mixedMessages(steps), clock);
        try {
          const all = await ledger.log.readAll(null, 5000);
          const [shift, anyPlace] = [cycled(shifts), cycled(places)];
          for (const names of PAIRS)
            for (const order of ['asc', 'desc'] as const) {
              const place = anyPlace();
              // Of one event, or of two.
              const filters = Object.fromEntries(
                names.map((name, nth) => [name, valueOf(name, all[(place * (nth + 1)) % all.length] as StoredEvent, shift())]),
              );
              const wanted = scanned(all, filters);
              expect([filters, order, await walked(ledger, { ...filters, order }, limits)]).toEqual([
                filters,
                order,
                order === 'asc' ? wanted : wanted.reverse(),
              ]);
            }
        } finally {
          await ledger.close();
          removeFolder(folder);
        }
      },
    ),
    { numRuns: budget(2, 12), endOnFailure: true },
  );
});

test('pages hold while eight senders write', async () => {
  // Upwards every event comes once; downwards everything below where it began, and nothing that came later.
  const folder = newFolder();
  const ledger = openLedger(folder);
  try {
    await sendAll(ledger, setUpAgencies());
    await ledger.settled();
    const up: number[] = [];
    const downs: { from: number; found: number[] }[] = [];
    const filters = { agency: AGENCIES[0], from: '2017-01-01' };
    let after: string | undefined;
    await whileEightSend(ledger, {
      turns: 40,
      turn: (sender, nth) => [
        message(
          'meeting.held',
          `meeting/${sender}-${nth}`,
          at('2017-05-01'),
          `clerk-${sender}`,
          { title: '会' },
          { agency: AGENCIES[nth % 2] },
        ),
      ],
      look: async (last) => {
        for (let ended = false; !ended;) {
          const page = await readEvents(ledger, { ...filters, limit: 7, after });
          up.push(...page.events.map(({ index }) => index));
          after = page.next;
          ended = page.ended || !last;
        }
        const found = await walked(ledger, { ...filters, order: 'desc' }, [5, 11]);
        downs.push({ from: found[0] ?? -1, found });
      },
    });
    const wanted = scanned(await ledger.log.readAll(null, 5000), filters);
    expect(up).toEqual(wanted);
    for (const { from, found } of downs) expect(found).toEqual(wanted.filter((index) => index <= from).reverse());
    expect(wanted.length).toBeGreaterThan(150);
  } finally {
    await ledger.close();
    removeFolder(folder);
  }
});
