/**
 * Every address of the running service × Host × Origin × Sec-Fetch-Site × Sec-Fetch-Mode, on real connections: what the
 * contract turns away is turned away before anything else and leaves nothing in the log, everything else is answered as
 * ever; and what every answer carries.
 */
import type { Agent } from 'node:http';
import type { Receipt } from '../../src/recording/receipts.js';
import type { KeptRefusal } from '../../src/recording/refusal-list.js';
import { received } from '../support/applications.js';
import { budget } from '../support/budget.js';
import { AGENCY, message, setUp } from '../support/messages.js';
import type { Route } from '../support/routes.js';
import { SINGLE, startService, type ProblemDocument, type TestService } from '../support/service.js';
import { ask, askRaw, connections, type Asked, type Heard } from '../support/wire.js';
import { smallYear } from '../support/year.js';

const NAMED = 'ledger.example';
/** A text that only somebody who opens the seal sees. */
const SECRET = '申请人王某某';

let service: TestService;
let routes: readonly Route[];
let port: number;
let agent: Agent;
let refusalId: string;
let eventId: string;

beforeAll(async () => {
  service = await startService({ hosts: [{ name: NAMED, port: null }] });
  routes = service.routes();
  const receipts = await service.record(
    ...smallYear(),
    received('1', '2017-03-01', { applicant: { kind: 'natural-person', name: SECRET } }),
  );
  eventId = receipts[0]?.eventIds[0] ?? '';
  // Refused for an agency that is there a moment later: sent again it would be recorded.
  const early = message('meeting.held', 'meeting/early', '2017-03-02T09:00:00+08:00', 'office', { title: '会议' }, { agency: 'later' });
  expect((await service.post(early)).json<Receipt>().status).toBe('refused');
  await service.record(...setUp('later'));
  await service.settled();
  refusalId = (await service.get('/v1/refusals')).json<{ refusals: KeptRefusal[] }>().refusals[0]?.refusalId ?? '';
  port = Number(new URL(await service.listen()).port);
  agent = connections(8);
});

afterAll(async () => {
  agent.destroy();
  await service.finish();
});

interface Address {
  readonly method: string;
  readonly target: string;
}

/** The routes with something in their places that is there. */
function addresses(): Address[] {
  const values: Record<string, string> = {
    agency: AGENCY,
    year: '2017',
    cell: '1.1',
    kind: 'application',
    number: '1',
    refusalId,
    eventId,
  };
  // What only reads is turned away alike where nothing is there; what records must have something to act on.
  const other = (method: string, name: string): string => (method === 'POST' ? `no value for ${name}` : '1');
  return routes.map(({ method, pattern: url }) => ({
    method,
    target: url
      .replace(/:(\w+)/g, (_, name: string) => values[name] ?? other(method, name))
      .replace('*', url.startsWith('/docs') ? 'swagger-ui.css' : 'entries/000')
      // A feed ends with a bookmark that is none.
      .replace(/\/v1\/feed$/, '$&?after=none'),
  }));
}

/**
 * What is no route: addresses that do not exist or are no URL, and methods that an address or the service does not
 * know.
 */
function nowhere(): Address[] {
  const targets = [
    '/',
    '/v1',
    '/v1/nothing',
    '/%761/refusals',
    '/%ff',
    '/v1/%ff',
    '/health/nothing',
    '/docs/../v1/events',
    '//evil.example/v1/events',
  ];
  return [
    ...targets.flatMap((target) => ['GET', 'POST'].map((method) => ({ method, target }))),
    ...['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'].map((method) => ({ method, target: '/v1/events' })),
    { method: 'PROPFIND', target: '/docs' },
  ];
}

/** Values of a header, and whether the contract takes them; null = the header is not there. */
type Column = readonly (readonly [value: readonly string[] | null, right: boolean])[];

const hosts = (): Column => [
  [[`127.0.0.1:${port}`], true],
  [[`localhost:${port}`], true],
  [[`[::1]:${port}`], true],
  [[NAMED], true],
  [[`evil.example:${port}`], false],
  [['127.0.0.1'], false],
  [[`localhost.:${port}`], false],
  [[''], false],
  [[`localhost:${port}`, `localhost:${port}`], false],
];
const origins = (): Column => [
  [null, true],
  [[`http://127.0.0.1:${port}`], true],
  [[`https://${NAMED}`], true],
  [['null'], false],
  [[`http://evil.example:${port}`], false],
  [[`http://127.0.0.1:${port + 1}`], false],
];
const sites: Column = [
  [null, true],
  [['same-origin'], true],
  [['none'], true],
  [['same-site'], false],
  [['cross-site'], false],
];
const modes = [null, 'navigate', 'cors', 'no-cors'];

interface Try extends Asked {
  /** null = it may go on. */
  readonly turnedAway: string | null;
}

/** Every combination, with what the contract says of it. */
function tries({ method, target }: Address): Try[] {
  const found: Try[] = [];
  const health = target.startsWith('/health/');
  const inV1 = target.startsWith('/v1') || target.startsWith('/%761');
  for (const [host, hostRight] of hosts())
    for (const [origin, originRight] of origins())
      for (const [site, siteRight] of sites)
        for (const mode of modes) {
          const visit = method === 'GET' && mode === 'navigate' && !inV1;
          const foreign = !visit && !(originRight && siteRight);
          const two = host?.length === 2;
          found.push({
            method,
            target,
            headers: [
              ...(host ?? []).flatMap((value) => ['Host', value]),
              ...(origin ?? []).flatMap((value) => ['Origin', value]),
              ...(site ?? []).flatMap((value) => ['Sec-Fetch-Site', value]),
              ...(mode === null ? [] : ['Sec-Fetch-Mode', mode]),
            ],
            turnedAway: two ? '400 bad-request' : health ? null : !hostRight ? '421 wrong-host' : foreign ? '403 foreign-origin' : null,
          });
        }
  return found;
}

let serial = 0;

/** With a body that the address would act on: an act of its own each time, or always the one of this name. */
function armed(tried: Try, always?: string): Try {
  if (tried.method !== 'POST') return tried;
  if (tried.target.endsWith('/personal-data'))
    return {
      ...tried,
      headers: [...tried.headers, 'Content-Type', 'application/json'],
      body: JSON.stringify({ actor: 'office', reason: '核对' }),
    };
  if (!tried.target.endsWith('/events')) return tried;
  serial += 1;
  const id = always ?? `act-${serial}`;
  const act = message('meeting.held', `meeting/${id}`, '2017-03-02T09:00:00+08:00', 'office', { title: '会议' }, { id });
  return { ...tried, headers: [...tried.headers, 'Content-Type', SINGLE], body: JSON.stringify(act) };
}

/** Of the combinations of each address every so many, other ones at each: all of them with a long budget. */
function someOf(asked: readonly Address[]): Try[] {
  const step = budget(7, 1);
  return asked.flatMap((address, nth) => tries(address).filter((_, at) => at % step === nth % step));
}

/** Asks all, some at a time. */
async function askAll(asked: readonly Try[], hear: (tried: Try, heard: Heard) => void, always?: string): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (let at = next++; at < asked.length; at = next++) {
      const tried = armed(asked[at] as Try, always);
      hear(tried, await ask(port, tried, agent));
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

const label = ({ method, target }: Address): string => `${method} ${target}`;
const name = ({ method, target, headers }: Asked): string => `${label({ method, target })} ${headers.join(' ')}`;

/** What is wrong with an answer that turns away. */
function wrongRefusal(tried: Try, { status, headers, text }: Heard): string | null {
  if (headers['x-content-type-options'] !== 'nosniff') return 'no nosniff';
  // An answer to HEAD has no body.
  if (tried.method === 'HEAD') return `${status}` === tried.turnedAway?.slice(0, 3) ? null : `${status}`;
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8') return `${status} ${headers['content-type'] as string}`;
  const { code, hint = '' } = JSON.parse(text) as ProblemDocument;
  return `${status} ${code}` === tried.turnedAway && hint !== '' && !text.includes(SECRET) ? null : `${status} ${text}`;
}

test('the routes are those of the running service', () => {
  expect(routes.map(({ method, pattern: url }) => `${method} ${url}`)).toEqual(
    expect.arrayContaining([
      'POST /v1/events',
      'GET /openapi.json',
      'GET /docs/*',
      'GET /metrics',
      'HEAD /health/ready',
      'GET /v1/ledger/tile/*',
    ]),
  );
  expect(addresses().filter(({ target }) => /no value|[:*]/.test(target))).toEqual([]);
});

test('is turned away at every address, unlogged', async () => {
  // What is turned away is so at every address, and nothing of it is in the log.
  const before = await service.head();
  const refused = someOf([...addresses(), ...nowhere()]).filter(({ turnedAway }) => turnedAway !== null);
  expect(refused.length).toBeGreaterThan(5_000);
  const wrong: string[] = [];
  await askAll(refused, (tried, heard) => {
    const why = wrongRefusal(tried, heard);
    if (why !== null) wrong.push(`${name(tried)}: ${why}`);
  });
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(await service.head()).toBe(before);
});

test('plain clients are answered as usual', async () => {
  // Everything else is answered as a request of a plain client is.
  const expected = new Map<string, number>();
  const plain = (address: Address): Try => ({ ...address, headers: ['Host', `127.0.0.1:${port}`], turnedAway: null });
  const all = [...addresses(), ...nowhere()];
  // Twice: of what is sent again the second answer is that of a repeat.
  for (const address of [...all, ...all]) expected.set(label(address), (await ask(port, armed(plain(address), 'again'), agent)).status);
  const taken = someOf(all).filter(({ turnedAway }) => turnedAway === null);
  expect(taken.length).toBeGreaterThan(500);
  const wrong: string[] = [];
  await askAll(
    taken,
    (tried, { status, headers }) => {
      if (status !== expected.get(label(tried)) || headers['x-content-type-options'] !== 'nosniff') wrong.push(`${name(tried)}: ${status}`);
    },
    'again',
  );
  expect(wrong.slice(0, 20)).toEqual([]);
});

test('a missing Host is refused, except 1.0 health', async () => {
  // A request without Host is none, but for health in HTTP/1.0.
  const statusOf = async (head: string): Promise<string> =>
    (await askRaw(port, `${head}\r\nConnection: close\r\n\r\n`)).split('\r\n')[0] ?? '';
  expect(await statusOf('GET /v1/refusals HTTP/1.0')).toContain(' 400 ');
  expect(await statusOf('GET /docs HTTP/1.0')).toContain(' 400 ');
  expect(await statusOf('GET /v1/refusals HTTP/1.1')).toContain(' 400 ');
  expect(await statusOf('GET /health/live HTTP/1.0')).toContain(' 200 ');
  expect(await statusOf(`GET /v1/refusals HTTP/1.0\r\nHost: 127.0.0.1:${port}`)).toContain(' 200 ');
  expect(await statusOf('GET /v1/refusals HTTP/1.0\r\nHost: evil.example')).toContain(' 421 ');
});

test('an absolute target does not bypass Host', async () => {
  // A target in absolute form does not get past Host.
  const before = await service.head();
  const own = `127.0.0.1:${port}`;
  const statusOf = async (target: string, host: string, method = 'GET'): Promise<number> =>
    (await ask(port, armed({ method, target, headers: ['Host', host], turnedAway: null }), agent)).status;
  expect(await statusOf('http://evil.example/v1/refusals', own)).toBe(421);
  expect(await statusOf(`http://${own}/v1/refusals`, 'evil.example')).toBe(421);
  expect(await statusOf(`https://${own}/v1/refusals`, own)).toBe(421);
  expect(await statusOf(`http://user@${own}/v1/refusals`, own)).toBe(421);
  expect(await statusOf('http://evil.example/v1/events', own, 'POST')).toBe(421);
  expect(await service.head()).toBe(before);
  expect(await statusOf(`http://${own}/v1/refusals`, own)).toBe(200);
  expect(await statusOf('http://evil.example/health/live', 'evil.example')).toBe(200);
});

test('a refused body stays unread, the connection lives', async () => {
  // A turned away body is not read, however large, and the connection goes on.
  const before = await service.head();
  const headers = ['Host', `evil.example:${port}`, 'Content-Type', SINGLE];
  const heard = await ask(port, { method: 'POST', target: '/v1/events', headers, body: 'x'.repeat(20 * 1024 * 1024) }, agent);
  expect([heard.status, heard.text]).toEqual([421, expect.stringContaining('wrong-host')]);
  expect((await ask(port, { method: 'GET', target: '/health/live', headers: headers.slice(0, 2) }, agent)).status).toBe(200);
  expect(await service.head()).toBe(before);
});
