/**
 * Figures are never old without a sign: tables of read models that lag, fail or stand say so, and whoever sends
 * messages is told when none is taken.
 */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { StoredEvent } from '../../src/log/event-log.js';
import type { Bookmark } from '../../src/read-models/read-store.js';
import { Staleness, type Running, type Stale, type Until } from '../../src/read-models/staleness.js';
import type { Table } from '../../src/tables/table.js';
import { removeFolder } from '../read-models/open-ledger.js';
import { appendForeign } from '../read-models/stored.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { asLines, expectProblem, expectRetryAfter, NDJSON, startService, type TestService } from '../support/service.js';

const START = Date.parse('2030-01-01T09:00:00+08:00');
const TABLE = `/v1/agencies/${AGENCY}/tables/2017`;

let service: TestService;
let clock: number;

beforeEach(async () => {
  clock = START;
  service = await startService({ now: () => clock });
  await service.record(...setUp(), meeting('1'));
  await service.settled();
});
afterEach(async () => {
  await service.stop();
  removeFolder(service.folder);
});

const meeting = (number: string): Message => message('meeting.held', `meeting/${number}`, at('2017-05-01'), 'clerk', { title: '会议' });
const stale = async (query = ''): Promise<Stale | null> => (await service.get(`${TABLE}${query}`)).json<Table>().stale;
const meetings = async (): Promise<unknown> => (await service.get(TABLE)).json<Table>().rows.find(({ code }) => code === '10.1')?.value;
const runner = (): NonNullable<TestService['runtime']['writer']>['runner'] =>
  (service.runtime.writer as NonNullable<TestService['runtime']['writer']>).runner;

interface Health {
  readonly status: string;
  readonly writes: string;
  readonly refused: string | null;
}

async function health(): Promise<readonly [number, Health]> {
  const answer = await service.get('/health/ready');
  if (answer.status === 503) expectRetryAfter(answer);
  return [answer.status, answer.json<Health>()];
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('being behind shows after a second', async () => {
  // Behind is reported after a second, since the first event that is missing, and not of moments before it.
  expect(await stale()).toBeNull();
  const index = (await service.get(TABLE)).json<Table>().asOf.index as number;
  await runner().stop();
  clock = START + 5000;
  const [first] = await service.record(meeting('2'));
  clock += 600;
  await service.record(meeting('3'));
  clock = START + 5999;
  expect(await stale()).toBeNull();
  clock = START + 6000;
  const since = '2030-01-01T09:00:05.000+08:00';
  expect(await stale()).toEqual({ since, why: 'behind', eventId: first?.eventIds[0] });
  expect(await meetings()).toBe('1');
  expect(await stale(`?asOf=index:${index}`)).toBeNull();
  expect(await stale(`?asOf=${encodeURIComponent('2030-01-01T09:00:04+08:00')}`)).toBeNull();
  expect(await stale(`?asOf=${encodeURIComponent(since)}`)).toMatchObject({ since });
  expect((await service.get('/metrics')).text).toMatch(/^disclosure_tables_stale_seconds \d/m);
  // An event of the log that the read models do not hold yet is there: it is only to be asked for again.
  for (const query of ['asOf', 'after']) expectProblem(await service.get(`${TABLE}?${query}=index:${index + 1}`), 503, 'not-reached');
  // Messages are taken all the same.
  expect(await health()).toMatchObject([200, { writes: 'taken', refused: null }]);
});

test('a stopped read model is named, past kept', async () => {
  // A read model that stopped is named with its event; what was before it is whole.
  clock = START + 1000;
  const poison = {
    type: 'hotspot.answered',
    subject: 'hotspot/x',
    data: { topic: '题', means: 'other', derived: { firsts: [{ slot: 'unheard-of', was: null, is: '2017-01-01' }] } },
  };
  const eventId = await appendForeign(service.runtime.log, poison);
  await service.record(meeting('2'));
  await service.settled();
  const since = '2030-01-01T09:00:01.000+08:00';
  expect(await stale()).toEqual({ since, why: 'stopped', projection: 'contributions', eventId });
  expect(await meetings()).toBe('1');
  expect(await stale(`?asOf=${encodeURIComponent('2030-01-01T09:00:00+08:00')}`)).toBeNull();
  expect(await health()).toMatchObject([200, { status: 'degraded', writes: 'taken' }]);
});

test('failing read models say since when', async () => {
  // Read models that fail and try again say since when; with room again nothing is stale.
  const { db } = service.runtime.store;
  db.pragma('max_page_count = 1');
  clock = START + 7000;
  const many = Array.from({ length: 300 }, (_, n) => meeting(`full-${n}`));
  expect((await service.post(asLines(many), NDJSON)).status).toBe(200);
  await until(() => runner().status().failing !== null);
  // The first that had no room: what came before it was written.
  const missing = Number(await meetings());
  expect(await stale()).toMatchObject({ since: '2030-01-01T09:00:07.000+08:00', why: 'failing' });
  expect(missing).toBeLessThan(301);
  db.pragma('max_page_count = 1000000');
  await service.settled();
  expect([await meetings(), await stale()]).toEqual(['301', null]);
});

test('nobody is sent where no write succeeds', async () => {
  // While the log takes no write nobody is sent here; with the lock gone again they are.
  expect(await health()).toMatchObject([200, { status: 'ready', writes: 'taken', refused: null }]);
  const other = new Database(join(service.folder, 'log.db'));
  other.exec('BEGIN IMMEDIATE');
  const ended = Date.now() + 60_000;
  // A commit of just now is believed for a moment.
  while ((await health())[0] === 200 && Date.now() < ended) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await health()).toMatchObject([
    503,
    { status: 'not-ready', writes: 'refused', refused: expect.stringMatching(/locked/) as string },
  ]);
  expect((await service.get('/metrics')).text).toMatch(/^disclosure_writes_refused 1$/m);
  other.exec('ROLLBACK');
  other.close();
  expect(await health()).toMatchObject([200, { status: 'ready', writes: 'taken' }]);
  expect((await service.post(meeting('2'))).status).toBe(201);
});

test('nobody is sent where no key is made', async () => {
  // Nor while no key can be made for what is sealed.
  const other = new Database(join(service.folder, 'keys.db'));
  other.exec('BEGIN IMMEDIATE');
  const ended = Date.now() + 60_000;
  while ((await health())[0] === 200 && Date.now() < ended) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await health()).toMatchObject([503, { writes: 'refused' }]);
  other.close();
  expect(await health()).toMatchObject([200, { writes: 'taken' }]);
});

describe('what is behind, asked of a log elsewhere', () => {
  const mark = (more: Partial<Bookmark> = {}): Bookmark => ({
    name: 'contributions',
    position: '7',
    index: 3,
    recordedAt: START,
    stopped: null,
    ...more,
  });
  const stored = (stream: string, id: string): StoredEvent =>
    ({ id, stream, recordedAt: '2030-01-01T09:00:00.000+08:00' }) as unknown as StoredEvent;

  function about(readAll: () => Promise<readonly StoredEvent[]>, running: Running | null = null, ordered = false): Staleness {
    const log = { ordered, readAll } as unknown as TestService['runtime']['log'];
    return new Staleness({ log, store: service.runtime.store, now: () => clock, running: () => running });
  }
  const of = (staleness: Staleness, bound: Until = null): Promise<Stale | null> => staleness.of([mark()], bound);

  test('signed checkpoints are in no figure', async () => {
    clock = START + 60_000;
    expect(await of(about(async () => [stored('checkpoints', 'c')]))).toBeNull();
    const both = about(async () => [stored('checkpoints', 'c'), stored('meeting-a/1', 'e')]);
    expect(await of(both)).toEqual({ since: '2030-01-01T09:00:00.000+08:00', why: 'behind', eventId: 'e' });
    expect(await of(both, { index: 3 })).toBeNull();
    expect(await of(both, { index: 4 })).not.toBeNull();
  });

  test('a runner that gives up shows at once', async () => {
    // A runner that gave up, or tries again, is reported at once.
    const one = async (): Promise<StoredEvent[]> => [stored('meeting-a/1', 'e')];
    const since = '2030-01-01T09:00:00.000+08:00';
    const said = { since, eventId: 'e' };
    expect(await of(about(one, { failing: null, broken: 'a gap' }))).toEqual({ ...said, why: 'stopped', projection: 'journal' });
    expect(await of(about(one, { failing: 'full', broken: null }))).toEqual({ ...said, why: 'failing' });
    expect(await of(about(one, { failing: null, broken: null }))).toBeNull();
    expect(await of(about(async () => [], { failing: 'full', broken: null }))).toBeNull();
  });

  test.each([
    ['refuses', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('a log that %s shows after a second', async (_what, down) => {
    // A log that … hides what is missing: reported after a
    // second, since it last answered, and no answer waits for it.
    let answers: () => Promise<readonly StoredEvent[]> = async () => [];
    const staleness = about(() => answers());
    expect(await of(staleness)).toBeNull();
    answers = down;
    const ask = (position: string): Promise<Stale | null> => staleness.of([mark({ position })]);
    clock = START + 999;
    expect(await ask('8')).toBeNull();
    clock = START + 1000;
    expect(await ask('9')).toEqual({ since: '2030-01-01T09:00:00.000+08:00', why: 'failing' });
    expect(await staleness.of([mark({ position: '10' })], { index: 3 })).toBeNull();
  });

  test('it is asked once for many answers', async () => {
    let asked = 0;
    const staleness = about(async () => ((asked += 1), []));
    await Promise.all(Array.from({ length: 20 }, () => of(staleness)));
    expect(asked).toBe(1);
  });
});
