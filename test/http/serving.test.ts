/** How tables are served: representations, tags, who may keep what, coding. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { KnownTables } from '../../src/tables/known-tables.js';
import { message, setUp, type Message } from '../support/messages.js';
import { compiled, published } from '../support/reports.js';
import { expectProblem, startService, type Answer, type TestService } from '../support/service.js';

let service: TestService;
const YEAR = '/v1/agencies/own/tables/2017';

let meetings = 0;
const meeting = (day: string, agency = 'own'): Message =>
  message('meeting.held', `meeting/${(meetings += 1)}`, `${day}T09:00:00+08:00`, 'clerk', { title: 'm' }, { agency });

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp('own', { chain: false }), ...setUp('other', { chain: false }), meeting('2017-03-01'));
  await service.settled();
});

afterAll(() => service.finish());

const get = (url: string, headers: Record<string, string> = {}): Promise<Answer> => service.get(url, headers);
const tagOf = ({ headers }: Answer): string => String(headers.etag);

test.each([
  ['', 'application/json', ''],
  ['*/*', 'application/json', ''],
  ['application/json', 'application/json', ''],
  ['text/csv', 'text/csv', ''],
  ['text/*', 'text/csv', ''],
  ['text/csv; charset=utf-8', 'text/csv', ''],
  ['application/vnd.json-stat+json', 'application/vnd.json-stat+json', ''],
  ['application/json;q=0.5, text/csv', 'text/csv', ''],
  ['text/html, */*;q=0.1', 'application/json', ''],
  // format= goes before Accept.
  ['text/csv', 'application/json', '?format=json'],
  ['image/png', 'text/csv', '?format=csv'],
])('%s gives %s', async (accept, type, query) => {
  const answer = await get(YEAR + query, accept === '' ? {} : { accept });
  expect([answer.status, answer.type]).toEqual([200, type]);
  expect(answer.headers.vary).toBe('Accept, Accept-Encoding');
  expect(answer.headers.link).toBe('</v1/forms/2014-shandong>; rel="describedby"');
});

test.each([`${YEAR}?format=xml`, `${YEAR}?view=difference&format=csv`, '/v1/tables?year=2017&agencies=own&format=json'])(
  '%s is not acceptable',
  async (url) => expectProblem(await get(url), 406, 'not-acceptable'),
);

test('another type is not acceptable', async () => {
  for (const accept of ['text/html', 'application/xml', 'application/json;q=0'])
    expectProblem(await get(YEAR, { accept }), 406, 'not-acceptable');
});

test('only CSV has a byte order mark', async () => {
  expectProblem(await get(`${YEAR}?bom=true`), 400, 'bad-parameter');
  expect((await get(`${YEAR}?bom=true&format=csv`)).text.startsWith('\uFEFFagency,year')).toBe(true);
});

test('each representation has a tag', async () => {
  const asked = ['', '?format=csv', '?format=csv&bom=true', '?format=json-stat', '?view=live', '?rollup=true', '?compare=2016'];
  const tags: string[] = [];
  for (const query of asked)
    for (const coding of ['identity', 'gzip', 'br']) tags.push(tagOf(await get(YEAR + query, { 'accept-encoding': coding })));
  // Of the default view and the live one the table is the same.
  expect(new Set(tags).size).toBe(tags.length - 3);
  // JSON says asOf, which moves with every event.
  const weak = tags.filter((tag) => tag.startsWith('W/"'));
  expect(weak).toHaveLength(tags.length - 6);
});

test('an unchanged table is not computed', async () => {
  const { tables } = service.runtime;
  for (const query of ['', '?format=csv', '?rollup=true', '?compare=2016']) {
    const tag = tagOf(await get(YEAR + query));
    // Another agency's act, another year's, what is no act.
    await service.record(...(query === '?rollup=true' ? [] : [meeting('2017-04-01', 'other')]), meeting('2018-04-01'));
    await service.settled();
    const before = tables.computed;
    const again = await get(YEAR + query, { 'if-none-match': `"x", ${tag}` });
    expect([again.status, again.text, tagOf(again), tables.computed - before]).toEqual([304, '', tag, 0]);
    expect(again.headers['cache-control']).toBe('no-cache');
    expect(again.headers.vary).toBe('Accept, Accept-Encoding');
  }
  const metrics = (await get('/metrics')).text;
  expect(metrics).toContain(`disclosure_tables_computed_total ${tables.computed}`);
});

test('an act of the year is told', async () => {
  const tag = tagOf(await get(YEAR));
  await service.record(meeting('2017-05-01'));
  await service.settled();
  const again = await get(YEAR, { 'if-none-match': tag });
  expect(again.status).toBe(200);
  expect(tagOf(again)).not.toBe(tag);
});

test('a tag is good in another process', async () => {
  // What is kept in memory is only what saves computing.
  const tag = tagOf(await get(YEAR));
  const { store, staleness } = service.runtime;
  expect(await new KnownTables(store, staleness).unchanged({ agency: 'own', year: 2017 })).toBeNull();
  expect((await get(YEAR, { 'if-none-match': tag })).status).toBe(304);
});

test('a moment is for who asked', async () => {
  const answer = await get(`${YEAR}?asOf=index:5`);
  expect(answer.headers['cache-control']).toBe('private, no-cache');
  expect((await get(`${YEAR}?asOf=index:5`, { 'if-none-match': tagOf(answer) })).status).toBe(304);
});

test('a published table is kept for ever', async () => {
  const publish = async (): Promise<string> => {
    await service.settled();
    const table = await service.runtime.tables.table({ agency: 'own', year: 2017 });
    const of = { agency: 'own', year: 2017, day: '2018-01-20' };
    await service.record(compiled(table, of), published(table, of));
    await service.settled();
    return table.hash;
  };
  const first = await publish();
  const live = tagOf(await get(YEAR));
  await service.record(meeting('2017-06-01'));
  const second = await publish();
  expect((await get(YEAR, { 'if-none-match': live })).status).toBe(200);
  const last = await get(`${YEAR}?view=published`);
  expect([last.json<{ hash: string }>().hash, last.headers['cache-control']]).toEqual([second, 'no-cache']);
  // Superseded ones too.
  for (const hash of [first, second]) {
    const kept = await get(`${YEAR}?view=published&hash=${hash}`);
    expect([kept.json<{ hash: string }>().hash, kept.headers['cache-control']]).toEqual([hash, 'public, max-age=31536000, immutable']);
  }
  const none = await get(`${YEAR}?view=published&hash=sha256:${'0'.repeat(64)}`);
  expectProblem(none, 404, 'no-published-table');
  expect(none.headers['cache-control']).toBeUndefined();
  expectProblem(await get(`${YEAR}?hash=${first}`), 400, 'bad-parameter');
});

test('answers are compressed', async () => {
  const plain = await get(`${YEAR}?format=csv`);
  for (const [coding, unpack] of [
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const) {
    const { headers, rawPayload } = await raw(`${YEAR}?format=csv`, coding);
    expect(headers['content-encoding']).toBe(coding);
    expect(unpack(rawPayload).toString()).toBe(plain.text);
  }
  // Both: the smaller; none of what is short.
  expect((await raw(YEAR, 'gzip, br')).headers['content-encoding']).toBe('br');
  expect((await raw('/v1/agencies', 'gzip')).headers['content-encoding']).toBeUndefined();
  expect((await raw(YEAR, 'identity')).headers['content-encoding']).toBeUndefined();
  expect((await raw(YEAR, 'zstd')).headers['content-encoding']).toBeUndefined();
});

async function raw(url: string, coding: string): Promise<{ headers: Answer['headers']; rawPayload: Buffer }> {
  const answer = await service.inject({ method: 'GET', url, headers: { 'accept-encoding': coding } });
  return { headers: answer.headers, rawPayload: answer.rawPayload };
}

test('other reads have tags too', async () => {
  for (const url of ['/v1/agencies', '/v1/agencies/own', '/v1/forms', '/v1/forms/2021', `${YEAR}?view=difference`, `${YEAR}/cells/1.1`]) {
    const answer = await get(url);
    expect(tagOf(answer)).toMatch(/^W\/"[\w-]+"$/);
    expect((await get(url, { 'if-none-match': tagOf(answer) })).status).toBe(304);
    expect((await get(url, { 'if-none-match': 'W/"another"' })).status).toBe(200);
  }
});

test('what may hold personal data has none', async () => {
  const answer = await get('/v1/events');
  expect([answer.headers['cache-control'], answer.headers.etag]).toEqual(['no-store', undefined]);
});

test('HEAD has the tag of GET', async () => {
  const head = await service.request({ method: 'HEAD', url: YEAR });
  expect([head.status, head.text, tagOf(head)]).toEqual([200, '', tagOf(await get(YEAR))]);
  const again = await service.request({ method: 'HEAD', url: YEAR, headers: { 'if-none-match': tagOf(head) } });
  expect(again.status).toBe(304);
});

test('what is stale has no tag', async () => {
  const tag = tagOf(await get(YEAR));
  const stale = { since: '2029-01-01T00:00:00.000+08:00', why: 'behind' } as const;
  const said = jest.spyOn(service.runtime.staleness, 'of').mockResolvedValue(stale);
  try {
    // Nor is it said to be as it was.
    const answer = await get(YEAR, { 'if-none-match': tag });
    expect([answer.status, answer.headers.etag, answer.headers['cache-control']]).toEqual([200, undefined, 'no-store']);
  } finally {
    said.mockRestore();
  }
});
