/** The feed: events and changed tables as they come, on real connections, read by a client of another maker. */
import { get, type IncomingMessage } from 'node:http';
import { message, setUp } from '../support/messages.js';
import { followFeed, opened, type FeedClient } from '../support/feed-client.js';
import { startService, type ProblemDocument, type TestService } from '../support/service.js';
import { until } from '../support/until.js';

let service: TestService;
let url: string;
const clients: FeedClient[] = [];

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp(), ...setUp('other-agency'));
  await service.settled();
  url = await service.listen();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

afterAll(() => service.finish());

async function follow(options: Parameters<typeof followFeed>[1] = {}): Promise<FeedClient> {
  const client = followFeed(url, options);
  clients.push(client);
  await opened(client);
  return client;
}

let serial = 0;

/** An act that one cell of the year counts. */
async function hold(year: number, agency = 'test-agency'): Promise<void> {
  serial += 1;
  await service.record(message('meeting.held', `meeting/${serial}`, `${year}-03-01T09:00:00+08:00`, 'office', { title: 'm' }, { agency }));
}

/** An act that may move every table of the agency, and moves none. */
async function assign(agency = 'test-agency'): Promise<void> {
  serial += 1;
  const data = { actor: `r${serial}`, role: 'archivist' };
  await service.record(message('agency.role-assigned', `agency/${agency}`, '2017-01-01T09:00:00+08:00', 'root', data, { agency }));
}

/** Index of the last event. */
async function end(): Promise<number> {
  const { events } = (await service.get('/v1/events?limit=1000')).json<{ events: { index: number }[] }>();
  return events.at(-1)?.index ?? -1;
}

const years = (client: FeedClient): string[] => client.tables().map(({ data }) => `${String(data['agency'])} ${String(data['year'])}`);

test('events and the tables they change', async () => {
  // Without a bookmark it begins at the end. A table follows the last event in it, under the same id, and is the live
  // one; of what changes no table nothing but the event is told.
  const client = await follow();
  await hold(2017);
  await until(() => client.tables().length === 1);
  await assign();
  await hold(2018);
  await until(() => client.tables().length === 2);
  const [event, table, ...more] = client.pieces;
  const last = await end();
  expect(more.map(({ kind, data }) => [kind, data['index']])).toEqual([
    ['event', last - 1],
    ['event', last],
    ['table', last],
  ]);
  const { events } = (await service.get('/v1/events?limit=1000')).json<{ events: unknown[] }>();
  expect(event?.data).toEqual(events[last - 2]);
  const moment = `index:${last - 2}`;
  const live = (await service.get(`/v1/agencies/test-agency/tables/2017?asOf=${moment}`)).json<Record<string, unknown>>();
  expect(table?.id).toBe(event?.id);
  expect(table?.data).toEqual({
    ...{ agency: 'test-agency', year: 2017, form: live['form'], view: 'live', hash: live['hash'], contentHash: live['contentHash'] },
    index: last - 2,
  });
  expect(Object.keys(table?.data ?? {})).toEqual(['agency', 'year', 'form', 'view', 'hash', 'contentHash', 'index']);
});

test('the last piece read is where it resumes', async () => {
  // Behind the id of an event its table is told again, as the client may have been cut off between the two. Behind an
  // earlier one both are. `Last-Event-ID` goes before `after`, with which a client came first.
  const client = await follow();
  await hold(2017);
  await until(() => client.tables().length === 1);
  await hold(2018, 'other-agency');
  await until(() => client.tables().length === 2);
  client.close();
  const [, first, second] = [client.pieces[0], client.pieces[1], client.pieces[3]];
  const again = await follow({ last: second?.id });
  await until(() => again.tables().length === 1);
  expect(again.pieces).toEqual([second]);
  const earlier = await follow({ last: first?.id, query: `?after=${second?.id ?? ''}` });
  await until(() => earlier.tables().length === 2);
  expect(earlier.indexes()).toEqual([await end()]);
  expect(years(earlier)).toEqual(['test-agency 2017', 'other-agency 2018']);
  const after = await follow({ query: `?after=${first?.id ?? ''}` });
  await until(() => after.tables().length === 2);
  expect(after.pieces).toEqual(earlier.pieces);
});

test('agency and type narrow what is told', async () => {
  // A type narrows the events; tables have none.
  const before = await end();
  const own = await follow({ query: '?agency=test-agency' });
  const typed = await follow({ query: '?type=disclosure.agency.role-assigned' });
  await hold(2016, 'other-agency');
  await assign('other-agency');
  await hold(2016);
  await until(() => own.tables().length === 1 && years(typed).includes('test-agency 2016'));
  expect([own.indexes(), years(own)]).toEqual([[before + 3], ['test-agency 2016']]);
  expect([typed.indexes(), years(typed)]).toEqual([[before + 2], ['other-agency 2016', 'test-agency 2016']]);
});

test.each([
  ['after=0', 400, 'bad-parameter'],
  [`after=${Buffer.from('events 1 0 ').toString('base64url')}`, 400, 'bad-parameter'],
  [`after=${Buffer.from('cases 1 0').toString('base64url')}`, 400, 'bad-parameter'],
  [`after=${Buffer.from('events 999999 0').toString('base64url')}`, 400, 'bad-parameter'],
  ['type=disclosure.no.such', 400, 'bad-parameter'],
  ['agency=nobody', 404, 'unknown-agency'],
  ['limit=5', 400, 'bad-parameter'],
])('refused: %s', async (query, status, code) => {
  const answer = await service.get(`/v1/feed?${query}`);
  expect([answer.status, answer.json<ProblemDocument>().code]).toEqual([status, code]);
});

test('a forged Last-Event-ID is 400', async () => {
  const answer = await service.get('/v1/feed', { 'last-event-id': 'forged' });
  expect([answer.status, answer.json<ProblemDocument>().code]).toEqual([400, 'bad-parameter']);
});

test('how the stream begins', async () => {
  // First when to come again, with a bookmark for who is cut off before anything is told.
  const answer = await new Promise<IncomingMessage>((resolve) => get(`${url}/v1/feed`, resolve));
  const [chunk] = (await answer.setEncoding('utf8').take(1).toArray()) as string[];
  expect([answer.headers['content-type'], answer.headers['cache-control']]).toEqual(['text/event-stream', 'no-store']);
  expect(chunk).toBe(`retry: 2000\nid: ${Buffer.from(`events ${await end()} 0`).toString('base64url')}\n\n`);
  const head = await fetch(`${url}/v1/feed`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
});
