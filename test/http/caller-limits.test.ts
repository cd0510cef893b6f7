/** How much one caller may ask, where callers are identified: a caller is an issuer and its name for him, no token. */
import type { Access } from '../../src/access/identity/identity.js';
import { WIRE_LIMITS } from '../../src/http/wire/below-router.js';
import type { LoadLimits } from '../../src/http/wire/traffic.js';
import { TEST_NOW } from '../support/ledger.js';
import { AGENCY, message } from '../support/messages.js';
import { addressed, HOST, rawConnection, sendBytes } from '../support/raw-http.js';
import { BATCH, expectProblem, NDJSON, SINGLE, startService, type Answer, type Method, type TestService } from '../support/service.js';
import { until } from '../support/until.js';

const ISSUERS = { a: 'https://a.example', b: 'https://b.example' } as const;
const RATE = 5;
/** More than some windows of the rate take. */
const OFTEN = 10 * RATE;

/** A token is `ISSUER.SUBJECT.ANYTHING`, as if it were signed. */
function access(rate: number): Access {
  const check: Access['identity']['check'] = async ([authorization = '']) => {
    const [issuer, subject] = authorization.replace('Bearer ', '').split('.');
    if (subject === undefined || (issuer !== 'a' && issuer !== 'b')) return { ok: false, code: 'bad-token', why: 'malformed' };
    return Promise.resolve({ ok: true, caller: { issuer: ISSUERS[issuer], subject }, expiresAt: TEST_NOW + 3_600_000 });
  };
  return { identity: { check }, operators: [{ issuer: ISSUERS.a, subject: 'operator' }], publishedIsPublic: false, rate };
}

const CALLER_LIMITS = { requests: 2, bodyBytes: 32 * 1024, feeds: 2 };
const services: TestService[] = [];

async function start(
  rate: number,
  caller: LoadLimits['caller'] = { requests: OFTEN, bodyBytes: 1024 * 1024, feeds: OFTEN },
): Promise<TestService> {
  const limits = { ...WIRE_LIMITS, load: { ...WIRE_LIMITS.load, caller } };
  const service = await startService({ limits, access: () => Promise.resolve(access(rate)) });
  services.push(service);
  return service;
}

afterAll(async () => {
  for (const service of services) await service.finish();
});

interface Asked {
  readonly method?: Method;
  readonly url?: string;
  readonly payload?: string;
  readonly type?: string;
}

function ask(
  service: TestService,
  token: string,
  { method = 'GET', url = '/v1/events', payload, type = SINGLE }: Asked = {},
): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, ...(payload === undefined ? {} : { 'content-type': type }) };
  return service.request({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

/** Statuses of requests that are made at once. */
async function often(asked: (n: number) => Promise<Answer>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: OFTEN }, (_, n) => asked(n)));
  return answers.map(({ status }) => status);
}

async function granted(service: TestService, subject: string): Promise<void> {
  const agency = `agency/${AGENCY}`;
  const sent = [
    message('agency.registered', agency, '2010-01-01T00:00:00+08:00', 'root', { name: 'a', administrator: 'root' }, { id: 'registered' }),
    message('agency.permission-granted', agency, '2011-01-01T00:00:00+08:00', 'root', {
      caller: { issuer: ISSUERS.a, subject },
      permission: 'emit',
    }),
  ];
  for (const one of sent) await ask(service, 'a.operator', { method: 'POST', payload: JSON.stringify(one) });
  await service.settled();
}

test('several tokens of a caller are one', async () => {
  const service = await start(RATE);
  expect(await often((n) => ask(service, `a.somebody.${n}`))).toContain(429);
  // The same name at another issuer is somebody else.
  expect((await ask(service, 'b.somebody')).status).toBe(403);
});

test.each<[string, Asked]>([
  ['an address that is not there', { url: '/v1/nowhere' }],
  ['another method', { method: 'DELETE' }],
  ['OPTIONS', { method: 'OPTIONS' }],
  ['HEAD', { method: 'HEAD' }],
  ['a body that is none', { method: 'POST', payload: 'no JSON' }],
  ['a parameter that is not there', { url: '/v1/events?none=1' }],
])('%s counts as well', async (_what, asked) => {
  const service = await start(RATE);
  expect(await often(() => ask(service, 'a.somebody', asked))).toContain(429);
});

test('a batch is one request', async () => {
  const service = await start(RATE);
  await granted(service, 'sender');
  const lines = Array.from({ length: 10 * RATE }, (_, n) =>
    message('meeting.held', `meeting/${n}`, '2017-03-02T09:00:00+08:00', 'office', { title: 'm' }),
  );
  const answer = await ask(service, 'a.sender', { method: 'POST', payload: JSON.stringify(lines), type: BATCH });
  expect(answer.json<{ status: string }[]>().map(({ status }) => status)).toEqual(lines.map(() => 'recorded'));
});

test('a bad token is nobody’s request', async () => {
  // Whoever sends bad ones in a caller's name takes nothing from him.
  const service = await start(RATE);
  expect(new Set(await often(() => ask(service, 'c.somebody')))).toEqual(new Set([401]));
  expect((await ask(service, 'a.somebody')).status).toBe(403);
});

test('with rate 0 nobody waits', async () => {
  const service = await start(0);
  expect(new Set(await often(() => ask(service, 'a.somebody')))).toEqual(new Set([403]));
});

test('429 says how long', async () => {
  const service = await start(RATE);
  const answers = await Promise.all(Array.from({ length: OFTEN }, () => ask(service, 'a.somebody')));
  const refused = answers.find(({ status }) => status === 429);
  if (refused === undefined) throw new Error('nobody was refused');
  expectProblem(refused, 429, 'too-many-requests');
  expect(refused.headers['retry-after']).toMatch(/^[1-9]\d*$/);
});

describe('what one caller holds', () => {
  let service: TestService;
  let url: string;

  beforeAll(async () => {
    service = await start(0, CALLER_LIMITS);
    await granted(service, 'sender');
    await granted(service, 'other');
    url = await service.listen();
  });

  const post = (subject: string, length: number): string =>
    [
      'POST /v1/events HTTP/1.1',
      `Host: ${HOST}`,
      `Authorization: Bearer a.${subject}`,
      `Content-Type: ${NDJSON}`,
      `Content-Length: ${length}`,
      'Connection: close',
      '',
      '',
    ].join('\r\n');

  async function held(): Promise<readonly [requests: number, bytes: number]> {
    const { text } = await ask(service, 'a.operator', { url: '/metrics' });
    const of = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    return [of('disclosure_requests_in_flight'), of('disclosure_body_bytes_held')];
  }

  const status = async (subject: string, length: number): Promise<number | undefined> =>
    (await sendBytes(url, post(subject, length) + 'x'.repeat(length)))[0]?.status;

  test.each<[string, number, string]>([
    ['requests', 2, ''],
    ['bytes', 1, 'x'.repeat(30_000)],
  ])('is bounded: %s', async (_what, count, body) => {
    // Beyond it that caller is 503, and another is not.
    const sockets = [];
    for (let n = 0; n < count; n += 1) {
      const { socket } = await rawConnection(url);
      socket.write(`${addressed(url, post('sender', 60_000)).toString()}${body}`);
      sockets.push(socket);
    }
    await until(async () => {
      const [requests, bytes] = await held();
      return requests === count && bytes === count * body.length;
    });
    expect(await status('sender', 10_000)).toBe(503);
    expect(await status('other', 10_000)).toBe(200);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await held())[0] === 0);
    expect(await status('sender', 10_000)).toBe(200);
  });
});
