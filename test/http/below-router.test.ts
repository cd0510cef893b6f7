/**
 * What no route sees: the parser's errors, missing headers, slow clients. Every answer is a problem document with a
 * code, tried with bytes.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WIRE_LIMITS } from '../../src/http/wire/below-router.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { setUp } from '../support/messages.js';
import { good } from '../support/refused.js';
import { addressed, HOST, rawConnection, sendBytes, type RawAnswer } from '../support/raw-http.js';
import { asLines, NDJSON, SINGLE, startService, type TestService } from '../support/service.js';

let service: TestService;
let url: string;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp());
  url = await service.listen();
});

afterAll(() => service.finish());

function expectRawProblem(answer: RawAnswer | undefined, status: number, code: string): void {
  expect([answer?.status, answer?.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
  const found = JSON.parse(answer?.body ?? '') as Record<string, unknown>;
  expect(found).toMatchObject({ status, code, type: `urn:disclosure:problem:${code}` });
  for (const field of ['title', 'detail', 'hint']) expect(String(found[field])).toMatch(/\S/);
}

const head = (first: string, ...headers: readonly string[]): string => [first, `Host: ${HOST}`, ...headers, '', ''].join('\r\n');
const get = (target: string): string => head(`GET ${target} HTTP/1.1`, 'Connection: close');
const post = (...headers: readonly string[]): string => head('POST /v1/events HTTP/1.1', `Content-Type: ${NDJSON}`, ...headers);

const REFUSED: readonly [string, string | Buffer, number, string][] = [
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'bad-request'],
  ['the beginning of TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), 400, 'bad-request'],
  ['HTTP/2 without a word', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'bad-request'],
  ['a method that is none', head('NONSENSE /v1/events HTTP/1.1'), 400, 'bad-request'],
  ['a version that is none', head('GET /v1/events HTTP/9.9'), 400, 'bad-request'],
  ['no Host', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
  ['no Host, at an address that is not there', 'GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
  ['raw UTF-8 in the path', get('/v1/agencies/商务局/tables/2017'), 400, 'bad-request'],
  ['raw UTF-8 in the query', get('/v1/events?agency=商务局'), 400, 'bad-request'],
  ['NUL in the address', get('/v1/\0'), 400, 'bad-request'],
  ['a blank in the address', get('/v1/a b'), 400, 'bad-request'],
  ['a header without a colon', head('GET / HTTP/1.1', 'nonsense'), 400, 'bad-request'],
  ['NUL in a header', head('GET / HTTP/1.1', 'A: \0'), 400, 'bad-request'],
  ['a bad escape in the path', get('/v1/agencies/%zz/tables/2017'), 400, 'bad-request'],
  ['an escape that is no UTF-8', get('/v1/agencies/%ff/tables/2017'), 400, 'bad-request'],
  ['a part of the path that is too long', get(`/v1/agencies/${'a'.repeat(1025)}/tables/2017`), 400, 'bad-request'],
  ['a bad escape in the query', get('/v1/events?agency=%zz'), 400, 'bad-parameter'],
  ['an escaped NUL', get('/v1/agencies/%00/tables/2017'), 404, 'unknown-agency'],
  ['an address of 20,000 characters', get(`/${'a'.repeat(20_000)}`), 431, 'bad-request'],
  ['a header of 20,000 characters', head('GET / HTTP/1.1', `A: ${'a'.repeat(20_000)}`), 431, 'bad-request'],
  ['CONNECT', 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400, 'bad-request'],
  ['a method nobody has', head('PROPFIND /v1/events HTTP/1.1', 'Connection: close'), 405, 'method-not-allowed'],
  ['TRACE', head('TRACE /v1/events HTTP/1.1', 'Connection: close'), 405, 'method-not-allowed'],
  ['an expectation', post('Expect: tea', 'Content-Length: 2', 'Connection: close'), 417, 'bad-request'],
  ['a length that is none', post('Content-Length: 5x'), 400, 'bad-request'],
  ['two lengths', post('Content-Length: 5', 'Content-Length: 6'), 400, 'bad-request'],
  ['a length and chunks', `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400, 'bad-request'],
  ['a transfer coding that is none', `${post('Transfer-Encoding: gzip')}x`, 400, 'bad-request'],
  ['a chunk without a size', `${post('Transfer-Encoding: chunked')}zz\r\n`, 400, 'bad-request'],
  ['a broken chunk behind good ones', `${post('Transfer-Encoding: chunked')}2\r\nx\n\r\nzz\r\n`, 400, 'bad-request'],
  ['extensions of a chunk, 20,000 characters', `${post('Transfer-Encoding: chunked')}1;${'a'.repeat(20_000)}\r\n`, 413, 'too-large'],
  ['no media type', head('POST /v1/events HTTP/1.1', 'Content-Length: 2', 'Connection: close') + '{}', 415, 'unsupported-media-type'],
];

test.each(REFUSED)('%s', async (_what, bytes, status, code) => {
  const before = await service.head();
  const answers = await sendBytes(url, bytes);
  expect(answers).toHaveLength(1);
  expectRawProblem(answers[0], status, code);
  expect(await service.head()).toBe(before);
});

test('a header behind 2,000 others is not dropped', async () => {
  const many = Array.from({ length: 2_100 }, () => 'a:');
  const [answer] = await sendBytes(url, head('GET /health/live HTTP/1.1', ...many, 'Expect: tea'));
  expectRawProblem(answer, 417, 'bad-request');
});

test('HTTP/1.0 needs no Host for health only', async () => {
  // HTTP/1.0 names no Host where it asks for health, and nowhere else.
  expect((await sendBytes(url, 'GET /health/live HTTP/1.0\r\n\r\n'))[0]?.status).toBe(200);
  expectRawProblem((await sendBytes(url, 'POST /v1/events HTTP/1.0\r\nContent-Length: 2\r\n\r\nx\n'))[0], 400, 'bad-request');
});

test('a problem follows earlier answers', async () => {
  // A problem stands behind the answers of earlier requests, never before them.
  const sent = asLines([good(), good()]);
  const fine = `${post(`Content-Length: ${Buffer.byteLength(sent)}`)}${sent}`;
  const answers = await sendBytes(url, `${fine}NONSENSE\r\n\r\n`);
  expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  const receipts = (answers[0]?.body ?? '')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Receipt);
  expect(receipts.map(({ status }) => status)).toEqual(['recorded', 'recorded']);
  expectRawProblem(answers[1], 400, 'bad-request');
});

test('a request behind an early answer is ignored', async () => {
  // A request behind one that was answered early is not looked at.
  const before = await service.head();
  const sent = JSON.stringify(good());
  const second = `${head('POST /v1/events HTTP/1.1', `Content-Type: ${SINGLE}`, `Content-Length: ${Buffer.byteLength(sent)}`)}${sent}`;
  const { socket, answers } = await rawConnection(url, { halfOpen: true });
  const first = head('POST /v1/events?dryrun=true HTTP/1.1', `Content-Type: ${SINGLE}`, `Content-Length: ${Buffer.byteLength(second) + 1}`);
  socket.write(addressed(url, first));
  await once(socket, 'end');
  socket.end(addressed(url, ` ${second}${second}`));
  expect((await answers).map(({ status, headers }) => [status, headers.get('connection')])).toEqual([[400, 'close']]);
  // Whatever was made of it would be recorded before this one, which comes later and by another connection.
  for (let round = 0; round < 5; round += 1) await fetch(`${url}/v1/events?limit=1`).then((answer) => answer.text());
  await service.record(good());
  expect(await service.eventsAfter(before)).toHaveLength(1);
});

test('100-continue is met', async () => {
  const sent = JSON.stringify(good());
  const [first, second] = await sendBytes(
    url,
    head(
      'POST /v1/events HTTP/1.1',
      `Content-Type: ${SINGLE}`,
      'Expect: 100-continue',
      `Content-Length: ${Buffer.byteLength(sent)}`,
      'Connection: close',
    ) + sent,
  );
  expect([first?.status, second?.status]).toEqual([100, 201]);
});

describe('a client that takes its time', () => {
  let slow: TestService;
  let address: string;

  beforeAll(async () => {
    const linger = { silentMs: 200, allMs: 400, bytes: 1024 * 1024 };
    slow = await startService({ limits: { ...WIRE_LIMITS, headMs: 300, requestMs: 600, checkMs: 20, linger } });
    await slow.record(...setUp());
    address = await slow.listen();
  });

  afterAll(() => slow.finish());

  /** One byte after the other, until the service has ended the connection. */
  async function drip(bytes: string): Promise<readonly RawAnswer[]> {
    const { socket, answers } = await rawConnection(address);
    socket.write(addressed(address, bytes));
    const ended = answers.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([ended, sleep(20, false)]))) socket.write('x');
    return answers;
  }

  test.each<[string, string]>([
    ['a head', `GET /v1/events HTTP/1.1\r\nHost: ${HOST}\r\nA: `],
    ['a body', post('Content-Length: 100000')],
    ['a body in chunks', `${post('Transfer-Encoding: chunked')}186a0\r\n`],
    ['a body nobody wants', head('GET /v1/nothing HTTP/1.1', 'Content-Length: 100000')],
  ])('%s that never ends is ended', async (what, bytes) => {
    // … that never ends, a byte at a time, ends.
    const [answer, ...more] = await drip(bytes);
    expect(more).toEqual([]);
    if (what === 'a body nobody wants') expectRawProblem(answer, 404, 'not-found');
    else expectRawProblem(answer, 408, 'timeout');
  });

  test('a silent connection ends', async () => {
    // A connection on which nothing comes is ended too.
    expectRawProblem((await sendBytes(address, ''))[0], 408, 'timeout');
  });

  test('a stalled body ends, nothing is decided', async () => {
    // A body that stops is ended, and nothing of it is decided.
    const before = await slow.head();
    const [answer] = await sendBytes(address, `${post('Content-Length: 100000')}${asLines([good()])}`);
    expectRawProblem(answer, 408, 'timeout');
    expect(await slow.head()).toBe(before);
  });

  test('only what the client sends is timed', async () => {
    // An answer may take longer than a request: only what the client sends is timed.
    const asked = await fetch(`${address}/v1/agencies/test-agency/tables/2017?after=999999999`);
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^[1-9]\d*$/)]);
  });
});

test('sending on behind an answer is cut off', async () => {
  // A client that goes on sending behind an answer is cut off, at last.
  const linger = { silentMs: 120_000, allMs: 120_000, bytes: 1024 * 1024 };
  const bounded = await startService({ limits: { ...WIRE_LIMITS, linger } });
  const boundedUrl = await bounded.listen();
  const { socket } = await rawConnection(boundedUrl);
  socket.on('error', () => undefined);
  socket.write(addressed(boundedUrl, head('POST /v1/nothing HTTP/1.1', `Content-Length: ${2 ** 40}`)));
  const chunk = Buffer.alloc(64 * 1024);
  let sent = 0;
  while (!socket.destroyed && sent < 256 * 1024 * 1024) {
    if (socket.write(chunk, (error) => (sent += error == null ? chunk.length : 0))) continue;
    await Promise.race([once(socket, 'drain'), once(socket, 'close')].map((event) => event.catch(() => undefined)));
  }
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  socket.destroy();
  await bounded.finish();
});
