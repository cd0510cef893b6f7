/**
 * Which answers may hold personal data: decided for every route of the running service, and by what the answers hold.
 */
import { received } from '../support/applications.js';
import { declaredPages, declaredRoutes } from '../support/controllers.js';
import { AGENCY, approvedItem, at, message } from '../support/messages.js';
import type { Route } from '../support/routes.js';
import { SINGLE, startService, type Answer, type TestService } from '../support/service.js';
import { smallYear } from '../support/year.js';

const CASE = '/v1/agencies/:agency/cases/:kind/:number';
/**
 * At least these. They may hold texts that are sealed in the log or were stored in clear by an older version, or who
 * asked for them and why.
 */
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
/** Routes of no controller: what the program says of itself. */
const DESCRIPTION = ['GET /openapi.json', 'GET /docs', 'GET /docs/*'];

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

test('every route is decided', async () => {
  // By the route itself, with @HoldsPersonalData() or @HoldsNoPersonalData(): one that says neither is in no list.
  const said = [...(await declaredRoutes()), ...declaredPages()].filter(({ says }) => says.personalData !== undefined);
  expect(withoutHead().sort()).toEqual([...said.map(({ address }) => address), ...DESCRIPTION].sort());
  expect(said.filter(({ says }) => says.personalData === true).map(({ address }) => address)).toEqual(expect.arrayContaining(HOLD));
});

/** A feed ends with a bookmark that is none. */
const endingOf = (pattern: string): string => (pattern === '/v1/feed' ? '?after=none' : '');

test('personal routes answer no-store, others do not', async () => {
  // A route that may hold personal data answers no-store whatever it answers, the others do not.
  const wrong: string[] = [];
  const hold = [...(await declaredRoutes()), ...declaredPages()]
    .filter(({ says }) => says.personalData === true)
    .map(({ address }) => address);
  for (const { method, pattern: url } of routes) {
    for (const address of addressesOf(url)) {
      if (url.startsWith('/docs/')) continue;
      const payload = method === 'POST' ? { payload: '{', headers: { 'content-type': SINGLE } } : {};
      const { headers, status } = await service.request({ method: method as 'GET', url: `${address}${endingOf(url)}`, ...payload });
      const marked = headers['cache-control'] === 'no-store';
      if (marked !== hold.includes(`${method.replace('HEAD', 'GET')} ${url}`)) wrong.push(`${method} ${address}: ${status} ${marked}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('nobody keeps a personal answer or refusal', async () => {
  // What was asked for, refused or cannot be read is kept by nobody.
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

test('a kept answer holds nothing sealed', async () => {
  // No answer that may be kept holds a sealed text, or why somebody asked for one.
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
      const { text, headers } = await service.request({ method: method as 'GET', url: `${address}${endingOf(url)}` });
      if (![NAME, TITLE, REASON].some((told) => text.includes(told))) continue;
      holding.add(url);
      if (headers['cache-control'] !== 'no-store') wrong.push(address);
    }
  }
  expect(wrong).toEqual([]);
  // Otherwise the search looked at nothing.
  expect([...holding]).toEqual(expect.arrayContaining([CASE, `${CASE}/trail`, '/v1/agencies/:agency/accesses']));
});
