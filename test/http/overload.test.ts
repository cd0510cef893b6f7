/** What the service does when more is asked of it than it holds, and with clients that stop: on real connections. */
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { WIRE_LIMITS, type WireLimits } from '../../src/http/wire/below-router.js';
import { setUp } from '../support/messages.js';
import { rawConnection, sendBytes, addressed, HOST, type RawAnswer } from '../support/raw-http.js';
import { good } from '../support/refused.js';
import { NDJSON, startService, type TestService } from '../support/service.js';
import { until } from '../support/until.js';

const KIB = 1024;
const linger = { silentMs: 200, allMs: 400, bytes: 1024 * KIB };
const LIMITS: WireLimits = {
  ...WIRE_LIMITS,
  linger,
  load: { requests: 3, bodyBytes: 64 * KIB, caller: { requests: 3, bodyBytes: 64 * KIB, feeds: 2 }, connections: 20, feeds: 2 },
};

let service: TestService;
let url: string;

beforeAll(async () => {
  service = await startService({ limits: LIMITS });
  await service.record(...setUp());
  url = await service.listen();
});

afterAll(() => service.finish());

const head = (first: string, ...headers: readonly string[]): string => [first, `Host: ${HOST}`, ...headers, '', ''].join('\r\n');
const post = (...headers: readonly string[]): string => head('POST /v1/events HTTP/1.1', `Content-Type: ${NDJSON}`, ...headers);

/** Of a metric without labels. */
async function metric(name: string, of = service): Promise<number> {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec((await of.get('/metrics')).text)?.[1]);
}

function expectOverloaded(answer: RawAnswer | undefined): void {
  expect([answer?.status, answer?.headers.get('content-type')]).toEqual([503, 'application/problem+json; charset=utf-8']);
  expect(JSON.parse(answer?.body ?? '')).toMatchObject({ status: 503, code: 'overloaded' });
  expect(answer?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(answer?.headers.get('x-request-id')).toMatch(/\S/);
}

/** Requests whose bodies stop, until the service holds so many. */
async function hold(count: number, sent = 'x'): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let n = 0; n < count; n += 1) {
    const { socket } = await rawConnection(url);
    socket.on('error', () => undefined);
    socket.write(addressed(url, post('Content-Length: 60000') + sent));
    sockets.push(socket);
  }
  await until(async () => (await metric('disclosure_requests_in_flight')) === count);
  return sockets;
}

async function letGo(sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await until(async () => (await metric('disclosure_requests_in_flight')) === 0);
  expect(await metric('disclosure_body_bytes_held')).toBe(0);
}

test('one request too many is 503', async () => {
  // Answered before its body is read; health and metrics are answered all the same.
  const held = await hold(3);
  const shed = await metric('disclosure_requests_shed_total');
  expectOverloaded((await sendBytes(url, post('Content-Length: 1000000')))[0]);
  expectOverloaded((await sendBytes(url, head('GET /v1/nothing HTTP/1.1', 'Connection: close')))[0]);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect(await metric('disclosure_requests_shed_total')).toBe(shed + 2);
  await letGo(held);
  await service.record(good());
});

test('bodies together are bounded', async () => {
  const held = await hold(1, 'x'.repeat(50_000));
  await until(async () => (await metric('disclosure_body_bytes_held')) === 50_000);
  const sent = 'x'.repeat(20_000);
  expectOverloaded((await sendBytes(url, post('Content-Length: 20000') + sent))[0]);
  await letGo(held);
  expect((await sendBytes(url, post('Content-Length: 20000', 'Connection: close') + sent))[0]?.status).toBe(200);
});

test('a bomb is bounded as unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(1024 * KIB, ' '));
  const bytes = Buffer.concat([Buffer.from(post('Content-Encoding: gzip', `Content-Length: ${bomb.length}`, 'Connection: close')), bomb]);
  expectOverloaded((await sendBytes(url, bytes))[0]);
  expect(await metric('disclosure_body_bytes_held')).toBe(0);
});

test('answers of a lost connection are let go', async () => {
  // Also those that wait behind others of it, of which Node says nothing.
  const { socket } = await rawConnection(url);
  socket.write(addressed(url, head('GET /v1/agencies/test-agency/tables/2017?after=999999999 HTTP/1.1').repeat(2)));
  await until(async () => (await metric('disclosure_requests_in_flight')) === 2);
  socket.destroy();
  await until(async () => (await metric('disclosure_requests_in_flight')) === 0);
});

test('too many requests at once end the connection', async () => {
  const { socket, answers } = await rawConnection(url);
  socket.write(addressed(url, head('GET /health/live HTTP/1.1').repeat(100)));
  const found = await answers;
  expect(found).toHaveLength(17);
  expect(found.slice(0, 16).every(({ status }) => status === 200)).toBe(true);
  expectOverloaded(found[16]);
});

test('connections are bounded', async () => {
  const sockets: Socket[] = [];
  const dropped = await metric('disclosure_connections_dropped_total');
  for (let n = 0; n < 25; n += 1) sockets.push((await rawConnection(url)).socket.on('error', () => undefined));
  await until(async () => (await metric('disclosure_connections_dropped_total')) > dropped);
  expect(await metric('disclosure_connections')).toBeLessThanOrEqual(20);
  for (const socket of sockets) socket.destroy();
  await until(async () => (await metric('disclosure_connections')) === 0);
});

describe('a client that stops', () => {
  let slow: TestService;
  let address: string;

  beforeAll(async () => {
    slow = await startService({ limits: { ...LIMITS, load: WIRE_LIMITS.load, stalledMs: 300 } });
    await slow.record(...setUp());
    address = await slow.listen();
  });

  afterAll(() => slow.finish());

  test('a body that stops is 408', async () => {
    // Long before the time of a whole request is over; nothing of it is decided.
    const before = await slow.head();
    const sent = `${JSON.stringify(good())}\n`;
    const [answer] = await sendBytes(address, post('Content-Length: 100000', 'X-Request-Id: stops') + sent);
    expect([answer?.status, answer?.headers.get('x-request-id')]).toEqual([408, 'stops']);
    expect(await metric('disclosure_stalled_bodies_total', slow)).toBe(1);
    expect(await slow.head()).toBe(before);
  });

  test('a reader that stops is ended', async () => {
    // Its answer is larger than what the machine keeps of a connection, and is made as it is read.
    const { port, hostname } = new URL(address);
    await slow.post(Array.from({ length: 4_000 }, () => `${JSON.stringify(good())}\n`).join(''), NDJSON);
    const socket = connect({ port: Number(port), host: hostname });
    socket.pause();
    socket.on('error', () => undefined);
    socket.write(addressed(address, head('GET /v1/events?limit=10000000 HTTP/1.1', `Accept: ${NDJSON}`).repeat(8)));
    await until(async () => (await metric('disclosure_stalled_readers_total', slow)) === 1);
    await until(async () => (await metric('disclosure_requests_in_flight', slow)) === 0);
    socket.destroy();
  });

  test('a feed that nobody reads is ended, a quiet one not', async () => {
    // What is told waits for its reader; where it takes nothing for a time its connection ends.
    const quiet = await follow(address);
    const stalled = (await follow(address)).pause();
    let ended = false;
    quiet.on('close', () => (ended = true));
    const before = await metric('disclosure_stalled_readers_total', slow);
    await until(async () => {
      await slow.post(Array.from({ length: 1_000 }, () => `${JSON.stringify(good())}\n`).join(''), NDJSON);
      return (await metric('disclosure_stalled_readers_total', slow)) > before;
    });
    await until(async () => (await metric('disclosure_feeds', slow)) === 1);
    expect(ended).toBe(false);
    const told = new Promise((resolve) => quiet.once('data', resolve));
    await slow.record(good());
    await told;
    for (const socket of [quiet, stalled]) socket.destroy();
  });

  test('a connection that asks no more is ended', async () => {
    const idle = await startService({ limits: { ...WIRE_LIMITS, idleMs: 100 } });
    const of = await idle.listen();
    const { socket, answers } = await rawConnection(of);
    socket.write(addressed(of, head('GET /health/live HTTP/1.1')));
    // It ends behind the answer, and nobody asked for that.
    const found = await answers;
    expect(found.map(({ status, headers }) => [status, headers.get('connection')])).toEqual([[200, 'keep-alive']]);
    await until(async () => (await metric('disclosure_connections', idle)) === 0);
    expect(await metric('disclosure_stalled_readers_total', idle)).toBe(0);
    await idle.finish();
  });

  test('a slow answer is no stalled one', async () => {
    const asked = await fetch(`${address}/v1/agencies/test-agency/tables/2017?after=999999999`);
    expect([asked.status, ((await asked.json()) as { code: string }).code]).toEqual([503, 'not-reached']);
  });
});

/** Begins to follow the feed; what it hears goes on. */
async function follow(of: string): Promise<Socket> {
  const { port, hostname } = new URL(of);
  const socket = connect({ port: Number(port), host: hostname });
  socket.on('error', () => undefined);
  const begun = new Promise((resolve) => socket.once('data', resolve));
  socket.write(addressed(of, head('GET /v1/feed HTTP/1.1')));
  await begun;
  return socket.resume();
}

test('feeds are bounded by themselves', async () => {
  // One too many is 503; none of them is one of the requests.
  const feeds = [await follow(url), await follow(url)];
  expect(await metric('disclosure_feeds')).toBe(2);
  expect(await metric('disclosure_requests_in_flight')).toBe(0);
  expectOverloaded((await sendBytes(url, head('GET /v1/feed HTTP/1.1', 'Connection: close')))[0]);
  await service.record(good());
  for (const socket of feeds) socket.destroy();
  await until(async () => (await metric('disclosure_feeds')) === 0);
  (await follow(url)).destroy();
});
