/** Which answers may hold personal data: decided for every route of the running service, and by what the answers hold. */
import { received } from '../support/applications.js';
import { AGENCY, approvedItem, at, message } from '../support/messages.js';
import type { Route } from '../support/routes.js';
import { SINGLE, startService, type Answer, type TestService } from '../support/service.js';
import { smallYear } from '../support/year.js';

const CASE = '/v1/agencies/:agency/cases/:kind/:number';
/** May hold texts that are sealed in the log, or were stored in clear by an older version, or who asked for them and why. */
const HOLD = [
  'POST /v1/events',
  'GET /v1/events',
  'GET /v1/refusals',
  'POST /v1/refusals/:refusalId/resend',
  `GET ${CASE}`,
  `GET ${CASE}/trail`,
  `POST ${CASE}/personal-data`,
  'GET /v1/agencies/:agency/accesses',
];
/** Hold figures, dates, numbers of cases, digests and what the program says of itself. */
const HOLD_NONE = [
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/*',
  'GET /v1/agencies/:agency/tables/:year',
  'GET /v1/agencies/:agency/tables/:year/cells/:cell',
  'GET /v1/agencies/:agency/review-summary/:year',
  'GET /v1/agencies/:agency/reports/:year',
  'GET /v1/agencies/:agency/deadlines',
  'GET /v1/ledger/checkpoint',
  'GET /v1/ledger/witnesses',
  'GET /v1/ledger/events/:eventId/proof',
  'GET /v1/ledger/consistency',
  'GET /v1/ledger/tile/*',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
];

const NAME = '王某某';
const TITLE = '未公开的标题';
const REASON = '信访件核对';

let service: TestService;
let routes: readonly Route[];

beforeAll(async () => {
  service = await startService();
  routes = service.routes();
  await service.record(
    ...smallYear(),
    ...approvedItem('secret', '2017-03-01', { title: TITLE }),
    received('1', '2017-03-01', { applicant: { kind: 'natural-person', name: NAME } }),
  );
  await service.settled();
});

afterAll(() => service.finish());

/** HEAD and OPTIONS stand beside every other method. */
const withoutHead = (): string[] =>
  routes.filter(({ method }) => !['HEAD', 'OPTIONS'].includes(method)).map(({ method, pattern: url }) => `${method} ${url}`);

/** The addresses of a route for each of the cases there are. */
function addressesOf(url: string): string[] {
  const filled = url.replace(':agency', AGENCY).replace(':year', '2017').replace(':cell', '1.1').replace('*', 'entries/000');
  return ['application/1', 'publication/secret'].map((name) => filled.replace(':kind/:number', name));
}

const reveal = (body: unknown, type = 'application/json'): Promise<Answer> =>
  service.request({
    method: 'POST',
    url: `/v1/agencies/${AGENCY}/cases/application/1/personal-data`,
    headers: { 'content-type': type },
    payload: JSON.stringify(body),
  });

test('every route is decided', () => {
  expect(withoutHead().sort()).toEqual([...HOLD, ...HOLD_NONE].sort());
});

test('a route that may hold personal data answers no-store whatever it answers, the others do not', async () => {
  const wrong: string[] = [];
  for (const { method, pattern: url } of routes) {
    for (const address of addressesOf(url)) {
      if (url.startsWith('/docs/')) continue;
      const payload = method === 'POST' ? { payload: '{', headers: { 'content-type': SINGLE } } : {};
      const { headers, status } = await service.request({ method: method as 'GET', url: address, ...payload });
      const marked = headers['cache-control'] === 'no-store';
      if (marked !== HOLD.includes(`${method.replace('HEAD', 'GET')} ${url}`)) wrong.push(`${method} ${address}: ${status} ${marked}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('what was asked for, refused or cannot be read is kept by nobody', async () => {
  const answers = [
    await reveal({ actor: 'office', reason: REASON }),
    await reveal({ actor: 'nobody', reason: REASON }),
    await reveal({ actor: 'office' }),
    await reveal({}, 'text/plain'),
  ];
  expect(answers.map(({ status, headers }) => [status, headers['cache-control']])).toEqual([
    [200, 'no-store'],
    [403, 'no-store'],
    [400, 'no-store'],
    [415, 'no-store'],
  ]);
  expect(answers[0]?.text).toContain(NAME);
});

test('no answer that may be kept holds a sealed text, or why somebody asked for one', async () => {
  await reveal({ actor: 'office', reason: REASON });
  const refused = message('application.received', 'application/2', at('2017-03-02'), 'clerk', {
    applicant: { kind: NAME },
    request: TITLE,
  });
  expect((await service.post(refused)).status).toBe(422);
  await service.settled();
  const holding = new Set<string>();
  const wrong: string[] = [];
  for (const { method, pattern: url } of routes.filter((route) => route.method === 'GET' && !route.pattern.startsWith('/docs/'))) {
    for (const address of addressesOf(url)) {
      const { text, headers } = await service.request({ method: method as 'GET', url: address });
      if (![NAME, TITLE, REASON].some((told) => text.includes(told))) continue;
      holding.add(url);
      if (headers['cache-control'] !== 'no-store') wrong.push(address);
    }
  }
  expect(wrong).toEqual([]);
  // Otherwise the search looked at nothing.
  expect([...holding]).toEqual(expect.arrayContaining([CASE, `${CASE}/trail`, '/v1/agencies/:agency/accesses']));
});
