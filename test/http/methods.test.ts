/** Methods: HEAD where GET is, OPTIONS everywhere, 405 with `Allow` for the rest, all by what the router itself has. */
import { setUp } from '../support/messages.js';
import { good } from '../support/refused.js';
import { addressOf } from '../support/routes.js';
import { asLines, expectProblem, NDJSON, startService, type Method, type TestService } from '../support/service.js';

const METHODS: readonly Method[] = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

let service: TestService;
/** The methods of each pattern. */
let table: Map<string, Set<string>>;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp());
  await service.settled();
  table = new Map();
  for (const { method, pattern } of service.routes()) table.set(pattern, (table.get(pattern) ?? new Set()).add(method));
  expect(table.size).toBeGreaterThan(15);
});

afterAll(() => service.finish());

const listed = (allow: unknown): string[] => String(allow).split(', ').sort();

test('OPTIONS everywhere, HEAD where GET is', () => {
  // Every address has OPTIONS, and HEAD exactly where it has GET.
  for (const [pattern, methods] of table)
    expect([pattern, methods.has('OPTIONS'), methods.has('HEAD')]).toEqual([pattern, true, methods.has('GET')]);
});

test('OPTIONS is 204 with the methods only', async () => {
  // OPTIONS is 204 with the methods of the address, and nothing else.
  for (const [pattern, methods] of table) {
    const answer = await service.request({ method: 'OPTIONS', url: addressOf({ method: 'OPTIONS', pattern }) });
    expect([pattern, answer.status, listed(answer.headers['allow']), answer.text]).toEqual([pattern, 204, [...methods].sort(), '']);
  }
});

test('OPTIONS takes other methods’ parameters', async () => {
  // OPTIONS takes the parameters that another method of the address takes.
  expect((await service.request({ method: 'OPTIONS', url: '/v1/events?limit=1' })).status).toBe(204);
});

test('a wrong method is 405 with Allow', async () => {
  // A method that an address does not have is 405 with those it has.
  let refused = 0;
  for (const [pattern, methods] of table) {
    for (const method of METHODS.filter((one) => !methods.has(one))) {
      const answer = await service.request({ method, url: addressOf({ method, pattern }) });
      expectProblem(answer, 405, 'method-not-allowed');
      expect([pattern, method, listed(answer.headers['allow'])]).toEqual([pattern, method, [...methods].sort()]);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(50);
});

test.each(METHODS)('%s of no address is 404 without Allow', async (method) => {
  // … of an address that is not there is 404 without Allow.
  for (const url of ['/nothing', '/v1', '/v1/nothing', '/v1/events/', '//v1/events', '/v1/events/1', '/health']) {
    const answer = await service.request({ method, url });
    expect([url, answer.status, answer.headers['allow']]).toEqual([url, 404, undefined]);
    if (method !== 'HEAD') expectProblem(answer, 404, 'not-found');
  }
});

test('HEAD has GET’s headers and no body', async () => {
  const compared = ['content-type', 'content-length', 'cache-control', 'next-position'];
  for (const url of ['/health/live', '/v1/events?limit=2', '/v1/refusals', '/openapi.json', '/docs', '/v1/agencies/nobody/tables/2017']) {
    const [get, head] = [await service.get(url), await service.request({ method: 'HEAD', url })];
    expect([url, head.status, head.text]).toEqual([url, get.status, '']);
    for (const name of compared) expect([url, name, head.headers[name]]).toEqual([url, name, get.headers[name]]);
  }
});

test('HEAD of the log reads one page', async () => {
  // HEAD of the whole log as lines reads its first page and no more.
  await service.post(asLines(Array.from({ length: 2500 }, () => good())), NDJSON);
  await service.settled();
  const reads = jest.spyOn(service.runtime.log, 'readAll');
  const readsOf = async (method: Method, url: string): Promise<number> => {
    reads.mockClear();
    const answer = await service.request({ method, url, headers: { accept: NDJSON } });
    expect([method, answer.status, answer.type]).toEqual([method, 200, NDJSON]);
    if (method === 'HEAD') expect(answer.text).toBe('');
    // What is read behind an answer is read while others are made.
    for (let others = 0; others < 10; others += 1) await service.get('/v1/refusals');
    return reads.mock.calls.length;
  };
  const page = await readsOf('GET', '/v1/events?limit=1000');
  expect(await readsOf('GET', '/v1/events?limit=10000000')).toBeGreaterThan(page);
  expect(await readsOf('HEAD', '/v1/events?limit=10000000')).toBe(page);
  reads.mockRestore();
});
