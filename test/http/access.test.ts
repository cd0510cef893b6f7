/** Who is let in where callers are identified: by the token, then by the permission the route asks for. */
import type { Receipt } from '../../src/recording/receipts.js';
import { DAY, callerNamed, startIdentified, type Fields, type Identified } from '../support/identified.js';
import { hashOf, message } from '../support/messages.js';
import { declaredPages, declaredRoutes } from '../support/controllers.js';
import { expectProblem, type Answer, type Method, type TestService } from '../support/service.js';

let world: Identified;
let service: TestService;

const ask = (subject: string | null, url: string, method: Method = 'GET', payload?: string, type?: string): Promise<Answer> =>
  world.ask(subject, url, { method, ...(payload === undefined ? {} : { payload }), ...(type === undefined ? {} : { type }) });

const bearer = async (subject: string): Promise<Record<string, string>> => ({ authorization: `Bearer ${await world.tokenOf(subject)}` });

beforeAll(async () => {
  world = await startIdentified();
  ({ service } = world);
  const { grant, register, send } = world;
  await register('above');
  await register('own', { parent: 'above' });
  await register('below', { parent: 'own' });
  await register('other');
  for (const permission of ['read', 'audit', 'emit']) await grant('own', permission, permission);
  await grant('own', 'act', 'act', { actor: 'root' });
  await grant('own', 'wide', 'audit', { below: true });
  for (const agency of ['above', 'other']) await grant(agency, 'whole', 'audit', { below: true });
  await send('act', 'agency.clearance-chain-set', 'own', { steps: [] });
  await send('emit', 'publication.drafted', 'own', { title: '标题', contentHash: hashOf('1') }, { actor: 'drafter' });
  await send('emit', 'publication.released', 'own', { channel: 'website', contentHash: hashOf('1') }, { actor: 'editor' });
  await service.settled();
});

afterAll(() => world.finish());

/** Status of each caller at an address, in the order of `CALLERS`. */
const CALLERS = [null, 'nobody', 'read', 'audit', 'act', 'emit', 'operator', 'wide', 'whole'] as const;

async function statuses(url: string, method: Method = 'GET'): Promise<string> {
  const found: number[] = [];
  for (const subject of CALLERS) found.push((await ask(subject, url, method)).status);
  return found.join(' ');
}

/**
 * From the contract, "Access", by hand. Columns: no token, nobody, read, audit, act, emit, operator, audit below, whole
 * ledger.
 */
const MATRIX: readonly (readonly [address: string, statuses: string])[] = [
  ['/v1/agencies/own/tables/2029', '401 403 200 200 200 403 403 200 200'],
  ['/v1/agencies/own/tables/2029/cells/2.1.1:made', '401 403 200 200 200 403 403 200 200'],
  ['/v1/agencies/own/review-summary/2029', '401 403 200 200 200 403 403 200 200'],
  ['/v1/agencies/own/reports/2029', '401 403 404 404 404 403 403 404 404'],
  ['/v1/agencies/own/cases/publication/1', '401 403 403 200 200 403 403 200 200'],
  ['/v1/agencies/own/cases/publication/1/trail', '401 403 200 200 200 403 403 200 200'],
  ['/v1/agencies/own/cases', '401 403 403 200 200 403 403 200 200'],
  ['/v1/agencies/other/cases', '401 403 403 403 403 403 403 403 200'],
  ['/v1/agencies/none/cases', '401 403 403 403 403 403 403 403 403'],
  ['/v1/agencies/own/officers', '401 403 200 200 200 403 403 200 200'],
  ['/v1/agencies/own/officers/editor', '401 403 403 200 200 403 403 200 200'],
  ['/v1/agencies/own/officers/nobody', '401 403 403 404 404 403 403 404 404'],
  ['/v1/agencies/own/deadlines', '401 403 403 200 200 403 403 200 200'],
  ['/v1/agencies/own/accesses', '401 403 403 200 403 403 403 200 200'],
  ['/v1/agencies/own/permissions', '401 403 403 200 200 403 200 200 200'],
  ['/v1/agencies/own/tables/2029?rollup=true', '401 403 403 403 403 403 403 200 200'],
  ['/v1/agencies/own/tables/2029/cells/2.1.1:made?rollup=true', '401 403 403 403 403 403 403 200 200'],
  ['/v1/agencies/own/cases/publication/9/trail', '401 403 403 404 404 403 403 404 404'],
  ['/v1/agencies/below/tables/2029', '401 403 403 403 403 403 403 200 200'],
  ['/v1/agencies/above/tables/2029', '401 403 403 403 403 403 403 403 200'],
  ['/v1/agencies/other/tables/2029', '401 403 403 403 403 403 403 403 200'],
  ['/v1/agencies/none/tables/2029', '401 403 403 403 403 403 403 403 403'],
  ['/v1/events', '401 403 403 200 403 403 403 200 200'],
  ['/v1/events?agency=own', '401 403 403 200 403 403 403 200 200'],
  ['/v1/events?agency=other', '401 403 403 403 403 403 403 403 200'],
  ['/v1/refusals', '401 403 403 200 200 200 403 200 200'],
  ['/v1/ledger/consistency?from=1', '401 403 404 404 404 404 403 404 404'],
  ['/v1/ledger/tile/entries/000', '401 403 403 403 403 403 403 403 404'],
  ['/metrics', '401 403 403 403 403 403 200 403 403'],
  ['/health/live', '200 200 200 200 200 200 200 200 200'],
  ['/openapi.json', '200 200 200 200 200 200 200 200 200'],
  ['/nowhere', '401 404 404 404 404 404 404 404 404'],
];

test.each(MATRIX)('%s is for whom it is', async (address, expected) => {
  expect(await statuses(address)).toBe(expected);
});

test('every route says what it needs', async () => {
  // Read from the running server: a route without a need is answered to nobody, and fails here.
  const said = new Map([...(await declaredRoutes()), ...declaredPages()].map(({ address, says }) => [address, says.needs]));
  const routes = service
    .routes()
    .filter(({ method, pattern }) => !['HEAD', 'OPTIONS'].includes(method) && !/^\/(docs|openapi)/.test(pattern));
  expect(routes.length).toBeGreaterThan(15);
  expect(routes.filter(({ method, pattern }) => said.get(`${method} ${pattern}`) === undefined)).toEqual([]);
});

test('a bad token is no better than none', async () => {
  const token = await world.tokenOf('audit');
  const with_ = (authorization: string): Promise<Answer> =>
    service.request({ method: 'GET', url: '/v1/events', headers: { authorization } });
  for (const bad of [`Bearer ${token}x`, 'Bearer', 'Bearer ..', `Bearer ${'a'.repeat(9000)}`])
    expectProblem(await with_(bad), 401, 'bad-token');
  for (const none of ['Basic dTpw', token]) expectProblem(await with_(none), 401, 'no-token');
  // Also where no token is asked for, but for health.
  const open = await service.request({ method: 'GET', url: '/openapi.json', headers: { authorization: 'Bearer x' } });
  expect(open.status).toBe(401);
  const health = await service.request({ method: 'GET', url: '/health/ready', headers: { authorization: 'Bearer x' } });
  expect(health.json()).toEqual({ status: 'ready' });
});

test('a token in the address is refused', async () => {
  const answer = await service.request({
    method: 'GET',
    url: `/v1/events?access_token=${await world.tokenOf('audit')}`,
    headers: await bearer('audit'),
  });
  expectProblem(answer, 401, 'bad-token');
});

test('401 says how to come in', async () => {
  expect((await ask(null, '/v1/events')).headers['www-authenticate']).toBe('Bearer');
  const metrics = await ask('operator', '/metrics');
  expect(metrics.text).toMatch(/disclosure_tokens_refused_total\{why="no-token"\} \d/);
  expect(metrics.text).toMatch(/disclosure_http_request_seconds_count\{method="GET",route="\/v1\/events",status="401"\} \d/);
});

test('a message without any permission is not read', async () => {
  const answer = await ask('nobody', '/v1/events', 'POST', 'no JSON');
  expectProblem(answer, 403, 'not-permitted');
});

test('a message for another agency is refused', async () => {
  // A message for another agency is refused as one.
  const sent = { ...message('meeting.held', 'meeting/9', DAY, 'root', { title: 'm' }, { agency: 'other' }), id: 'elsewhere' };
  const answer = await ask('emit', '/v1/events', 'POST', JSON.stringify(sent));
  expect([answer.status, answer.json<Receipt>().error?.code]).toEqual([422, 'not-permitted']);
});

test('who reads sees roles, not names', async () => {
  const url = '/v1/agencies/own/cases/publication/1/trail';
  const [audited, read] = [await ask('audit', url), await ask('read', url)];
  expect(audited.text).toContain('"actor":"editor"');
  expect(audited.text).toContain(`"caller":${JSON.stringify(callerNamed('emit'))}`);
  for (const name of ['editor', 'drafter', '"actor"', '"caller"', '"opinion"']) expect(read.text).not.toContain(name);
  expect(read.json<{ entries: unknown[] }>().entries).toHaveLength(2);
});

test('officers by role for who reads', async () => {
  const [audited, read] = [await ask('audit', '/v1/agencies/own/officers'), await ask('read', '/v1/agencies/own/officers')];
  expect(audited.text).toContain('"actor":"editor"');
  expect(audited.text).toContain('"role":"administrator"');
  expect(read.text).toContain('"role":"administrator"');
  for (const name of ['editor', 'drafter', 'root', '"actor"']) expect(read.text).not.toContain(name);
});

test('a sealed title is for whom texts are shown', async () => {
  // Who audits sees no sealed text; who acts under a name that holds a role of the chain, or administers, does.
  await world.send(
    'emit',
    'publication.drafted',
    'own',
    { title: '未公开的', contentHash: hashOf('2') },
    { actor: 'drafter', subject: 'publication/2' },
  );
  await service.settled();
  const titleFor = async (subject: string): Promise<unknown> =>
    (await ask(subject, '/v1/agencies/own/cases/publication/2')).json<{ title: unknown }>().title;
  expect(await titleFor('act')).toBe('未公开的');
  expect(await titleFor('audit')).toBeNull();
  expect((await ask('act', '/v1/agencies/own/cases')).text).not.toContain('未公开的');
});

test('OPTIONS asks for a token too', async () => {
  expect(await statuses('/v1/events', 'OPTIONS')).toBe('401 403 204 204 204 204 204 204 204');
});

test('events are those of the agencies audited', async () => {
  const agencies = async (subject: string): Promise<unknown[]> => {
    const { events } = (await ask(subject, '/v1/events?limit=1000')).json<{ events: { metadata: Fields }[] }>();
    return [...new Set(events.map(({ metadata }) => metadata['agency']))].sort();
  };
  expect(await agencies('audit')).toEqual(['own']);
  expect(await agencies('wide')).toEqual(['below', 'own']);
  expect(await agencies('whole')).toEqual(['above', 'below', 'other', 'own']);
});

test('pages pass over what nobody may see', async () => {
  // A page without events is the end: one in which the caller sees nothing is passed over.
  interface Page {
    readonly events: readonly { readonly index: number }[];
    readonly next: string;
  }
  const all = (await ask('audit', '/v1/events?limit=1000')).json<Page>().events;
  for (const order of ['asc', 'desc']) {
    const found: number[] = [];
    for (let after = ''; ;) {
      const page = (await ask('audit', `/v1/events?limit=1&order=${order}${after}`)).json<Page>();
      if (page.events.length === 0) break;
      found.push(...page.events.map(({ index }) => index));
      after = `&after=${page.next}`;
    }
    const indexes = all.map(({ index }) => index);
    expect(found).toEqual(order === 'asc' ? indexes : indexes.reverse());
  }
});

test('a whole-ledger auditor sees no vertical agency', async () => {
  // Who audits the whole ledger sees no vertical agency.
  // `below` does not reach it, and it is no agency without parent.
  await world.send('operator', 'agency.registered', 'customs', {
    name: 'customs',
    administrator: 'root',
    parent: 'above',
    reporting: 'vertical',
  });
  await world.grant('customs', 'customs', 'act', { actor: 'root' });
  const { eventIds } = await world.send('customs', 'meeting.held', 'customs', { title: 'm' });
  await service.settled();
  const { events } = (await ask('whole', '/v1/events?limit=1000')).json<{ events: { metadata: Fields }[] }>();
  expect(events.filter(({ metadata }) => metadata['agency'] === 'customs')).toEqual([]);
  expect((await ask('whole', '/v1/events?agency=customs')).status).toBe(403);
  expect((await ask('whole', `/v1/ledger/events/${eventIds[0] ?? ''}/proof`)).status).toBe(403);
});

test('resending asks for the permission to send', async () => {
  // What a caller may not send it does not send again.
  const sent = {
    ...message('meeting.held', 'meeting/8', DAY, 'root', { title: 'm' }, { agency: 'own' }),
    id: 'refused',
    time: '2035-01-01T00:00:00Z',
  };
  const refused = (await ask('emit', '/v1/events', 'POST', JSON.stringify(sent))).json<Receipt>();
  expect(refused.error?.code).toBe('in-the-future');
  const { refusals } = (await ask('whole', '/v1/refusals')).json<{ refusals: { refusalId: string }[] }>();
  const url = `/v1/refusals/${refusals[0]?.refusalId ?? ''}/resend`;
  await world.grant('other', 'stranger', 'emit');
  await service.settled();
  const answer = await ask('stranger', url, 'POST');
  expectProblem(answer, 403, 'not-permitted');
  for (const told of ['refused"', 'meeting', 'own', 'root']) expect(answer.text).not.toContain(told);
});

test('a proof is for who audits its event', async () => {
  const own = await world.send('emit', 'meeting.held', 'own', { title: 'm' });
  await service.settled();
  const url = `/v1/ledger/events/${own.eventIds[0] ?? ''}/proof`;
  expect((await ask('wide', url)).status).not.toBe(403);
  expect((await ask('read', url)).status).toBe(403);
  expect((await ask('audit', '/v1/ledger/events/00000000-0000-4000-8000-000000000000/proof')).status).toBe(403);
});

test('sealed texts only under the bound name', async () => {
  // Sealed texts are shown under the bound name only.
  const url = '/v1/agencies/own/cases/publication/1/personal-data';
  const as = (actor: string): Promise<Answer> => ask('act', url, 'POST', JSON.stringify({ actor, reason: '核对' }), 'application/json');
  expect((await as('somebody')).status).toBe(403);
  expect((await as('root')).status).toBe(200);
  const { accesses } = (await ask('audit', '/v1/agencies/own/accesses')).json<{ accesses: Fields[] }>();
  expect(accesses[0]).toMatchObject({ actor: 'root', caller: callerNamed('act') });
});

test('signatures of a report say who sent them', async () => {
  // Each says how far its name can be trusted; the caller is for audit and act only, as in a trail.
  const table = (await ask('audit', '/v1/agencies/own/tables/2028')).json<{ form: string; asOf: Fields; hash: string }>();
  const on = { subject: 'report/2028' };
  const compiled = { year: 2028, form: table.form, index: table.asOf['index'], tableHash: table.hash };
  await world.send('emit', 'report.compiled', 'own', compiled, { ...on, actor: 'compiler' });
  await world.send('act', 'report.published', 'own', { tableHash: table.hash }, on);
  await service.settled();
  const shown = async (subject: string): Promise<unknown[]> => {
    const answer = await ask(subject, '/v1/agencies/own/reports/2028');
    const { rounds } = answer.json<{ rounds: { compiled: Fields; publication: Fields }[] }>();
    return rounds.flatMap(({ compiled: first, publication: last }) =>
      [first, last].map(({ attestation, caller: sender, actor }) => [attestation, sender, actor]),
    );
  };
  const named = [
    ['emitter', callerNamed('emit'), 'compiler'],
    ['own-token', callerNamed('act'), 'root'],
  ];
  expect(await shown('audit')).toEqual(named);
  expect(await shown('act')).toEqual(named);
  expect(await shown('read')).toEqual(named.map(([attestation]) => [attestation, undefined, undefined]));
});

test('permissions are listed with who granted them', async () => {
  const { permissions } = (await ask('audit', '/v1/agencies/own/permissions')).json<{ permissions: Fields[] }>();
  expect(permissions.map(({ permission }) => permission)).toEqual(['read', 'audit', 'emit', 'act', 'audit']);
  expect(permissions[3]).toMatchObject({ caller: callerNamed('act'), actor: 'root', sources: null, below: false, grantedBy: 'root' });
});

test('who asks too often waits', async () => {
  // Each caller is counted by himself, whatever its tokens; what needs no token is not counted.
  const limited = await startIdentified({ rate: 5 });
  const answers: Answer[] = [];
  // Another token of the same caller is no other caller: two windows begin while these are asked at most.
  for (let asked = 0; asked < 30; asked += 1) {
    const authorization = `Bearer ${await limited.tokenOf('a', 1 + (asked % 10))}`;
    answers.push(await limited.service.request({ method: 'GET', url: '/v1/events', headers: { authorization } }));
  }
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  const [first] = refused;
  if (first !== undefined) expectProblem(first, 429, 'too-many-requests');
  expect(Number(first?.headers['retry-after'])).toBeGreaterThan(0);
  expect((await limited.ask('b', '/v1/events')).status).toBe(403);
  for (let asked = 0; asked < 30; asked += 1) expect((await limited.service.get('/health/live')).status).toBe(200);
  await limited.finish();
});

test('a request keeps its name', async () => {
  const url = await service.listen();
  const named = async (id: string): Promise<unknown> =>
    (await fetch(`${url}/health/live`, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
  expect(await named('web.42-a_b')).toBe('web.42-a_b');
  for (const bad of ['', 'a b', 'a/b', 'a'.repeat(129)]) expect(await named(bad)).toMatch(/^[0-9a-f-]{36}$/);
});

test('answers are kept by the asker alone', async () => {
  // An answer is kept by nobody but who asked.
  const { headers } = await ask('read', '/v1/agencies/own/tables/2029');
  expect(headers).toMatchObject({ vary: 'Accept, Accept-Encoding, Authorization', 'cache-control': 'private, no-cache' });
});
