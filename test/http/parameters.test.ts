/** Parameters: every route of the running server refuses what it does not take, and takes what it describes. */
import type { Receipt } from '../../src/recording/receipts.js';
import { AGENCY, setUp } from '../support/messages.js';
import { good } from '../support/refused.js';
import { addressOf } from '../support/routes.js';
import { asLines, BATCH, expectProblem, NDJSON, SINGLE, startService, type Method, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp());
  await service.settled();
});

afterAll(() => service.finish());

test('the routes are read from the running server', () => {
  const routes = service.routes().map(({ method, pattern }) => `${method} ${pattern}`);
  expect(routes).toEqual(
    expect.arrayContaining([
      'POST /v1/events',
      'GET /v1/agencies/:agency/tables/:year/cells/:cell',
      'POST /v1/refusals/:refusalId/resend',
      'POST /v1/agencies/:agency/cases/:kind/:number/personal-data',
      'GET /v1/ledger/tile/*',
      'GET /openapi.json',
      'GET /docs/*',
      'HEAD /metrics',
      'OPTIONS /health/live',
    ]),
  );
});

test.each(['nonsense=1', 'nonsense', '=', '__proto__=1', 'dryrun=true', 'constructor=1', 'AsOf=index:0'])(
  'every route refuses ?%s, whatever its method',
  async (query) => {
    const wrong: unknown[] = [];
    for (const route of service.routes()) {
      const answer = await service.request({ method: route.method as Method, url: `${addressOf(route)}?${query}` });
      if (route.method !== 'HEAD' && answer.status === 400) expect(typeof expectProblem(answer, 400, 'bad-parameter').hint).toBe('string');
      if (answer.status !== 400) wrong.push([route, answer.status]);
    }
    expect(wrong).toEqual([]);
  },
);

test('an empty or doubled parameter is refused', async () => {
  // A parameter that a route takes is refused empty, and twice.
  for (const query of ['asOf=', 'asOf', 'asOf=index:0&asOf=index:0', 'view=live&view=live'])
    expectProblem(await service.get(`/v1/agencies/${AGENCY}/tables/2017?${query}`), 400, 'bad-parameter');
});

test('openapi.json describes exactly what is taken', async () => {
  // What /openapi.json describes is taken, and nothing else is.
  type Operation = { readonly parameters?: readonly { readonly name: string; readonly in: string }[] };
  const { paths } = (await service.get('/openapi.json')).json<{ paths: Record<string, Record<string, Operation>> }>();
  let asked = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { parameters = [] }] of Object.entries(operations)) {
      const names = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name);
      const url = path.replaceAll(/\{\w+\}/g, '1');
      const answer = await service.request({ method: method.toUpperCase() as Method, url: `${url}?nonsense=1` });
      const { hint } = expectProblem(answer, 400, 'bad-parameter');
      expect([path, hint]).toEqual([path, names.length === 0 ? 'This address takes none.' : `Parameters are ${names.join(', ')}.`]);
      asked += names.length;
    }
  }
  expect(asked).toBeGreaterThan(10);
});

// What is sent with a parameter that is not there.
describe('unknown parameters change nothing', () => {
  test.each(['dryrun=true', 'dryRun', 'dryRun=1', 'nonsense=1'])('?%s: nothing is decided, recorded or kept', async (query) => {
    await service.settled();
    const head = await service.head();
    const refused = good(undefined, { agency: 'nobody' });
    for (const [type, payload] of [
      [SINGLE, JSON.stringify(good())],
      [SINGLE, JSON.stringify(refused)],
      [BATCH, JSON.stringify([good(), refused])],
      [NDJSON, asLines([good(), refused])],
    ] as const) {
      const answer = await service.request({ method: 'POST', url: `/v1/events?${query}`, headers: { 'content-type': type }, payload });
      expectProblem(answer, 400, 'bad-parameter');
    }
    expect(await service.head()).toBe(head);
  });

  test('a resent refusal stays what it is', async () => {
    await service.post(good(undefined, { agency: 'later' }));
    await service.settled();
    const [kept] = (await service.get('/v1/refusals')).json<{ refusals: { refusalId: string }[] }>().refusals;
    await service.record(...setUp('later'));
    const head = await service.head();
    const url = `/v1/refusals/${kept?.refusalId}/resend`;
    const { hint } = expectProblem(await service.request({ method: 'POST', url: `${url}?dryRun=true` }), 400, 'bad-parameter');
    expect(hint).toContain('only POST /v1/events has a dry run');
    expect(await service.head()).toBe(head);
    expect((await service.request({ method: 'POST', url })).json<Receipt>().status).toBe('recorded');
  });
});

test.each(['%', '%zz', '%e5%95', '%ff', '%c0%80'])('agency=%s is no percent-encoded UTF-8', async (value) => {
  expectProblem(await service.get(`/v1/events?agency=${value}`), 400, 'bad-parameter');
});

describe('the log for auditors', () => {
  test('an unregistered agency is unknown', async () => {
    // An agency that is not registered is unknown, as everywhere.
    for (const agency of ['nope', '%E5%95%86', '%00', 'agency'])
      expectProblem(await service.get(`/v1/events?agency=${agency}`), 404, 'unknown-agency');
    expect((await service.get('/v1/events?agency=nope', { accept: NDJSON })).status).toBe(404);
  });

  test('bad types are refused, unused ones are empty', async () => {
    // A type that is none is a bad parameter; one that nobody used yet has no events.
    for (const type of ['nope', 'disclosure.nope', 'disclosure.', AGENCY, 'toString'])
      expectProblem(await service.get(`/v1/events?type=${type}`), 400, 'bad-parameter');
    const none = await service.get('/v1/events?type=disclosure.lawsuit.filed');
    expect([none.status, none.json<{ events: unknown[] }>().events]).toEqual([200, []]);
  });
});
