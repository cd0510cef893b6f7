/** The witness over HTTP: addresses, limits, and whoever does not end what he began. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { generateSignerKey } from '../../src/ledger/signed-note.js';
import { MAX_BODY_BYTES } from '../../src/witness/server.js';
import { startWitness, type RunningWitness } from '../support/witness.js';
import { leafOf, noteOf, requestOf } from './histories.js';

const log = generateSignerKey('ledger.example/disclosure');
const leaves = Array.from({ length: 20 }, (_, index) => leafOf(`${index}`));
let running: RunningWitness;

beforeAll(async () => {
  running = await startWitness([log]);
});

afterAll(() => running.remove());

const post = (body: string | Buffer, path = '/add-checkpoint'): Promise<Response> =>
  fetch(`${running.url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body) });

test('shows a checkpoint, and reads it again', async () => {
  const answer = await post(requestOf(leaves, 0, 5, log));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  const name = createHash('sha256').update(log.name).digest('hex');
  const read = await fetch(`${running.url}/${name}/checkpoint`);
  expect([read.status, read.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(await read.text()).toBe(noteOf(leaves, 5, log) + (await answer.text()));
  expect(await (await fetch(`${running.url}/checkpoints`)).json()).toMatchObject({
    checkpoints: [{ origin: log.name, path: `/${name}/checkpoint`, size: 5 }],
  });
});

test('says its size as the specification wants', async () => {
  // Says the size that it knows as the specification wants it.
  const answer = await post(requestOf(leaves, 3, 9, log));
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([409, 'text/x.tlog.size', '5\n']);
});

test('simultaneous ones are decided one by one', async () => {
  // Of many at once for one size, one after the other is decided.
  const answers = await Promise.all(Array.from({ length: 20 }, (_, turn) => post(requestOf(leaves, 5, 6 + (turn % 10), log))));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(19);
});

test.each<[number, string, () => Promise<Response>]>([
  [413, 'a body too long', () => post('x'.repeat(MAX_BODY_BYTES + 1))],
  [413, 'a body much too long', () => post('x'.repeat(40 * MAX_BODY_BYTES))],
  [400, 'an empty body', () => post('')],
  [400, 'bytes', () => post(Buffer.from([0, 255, 10, 10]))],
  [405, 'another method', () => fetch(`${running.url}/add-checkpoint`)],
  [404, 'another address', () => post('x', '/')],
  [404, 'no ledger of this hash', () => fetch(`${running.url}/${'0'.repeat(64)}/checkpoint`)],
  [404, 'a path that leads elsewhere', () => fetch(`${running.url}/../../etc/passwd`)],
  [200, 'health', () => fetch(`${running.url}/health`)],
])('%i for %s', async (status, _what, ask) => {
  const answer = await ask();
  expect(answer.status).toBe(status);
  expect(await answer.text()).not.toMatch(/node_modules|\.[jt]s:\d+/);
});

const name = createHash('sha256').update(log.name).digest('hex');
const addresses: readonly (readonly [string, readonly string[]])[] = [
  ['/add-checkpoint', ['POST']],
  ['/health', ['GET', 'HEAD']],
  ['/checkpoints', ['GET', 'HEAD']],
  ['/metrics', ['GET', 'HEAD']],
  [`/${name}/checkpoint`, ['GET', 'HEAD']],
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

test.each(addresses)('%s answers other methods 405 with Allow', async (path, allow) => {
  // … answers its own methods, and 405 with Allow to every other.
  for (const method of METHODS.filter((one) => !allow.includes(one))) {
    const answer = await fetch(`${running.url}${path}`, { method });
    expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, allow.join(', ')]);
  }
  if (!allow.includes('HEAD')) return;
  const [got, head] = [await fetch(`${running.url}${path}`), await fetch(`${running.url}${path}`, { method: 'HEAD' })];
  expect([head.status, head.headers.get('content-type')]).toEqual([200, got.headers.get('content-type')]);
  expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(await got.text())));
  expect(await head.text()).toBe('');
});

test.each(METHODS)('%s of an unknown address is 404', async (method) => {
  // … of an address that there is not is 404.
  for (const path of ['/', '/nothing', `/${'0'.repeat(64)}/checkpoint`, `/${name}/checkpoint/`, '/add-checkpoint/']) {
    const answer = await fetch(`${running.url}${path}`, { method });
    expect([path, answer.status]).toEqual([path, 404]);
  }
});

test('counts what it answered', async () => {
  const text = await (await fetch(`${running.url}/metrics`)).text();
  expect(text).toMatch(/^witness_requests_total\{status="200"\} 2$/m);
  expect(text).toMatch(/^witness_requests_total\{status="413"\} 2$/m);
  expect(text).toMatch(new RegExp(`^witness_size\\{origin="${log.name}"\\} \\d+$`, 'm'));
});

test('a hang-up or no HTTP hinders nobody', async () => {
  // One who hangs up in the middle, or sends no HTTP, hinders nobody.
  const port = Number(new URL(running.url).port);
  for (const text of ['POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nold 0\n', 'nonsense\r\n\r\n']) {
    await new Promise<void>((resolve) => {
      // Hung up once it is written; the witness answers or closes by itself where it was no HTTP.
      const socket = connect(port, '127.0.0.1', () => socket.write(text, () => socket.destroy()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
    });
  }
  expect((await fetch(`${running.url}/health`)).status).toBe(200);
});
