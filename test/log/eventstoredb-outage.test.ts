/**
 * The event log in EventStoreDB while its server dies or freezes: a server of these tests' own, started by
 * EVENTSTOREDB_COMMAND (see test/support/log-eventstoredb-server.ts). No rejection may get away in any of them: it
 * would end the process.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable, type EventLog } from '../../src/log/event-log.js';
import { EventStoreDbEventLog, type EventStoreDbOptions } from '../../src/log/eventstoredb-event-log.js';
import { freePort, OwnServer } from '../support/log-eventstoredb-server.js';
import { everything, expectSound, ids, newEvents, outcome } from '../support/log-events.js';
import { Follower } from '../support/log-follower.js';
import { Load } from '../support/log-load.js';
import { expectNothingUnhandled } from '../support/log-unhandled.js';
import { PATIENCE_MS, until } from '../support/until.js';

const { EVENTSTOREDB_URL: shared, EVENTSTOREDB_COMMAND: command } = process.env;

const PATIENT = { attemptTimeout: 10_000, retryFor: PATIENCE_MS };
const HASTY = { attemptTimeout: 500, retryFor: 1500 };
/** Begins a case, however long a busy machine takes to connect: the same append again is the same append. */
async function begin(log: EventLog): Promise<void> {
  const first = newEvents(1);
  await until(async () => !((await outcome(log.append('case', 'no-stream', first))) instanceof Error));
}

type Outage = Readonly<Record<string, (server: OwnServer, open: (options?: Partial<EventStoreDbOptions>) => EventLog) => Promise<void>>>;

const outage: Outage = {
  'a killed server loses and doubles no append': async (server, open) => {
    // Loses nothing acknowledged and stores nothing twice when the
    // server is killed with 64 appends in flight, and goes on by itself.
    const log = open(PATIENT);
    const load = new Load(log);
    for (let round = 0; round < 3; round += 1) {
      await load.more(400);
      await server.kill();
      await sleep(300);
      await server.restart();
    }
    await load.more(400);
    await load.stop();
    const stored = await everything(log);
    expectSound(stored);
    expect(ids(stored).sort()).toEqual([...load.acknowledged].sort());
  },

  'gives each event once over a server’s death': async (server, open) => {
    // Gives a subscriber every event once, in order, over the death of the server.
    const log = open(PATIENT);
    const load = new Load(log, 16);
    const followers = [new Follower(log), new Follower(open(PATIENT)), new Follower(log, null, () => sleep(20))];
    for (let round = 0; round < 2; round += 1) {
      await load.more(200);
      await server.kill();
      await sleep(1000);
      await server.restart();
    }
    await load.more(200);
    await load.stop();
    const stored = await everything(log);
    for (const follower of followers) {
      expect(ids(await follower.given(stored.length))).toEqual(ids(stored));
      await follower.stop();
    }
  },

  'the signal ends a subscription without a server': async (server, open) => {
    // Ends a subscription by its signal while the server is dead.
    const log = open(PATIENT);
    await log.append('case', 'no-stream', newEvents(1));
    const follower = new Follower(log);
    await follower.given(1);
    await server.kill();
    await sleep(500);
    await follower.stop();
    await server.restart();
  },

  'rejects in time while the server is frozen': async (server, open) => {
    // Rejects as unavailable within its time limits while the server is frozen, and works when it is not.
    const log = open(HASTY);
    await begin(log);
    const follower = new Follower(log);
    await follower.given(1);
    const events = newEvents(2);
    server.freeze();
    const calls = [log.append('case', 0, events), log.readStream('case', 0, 10), log.readAll(null, 10), log.head()];
    // A log of its own has no connection yet: it must not wait for one for ever.
    calls.push(open(HASTY).append('another', 'no-stream', newEvents(1)));
    for (const call of await Promise.all(calls.map(outcome<unknown>))) expect(call).toBeInstanceOf(StoreUnavailable);
    server.thaw();
    // It was not said whether they were stored: sent again, they are stored once.
    const again = open(PATIENT);
    expect((await again.append('case', 0, events)).revision).toBe(2);
    const stored = (await everything(again)).filter(({ stream }) => stream === 'case');
    expect(ids(stored.slice(1))).toEqual(ids(events));
    expect(ids((await follower.given(3)).filter(({ stream }) => stream === 'case'))).toEqual(ids(stored));
    await follower.stop();
  },

  'asks again before it sends again': async (server, open) => {
    // What was decided before a silence may hold no more behind it: then nothing is sent any more.
    const log = open(HASTY);
    await begin(log);
    server.freeze();
    let asked = 0;
    const still = async (): Promise<void> => {
      asked += 1;
      if (asked > 1) throw new StoreUnavailable('no more');
    };
    expect(await outcome(log.append('case', { revision: 0, still }, newEvents(1)))).toMatchObject({ message: 'no more' });
    expect(asked).toBe(2);
    server.thaw();
  },

  'outlives a server that freezes and dies': async (server, open) => {
    // Outlives a server that freezes, and then dies, with large appends on their way.
    const log = open({ attemptTimeout: 1000, retryFor: 2500 });
    await begin(log);
    server.freeze();
    // More than any buffer between here and there holds, so that messages wait to be written when the connection
    // breaks.
    const large = { data: { text: 'x'.repeat(200_000) } };
    const calls = Array.from({ length: 64 }, (_, lane) => outcome(log.append(`lane-${lane}`, 'no-stream', newEvents(1, large))));
    await sleep(1500);
    await server.kill();
    for (const call of await Promise.all(calls)) expect(call).toBeInstanceOf(StoreUnavailable);
    await server.restart();
    await sleep(500);
    expect((await open(PATIENT).append('case', 0, newEvents(1))).revision).toBe(1);
  },

  'rejects in time while the server is dead': async (server, open) => {
    // Rejects as unavailable within its time limits while the server is dead, also when it was dead from the start.
    const log = open(HASTY);
    await begin(log);
    await server.kill();
    for (const any of [log, open(HASTY)]) {
      const calls = [any.append('case', 0, newEvents(1)), any.readStream('case', 0, 10), any.readAll(null, 10), any.head()];
      for (const call of await Promise.all(calls.map(outcome<unknown>))) expect(call).toBeInstanceOf(StoreUnavailable);
    }
    await server.restart();
    expect((await open(PATIENT).append('case', 0, newEvents(1))).revision).toBe(1);
  },

  'reports loss and return of the server once': async (server, open) => {
    // Says once that the server is lost, and why, and once that it is back.
    const said: string[] = [];
    const log = open({ ...HASTY, notice: (line) => said.push(line) });
    await begin(log);
    expect([log.trouble, said.filter((line) => !line.endsWith('answers again'))]).toEqual([null, []]);
    await server.kill();
    await until(() => log.trouble);
    const address = `EventStoreDB at 127.0.0.1:${server.port}`;
    await until(() => said.includes(`${address} cannot be used: the connection is refused (ECONNREFUSED)`));
    await server.restart();
    await until(() => log.trouble === null);
    server.freeze();
    await until(() => log.trouble);
    expect(log.trouble).toBe(`${address} cannot be used: it takes connections, and gives no answer of EventStoreDB`);
    server.thaw();
    await until(() => log.trouble === null);
    expect(said.at(-1)).toBe(`${address} answers again`);
  },

  'leaves another server’s appends alone': async (server, open) => {
    const [healthy, dying] = [open({ url: shared as string, attemptTimeout: 2000 }), open(PATIENT)];
    const [unaffected, affected] = [new Load(healthy), new Load(dying)];
    await Promise.all([unaffected.more(300), affected.more(300)]);
    await server.kill();
    await unaffected.more(1000);
    await server.restart();
    await Promise.all([unaffected.more(300), affected.more(300)]);
    await Promise.all([unaffected.stop(), affected.stop()]);
    for (const [log, load] of [
      [healthy, unaffected],
      [dying, affected],
    ] as const) {
      const stored = await everything(log);
      expectSound(stored);
      expect(ids(stored).sort()).toEqual([...load.acknowledged].sort());
    }
  },

  'finds the server again by discovery': async (server, open) => {
    // Finds the server again by discovery, however long it was away.
    // Several hosts make the client look for a leader by gossip; it gives up after 10 attempts, 100 ms apart.
    const other = await freePort(server.port + 1);
    const log = open({ ...PATIENT, url: `esdb://127.0.0.1:${other},127.0.0.1:${server.port}?tls=false` });
    const load = new Load(log, 16);
    const follower = new Follower(log);
    await load.more(100);
    await server.kill();
    await sleep(4000);
    await server.restart();
    await load.more(100);
    await load.stop();
    const stored = await everything(log);
    expectSound(stored);
    expect(ids(stored).sort()).toEqual([...load.acknowledged].sort());
    expect(ids(await follower.given(stored.length))).toEqual(ids(stored));
    await follower.stop();
  },
};

if (shared === undefined || command === undefined) {
  const line = `EventStoreDB: EVENTSTOREDB_COMMAND is not set, ${Object.keys(outage).length} tests that kill or freeze a server did not run`;
  it(line, () => {
    process.stderr.write(`${line}\n`);
  });
} else {
  describe('the event log in EventStoreDB, its server dying', () => {
    let server: OwnServer;
    const opened: EventLog[] = [];
    expectNothingUnhandled();
    beforeAll(async () => {
      server = await OwnServer.start(command);
    });
    afterEach(async () => {
      server.thaw();
      await Promise.all(opened.splice(0).map((log) => log.close()));
    });
    afterAll(() => server.remove());

    for (const [title, run] of Object.entries(outage)) {
      it(title, () => {
        const namespace = `test-disclosure-${randomUUID()}-`;
        return run(server, (options) => {
          const log = new EventStoreDbEventLog({ url: server.url, namespace, ...options });
          opened.push(log);
          return log;
        });
      });
    }
  });
}
