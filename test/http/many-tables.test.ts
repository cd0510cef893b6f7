/** The tables of many agencies in one answer: each exactly as alone, nothing before everything is known to be there. */
import { parse } from 'csv-parse/sync';
import { get, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { MAX_AGENCIES } from '../../src/tables/many-tables.query.js';
import { message, registered, setUp } from '../support/messages.js';
import { expectProblem, startService, type Answer, type TestService } from '../support/service.js';

let service: TestService;
let origin: string;

beforeAll(async () => {
  service = await startService();
  await service.record(
    ...setUp('county'),
    registered('bureau', { parent: 'county' }),
    registered('customs', { parent: 'county', reporting: 'vertical' }),
    registered('post', { parent: 'customs' }),
    registered('office', { parent: 'bureau' }),
    // Its forms serve no year before 2021.
    registered('young', { forms: ['2021'] }),
    message('meeting.held', 'meeting/1', '2017-03-01T09:00:00+08:00', 'clerk', { title: 'm' }, { agency: 'bureau' }),
  );
  await service.settled();
  origin = await service.listen();
});

afterAll(() => service.finish());

const many = (query: string, headers: Record<string, string> = {}): Promise<Answer> => service.get(`/v1/tables?${query}`, headers);
const agenciesOf = (answer: Answer): string[] => answer.lines<{ agency: string }>().map(({ agency: code }) => code);

test('a line for each agency by code', async () => {
  const answer = await many('year=2017&agencies=young,county,bureau,county');
  expect([answer.status, answer.type]).toEqual([200, 'application/x-ndjson']);
  expect(agenciesOf(answer)).toEqual(['bureau', 'county', 'young']);
  const [first, , last] = answer.text.split('\n');
  // Exactly as alone.
  expect(first).toBe((await service.get('/v1/agencies/bureau/tables/2017')).text);
  // Or why it has none.
  const alone = (await service.get('/v1/agencies/young/tables/2017')).json<{ code: string; detail: string }>();
  expect(JSON.parse(last ?? '')).toEqual({ agency: 'young', year: 2017, error: { code: 'unknown-form', message: alone.detail } });
});

test('below has the agency and vertical ones', async () => {
  expect(agenciesOf(await many('year=2017&below=county'))).toEqual(['bureau', 'county', 'customs', 'office']);
  expect(agenciesOf(await many('year=2017&below=bureau'))).toEqual(['bureau', 'office']);
  // Nobody is below anybody before he is registered.
  expect(agenciesOf(await many('year=2009&below=county'))).toEqual(['county']);
});

test('CSV has one header', async () => {
  const answer = await many('year=2017&agencies=young,county,bureau&format=csv');
  expect(answer.type).toBe('text/csv');
  const lines: Record<string, string>[] = parse(answer.text, { columns: true, record_delimiter: '\r\n' });
  expect(new Set(lines.map(({ agency: code }) => code))).toEqual(new Set(['bureau', 'county']));
  const alone = (await service.get('/v1/agencies/bureau/tables/2017?format=csv')).text;
  expect(answer.text.startsWith(alone)).toBe(true);
  expect((await many('year=2017&below=county', { accept: 'text/csv' })).text).toContain('agency,year');
});

test('a view is asked of each', async () => {
  const lines = (await many('year=2017&agencies=county&view=published')).lines<{ error: { code: string } }>();
  expect(lines.map(({ error }) => error.code)).toEqual(['no-published-table']);
  expectProblem(await many('year=2017&agencies=county&view=difference'), 400, 'bad-view');
});

test('what cannot be answered is refused before', async () => {
  expectProblem(await many('year=2017&agencies=county,none'), 404, 'unknown-agency');
  expectProblem(await many('year=2017&below=none'), 404, 'unknown-agency');
  expectProblem(await many('year=2031&agencies=county'), 400, 'bad-year');
  expectProblem(await many('year=x&agencies=county'), 400, 'bad-year');
  expectProblem(await many('agencies=county'), 400, 'bad-year');
  expectProblem(await many('year=2017'), 400, 'bad-parameter');
  expectProblem(await many('year=2017&agencies=county&below=county'), 400, 'bad-parameter');
  const codes = Array.from({ length: MAX_AGENCIES + 1 }, (_, place) => `a${place}`).join(',');
  expectProblem(await many(`year=2017&agencies=${codes}`), 400, 'bad-parameter');
});

test('HEAD begins no table', async () => {
  const before = service.runtime.tables.computed;
  const head = await service.request({ method: 'HEAD', url: '/v1/tables?year=2017&below=county' });
  expect([head.status, head.text]).toEqual([200, '']);
  expect(service.runtime.tables.computed - before).toBeLessThanOrEqual(1);
});

test('it is compressed as it comes', async () => {
  const url = '/v1/tables?year=2017&below=county';
  const { headers, rawPayload } = await service.inject({ method: 'GET', url, headers: { 'accept-encoding': 'gzip' } });
  expect(headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(rawPayload).toString()).toBe((await service.get(url)).text);
});

test.each(['identity', 'gzip'])('cut short it has no last chunk: %s', async (coding) => {
  const { tables } = service.runtime;
  const answer = tables.table.bind(tables);
  let times = 0;
  const broken = jest.spyOn(tables, 'table').mockImplementation((question) => {
    times += 1;
    return times > 2 ? Promise.reject(new Error('the disk is gone')) : answer(question);
  });
  try {
    const url = `${origin}/v1/tables?year=2017&below=county`;
    const heard = await new Promise<{ readonly error: string; readonly bytes: number }>((resolve, reject) => {
      get(url, { headers: { 'accept-encoding': coding } }, (came: IncomingMessage) => {
        let bytes = 0;
        came.on('data', (chunk: Buffer) => (bytes += chunk.length));
        came.on('error', ({ message: error }) => resolve({ error, bytes }));
        came.on('end', () => resolve({ error: '', bytes }));
      }).on('error', reject);
    });
    expect([heard.error, heard.bytes > 0]).toEqual(['aborted', true]);
  } finally {
    broken.mockRestore();
  }
});
