/** What the metrics say of what was turned away, and that docs/operating.md names every one of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Identity, type Access } from '../../src/access/identity/identity.js';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER } from '../../src/config/access.js';
import { WIRE_LIMITS } from '../../src/http/wire/below-router.js';
import { TEST_NOW } from '../support/ledger.js';
import { AGENCY, message } from '../support/messages.js';
import { HOST, sendBytes } from '../support/raw-http.js';
import { NDJSON, SINGLE, startService, type Method, type TestService } from '../support/service.js';
import { until } from '../support/until.js';

let open: TestService;
let closed: TestService;
let urls: { readonly open: string; readonly closed: string };
let identity: Identity;
const OPERATOR = { issuer: LOCAL_ISSUER, subject: 'operator' };

const tokenOf = async (subject: string): Promise<string> =>
  (await issueToken({ folder: closed.folder, subject, minutes: 60, now: TEST_NOW })).token;

async function access(folder: string): Promise<Access> {
  const issuers = [{ issuer: LOCAL_ISSUER, audience: LOCAL_AUDIENCE }];
  identity = await Identity.open({ issuers, folder, now: () => TEST_NOW, notice: () => undefined });
  return { identity, operators: [OPERATOR], publishedIsPublic: false, rate: 20 };
}

async function ask(subject: string, url: string, method: Method = 'GET', payload?: string): Promise<number> {
  const headers = { authorization: `Bearer ${await tokenOf(subject)}`, ...(payload === undefined ? {} : { 'content-type': SINGLE }) };
  return (await closed.request({ method, url, headers, ...(payload === undefined ? {} : { payload }) })).status;
}

beforeAll(async () => {
  const limits = { ...WIRE_LIMITS, headMs: 200, requestMs: 300, checkMs: 20, linger: { silentMs: 100, allMs: 200, bytes: 1024 } };
  [open, closed] = [await startService({ limits }), await startService({ access })];
  urls = { open: await open.listen(), closed: await closed.listen() };
  const agency = `agency/${AGENCY}`;
  const register = message('agency.registered', agency, '2010-01-01T00:00:00+08:00', 'root', { name: 'a', administrator: 'root' });
  expect(await ask('operator', '/v1/events', 'POST', JSON.stringify(register))).toBe(201);
  const grant = message('agency.permission-granted', agency, '2011-01-01T00:00:00+08:00', 'root', {
    caller: { issuer: LOCAL_ISSUER, subject: 'reader' },
    permission: 'read',
  });
  expect(await ask('operator', '/v1/events', 'POST', JSON.stringify(grant))).toBe(201);
  await closed.settled();
});

afterAll(async () => {
  identity.stop();
  await open.finish();
  await closed.finish();
});

const textOf = async (service: TestService): Promise<string> => {
  if (service === open) return (await service.get('/metrics')).text;
  return (await service.get('/metrics', { authorization: `Bearer ${await tokenOf('operator')}` })).text;
};

/** Problems by `route status code`, of those that were counted. */
async function problems(service: TestService): Promise<Map<string, number>> {
  const found = (await textOf(service)).matchAll(/^disclosure_http_problems_total\{route="(.*?)",status="(\d+)",code="(.*?)"\} (\d+)$/gm);
  return new Map([...found].map(([, route, status, code, count]) => [`${route} ${status} ${code}`, Number(count)]));
}

const head = (first: string, ...headers: readonly string[]): string =>
  [first, `Host: ${HOST}`, 'Connection: close', ...headers, '', ''].join('\r\n');
const post = (...headers: readonly string[]): string => head('POST /v1/events HTTP/1.1', ...headers);

/** Bytes and how they are counted; the address itself is in no label. */
const KINDS: readonly (readonly [what: string, bytes: string, counted: string])[] = [
  ['no HTTP', 'hello\r\n\r\n', 'none 400 bad-request'],
  ['an address that is no URL', head('GET /v1/agencies/%zz/tables/2017 HTTP/1.1'), 'none 400 bad-request'],
  ['a parameter that is not there', head('GET /v1/events?secret=1 HTTP/1.1'), '/v1/events 400 bad-parameter'],
  ['another origin', head('GET /v1/events HTTP/1.1', 'Origin: https://evil.example'), 'none 403 foreign-origin'],
  ['an address that is not there', head('GET /secret HTTP/1.1'), 'none 404 not-found'],
  [
    'an agency that is not there',
    head('GET /v1/agencies/secret/tables/2017 HTTP/1.1'),
    '/v1/agencies/:agency/tables/:year 404 unknown-agency',
  ],
  ['another method', head('DELETE /v1/events HTTP/1.1'), 'none 405 method-not-allowed'],
  ['a head that never ends', `GET /v1/events HTTP/1.1\r\nHost: ${HOST}\r\n`, 'none 408 timeout'],
  ['a body that never ends', post(`Content-Type: ${NDJSON}`, 'Content-Length: 9') + 'x', '/v1/events 408 timeout'],
  ['a body that is too large', post(`Content-Type: ${NDJSON}`, 'Content-Length: 99999999'), '/v1/events 413 too-large'],
  ['another media type', post('Content-Type: text/plain', 'Content-Length: 0'), '/v1/events 415 unsupported-media-type'],
  ['an expectation', post('Expect: tea', 'Content-Length: 0'), 'none 417 bad-request'],
  ['a host that is not ours', 'GET /v1/events HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', 'none 421 wrong-host'],
  ['a head that is too large', head('GET / HTTP/1.1', `A: ${'a'.repeat(20_000)}`), 'none 431 bad-request'],
];

test.each(KINDS)('%s is counted', async (_what, bytes, counted) => {
  const before = (await problems(open)).get(counted) ?? 0;
  await sendBytes(urls.open, bytes);
  // Of a body that stopped when its connection is gone.
  await until(async () => (await problems(open)).get(counted) === before + 1);
  expect(await textOf(open)).not.toContain('secret');
});

test('refusals of callers are counted', async () => {
  const route = '/v1/agencies/:agency/tables/:year';
  expect((await closed.get(`/v1/agencies/${AGENCY}/tables/2017`)).status).toBe(401);
  expect((await closed.get('/v1/events', { authorization: 'Bearer x.y.z' })).status).toBe(401);
  expect(await ask('reader', `/v1/agencies/${AGENCY}/tables/2017?rollup=true`)).toBe(403);
  expect(await ask('reader', '/v1/events')).toBe(403);
  expect(await ask('nobody', '/v1/events', 'POST', '{}')).toBe(403);
  expect(await ask('reader', '/metrics')).toBe(403);
  await Promise.all(Array.from({ length: 200 }, () => ask('often', '/v1/events')));
  const counted = await problems(closed);
  for (const one of [`${route} 401 no-token`, '/v1/events 401 bad-token', `${route} 403 not-permitted`]) expect(counted.get(one)).toBe(1);
  expect(counted.get('/v1/events 429 too-many-requests')).toBeGreaterThan(0);
  const text = await textOf(closed);
  for (const line of [
    'disclosure_tokens_refused_total{why="malformed"} 1',
    `disclosure_not_permitted_total{route="${route}",needs="read or act or audit in the agency"} 1`,
    'disclosure_not_permitted_total{route="/v1/events",needs="send"} 1',
    'disclosure_not_permitted_total{route="/metrics",needs="operator"} 1',
  ])
    expect(text).toContain(line);
  expect(text).toMatch(/^disclosure_not_permitted_total\{route="\/v1\/events",needs="audit anywhere"\} \d+$/m);
});

test('a message nobody may send is counted', async () => {
  const sent = message('meeting.held', 'meeting/1', '2017-03-02T09:00:00+08:00', 'office', { title: 'm' }, { agency: 'elsewhere' });
  expect(await ask('operator', '/v1/events', 'POST', JSON.stringify(sent))).toBe(422);
  expect(await textOf(closed)).toContain('disclosure_messages_total{status="refused",code="not-permitted"} 1');
});

test('sizes are those of bodies and answers', async () => {
  const body = gzipSync(' '.repeat(5_000));
  const url = new URL('/v1/events', urls.open);
  const of = async (what: string): Promise<number> =>
    Number(new RegExp(`^disclosure_http_${what}_bytes_sum\\{route="/v1/events"\\} (\\d+)$`, 'm').exec(await textOf(open))?.[1] ?? 0);
  const [sent, answered] = [await of('request'), await of('answer')];
  const headers = { 'content-type': NDJSON, 'content-encoding': 'gzip' };
  expect((await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) })).status).toBe(200);
  expect((await of('request')) - sent).toBe(5_000);
  const text = await (await fetch(url)).text();
  expect((await of('answer')) - answered).toBe(Buffer.byteLength(text));
});

test('files and free room are shown', async () => {
  const text = await textOf(open);
  for (const file of ['log.db', 'log.db-wal', 'read.db', 'read.db-wal', 'keys.db'])
    expect(text).toMatch(new RegExp(`^disclosure_file_bytes\\{file="${file}"\\} \\d+$`, 'm'));
  expect(Number(/^disclosure_data_free_bytes (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
});

test('the documents name every metric', async () => {
  const page = readFileSync(join(__dirname, '../../docs/operating.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (`disclosure_.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  const names = [...(await textOf(open)).matchAll(/^# TYPE (disclosure_\w+) /gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(names.sort());
  // Alerts are about these too.
  const alerts = page.slice(page.indexOf('## Alerts')).matchAll(/\bdisclosure_\w+/g);
  expect([...alerts].map(([name]) => name).filter((name) => !names.includes(name))).toEqual([]);
});
