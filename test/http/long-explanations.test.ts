/** The events behind a cell: the same text whether they are one body or come piece by piece. */
import { get, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { manyPublications } from '../support/kill-import.js';
import { AGENCY } from '../support/messages.js';
import { asLines, NDJSON, startService, type Answer, type TestService } from '../support/service.js';

/** A third of them is one body, all of them are not. */
const ITEMS = 900;
const QUESTION = { agency: AGENCY, year: 2017 };

let service: TestService;

beforeAll(async () => {
  service = await startService();
  const payload = asLines(manyPublications(ITEMS));
  const sent = await service.request({ method: 'POST', url: '/v1/events', headers: { 'content-type': NDJSON }, payload });
  expect(sent.status).toBe(200);
  await service.settled();
});

afterAll(() => service.finish());

const url = (cell: string): string => `/v1/agencies/${QUESTION.agency}/tables/${QUESTION.year}/cells/${cell}`;
const explained = (cell: string, headers: Record<string, string> = {}): Promise<Answer> => service.get(url(cell), headers);

test.each([
  ['1.1', ITEMS, false],
  ['1.2.3', ITEMS / 3, true],
  ['1.2.1', (ITEMS * 2) / 3, false],
  ['2.1', 0, true],
])('%s has %d events', async (cell, count, isWhole) => {
  const answer = await explained(cell);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  const expected = await service.runtime.tables.explain({ ...QUESTION, cell });
  expect(expected.events).toHaveLength(count);
  expect(answer.text).toBe(JSON.stringify(expected));
  expect(answer.headers['content-length'] !== undefined).toBe(isWhole);
});

test('of a share it says of what', async () => {
  const expected = await service.runtime.statistics.explain({ ...QUESTION, cell: 's.share-in-time' });
  expect((await explained('s.share-in-time')).text).toBe(JSON.stringify(expected));
});

test('it is compressed as it comes', async () => {
  const { headers, rawPayload } = await service.inject({ method: 'GET', url: url('1.1'), headers: { 'accept-encoding': 'gzip' } });
  expect(headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(rawPayload).toString()).toBe((await explained('1.1')).text);
});

test('HEAD has the tag and no body', async () => {
  const head = await service.request({ method: 'HEAD', url: url('1.1') });
  expect([head.status, head.text, head.headers.etag]).toEqual([200, '', (await explained('1.1')).headers.etag]);
});

test.each(['1.1', '1.2.3'])('who has %s is not sent it again', async (cell) => {
  const { etag } = (await explained(cell)).headers;
  expect(etag).toMatch(/^W\/"/);
  const again = await explained(cell, { 'if-none-match': String(etag) });
  expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
  expect((await explained(cell, { 'if-none-match': 'W/"other"' })).status).toBe(200);
});

test.each(['1.1', '1.2.3'])('%s that may be behind has no tag', async (cell) => {
  const { etag } = (await explained(cell)).headers;
  const behind = jest
    .spyOn(service.runtime.freshness, 'stale', 'get')
    .mockReturnValue({ since: '2030-01-01T09:00:00+08:00', why: 'behind' });
  try {
    const { status, headers } = await explained(cell, { 'if-none-match': String(etag) });
    expect([status, headers.etag, headers['cache-control']]).toEqual([200, undefined, 'no-store']);
  } finally {
    behind.mockRestore();
  }
});

test('other events have another tag', async () => {
  const tags = await Promise.all(['1.1', '1.2.1'].map(async (cell) => (await explained(cell)).headers.etag));
  expect(new Set(tags).size).toBe(2);
});

test('what fails on the way has no last chunk', async () => {
  const origin = await service.listen();
  const { tables } = service.runtime;
  const { named, ...found } = tables.behind({ ...QUESTION, cell: '1.1' });
  let times = 0;
  const broken = jest.spyOn(tables, 'behind').mockReturnValue({
    ...found,
    named: (shares) => {
      times += 1;
      if (times > 3) throw new Error('the disk is gone');
      return named(shares);
    },
  });
  try {
    const heard = await new Promise<string>((resolve, reject) => {
      get(origin + url('1.1'), (came: IncomingMessage) => {
        came.on('data', () => undefined);
        came.on('error', ({ message }) => resolve(message));
        came.on('end', () => resolve('the whole of it'));
      }).on('error', reject);
    });
    expect(heard).toBe('aborted');
  } finally {
    broken.mockRestore();
  }
});
