/**
 * The log for auditors: pages of any size, with any filter, read while others write, have each event once, in order,
 * with its index and its leaf.
 */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { CHECKPOINT_STREAM } from '../../src/events/catalog.js';
import type { EventLog } from '../../src/log/event-log.js';
import { storedTiles } from '../../src/read-models/ledger/ledger.js';
import { CheckpointService } from '../../src/signing/checkpoint-service.js';
import { readEvents, type AuditedEvent } from '../../src/read-models/journal/event-reader.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
import { setUpAgencies, sendAll, AGENCIES } from '../support/histories.js';
import { at, message } from '../support/messages.js';
import { NDJSON, startService } from '../support/service.js';
import { signingIn } from '../support/verify.js';
import { budget } from '../support/budget.js';

let serial = 0;
const TYPES = ['meeting.held', 'training.held', 'delivery.made'] as const;

/** Some messages; of three one is refused, which is an event too. */
function some(count: number): unknown[] {
  return Array.from({ length: count }, () => {
    serial += 1;
    const type = TYPES[serial % 3] as (typeof TYPES)[number];
    const agency = serial % 9 === 0 ? 'nobody' : (AGENCIES[serial % 2] as string);
    const data =
      type === 'delivery.made'
        ? { place: '馆', medium: 'paper', items: 1 }
        : { title: '会', ...(type === 'training.held' ? { people: 3 } : {}) };
    return message(type, `${type.split('.')[0] as string}/${serial}`, at('2017-05-01'), 'clerk', data, { agency });
  });
}

interface Round {
  readonly limit: number;
  readonly more: number;
  readonly cut: boolean;
}
interface Filter {
  readonly agency: string | undefined;
  readonly type: string | undefined;
}

const rounds: fc.Arbitrary<readonly Round[]> = fc.array(
  fc.record({ limit: fc.integer({ min: 1, max: 40 }), more: fc.nat(12), cut: fc.boolean() }),
  {
    minLength: 3,
    maxLength: 12,
  },
);
const filters: fc.Arbitrary<Filter> = fc.record({
  agency: fc.option(fc.constantFrom(AGENCIES[0], AGENCIES[1]), { nil: undefined }),
  type: fc.option(fc.constantFrom('disclosure.meeting.held', 'training.held', 'disclosure.refusal.kept', 'lawsuit.filed'), {
    nil: undefined,
  }),
});

async function walk(ledger: OpenLedger, filter: Filter, steps: readonly Round[], cut: () => Promise<unknown>): Promise<AuditedEvent[]> {
  const found: AuditedEvent[] = [];
  for (let [step, after] = [0, undefined as string | undefined]; ; step += 1) {
    const { limit, more, cut: also } = steps[step % steps.length] as Round;
    const page = await readEvents(ledger, { ...filter, limit, after });
    expect(page.events.length).toBeLessThanOrEqual(limit);
    found.push(...page.events);
    if (page.events.length === 0 && step >= steps.length) return found;
    // At the end too an auditor asks again behind the bookmark.
    after = page.next;
    if (step >= steps.length) continue;
    await sendAll(ledger, some(more));
    await ledger.settled();
    if (also) await cut();
  }
}

test('paging gives each event once, in order', async () => {
  // Paging while others write gives each event once, in order.
  await fc.assert(
    fc.asyncProperty(rounds, filters, async (steps, filter) => {
      const folder = newFolder();
      const ledger = openLedger(folder);
      try {
        const keeper = new CheckpointService({ log: ledger.log, store: ledger.store, signer: signingIn(folder).signer, now: Date.now });
        await sendAll(ledger, [...setUpAgencies(), ...some(30)]);
        await ledger.settled();
        const found = await walk(ledger, filter, steps, () => keeper.cut());
        const all = (await ledger.log.readAll(null, 5000)).filter(({ stream }) => stream !== CHECKPOINT_STREAM);
        const type = filter.type?.replace(/^disclosure\./, '');
        const wanted = all.flatMap((event, index) =>
          (filter.agency === undefined || event.metadata['agency'] === filter.agency) && (type === undefined || event.type === type)
            ? [{ ...event, index }]
            : [],
        );
        expect(found.map(({ index, eventId, data, metadata }) => ({ index, eventId, data, metadata }))).toEqual(
          wanted.map(({ index, id, data, metadata }) => ({ index, eventId: id, data, metadata })),
        );
        const tile = storedTiles(ledger.store.db)(0, 0) as Buffer;
        for (const { index, leaf } of found.slice(0, 200))
          if (index < 256) expect(leaf).toBe(tile.subarray(32 * index, 32 * index + 32).toString('base64'));
      } finally {
        await ledger.close();
        removeFolder(folder);
      }
    }),
    { numRuns: budget(5, 15), seed: 3 },
  );
});

test('a long answer is read in pages', async () => {
  // A long answer in lines is read page by page, and is the log.
  const service = await startService();
  await sendAll({ recorder: (service.runtime.writer as NonNullable<typeof service.runtime.writer>).recorder }, [
    ...setUpAgencies(),
    ...some(2600),
  ]);
  await service.settled();
  const all = await service.eventsAfter(null);
  const lines = (await service.get('/v1/events?limit=10000000', { accept: NDJSON })).lines<AuditedEvent>();
  expect(lines.map(({ eventId }) => eventId)).toEqual(all.map(({ id }) => id));
  expect(lines.map(({ index }) => index)).toEqual(all.map((_, index) => index));
  const some2100 = (await service.get('/v1/events?limit=2100', { accept: NDJSON })).lines<AuditedEvent>();
  expect(some2100).toEqual(lines.slice(0, 2100));
  const page = await service.get('/v1/events?limit=900', { accept: NDJSON });
  const rest = await service.get(`/v1/events?after=${String(page.headers['next-position'])}`, { accept: NDJSON });
  expect(rest.lines<AuditedEvent>()).toEqual(lines.slice(900));
  const later = await service.get(`/v1/events?after=${String(rest.headers['next-position'])}`, { accept: NDJSON });
  expect([later.text, later.headers['next-position']]).toEqual(['', rest.headers['next-position']]);
  await service.finish();
});

/** The log, and the names of what is asked of it. */
function listened(log: EventLog): { readonly asked: string[]; readonly log: EventLog } {
  const asked: string[] = [];
  const heard = new Proxy(log, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        asked.push(String(name));
        return Reflect.apply(value, target, given);
      };
    },
  });
  return { asked, log: heard };
}

test.each(['asc', 'desc'] as const)('neighbours are read together, %s', async (order) => {
  const folder = newFolder();
  const ledger = openLedger(folder);
  // The refusals of either half part its meetings from those of the other.
  await sendAll(ledger, [...setUpAgencies(), ...some(60)]);
  await sendAll(ledger, some(60));
  await ledger.settled();
  const all = (await ledger.log.readAll(null, 5000)).map(({ type }, index) => ({ type, index }));
  const meetings = all.filter(({ type }) => type === 'meeting.held').map(({ index }) => index);
  const wanted = order === 'asc' ? meetings : meetings.reverse();
  const { asked, log } = listened(ledger.log);
  for (const limit of [100, 1]) {
    const { events } = await readEvents({ log, store: ledger.store }, { type: 'meeting.held', order, limit });
    expect(events.map(({ index }) => index)).toEqual(wanted.slice(0, limit));
  }
  expect(asked.sort()).toEqual(['readAll', 'readAll', 'readStream']);
  // What is damaged in between hides none of them.
  const file = new Database(join(folder, 'log.db'));
  file.prepare(`UPDATE events SET data = '{' WHERE type = 'delivery.made'`).run();
  file.close();
  const { events } = await readEvents(ledger, { type: 'meeting.held', order, limit: 100 });
  expect(events.map(({ index }) => index)).toEqual(wanted);
  await expect(readEvents(ledger, { type: 'delivery.made', order, limit: 100 })).rejects.toThrow();
  await ledger.close();
  removeFolder(folder);
});
