/**
 * What only the embedded log promises: shared commits, what a failed commit takes along, readers in other processes,
 * time over restarts.
 */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StoreUnavailable } from '../../src/log/event-log.js';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { budget } from '../support/budget.js';
import { runUntilKilled, startScript } from '../support/kill-writer.js';
import { everything, expectSound, ids, newEvents, outcome } from '../support/log-events.js';
import { Follower } from '../support/log-follower.js';
import { Load } from '../support/log-load.js';
import { commitsInWal } from '../support/log-wal.js';
import { PATIENCE_MS, until } from '../support/until.js';

const HOUR = 3_600_000;

/** What log-full-disk.mjs says: the events, what became of each, which were sent again, what became of those. */
interface FullDisk {
  readonly ids: readonly string[];
  readonly first: readonly string[];
  readonly again: readonly number[];
  readonly second: readonly string[];
  /** Whether it said that appends are taken, behind the failed ones and behind those sent again. */
  readonly refused: string;
  readonly taken: string;
}

describe('the thread that commits to SQLite', () => {
  const dies = pathToFileURL(join(__dirname, '../support/commit-thread-dies.mjs'));
  let folder = '';
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'disclosure-test-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('loses and doubles nothing where it dies', async () => {
    // Before a commit or behind one, with 64 appends in flight: the next one finds out what was stored.
    let deaths = 0;
    const notice = (line: string): void => void (deaths += Number(line.includes('the thread that commits died')));
    const log = new SqliteEventLog({ file: join(folder, 'log.sqlite'), thread: true, commitThread: dies, notice });
    const load = new Load(log);
    await until(() => deaths >= budget(5, 30) || load.rejections.length > 0);
    await load.stop();
    expect(load.rejections).toEqual([]);
    const stored = await everything(log);
    expectSound(stored);
    expect(ids(stored).sort()).toEqual([...load.acknowledged].sort());
    await log.close();
  });

  it('writes into no file put in its place', async () => {
    // Another ledger under the name of this one: the thread that is begun again must not take it for its own.
    const file = join(folder, 'log.sqlite');
    const log = new SqliteEventLog({ file, thread: true, commitThread: dies });
    await log.append('case', 'no-stream', newEvents(1));
    await rename(file, `${file}.away`);
    await new SqliteEventLog({ file }).close();
    for (let turn = 0; turn < 200; turn += 1)
      expect(await outcome(log.append('case', 'any', newEvents(1)))).toBeInstanceOf(StoreUnavailable);
    await log.close();
    const other = new SqliteEventLog({ file });
    expect(await everything(other)).toEqual([]);
    await other.close();
  });
});

describe.each([false, true])('the event log in SQLite, by a thread: %s', (thread) => {
  let folder = '';
  let file = '';
  const opened: SqliteEventLog[] = [];
  const open = (options: Partial<ConstructorParameters<typeof SqliteEventLog>[0]> = {}): SqliteEventLog => {
    const log = new SqliteEventLog({ file, thread, ...options });
    opened.push(log);
    return log;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'disclosure-test-'));
    file = join(folder, 'log.sqlite');
  });
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
    await rm(folder, { recursive: true });
  });

  it('commits simultaneous appends together, others alone', async () => {
    // Commits appends made at the same moment together, and those made one after the other each on its own.
    const log = open();
    await log.append('first', 'no-stream', newEvents(1));
    const before = commitsInWal(file);
    for (let index = 0; index < 10; index += 1) await log.append('case', 'any', newEvents(1));
    expect(commitsInWal(file)).toBe(before + 10);
    await Promise.all(Array.from({ length: 200 }, (_, lane) => log.append(`lane-${lane}`, 'no-stream', newEvents(1))));
    expect(commitsInWal(file)).toBe(before + 11);
  });

  it('rejects what follows a failed commit, then recovers', async () => {
    // Rejects every append behind a commit that failed, keeps every one before it, and goes on when there is room.
    const said: string[] = [];
    // 2 MiB: room for every small append, not for the large ones (in units of 512 bytes).
    const { ended } = startScript('log-full-disk.mjs', [file, String(thread)], (line) => said.push(line), 'ulimit -f 4096');
    expect(await ended).toMatchObject({ code: 0, signal: null, complaints: '' });
    const { ids: sent, first, again, second, refused, taken } = JSON.parse(said.join('')) as FullDisk;
    const failed = first.findIndex((result) => result !== 'stored');
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(704);
    expect(first.slice(failed).filter((result) => !/^StoreUnavailable SQLITE_(FULL|IOERR)/.test(result))).toEqual([]);
    expect(second).toEqual(['stored', 'stored']);
    expect([refused, taken]).toEqual([expect.stringMatching(/^StoreUnavailable SQLITE_(FULL|IOERR)/), 'stored']);
    const stored = await everything(open());
    expectSound(stored);
    expect(ids(stored)).toEqual([...sent.slice(0, failed), ...again.map((index) => sent[index])]);
  });

  it('keeps the order of one caller’s appends', async () => {
    // Takes appends of one caller who does not wait in the order they were made.
    const log = open();
    expect(log.ordered).toBe(true);
    const events = newEvents(1500);
    await Promise.all(events.map((event, index) => log.append('case', index === 0 ? 'no-stream' : index - 1, [event])));
    expect(ids(await everything(log))).toEqual(ids(events));
  });

  it('wakes its own subscribers with the commit', async () => {
    // One that only looked now and then would not see the first of them before the runner's limit.
    const log = open({ pollMs: PATIENCE_MS });
    const follower = new Follower(log);
    await follower.until(() => follower.caughtUp);
    for (let index = 1; index <= 40; index += 1) {
      await log.append('case', 'any', newEvents(1));
      await follower.until(() => follower.events.length === index);
    }
    await follower.stop();
  });

  it('another process follows it past its writer’s death', async () => {
    // Is followed by a reader in another process, over the death of the writer.
    const target = { adapter: 'sqlite', options: { file, thread } } as const;
    const acknowledged = await runUntilKilled(target, { afterAcks: 20, andMs: 0 });
    // No writer is alive: what it left in the write-ahead log must be there all the same.
    const log = open({ readonly: true });
    const follower = new Follower(log);
    await follower.until(() => follower.caughtUp);
    for (let round = 0; round < 2; round += 1) acknowledged.push(...(await runUntilKilled(target, { afterAcks: 100, andMs: 20 })));
    const stored = await everything(log);
    expectSound(stored);
    expect(await follower.given(stored.length)).toEqual(stored);
    await follower.stop();
    const there = new Set(ids(stored));
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  });

  it('can be read without a writer, not written', async () => {
    // Can be read while no writer has it open, and not be written by a reader.
    await open().append('case', 'no-stream', newEvents(3));
    await opened.pop()?.close();
    const reader = open({ readonly: true });
    expect(await everything(reader)).toHaveLength(3);
    expect(await outcome(reader.append('case', 2, newEvents(1)))).toBeInstanceOf(StoreUnavailable);
    expect(await everything(reader)).toHaveLength(3);
  });

  it('makes no log for a reader', () => {
    // Does not make a log for a reader where there is none.
    expect(() => open({ readonly: true })).toThrow(/unable to open database file|directory does not exist/);
  });

  it('never goes back over a restart', async () => {
    // Never goes back in time over a restart with the clock set back.
    const start = Date.parse('2017-03-02T01:00:00Z');
    await open({ now: () => start }).append('case', 'no-stream', newEvents(1));
    await opened.pop()?.close();
    const log = open({ now: () => start - HOUR });
    await log.append('another', 'no-stream', newEvents(1));
    expect((await everything(log)).map((event) => Date.parse(event.recordedAt) - start)).toEqual([0, 0]);
  });
});
