/** A long way to the end of a log is read ahead: each event comes once and in order, wherever that ends. */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch, StoredEvent } from '../../src/log/event-log.js';
import { onwards } from '../../src/log/eventstoredb-follow.js';
import { EventStoreDbEventLog } from '../../src/log/eventstoredb-event-log.js';
import { readInThread } from '../../src/log/read-thread/reader.js';
import { budget } from '../support/budget.js';
import { everything, newEvents } from '../support/log-events.js';
import { Follower } from '../support/log-follower.js';
import { PATIENCE_MS } from '../support/until.js';

const support = (file: string): URL => new URL(`file://${join(__dirname, `../support/${file}`)}`);
const numbered = (from: number, to: number): StoredEvent[] =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ position: String(from + at) }) as StoredEvent);

async function* pages(from: number, end: number, size: number): AsyncGenerator<StoredEvent[]> {
  for (let next = from; next <= end; next += size) yield numbered(next, Math.min(end, next + size - 1));
}

describe('a log of 10,000 events', () => {
  const END = 10_000;

  /** Read ahead up to `reached`; gives positions that came, and behind which each way was begun. */
  async function read(after: string | null, reached: number) {
    const begun: string[] = [];
    async function* follow(behind: string | null): AsyncGenerator<Batch> {
      begun.push(`follow ${behind}`);
      for await (const events of pages(Number(behind) + 1, END, 500)) yield { events, caughtUp: events.at(-1)?.position === String(END) };
    }
    async function* ahead(behind: string | null): AsyncGenerator<StoredEvent[]> {
      begun.push(`ahead ${behind}`);
      yield* pages(Number(behind) + 1, reached, 300);
    }
    const came: number[] = [];
    let caughtUp = 0;
    for await (const batch of onwards(after, { follow, ahead })) {
      came.push(...batch.events.map(({ position }) => Number(position)));
      caughtUp += Number(batch.caughtUp);
    }
    return { begun, came, caughtUp };
  }

  test.each([0, 4000, 4001, 7777, 9999])('comes once where reading ahead ends at %d', async (reached) => {
    const { begun, came, caughtUp } = await read(null, reached);
    expect(came).toEqual(Array.from({ length: END }, (_, at) => at + 1));
    expect(begun).toEqual(['follow null', 'ahead 4000', `follow ${Math.max(4000, reached)}`]);
    expect(caughtUp).toBe(1);
  });

  test('a short way is only followed', async () => {
    const { begun, came } = await read('6500', END);
    expect(begun).toEqual(['follow 6500']);
    expect(came).toHaveLength(3500);
  });
});

describe('its thread', () => {
  const entry = support('read-thread.mjs');

  async function given(does: string, { patience = PATIENCE_MS, take = Infinity } = {}): Promise<string[]> {
    const end = new AbortController();
    const begun = { url: '', namespace: does, after: '10' };
    const positions: string[] = [];
    for await (const events of readInThread(begun, { stop: end.signal, patience, heard: () => undefined, entry })) {
      positions.push(...events.map(({ position }) => position));
      if (positions.length >= take) end.abort();
    }
    return positions;
  }
  const upTo = (count: number): string[] => numbered(11, 10 + count).map(({ position }) => position);

  test('gives everything and ends', async () => {
    expect(await given('ends 50')).toEqual(upTo(100));
    expect(await given('ends 0')).toEqual([]);
  });

  test('gives what it had when it dies', async () => {
    const positions = await given('dies 20');
    expect(positions).toEqual(upTo(positions.length));
    expect(positions.length).toBeLessThanOrEqual(40);
  });

  test('is not waited for without end', async () => {
    const positions = await given('stops 3', { patience: 300 });
    expect(positions).toEqual(upTo(positions.length));
  });

  test('ends when nobody reads on', async () => {
    expect(await given('stops 30', { take: 10 })).toEqual(upTo(10));
  });

  test('nothing is begun where all is over', async () => {
    const options = { stop: AbortSignal.abort(), patience: PATIENCE_MS, heard: () => undefined, entry };
    expect(await readInThread({ url: '', namespace: 'stops 0', after: null }, options).next()).toMatchObject({ done: true });
  });

  test('a file that is none is no error', async () => {
    const missing = readInThread(
      { url: '', namespace: '', after: null },
      { stop: new AbortController().signal, patience: PATIENCE_MS, heard: () => undefined, entry: support('none.mjs') },
    );
    expect(await missing.next()).toMatchObject({ done: true });
  });
});

const url = process.env['EVENTSTOREDB_URL'];
(url === undefined ? describe.skip : describe)('over EventStoreDB', () => {
  const namespace = `t-${randomUUID()}-`;
  const counted = join(tmpdir(), `${namespace}ahead`);
  let stored: StoredEvent[] = [];
  beforeAll(async () => {
    const log = new EventStoreDbEventLog({ url: url ?? '', namespace });
    for (let stream = 0; stream < 60; stream += 1) await log.append(`stream-${stream}`, 'no-stream', newEvents(200));
    stored = await everything(log);
    await log.close();
  });
  afterAll(() => rmSync(counted, { force: true }));

  async function followed(thread: string): Promise<StoredEvent[]> {
    const log = new EventStoreDbEventLog({ url: url ?? '', namespace, readThread: support(thread) });
    const follower = new Follower(log);
    await follower.until(() => follower.caughtUp);
    await follower.stop();
    await log.close();
    return follower.events;
  }

  test('the thread gives what the log holds', async () => {
    expect(await followed('read-thread-counts.mjs')).toEqual(stored);
    // All but what was followed before, and what a subscription gave at once.
    expect(Number(readFileSync(counted, 'utf8'))).toBeGreaterThan(2000);
  });

  test('its death is not noticed', async () => {
    for (let times = 0; times < budget(4, 30); times += 1) expect(await followed('read-thread-dies.mjs')).toEqual(stored);
  });
});
