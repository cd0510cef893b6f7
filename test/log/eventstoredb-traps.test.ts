/**
 * The traps of @eventstore/db-client 6.2.1, and where each is held:
 *  1 one map of pending appends for all clients of a thread: one thread for each log, which may die ('deaths of its
 *  thread …', 'outlives other logs …' here; 'leaves the appends …', 'outlives a server …' in outage)
 *  2 an id that is no UUID ends the process refused before the client sees it: here, and in the contract (refusing)
 *  3 data that is no JSON ends the process           the same
 *  4 appends have no deadline, frozen servers        outage: 'rejects as unavailable within its time limits …'
 *  5 throwOnAppendFailure=false gives wrong numbers  refused: here
 *  6 names and messages of errors say nothing        our own errors: here
 *  7 "not ready" has many faces                      outage: every restart
 *  8 1 MiB a call                                    contract (refusing: the largest sizes)
 *  9 empty appends succeed, an id twice is stored contract (refusing) 10 a disposed client works on contract (reading:
 *  'is unavailable once closed …') 11 inclusive here, exclusive there contract (reading, subscribing). Deleted streams:
 *  nothing here deletes 12 a retry answers with its original place contract (retrying)
 */
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidEvent, StoreUnavailable, WrongExpectedRevision, type EventLog, type NewEvent } from '../../src/log/event-log.js';
import { EventStoreDbEventLog } from '../../src/log/eventstoredb-event-log.js';
import { budget } from '../support/budget.js';
import { freePort } from '../support/log-eventstoredb-server.js';
import { everything, expectSound, ids, newEvent, newEvents, outcome } from '../support/log-events.js';
import { Follower } from '../support/log-follower.js';
import { Load } from '../support/log-load.js';
import { expectNothingUnhandled } from '../support/log-unhandled.js';
import { PATIENCE_MS, until } from '../support/until.js';

const url = process.env['EVENTSTOREDB_URL'];

const threadThat = (does: string): URL => new URL(`file://${join(__dirname, `../support/append-thread-${does}.mjs`)}`);

const opened: EventLog[] = [];

function open(options: ConstructorParameters<typeof EventStoreDbEventLog>[0]): EventLog {
  const log = new EventStoreDbEventLog(options);
  opened.push(log);
  return log;
}

describe('the client of EventStoreDB, without a server', () => {
  expectNothingUnhandled();
  afterEach(() => Promise.all(opened.splice(0).map((log) => log.close())));

  it('refuses a connection string that falsifies revisions', () => {
    // Does not take a connection string that makes wrong revisions be reported.
    for (const key of ['throwOnAppendFailure', 'throwonappendfailure', 'throw-on-append-failure']) {
      expect(() => open({ url: `esdb://127.0.0.1:2113?tls=false&${key}=false` })).toThrow('take it out of EVENTSTOREDB_URL');
    }
  });

  it('takes the connection string of a cluster', () => {
    for (const hosts of ['one:2113,two:2113,three:2113', 'user:p%40ss@one:2113,two:2113', 'one']) {
      expect(() => open({ url: `esdb://${hosts}?tls=false` })).not.toThrow();
    }
  });

  it('names an unreachable store in time, with cause', async () => {
    // Says that the store is unavailable when nobody listens, within its time limits, and why.
    const log = open({ url: `esdb://127.0.0.1:${await freePort(2400)}?tls=false`, attemptTimeout: 300, retryFor: 600 });
    const calls = [log.append('case', 'no-stream', newEvents(1)), log.readStream('case', 0, 1), log.readAll(null, 1), log.head()];
    for (const call of await Promise.all(calls.map(outcome<unknown>))) {
      expect(call).toBeInstanceOf(StoreUnavailable);
      // The client's own errors have no message worth the name; the first thing it met is kept as the cause.
      const { name, message, cause } = call as StoreUnavailable;
      expect([name, message === '', cause instanceof Error || message.startsWith('no answer')]).toEqual(['StoreUnavailable', false, true]);
    }
  });

  it('ends a subscription when nobody listens', async () => {
    // Ends a subscription by its signal, and by closing the log, when nobody listens.
    const log = open({ url: `esdb://127.0.0.1:${await freePort(2400)}?tls=false`, attemptTimeout: 300, retryFor: 600 });
    const [signalled, closed] = [new Follower(log), new Follower(log)];
    // Asked after them, and given up: by now they have tried.
    expect(await outcome(log.head())).toBeInstanceOf(StoreUnavailable);
    await signalled.stop();
    await log.close();
    await closed.end();
    expect([...signalled.batches, ...closed.batches]).toEqual([]);
  });
});

// The line that says so when there is no server is printed by eventstoredb-event-log.test.ts.
if (url !== undefined) {
  describe('the client of EventStoreDB', () => {
    let namespace = '';
    expectNothingUnhandled();
    beforeEach(() => {
      namespace = `test-disclosure-${randomUUID()}-`;
    });
    afterEach(() => Promise.all(opened.splice(0).map((log) => log.close())));

    it('keeps out what would crash the process', async () => {
      // Never sees what would end the process: ids, types and data that the server or the client cannot take.
      const log = open({ url, namespace });
      await log.append('case', 'no-stream', newEvents(1));
      const bad: Partial<NewEvent>[] = [{ id: 'no-uuid' }, { type: '' }, { data: { amount: 10n } }, { data: [] as never }];
      for (const over of bad) expect(await outcome(log.append('case', 'any', [newEvent(over)]))).toBeInstanceOf(InvalidEvent);
      // The client's second reply for such a call comes about 2 s later.
      await sleep(2500);
      expect((await log.append('case', 0, newEvents(1))).revision).toBe(1);
    });

    it('outlives other logs closing and opening', async () => {
      // Outlives a log that is closed, and one that is opened, with appends of others in flight.
      const [staying, leaving] = [open({ url, namespace }), open({ url, namespace: `${namespace}other-` })];
      const load = new Load(staying, 32);
      const left = Array.from({ length: 32 }, (_, lane) => outcome(leaving.append(`lane-${lane}`, 'no-stream', newEvents(1))));
      await load.more(50);
      await leaving.close();
      const coming = open({ url, namespace: `${namespace}coming-` });
      await Promise.all(Array.from({ length: 32 }, (_, lane) => coming.append(`lane-${lane}`, 'no-stream', newEvents(1))));
      await load.more(200);
      await load.stop();
      for (const call of await Promise.all(left)) if (call instanceof Error) expect(call).toBeInstanceOf(StoreUnavailable);
      expectSound(await everything(coming));
    });

    it('deaths of its thread lose and double nothing', async () => {
      // The thread that appends dies at random with 64 appends in flight, 30 times with the long budget.
      let deaths = 0;
      const notice = (line: string): void => void (deaths += Number(line.includes('the thread that appends died')));
      const appendThread = threadThat('dies');
      const log = open({ url, namespace, appendThread, notice, retryFor: PATIENCE_MS });
      const load = new Load(log);
      await until(() => deaths >= budget(3, 30) || load.rejections.length > 0);
      await load.more(1);
      await load.stop();
      const stored = await everything(log);
      expectSound(stored);
      expect(ids(stored).sort()).toEqual([...load.acknowledged].sort());
    });

    it('what its thread sends is judged shortly before', async () => {
      // What was decided before a thread was ready may hold no more when it is: it is asked again, not sent.
      let asked = 0;
      const still = async (): Promise<void> => void (asked += 1);
      const log = open({ url, namespace, appendThread: threadThat('late'), retryFor: PATIENCE_MS });
      expect(await log.append('case', { revision: 'no-stream', still }, newEvents(1))).toMatchObject({ revision: 0 });
      expect(asked).toBeGreaterThan(1);
    });

    it('wrong revisions give errors that say why', async () => {
      // Tells wrong revisions by errors that say what was wrong.
      const log = open({ url, namespace });
      await log.append('case', 'no-stream', newEvents(3));
      expect(await outcome(log.append('case', 0, newEvents(1)))).toMatchObject({
        name: 'WrongExpectedRevision',
        message: 'stream case: expected 0, found 2',
        actual: 2,
      });
      expect(await outcome(log.append('none', 'stream-exists', newEvents(1)))).toMatchObject({
        message: 'stream none: expected stream-exists, found no stream',
        actual: null,
      });
    });

    it('shares streams between logs of one namespace', async () => {
      // Shares streams between logs of one namespace, as two processes do.
      const [one, two] = [open({ url, namespace }), open({ url, namespace })];
      const events = newEvents(2);
      const original = await one.append('case', 'no-stream', events);
      expect(await two.append('case', 'no-stream', events)).toEqual({ ...original, already: true });
      expect(await one.append('case', 'no-stream', events)).toEqual(original);
      const rivals = await Promise.all([one, two].map((log) => outcome(log.append('case', 1, newEvents(1)))));
      expect(rivals.filter((rival) => rival instanceof WrongExpectedRevision)).toHaveLength(1);
      expect(await everything(one)).toEqual(await everything(two));
      expect(await everything(two)).toHaveLength(3);
    });

    it('sees nothing of other namespaces', async () => {
      const [mine, other] = [open({ url, namespace }), open({ url, namespace: `other-${namespace}` })];
      const follower = new Follower(mine);
      for (let index = 0; index < 3; index += 1) await other.append(`case-${index}`, 'no-stream', newEvents(2));
      expect(await mine.head()).toBeNull();
      const { position } = await mine.append('case-1', 'no-stream', newEvents(1));
      await other.append('case-9', 'no-stream', newEvents(1));
      expect(await mine.head()).toBe(position);
      expect(await everything(mine)).toEqual(await follower.given(1));
      expect(await mine.readStream('case-0', 0, 10)).toEqual([]);
      await follower.stop();
    });

    it('catches up only when everything is given', async () => {
      // Says that it has caught up only with everything given, also when the end stands just behind what it holds for a
      // reader. The adapter pauses the subscription at 4096 events; the client holds up to 16 more, and may say "caught
      // up" past those.
      for (const extra of [1, 6, 11]) {
        const log = open({ url, namespace: `${namespace}${extra}-` });
        // A large first event comes alone, so that the reader is busy with it while the others come.
        await log.append('case', 'no-stream', newEvents(1, { data: { text: 'x'.repeat(500_000) } }));
        for (let end = 0; end < 4096 + extra; end += 512) {
          await log.append('case', end, newEvents(Math.min(512, 4096 + extra - end), { data: {}, metadata: {} }));
        }
        const follower = new Follower(log, null, () => sleep(500));
        await follower.until(() => follower.caughtUp);
        expect(follower.events).toHaveLength(1 + 4096 + extra);
        await follower.stop();
      }
    });

    it('gives batches on the way, first at once', async () => {
      // Gives events in batches on the way to the end, though the client gives one at a time, and the first at once.
      const log = open({ url, namespace });
      for (let end = 0; end < 2500; end += 500) await log.append(`case-${end}`, 'no-stream', newEvents(500, { data: {}, metadata: {} }));
      const sizes: number[] = [];
      for await (const { events, caughtUp } of log.subscribe(null, new AbortController().signal)) {
        sizes.push(events.length);
        if (caughtUp) break;
      }
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2500);
      expect(sizes[0]).toBeLessThan(500);
      expect(sizes.length).toBeLessThan(250);
    });

    it('stops a reader at a foreign event', async () => {
      // Stops a reader at an event that this ledger did not write, and gives nothing behind it.
      const log = open({ url, namespace });
      const before = newEvents(2);
      await log.append('case', 'no-stream', before);
      const client = EventStoreDBClient.connectionString(url);
      await client.appendToStream(`${namespace}case`, jsonEvent({ type: 'Foreign', data: {} }));
      await client.dispose();
      await log.append('case', 2, newEvents(2));
      const follower = new Follower(log);
      await expect(follower.until(() => follower.caughtUp)).rejects.toThrow('was not written by this ledger');
      expect(ids(before).slice(0, follower.events.length)).toEqual(ids(follower.events));
      expect(await outcome(log.readAll(null, 10))).toBeInstanceOf(Error);
    });
  });
}
