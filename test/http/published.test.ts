/** What everybody sees without a token, where what is published is public: that, and nothing else. */
import { startIdentified, type Identified } from '../support/identified.js';
import { expectProblem, type Answer } from '../support/service.js';

let world: Identified;

beforeAll(async () => {
  world = await startIdentified({ publishedIsPublic: true });
  const { grant, register, send, service } = world;
  await register('own');
  await register('secret');
  await grant('own', 'root', 'act', { actor: 'root' });
  await grant('own', 'web', 'emit');
  await grant('own', 'reader', 'read');
  await send('root', 'agency.clearance-chain-set', 'own', { steps: [] });
  await service.settled();
  await report('published', 'compiler-one');
  await send('web', 'meeting.held', 'own', { title: 'm' });
  await report('compiled', 'compiler-two');
});

afterAll(() => world.finish());

/** Compiles the report of 2029, and publishes it where it is to be. */
async function report(until: 'compiled' | 'published', actor: string, rollup = false): Promise<void> {
  const { send, service } = world;
  await service.settled();
  const { form, hash: tableHash, asOf } = await service.runtime.tables.table({ agency: 'own', year: 2029, rollup });
  const on = { subject: `report/2029${rollup ? '-rollup' : ''}`, actor };
  await send('web', 'report.compiled', 'own', { year: 2029, form, index: asOf.index, tableHash, ...(rollup ? { rollup } : {}) }, on);
  if (until === 'published') await send('web', 'report.published', 'own', { tableHash }, { ...on, actor: 'publisher' });
  await service.settled();
}

const OWN = '/v1/agencies/own';
const open = (url: string): Promise<Answer> => world.ask(null, url);

test('a published table is a file for everybody', async () => {
  const file = `${OWN}/exports/tables/2029?format=xlsx`;
  expect((await open(`${file}&view=published`)).status).toBe(200);
  expectProblem(await open(file), 401, 'no-token');
  expectProblem(await open('/v1/agencies/secret/exports/tables/2029?format=xlsx&view=published'), 404, 'no-published-table');
  expectProblem(await open(`${OWN}/exports/reports/2029?format=pdf`), 401, 'no-token');
});

test('a published table is for everybody', async () => {
  const answer = await open(`${OWN}/tables/2029?view=published`);
  expect(answer.status).toBe(200);
  expect(answer.json<{ view: string }>().view).toBe('published');
  expect(answer.headers).toMatchObject({ vary: 'Accept, Accept-Encoding, Authorization', 'cache-control': 'public, no-cache' });
});

test('a published roll-up is for everybody', async () => {
  // As the agency's own word; the roll-up of today asks for a permission below.
  expectProblem(await open(`${OWN}/tables/2029?view=published&rollup=true`), 404, 'no-published-table');
  await report('published', 'compiler-three', true);
  const answer = await open(`${OWN}/tables/2029?view=published&rollup=true`);
  expect(answer.json<{ members: unknown }>().members).toEqual([{ agency: 'own', status: 'included' }]);
  expect((await open(`${OWN}/exports/tables/2029?format=xlsx&view=published&rollup=true`)).status).toBe(200);
  const rolledUp = await open(`${OWN}/reports/2029?rollup=true`);
  expect(rolledUp.json<{ rounds: unknown[] }>().rounds).toHaveLength(1);
  expect(rolledUp.text).not.toContain('compiler-three');
  expectProblem(await world.ask('reader', `${OWN}/tables/2029?rollup=true`), 403, 'not-permitted');
});

test('a published report is without names', async () => {
  // Of what is only compiled nothing is shown.
  const answer = await open(`${OWN}/reports/2029`);
  expect(answer.status).toBe(200);
  const { rounds } = answer.json<{ rounds: { publication: { role: unknown } | null }[] }>();
  expect(rounds).toHaveLength(1);
  expect(rounds[0]?.publication).toHaveProperty('role');
  for (const hidden of ['compiler-one', 'compiler-two', 'publisher', '"actor"', '"opinion"']) expect(answer.text).not.toContain(hidden);
  // With a permission everything is shown, and kept by nobody else.
  const officer = await world.ask('root', `${OWN}/reports/2029`);
  expect(officer.json<{ rounds: unknown[] }>().rounds).toHaveLength(2);
  expect(officer.text).toContain('compiler-two');
  expect(officer.headers['cache-control']).toBe('private, no-cache');
});

test('what was not published is not found', async () => {
  for (const url of [`${OWN}/tables/2028?view=published`, `${OWN}/reports/2028`, '/v1/agencies/secret/reports/2029'])
    expectProblem(await open(url), 404, 'no-published-table');
  for (const url of ['/v1/agencies/none/tables/2029?view=published', '/v1/agencies/none/reports/2029'])
    expectProblem(await open(url), 404, 'unknown-agency');
});

test.each([
  `${OWN}/tables/2029`,
  `${OWN}/tables/2029?view=live`,
  `${OWN}/tables/2029?view=difference`,
  `${OWN}/tables/2029?rollup=true`,
  `${OWN}/tables/2029/cells/2.1.1:made?view=published`,
  `${OWN}/review-summary/2029`,
  `${OWN}/cases/report/2029/trail`,
  `${OWN}/permissions`,
  '/v1/events',
  '/v1/refusals',
  '/v1/ledger/tile/entries/000',
  '/v1/ledger/tile/%65ntries/000',
  '/v1/ledger/witnesses',
  '/metrics',
])('%s asks for a token', async (url) => {
  const answer = await open(url);
  expectProblem(answer, 401, 'no-token');
  expect(answer.headers['cache-control']).toMatch(/^(private, no-cache|no-store)$/);
});

test.each(['/v1/ledger/checkpoint', '/v1/ledger/consistency?from=1', '/v1/ledger/tile/0/000'])('%s asks for none', async (url) => {
  // This ledger signs nothing.
  expect((await open(url)).status).toBe(404);
});

test('a token takes nothing away', async () => {
  // Who holds nothing here sees what everybody sees; a bad token is refused all the same.
  const url = `${OWN}/tables/2029?view=published`;
  const { headers, status } = await world.ask('nobody', url);
  expect([status, headers['cache-control']]).toEqual([200, 'private, no-cache']);
  expect((await world.ask('operator', `${OWN}/reports/2029`)).text).not.toContain('compiler');
  expectProblem(await world.service.get(url, { authorization: 'Bearer x' }), 401, 'bad-token');
  expect((await world.ask('nobody', `${OWN}/tables/2029`)).status).toBe(403);
});

test('a reader sees roles, drafts too', async () => {
  const answer = await world.ask('reader', `${OWN}/reports/2029`);
  expect(answer.json<{ rounds: unknown[] }>().rounds).toHaveLength(2);
  for (const name of ['compiler', '"actor"']) expect(answer.text).not.toContain(name);
});

test('public reads are for every origin', async () => {
  // CORS only for what is public: the published view in every format, forms, due dates; nothing a token was shown for.
  const headers = { origin: 'https://portal.example' };
  const urls = [
    `${OWN}/tables/2029?view=published`,
    `${OWN}/tables/2029?view=published&format=csv`,
    '/v1/tables?year=2029&agencies=own&view=published',
  ];
  for (const url of [...urls, '/v1/forms', '/v1/deadline?received=2029-03-01']) {
    const answer = await world.service.get(url, headers);
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  }
  for (const url of [`${OWN}/tables/2029`, '/v1/events', '/health/live'])
    expect((await world.service.get(url, headers)).headers['access-control-allow-origin']).toBeUndefined();
  const read = await world.ask('reader', `${OWN}/tables/2029?view=published`);
  expect([read.status, read.headers['access-control-allow-origin']]).toEqual([200, undefined]);
});

test('a preflight of a public read is answered', async () => {
  const asked = {
    origin: 'https://portal.example',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'if-none-match',
  };
  const ask = (url: string): Promise<Answer> => world.service.request({ method: 'OPTIONS', url, headers: asked });
  const answer = await ask(`${OWN}/tables/2029?view=published`);
  expect([answer.status, answer.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': 'If-None-Match, X-Request-Id',
  });
  const other = await ask(`${OWN}/tables/2029`);
  expect([other.status, other.headers['access-control-allow-origin']]).toEqual([401, undefined]);
});

test('a published table is kept by everybody', async () => {
  const { hash } = (await open(`${OWN}/tables/2029?view=published`)).json<{ hash: string }>();
  const url = `${OWN}/tables/2029?view=published&hash=${hash}`;
  expect((await open(url)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await world.ask('reader', url)).headers['cache-control']).toBe('private, max-age=31536000, immutable');
});

test('many published tables are public', async () => {
  const answer = await open('/v1/tables?year=2029&agencies=own,secret&view=published');
  const lines = answer.lines<{ agency: string; view?: string; error?: { code: string } }>();
  expect(lines.map(({ agency, view, error }) => [agency, view ?? error?.code])).toEqual([
    ['own', 'published'],
    ['secret', 'no-published-table'],
  ]);
  expectProblem(await open('/v1/tables?year=2029&agencies=own'), 401, 'no-token');
  // One forbidden agency among several is 403.
  expect((await world.ask('reader', '/v1/tables?year=2029&agencies=own')).status).toBe(200);
  expectProblem(await world.ask('reader', '/v1/tables?year=2029&agencies=own,secret'), 403, 'not-permitted');
});

test('permission is judged before a tag', async () => {
  const { headers } = await world.ask('reader', `${OWN}/tables/2029`);
  const asked = { authorization: `Bearer ${await world.tokenOf('nobody')}`, 'if-none-match': String(headers.etag) };
  expectProblem(await world.service.get(`${OWN}/tables/2029`, asked), 403, 'not-permitted');
  expect(headers.vary).toBe('Accept, Accept-Encoding, Authorization');
});
