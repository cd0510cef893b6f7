/** Slow clients over TLS: a handshake, a head or a body that never ends is ended, as without it. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { THIS_MACHINE } from '../../src/config/listening.js';
import { WIRE_LIMITS } from '../../src/http/wire/below-router.js';
import { selfSigned } from '../support/certificates.js';
import { rawConnection } from '../support/raw-http.js';
import { NDJSON, startService, type TestService } from '../support/service.js';

let files: string;
let service: TestService;
let url: string;

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'disclosure-tls-'));
  const { cert, key } = selfSigned(files, 'localhost', 'IP:127.0.0.1');
  const tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  const linger = { silentMs: 200, allMs: 400, bytes: 1024 * 1024 };
  service = await startService({
    listening: { ...THIS_MACHINE, tls },
    limits: { ...WIRE_LIMITS, headMs: 500, requestMs: 1000, checkMs: 20, linger },
  });
  url = await service.listen();
});

afterAll(async () => {
  await service.finish();
  rmSync(files, { recursive: true, force: true });
});

const head = (first: string, ...headers: readonly string[]): string =>
  [`${first} HTTP/1.1`, `Host: ${new URL(url).host}`, ...headers, ''].join('\r\n');

/** Writes a byte after the other until the service has ended the connection. */
async function drip(socket: Socket): Promise<void> {
  let open = true;
  socket.once('close', () => (open = false));
  socket.on('error', () => undefined);
  for (; open; await sleep(20)) if (socket.writable) socket.write('x');
}

test.each<[string, () => string]>([
  ['a head', () => `${head('GET /v1/events', 'A: ')}`],
  ['a body', () => `${head('POST /v1/events', `Content-Type: ${NDJSON}`, 'Content-Length: 100000')}\r\n`],
])('%s that never ends is ended', async (_what, bytes) => {
  const { socket, answers } = await rawConnection(url);
  socket.write(bytes());
  await drip(socket);
  const [answer, ...more] = await answers;
  expect(more).toEqual([]);
  expect([answer?.status, answer?.body]).toEqual([408, expect.stringContaining('"code":"timeout"')]);
});

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  // A record of 16 KiB is announced, and a byte of it comes now and then.
  ['a handshake without end', Buffer.from([0x16, 0x03, 0x01, 0x40, 0x00, 0x01])],
])('%s is ended without an answer', async (what, begin) => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  socket.write(begin);
  if (what === 'nothing') await once(socket, 'close');
  else await drip(socket);
  expect(Buffer.concat(heard).toString('latin1')).not.toContain('HTTP');
});

test('what follows an early answer is read', async () => {
  // A client that hears the answer and its end, and sends the body all the same, is not reset.
  const { socket, answers } = await rawConnection(url, { halfOpen: true });
  socket.write(`${head('POST /v1/nothing', 'Content-Length: 900000')}\r\n`);
  await once(socket, 'end');
  socket.end('x'.repeat(900_000));
  expect((await answers).map(({ status, headers }) => [status, headers.get('connection')])).toEqual([[404, 'close']]);
});
