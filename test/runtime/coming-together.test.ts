/** At the end of the log many events are applied together, and nobody is kept waiting who waits for them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import type { Follower } from '../../src/read-models/follower.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { ProjectionRunner } from '../../src/read-models/runner.js';
import { FollowerThread } from '../../src/runtime/thread/follower-thread.js';
import { newEvents } from '../support/log-events.js';
import { PATIENCE_MS } from '../support/until.js';

/** Longer than any test: who is not told that somebody waits never comes to the end. */
const FOR_EVER = 2 ** 30;
const EVENTS = 40;

let folder: string;
let log: SqliteEventLog;
let store: ReadStore;
let follower: Follower;

function begin(thread: boolean): void {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-test-'));
  log = new SqliteEventLog({ file: join(folder, 'log.db') });
  const file = join(folder, 'read.db');
  new ReadStore(file).close();
  store = new ReadStore(file, { writtenByThread: thread });
  const nothing = (): void => undefined;
  const config = { data: folder, eventStoreDbUrl: null };
  follower = thread
    ? new FollowerThread({ config, log, store, notice: nothing, erased: nothing, died: nothing, together: FOR_EVER })
    : new ProjectionRunner(log, store, { together: FOR_EVER });
  follower.start();
}

afterEach(async () => {
  await follower.stop();
  await log.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The journal takes whatever there is; read models stop before types that they do not know. */
const applied = (): number => (follower.status().bookmarks[0]?.index ?? -1) + 1;

/** Each acknowledged before the next. */
async function append(stream: string, count: number): Promise<void> {
  const events = newEvents(count);
  for (const [at, event] of events.entries()) await log.append(stream, at === 0 ? 'no-stream' : at - 1, [event]);
}

describe.each([
  ['here', false],
  ['in a thread', true],
])('%s', (_, thread) => {
  test('many events wait for those behind them', async () => {
    begin(thread);
    expect(await follower.started(PATIENCE_MS)).toBe(true);
    await append('first', EVENTS);
    await sleep(200);
    expect(applied()).toBeLessThan(EVENTS);
  });

  test('whoever waits ends the pause', async () => {
    begin(thread);
    expect(await follower.started(PATIENCE_MS)).toBe(true);
    for (const round of ['first', 'second', 'third']) {
      await append(round, EVENTS);
      expect(await follower.caughtUp(PATIENCE_MS)).toBe(true);
    }
    expect(applied()).toBe(3 * EVENTS);
  });

  test('a stop ends the pause', async () => {
    begin(thread);
    expect(await follower.started(PATIENCE_MS)).toBe(true);
    await append('first', EVENTS);
    await follower.stop();
    expect(applied()).toBeLessThanOrEqual(EVENTS);
  });
});
