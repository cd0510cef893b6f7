/** Headers of answers: what any route sends, the description names, but for those of the transport. */
import { AGENCY, message, at, setUp } from '../support/messages.js';
import { DAY, startIdentified, type Identified } from '../support/identified.js';
import { good } from '../support/refused.js';
import { NDJSON, startService, type Answer, type TestService } from '../support/service.js';

/** Of HTTP itself, and of the body that the answer describes as its content. */
const TRANSPORT = ['connection', 'content-encoding', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding'];

interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>;
}

let service: TestService;
let operations: readonly (readonly [method: string, path: string, operation: Operation])[];

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp(), good());
  await service.post(message('meeting.held', 'meeting/refused', at('2017-05-01'), 'clerk', {}));
  await service.settled();
  const { paths } = (await service.get('/openapi.json')).json<{ paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }>();
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method, path, operation] as const),
  );
});

afterAll(() => service.finish());

/** Headers of an answer that the description of its operation does not name, with the address. */
function undescribed(address: string, { responses }: Operation, { status, headers }: Answer): string[] {
  const described = responses[String(status)];
  // What every address answers alike, such as 404 and 405, is no operation's own.
  if (described === undefined) return [];
  const named = Object.keys(described.headers ?? {}).map((name) => name.toLowerCase());
  return Object.keys(headers).flatMap((name) =>
    named.includes(name) || TRANSPORT.includes(name) ? [] : [`${address}: ${status} ${name}`],
  );
}

const PARTS: Readonly<Record<string, string>> = {
  agency: AGENCY,
  year: '2017',
  cell: '1.1',
  kind: 'publication',
  number: 'i-1',
  actor: 'office',
  form: '2019',
  type: 'disclosure.meeting.held',
};
const bare = (path: string): string => path.replaceAll(/\{(\w+)\}/g, (_part, name: string) => PARTS[name] ?? 'nothing');

test('what reads send is described', async () => {
  const left: string[] = [];
  for (const [method, path, operation] of operations) {
    if (method !== 'get') continue;
    const { parameters = [] } = operation;
    const has = (name: string): boolean => parameters.some((one) => one.name === name);
    const good = has('received') ? '?received=2021-03-01' : has('cells') ? '?cells=1.1' : '';
    const many = path === '/v1/tables' ? `?year=2017&agencies=${AGENCY}` : good;
    // A feed that is not refused does not end.
    const queries =
      path === '/v1/feed' ? ['?unknown=1'] : [many, '?unknown=1', ...(has('limit') ? ['?limit=1'] : []), ...['?asOf=index:1']];
    for (const query of queries) {
      for (const accept of ['*/*', NDJSON]) {
        const answer = await service.get(`${bare(path)}${query}`, { accept });
        left.push(...undescribed(`${path}${query}`, operation, answer));
      }
    }
  }
  expect(left).toEqual([]);
});

test('what 304 sends is described', async () => {
  const path = '/v1/agencies/{agency}/tables/{year}';
  const [, , operation] = operations.find(([method, of]) => method === 'get' && of === path) ?? [];
  const tag = String((await service.get(bare(path))).headers['etag']);
  const answer = await service.get(bare(path), { 'if-none-match': tag });
  expect(answer.status).toBe(304);
  expect(operation && undescribed(path, operation, answer)).toEqual([]);
});

test('what acts are answered is described', async () => {
  const sent = [good(), message('meeting.held', 'meeting/bad', at('2017-05-01'), 'clerk', {}), {}, [], 'x'];
  const left: string[] = [];
  for (const [method, path, operation] of operations) {
    if (method !== 'post') continue;
    for (const body of sent) {
      const headers = { 'content-type': path === '/v1/events' ? 'application/cloudevents+json' : 'application/json' };
      const payload = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await service.request({ method: 'POST', url: bare(path), headers, payload });
      left.push(...undescribed(path, operation, answer));
    }
  }
  expect(left).toEqual([]);
});

test('lists, receipts and tables describe their links', () => {
  const linked = operations.filter(([, , { responses }]) => Object.values(responses).some(({ headers = {} }) => 'Link' in headers));
  const paths = linked.map(([method, path]) => `${method} ${path}`);
  expect(paths).toEqual(
    expect.arrayContaining(['get /v1/events', 'get /v1/refusals', 'post /v1/events', 'get /v1/agencies/{agency}/tables/{year}']),
  );
  expect(paths.length).toBeLessThan(operations.length / 2);
});

describe('where callers are identified', () => {
  let world: Identified;

  beforeAll(async () => {
    world = await startIdentified({ publishedIsPublic: true, rate: 50 });
    await world.register(AGENCY);
    await world.grant(AGENCY, 'portal', 'read', { from: DAY.slice(0, 10) });
    await world.service.settled();
  });

  afterAll(() => world.finish());

  test('what is sent there is described', async () => {
    const left: string[] = [];
    const statuses = new Set<number>();
    for (const [method, path, operation] of operations) {
      if (method !== 'get' || path === '/v1/feed') continue;
      for (const [caller, query] of [
        [null, ''],
        [null, '?view=published'],
        ['portal', ''],
      ] as const) {
        const answer = await world.ask(caller, `${bare(path)}${query}`);
        statuses.add(answer.status);
        left.push(...undescribed(`${path}${query} by ${caller ?? 'nobody'}`, operation, answer));
      }
    }
    // Until it is too many.
    const [, path = '', operation] = operations.find(([, of]) => of === '/v1/agencies') ?? [];
    for (let status = 200; status !== 429;) {
      const answer = await world.ask('portal', path);
      ({ status } = answer);
      statuses.add(status);
      if (operation !== undefined) left.push(...undescribed(path, operation, answer));
    }
    expect(left).toEqual([]);
    for (const status of [200, 401, 403, 429]) expect([...statuses]).toContain(status);
  });
});
