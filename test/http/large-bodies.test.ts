/**
 * A refusal made before the body has come reaches clients that are still sending it: Node's fetch, and Python's urllib,
 * which reads only afterwards.
 */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { Receipt } from '../../src/recording/receipts.js';
import { setUp } from '../support/messages.js';
import { good } from '../support/refused.js';
import { NDJSON, SINGLE, startService, type TestService } from '../support/service.js';

const MIB = 1024 * 1024;
/** Whether the end of a connection overtakes its answer is a matter of chance. */
const TIMES = 3;

let service: TestService;
let url: string;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp());
  url = await service.listen();
});

afterAll(() => service.finish());

interface Sent {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** MiB of blanks; packed where the headers say so. */
  readonly mib: number;
  /** In pieces, without a length. */
  readonly chunked?: boolean;
  readonly expected: string;
}

const gzip = { 'content-encoding': 'gzip' };

const CASES: readonly [string, Sent][] = [
  ['a byte more than 16 MiB', { mib: 16 + 1 / MIB, expected: '413 too-large' }],
  ['64 MiB', { mib: 64, expected: '413 too-large' }],
  ['64 MiB in chunks', { mib: 64, chunked: true, expected: '413 too-large' }],
  ['a bomb of 8 GiB, as large as it may be on the wire', { mib: 8192, headers: gzip, expected: '413 too-large' }],
  ['the same in chunks', { mib: 8192, headers: gzip, chunked: true, expected: '413 too-large' }],
  ['32 MiB of another media type', { mib: 32, headers: { 'content-type': 'text/plain' }, expected: '415 unsupported-media-type' }],
  ['16 MiB of another coding', { mib: 16, headers: { 'content-encoding': 'br' }, expected: '415 unsupported-media-type' }],
  ['16 MiB with a parameter that is not there', { mib: 16, path: '/v1/events?dryrun=true', expected: '400 bad-parameter' }],
  ['16 MiB for an address that is not there', { mib: 16, path: '/v1/nothing', expected: '404 not-found' }],
  ['16 MiB for an address that only reads', { mib: 16, path: '/health/live', expected: '405 method-not-allowed' }],
];

const member = gzipSync(Buffer.alloc(16 * MIB, ' '));

function bodyOf({ mib, headers }: Sent): Buffer {
  return headers === gzip ? Buffer.concat(Array.from({ length: mib / 16 }, () => member)) : Buffer.alloc(Math.round(mib * MIB), ' ');
}

async function* inPieces(body: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += 256 * 1024) yield body.subarray(at, at + 256 * 1024);
}

/** As they are asked for. The types of a browser, which the pages need, know no ReadableStream.from. */
function streamOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (to) => {
      const next = await pieces.next();
      if (next.done === true) to.close();
      else to.enqueue(next.value);
    },
  });
}

async function fetched(sent: Sent): Promise<string> {
  const body = bodyOf(sent);
  const answer = await fetch(`${url}${sent.path ?? '/v1/events'}`, {
    method: 'POST',
    headers: { 'content-type': NDJSON, ...sent.headers },
    ...(sent.chunked === true ? { body: streamOf(inPieces(body)), duplex: 'half' as const } : { body: new Uint8Array(body) }),
  });
  return `${answer.status} ${((await answer.json()) as { code: string }).code}`;
}

describe('Node’s fetch', () => {
  test.each(CASES)('%s', async (_what, sent) => {
    const head = await service.head();
    for (let round = 0; round < TIMES; round += 1) expect(await fetched(sent)).toBe(sent.expected);
    expect(await service.head()).toBe(head);
  });

  test('and the service goes on', async () => {
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { 'content-type': SINGLE }, body: JSON.stringify(good()) });
    expect([answer.status, ((await answer.json()) as Receipt).status]).toEqual([201, 'recorded']);
  });
});

const PROGRAM = `
import json, sys, urllib.error, urllib.request
asked = json.load(open(0))
body = open(asked['file'], 'rb').read()
pieces = lambda: (body[at:at + 262144] for at in range(0, len(body), 262144))
for _ in range(asked['times']):
    try:
        data = pieces() if asked['chunked'] else body
        answer = urllib.request.urlopen(urllib.request.Request(asked['url'], data=data, headers=asked['headers'], method='POST'))
        print(answer.status)
    except urllib.error.HTTPError as error:
        print(error.code, json.load(error)['code'])
`;

async function urllib(sent: Sent): Promise<string[]> {
  const file = join(service.folder, 'body');
  writeFileSync(file, bodyOf(sent));
  const asked = {
    file,
    times: TIMES,
    chunked: sent.chunked === true,
    url: `${url}${sent.path ?? '/v1/events'}`,
    headers: { 'content-type': NDJSON, ...sent.headers },
  };
  const child = spawn('python3', ['-c', PROGRAM], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(asked));
  const [printed, failed] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(failed).toBe('');
  return printed.trim().split('\n');
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? describe : describe.skip)(`Python’s urllib${hasPython ? '' : ', for which there is no python3 here'}`, () => {
  test.each(CASES)('%s', async (_what, sent) => {
    expect(await urllib(sent)).toEqual(Array.from({ length: TIMES }, () => sent.expected));
  });
});
