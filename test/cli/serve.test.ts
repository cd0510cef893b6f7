/** `disclosure serve` as a process, and the other commands beside it on the same data folder. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Socket } from 'node:net';
import { getPriority, networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Table } from '../../src/tables/table.js';
import { fileOf, finishFolder, newFolder, run, serve, start, stop, type Finished, type Served } from '../support/cli.js';
import { AGENCY, message } from '../support/messages.js';
import { openCaughtUpWriter, openWriterOrHolder } from '../../src/runtime/open-writer.js';
import type { OpenOptions } from '../../src/runtime/stores.js';
import { WriterLock } from '../../src/runtime/writer-lock.js';
import { nicenessOf } from '../support/niceness.js';
import { asLines, BATCH, NDJSON, SINGLE } from '../support/service.js';
import { oneMoreItem, smallYear } from '../support/year.js';
import { PATIENCE_MS, until } from '../support/until.js';

const folder = newFolder();
const messages = smallYear();
let served: Served;

beforeAll(async () => {
  served = await serve({ folder });
});

afterAll(async () => {
  await stop(served);
  await finishFolder(folder);
});

const meeting = (number: string): ReturnType<typeof message> =>
  message('meeting.held', `meeting/${number}`, '2017-03-02T09:00:00+08:00', 'office', { title: '会议' });

function post(body: string, type = SINGLE): Promise<Response> {
  return fetch(`${served.url}/v1/events`, { method: 'POST', headers: { 'content-type': type }, body });
}

/** Every event id the service gives to an auditor, in order. */
async function storedIds(): Promise<string[]> {
  const stored: string[] = [];
  for (let after = ''; ;) {
    const answer = await fetch(`${served.url}/v1/events?limit=1000${after}`);
    // One that has just begun on a busy machine says when to ask again.
    if (answer.status === 503) {
      await sleep(1000 * Number(answer.headers.get('retry-after')));
      continue;
    }
    const page = (await answer.json()) as { events: { eventId: string }[]; next: string };
    stored.push(...page.events.map(({ eventId }) => eventId));
    if (page.events.length === 0) return stored;
    after = `&after=${page.next}`;
  }
}

/** The event ids of the receipts that say recorded. */
function recordedIds(lines: string): string[] {
  const receipts = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { status: string; eventIds: string[] });
  return receipts.filter(({ status }) => status === 'recorded').flatMap(({ eventIds }) => eventIds);
}

/** Ends the service by a signal. */
function endedBy(signal: 'SIGTERM' | 'SIGINT'): Promise<Finished> {
  served.child.kill(signal);
  return served.finished;
}

const table = ['table', '--agency', AGENCY, '--year', '2017', '--json'];

test('it prints its address on stderr alone', () => {
  // It says on stderr where it listens, and nothing on stdout.
  expect(served.stderr()).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+$/m);
  expect(Number(new URL(served.url).port)).toBeGreaterThan(0);
});

test('an import beside it goes through it', async () => {
  const finished = await run(['import', fileOf(folder, 'year.ndjson', asLines(messages)), '--json'], { folder });
  expect({ code: finished.code, stderr: finished.stderr }).toMatchObject({ code: 0 });
  expect(finished.json()).toEqual({ recorded: messages.length, duplicate: 0, refused: 0, refusals: [] });
  const { events } = (await (await fetch(`${served.url}/v1/events?limit=1000`)).json()) as { events: unknown[] };
  expect(events).toHaveLength(messages.length);
});

if (process.platform === 'linux') {
  test('an import beside it gives way', async () => {
    // Who asks the service goes first where all cores are busy.
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { child, finished } = start(['import', pipe, '--json'], { folder });
    await until(() => nicenessOf(String(child.pid)).includes(getPriority() + 10));
    writeFileSync(pipe, asLines([meeting('waited')]));
    expect((await finished).json()).toMatchObject({ recorded: 1 });
  });
}

test('an import beside it reports the same', async () => {
  // An import beside it has the line numbers, codes and exit code of one without it.
  const lines = [
    JSON.stringify(meeting('beside')),
    '',
    '{"cut":',
    JSON.stringify({ ...meeting('huge'), data: { title: 'x'.repeat(20_000_000) } }),
    JSON.stringify({ ...meeting('nobody'), agency: 'nobody' }),
    JSON.stringify(messages[0]),
  ].join('\n');
  const finished = await run(['import', '-', '--json'], { folder, input: lines });
  expect(finished.code).toBe(1);
  const result = finished.json<{
    recorded: number;
    duplicate: number;
    refused: number;
    refusals: { line: number; error: { code: string } }[];
  }>();
  expect(result).toMatchObject({ recorded: 1, duplicate: 1, refused: 3 });
  expect(result.refusals.map(({ line, error }) => [line, error.code])).toEqual([
    [3, 'malformed'],
    [4, 'too-large'],
    [5, 'unknown-agency'],
  ]);
});

test('reads beside it see the latest records', async () => {
  // Table, explain, trail and refusals read beside it, with what it just recorded.
  expect((await post(JSON.stringify(oneMoreItem('beside')), BATCH)).status).toBe(200);
  const [shown, explained, trail, refusals] = await Promise.all([
    run(table, { folder }),
    run(['explain', '--agency', AGENCY, '--year', '2017', '--cell', '1.1', '--json'], { folder }),
    run(['trail', '--agency', AGENCY, '--case', 'publication/beside', '--json'], { folder }),
    run(['refusals', '--json'], { folder }),
  ]);
  expect([shown.code, explained.code, trail.code, refusals.code]).toEqual([0, 0, 0, 0]);
  expect(shown.json<Table>().rows.find(({ code }) => code === '1.1')?.value).toBe('3');
  const live: unknown = await (await fetch(`${served.url}/v1/agencies/${AGENCY}/tables/2017`)).json();
  expect(shown.json()).toEqual(live);
  expect(explained.json<{ events: unknown[] }>().events).toHaveLength(3);
  expect(trail.json<{ entries: unknown[] }>().entries).toHaveLength(5);
  const { refusals: overHttp } = (await (await fetch(`${served.url}/v1/refusals`)).json()) as { refusals: Record<string, unknown>[] };
  expect(refusals.json()).toEqual({ refusals: overHttp.map(({ agency: _agency, subject: _subject, ...kept }) => kept) });
});

test('replay beside it is equal, even while recording', async () => {
  // Replay beside it is equal, at rest and while it records.
  const rest = await run(['replay', '--json'], { folder });
  expect([rest.code, rest.json()]).toEqual([0, expect.objectContaining({ equal: true })]);
  let recorded = 0;
  let writing = true;
  const writer = (async () => {
    while (writing || recorded <= 100) {
      const batch = Array.from({ length: 50 }, () => meeting(`while-replaying-${(recorded += 1)}`));
      expect((await post(asLines(batch), NDJSON)).status).toBe(200);
    }
  })();
  await until(() => recorded > 0);
  const busy = await run(['replay', '--json'], { folder });
  writing = false;
  await writer;
  expect(recorded).toBeGreaterThan(100);
  expect({ code: busy.code, ...busy.json<object>() }).toMatchObject({ code: 0, equal: true });
});

test('refusals --resend beside it goes through it', async () => {
  const { refusals } = (await run(['refusals', '--json'], { folder })).json<{ refusals: { refusalId: string }[] }>();
  const finished = await run(['refusals', '--resend', refusals[0]?.refusalId ?? '', '--json'], { folder });
  expect([finished.code, finished.json()]).toEqual([1, expect.objectContaining({ status: 'refused' })]);
});

test('a second service exits 3, naming the first', async () => {
  // A second one on the same folder exits 3 and says who holds it.
  const second = await run(['serve', '--port', '0'], { folder });
  expect([second.code, second.signal]).toEqual([3, null]);
  expect(second.stderr).toContain(String(served.child.pid));
  expect(second.stderr).toContain(served.url);
});

// On a folder that a command holds for a moment.
describe('on a briefly held folder', () => {
  let own: string;
  let lock: WriterLock | null;
  let taken: jest.SpyInstance;

  beforeEach(() => {
    own = newFolder();
    mkdirSync(join(own, 'data'));
    lock = WriterLock.take(join(own, 'data'));
    taken = jest.spyOn(WriterLock, 'take');
  });

  afterEach(() => {
    taken.mockRestore();
    lock?.release();
    rmSync(own, { recursive: true, force: true });
  });

  /** Lets the folder go when it was found held. */
  async function letGo<T>(asked: Promise<T>): Promise<T> {
    await until(() => taken.mock.results.some(({ value }) => value === null));
    lock?.release();
    lock = null;
    return asked;
  }

  // How long is the only thing that is not as in a process: a busy machine must not make it too short.
  const options = (): OpenOptions => ({ config: { data: join(own, 'data'), eventStoreDbUrl: null }, holderMs: PATIENCE_MS });

  test('a service waits for it', async () => {
    const found = await letGo(openWriterOrHolder(options()));
    expect(found).toHaveProperty('runtime');
    if ('runtime' in found) await found.runtime.close();
  });

  test('an import waits for it', async () => {
    const found = await letGo(openCaughtUpWriter(options()));
    expect(found).toHaveProperty('runtime');
    if ('runtime' in found) await found.runtime.close();
  });

  test('neither waits for ever: both exit 3', async () => {
    // Neither waits for ever: both exit 3 and say who holds it.
    const both = await Promise.all([
      run(['serve', '--port', '0'], { folder: own }),
      run(['import', '-'], { folder: own, input: asLines(messages) }),
    ]);
    for (const { code, stderr } of both) expect([code, stderr]).toEqual([3, expect.stringContaining(`in use by process ${process.pid}`)]);
  });
});

test('it binds 127.0.0.1 only', async () => {
  // It binds 127.0.0.1 and no other address of this machine.
  const port = Number(new URL(served.url).port);
  const addresses = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address))
    .filter((address) => address !== '127.0.0.1');
  const open = (host: string): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ port, host, timeout: 60_000 });
      const settle = (value: boolean): void => {
        socket.destroy();
        resolve(value);
      };
      socket
        .on('connect', () => settle(true))
        .on('error', () => settle(false))
        .on('timeout', () => settle(false));
    });
  expect(await open('127.0.0.1')).toBe(true);
  for (const address of [...addresses, '127.0.0.2', '::1']) expect([address, await open(address)]).toEqual([address, false]);
});

describe('how it ends', () => {
  test('SIGTERM: it answers, exits 0, keeps everything', async () => {
    // SIGTERM: it answers what it has begun, exits 0, and everything acknowledged is there.
    const posts = Array.from({ length: 10 }, (_, n) =>
      post(asLines(Array.from({ length: 100 }, (__, m) => meeting(`last-${n}-${m}`))), NDJSON).then((answer) => answer.text()),
    );
    const answered = Promise.allSettled(posts);
    // One answer has come, others are on their way.
    await Promise.any(posts);
    const finished = await endedBy('SIGTERM');
    const acknowledged = (await answered).flatMap((answer) => (answer.status === 'fulfilled' ? recordedIds(answer.value) : []));
    served = await serve({ folder });
    const stored = new Set(await storedIds());
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.filter((eventId) => !stored.has(eventId))).toEqual([]);
    expect(finished).toMatchObject({ code: 0, signal: null, stdout: '' });
  });

  test('silent clients do not keep it running', async () => {
    // Clients that say nothing, or half a request, do not keep it from ending.
    const sockets = ['', `POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: ${SINGLE}\r\nContent-Length: 1000\r\n\r\n{"spec`].map(
      (said): Socket => {
        const socket = connect({ port: Number(new URL(served.url).port), host: '127.0.0.1' });
        socket.on('error', () => undefined).on('connect', () => socket.write(said));
        return socket;
      },
    );
    // They are there: whoever comes after them is answered.
    await until(() => sockets.every((socket) => !socket.connecting));
    expect((await fetch(`${served.url}/health/live`)).status).toBe(200);
    const ended = await endedBy('SIGINT');
    for (const socket of sockets) socket.destroy();
    served = await serve({ folder });
    expect(ended).toMatchObject({ code: 0, signal: null });
  });

  test('kill -9 loses and doubles nothing', async () => {
    // Kill -9 in the middle of posts: everything acknowledged is there afterwards, nothing twice.
    const acknowledged: string[] = [];
    const client = (async () => {
      for (let n = 0; ; n += 1) {
        const answer = await post(asLines(Array.from({ length: 20 }, (_, m) => meeting(`killed-${n}-${m}`))), NDJSON).catch(() => null);
        const text = (await answer?.text().catch(() => null)) ?? null;
        if (text === null) return;
        acknowledged.push(...recordedIds(text));
      }
    })();
    await until(() => acknowledged.length >= 200);
    served.child.kill('SIGKILL');
    expect((await served.finished).signal).toBe('SIGKILL');
    await client;
    served = await serve({ folder });
    const stored = await storedIds();
    expect(new Set(stored).size).toBe(stored.length);
    const found = new Set(stored);
    expect(acknowledged.filter((eventId) => !found.has(eventId))).toEqual([]);
  });
});

test('very many short lines do not stop it', async () => {
  // A body of very many very short lines does not take the service down.
  const own = newFolder();
  const small = await serve({ folder: own, env: { NODE_OPTIONS: '--max-old-space-size=192' } });
  const body = '1\n'.repeat(500_000);
  const answer = await fetch(`${small.url}/v1/events`, { method: 'POST', headers: { 'content-type': NDJSON }, body }).catch(() => null);
  let bytes = 0;
  if (answer?.body != null) for await (const chunk of answer.body) bytes += (chunk as Uint8Array).length;
  const alive = await fetch(`${small.url}/health/live`).catch(() => null);
  small.child.kill('SIGKILL');
  const { stderr } = await small.finished;
  rmSync(own, { recursive: true });
  expect({ alive: alive?.status, stderr: stderr.slice(0, 300) }).toMatchObject({ alive: 200 });
  // Either every line has its receipt, or the whole was refused as too much at once.
  expect([200, 413]).toContain(answer?.status);
  expect(bytes).toBeGreaterThan(0);
});
