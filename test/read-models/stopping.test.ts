/**
 * An event that a read model cannot apply stops that one before it, by name; the others go on. Statistics never skip.
 */
import { LATER_VERSIONS } from '../../src/events/catalog.js';
import { UPCASTERS } from '../../src/events/upcasters.js';
import { createApp } from '../../src/main.js';
import type { Bookmark } from '../../src/read-models/read-store.js';
import { checkLedger } from '../support/check-ledger.js';
import { figures, record, sendAll } from '../support/histories.js';
import { AGENCY, approvedItem, at, message, released, setUp, type Message } from '../support/messages.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
import { appendForeign, type Foreign } from './stored.js';
import { until } from '../support/until.js';

let ledger: OpenLedger;

const meeting = (number: string): Message => message('meeting.held', `meeting/${number}`, at('2017-05-01'), 'clerk', { title: '会议' });

const POISON: readonly (readonly [string, Foreign, readonly string[]])[] = [
  [
    'a void that names what its case does not hold',
    {
      type: 'record.voided',
      subject: 'meeting/x',
      data: {
        derived: { voided: { eventId: '00000000-0000-5000-8000-000000000000' }, firsts: [], leaves: { state: 'unknown', title: null } },
      },
    },
    ['contributions'],
  ],
  [
    'a first of an unknown slot',
    {
      type: 'hotspot.answered',
      subject: 'hotspot/x',
      data: { topic: '题', means: 'other', derived: { firsts: [{ slot: 'unheard-of', was: null, is: '2017-01-01' }] } },
    },
    ['contributions'],
  ],
  [
    'an act without an actor',
    { type: 'meeting.held', subject: 'meeting/x', data: { title: '会' }, metadata: { actor: null } },
    ['audit-trail', 'caseload'],
  ],
  ['an act on a kind of case without rules', { type: 'meeting.held', subject: 'gathering/x', data: { title: '会' } }, ['caseload']],
];

const bookmarks = (): Map<string, Bookmark> => new Map(ledger.store.bookmarks().map((bookmark) => [bookmark.name, bookmark]));
const stopped = (): string[] => [...bookmarks().values()].filter((bookmark) => bookmark.stopped !== null).map(({ name }) => name);

beforeEach(async () => {
  ledger = openLedger(newFolder());
  await record(ledger, [...setUp(), meeting('1')]);
});

afterEach(async () => {
  await ledger.close();
  removeFolder(ledger.folder);
});

async function restart(): Promise<void> {
  await ledger.close();
  ledger = openLedger(ledger.folder);
  await ledger.settled();
}

describe.each(POISON)('%s', (_what, foreign, models) => {
  test(`stops ${models.join(', ')} before it, no other`, async () => {
    // Stops the read models named before it and no other; later events reach the others.
    const id = await appendForeign(ledger.log, foreign);
    await record(ledger, [meeting('2'), meeting('3')]);
    await ledger.settled();
    expect(stopped()).toEqual(models);
    const last = setUp().length + 3;
    for (const [name, bookmark] of bookmarks()) {
      if (models.includes(name))
        expect(bookmark).toMatchObject({ index: last - 3, stopped: { eventId: id, why: expect.stringMatching(/./) as string } });
      else expect(bookmark).toMatchObject({ index: last, stopped: null });
    }
    expect(ledger.runner.status()).toMatchObject({
      broken: null,
      caughtUp: true,
      bookmarks: expect.arrayContaining([...bookmarks().values()]) as unknown,
    });
  });

  test('after a restart it stops there again', async () => {
    // After a restart it tries again, stops there again, and has skipped nothing.
    const id = await appendForeign(ledger.log, foreign);
    await record(ledger, [meeting('2')]);
    await ledger.settled();
    const before = [...bookmarks().values()];
    await restart();
    expect([...bookmarks().values()]).toEqual(before);
    expect(bookmarks().get(models[0] as string)?.stopped?.eventId).toBe(id);
  });
});

test('a stopped table says so, recording goes on', async () => {
  // A table behind a stopped read model says so and holds what came before; messages are recorded all the same.
  await record(ledger, [...approvedItem('1', '2017-03-01'), released('1', '2017-03-02', 'website')]);
  const before = await figures(ledger, AGENCY, 2017);
  const id = await appendForeign(ledger.log, (POISON[0] as (typeof POISON)[number])[1]);
  await record(ledger, [meeting('2'), released('1', '2017-03-05', 'weibo')]);
  expect(await figures(ledger, AGENCY, 2017)).toEqual(before);
  const table = await ledger.tables.table({ agency: AGENCY, year: 2017 });
  expect(table.stale).toMatchObject({ projection: 'contributions', eventId: id });
  expect(table.asOf.index).toBe(setUp().length + 5);
});

test('health names the stopped one, event and cause', async () => {
  // Health says which read model stopped, at which event, why; the service answers on.
  const id = await appendForeign(ledger.log, (POISON[0] as (typeof POISON)[number])[1]);
  await ledger.settled();
  const app = await createApp(ledger);
  try {
    const { statusCode, payload } = await app.inject({ url: '/health/ready' });
    expect(statusCode).toBe(200);
    const health = JSON.parse(payload) as { status: string; broken: unknown; readModels: { name: string; stopped: unknown }[] };
    expect(health).toMatchObject({ status: 'degraded', broken: null, log: 'reachable' });
    expect(health.readModels.filter((model) => model.stopped !== null)).toMatchObject([
      { name: 'contributions', stopped: { eventId: id } },
    ]);
  } finally {
    await app.close();
  }
});

test('a full disk degrades, then nothing is lost', async () => {
  // A full disk stops nothing for good: it is tried again, health
  // says degraded meanwhile, and nothing is lost or counted twice.
  await ledger.settled();
  const { db } = ledger.store;
  const pages = (count: number): unknown => db.pragma(`max_page_count = ${count}`);
  const app = await createApp(ledger);
  const health = async (): Promise<unknown> => {
    const { statusCode, payload } = await app.inject({ url: '/health/ready' });
    return { statusCode, ...(JSON.parse(payload) as object) };
  };
  const followed = jest.spyOn(ledger.log, 'subscribe');
  try {
    pages(1);
    const meetings = Array.from({ length: 600 }, (_, n) => meeting(`full-${n}`));
    await record(ledger, meetings);
    await until(() => ledger.runner.status().failing !== null);
    expect(ledger.runner.status()).toMatchObject({ failing: expect.stringMatching(/full/) as unknown, broken: null });
    expect(await health()).toMatchObject({ statusCode: 200, status: 'degraded', failing: expect.stringMatching(/full/) as unknown });
    expect(stopped()).toEqual([]);
    // Tried again in vain, then with room.
    await until(() => followed.mock.calls.length >= 2);
    pages(1_000_000);
    await ledger.settled();
    expect(await figures(ledger, AGENCY, 2017)).toEqual({ '10.1': '601' });
    await checkLedger(ledger.log, ledger.store);
    expect(await health()).toMatchObject({ statusCode: 200, status: 'ready', failing: null });
  } finally {
    await app.close();
  }
});

test.each([
  ['a type', { type: 'meeting.cancelled', subject: 'meeting/x', data: { title: '会' } }],
  ['a version', { type: 'meeting.held', version: 2, subject: 'meeting/x', data: { title: '会' } }],
])('%s unknown here stops its readers only', async (_what, foreign) => {
  // … this program does not know stops every read model that would have to read it; the journal keeps its place.
  const id = await appendForeign(ledger.log, foreign);
  await record(ledger, [meeting('2')]);
  await ledger.settled();
  for (const name of ['contributions', 'audit-trail', 'caseload'])
    expect(bookmarks().get(name)).toMatchObject({ index: setUp().length, stopped: { eventId: id } });
  expect(bookmarks().get('journal')).toMatchObject({ index: setUp().length + 2, stopped: null });
  expect(await figures(ledger, AGENCY, 2017)).toEqual({ '10.1': '1' });
});

test('rows and bookmark are written together', async () => {
  // Rows and bookmark are written together: where the bookmark
  // cannot be, the rows are not, and are written once when it can.
  await ledger.settled();
  const save = ledger.store.save.bind(ledger.store);
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  const refusing = new Set(['contributions', 'caseload']);
  const saving = jest.spyOn(ledger.store, 'save').mockImplementation((bookmark) => {
    if (refusing.delete(bookmark.name)) throw full;
    save(bookmark);
  });
  await record(ledger, [meeting('2')]);
  await ledger.settled();
  saving.mockRestore();
  expect(refusing.size).toBe(0);
  expect(stopped()).toEqual([]);
  expect(await figures(ledger, AGENCY, 2017)).toEqual({ '10.1': '2' });
  await checkLedger(ledger.log, ledger.store);
});

test('an ignored type may have any version', async () => {
  // A read model that ignores a type passes by a version of it that nobody here knows.
  await appendForeign(ledger.log, { type: 'meeting.held', version: 2, subject: 'meeting/x', data: { title: '会' } });
  await sendAll(ledger, [released('9', '2017-03-02', 'website')]);
  await ledger.settled();
  expect(bookmarks().get('refusals')?.stopped).toBeNull();
  expect(ledger.refusals.list().refusals).toHaveLength(1);
});

test('a newer program resumes, and ends alike', async () => {
  // A program that knows the version goes on where the other stopped, and ends where it would have been from the start.
  await appendForeign(ledger.log, { type: 'meeting.held', version: 2, subject: 'meeting/x', data: { name: '会' } });
  await record(ledger, [meeting('2')]);
  await ledger.settled();
  expect(stopped()).toEqual(expect.arrayContaining(['contributions', 'caseload']));
  // The same program, a version later: it knows meeting.held@2 and how to read version 1 as one.
  const versions = LATER_VERSIONS as Record<string, number>;
  const upcasters = UPCASTERS as Record<string, (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>;
  versions['meeting.held'] = 2;
  upcasters['meeting.held@1'] = (data) => data;
  try {
    await restart();
    expect(stopped()).toEqual([]);
    expect(await figures(ledger, AGENCY, 2017)).toEqual({ '10.1': '3' });
    expect((await ledger.tables.table({ agency: AGENCY, year: 2017 })).stale).toBeNull();
    await checkLedger(ledger.log, ledger.store);
  } finally {
    delete versions['meeting.held'];
    delete upcasters['meeting.held@1'];
  }
});

test('stopped within a batch, the earlier part stands', async () => {
  // Stopped in the middle of a batch, rows and bookmark are those of the events before.
  // One batch holds the poison in its middle: everything is in the log before the read models start.
  await ledger.runner.stop();
  await record(
    ledger,
    Array.from({ length: 200 }, (_, index) => meeting(`before-${index}`)),
  );
  const clean = await ledger.log.head();
  await appendForeign(ledger.log, (POISON[0] as (typeof POISON)[number])[1]);
  await record(
    ledger,
    Array.from({ length: 200 }, (_, index) => meeting(`after-${index}`)),
  );
  await restart();
  expect(bookmarks().get('contributions')).toMatchObject({ position: clean, index: setUp().length + 200 });
  expect(await figures(ledger, AGENCY, 2017)).toEqual({ '10.1': '201' });
  const { last } = ledger.store.db.prepare('SELECT MAX(idx) AS last FROM contributions').get() as { last: number };
  expect(last).toBe(setUp().length + 200);
});
