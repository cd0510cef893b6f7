/** Who is told what over the feed, and until when. */
import { membersOf } from '../../src/encoding/unknown-values.js';
import { DAY, startIdentified, type Identified } from '../support/identified.js';
import { followFeed, opened, type FeedClient, type ToldPiece } from '../support/feed-client.js';
import { TEST_NOW } from '../support/ledger.js';
import { message } from '../support/messages.js';
import { until } from '../support/until.js';

let world: Identified;
let url: string;
let now = TEST_NOW;
const clients: FeedClient[] = [];

beforeAll(async () => {
  world = await startIdentified({ now: () => now });
  for (const agency of ['own', 'other']) await world.register(agency);
  await world.grant('own', 'web', 'emit');
  await world.grant('other', 'web', 'emit');
  url = await world.service.listen();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

afterAll(() => {
  now = TEST_NOW;
  return world.finish();
});

async function follow(subject: string, query = '', minutes = 60): Promise<FeedClient> {
  const client = followFeed(url, { query, token: await world.tokenOf(subject, minutes) });
  clients.push(client);
  await opened(client);
  return client;
}

let serial = 0;

async function hold(agency: string): Promise<void> {
  serial += 1;
  const act = { ...message('meeting.held', `meeting/${serial}`, DAY, 'office', { title: 'm' }, { agency }), id: `feed-${serial}` };
  const answer = await world.ask('web', '/v1/events', { method: 'POST', payload: JSON.stringify(act) });
  expect(answer.status).toBe(201);
}

/** Of a table it stands in the piece, of an event in its metadata. */
const agencyOf = ({ data }: ToldPiece): unknown => data['agency'] ?? membersOf(data['metadata'])['agency'];
const told = ({ pieces }: FeedClient): string[] => pieces.map((piece) => `${piece.kind} ${JSON.stringify(agencyOf(piece))}`);

/** Ended by the service, not by the client. */
function ended({ source }: FeedClient): Promise<void> {
  return new Promise((resolve) => source.addEventListener('error', () => resolve()));
}

test('each is told what it may read', async () => {
  // Events for who audits the agency, tables for who audits, reads or acts there; of other agencies nothing.
  await world.grant('own', 'auditor', 'audit');
  await world.grant('own', 'reader', 'read');
  await world.grant('own', 'both', 'read');
  await world.grant('other', 'both', 'audit');
  await world.service.settled();
  const [auditor, reader, both] = [await follow('auditor'), await follow('reader'), await follow('both')];
  await hold('other');
  await until(() => both.tables().length === 1);
  await hold('own');
  await until(() => [auditor, reader].every((client) => client.tables().length === 1) && both.tables().length === 2);
  expect(told(auditor)).toEqual(['event "own"', 'table "own"']);
  expect(told(reader)).toEqual(['table "own"']);
  expect(told(both)).toEqual(['event "other"', 'table "other"', 'table "own"']);
});

test.each([
  ['web', '', 403],
  ['reader', '?agency=other', 403],
  ['reader', '?agency=nobody', 403],
  ['nobody', '', 403],
  [null, '', 401],
])('%s may not follow %s', async (subject, query, status) => {
  await world.grant('own', 'reader', 'read');
  await world.service.settled();
  expect((await world.ask(subject, `/v1/feed${query}`)).status).toBe(status);
});

test('it ends with the permission', async () => {
  // Within two seconds, whether anything is told or not; nothing is told of what is recorded afterwards.
  await world.grant('own', 'leaving', 'audit');
  await world.service.settled();
  const client = await follow('leaving');
  const over = ended(client);
  await world.end('own', 'leaving', 'audit');
  await over;
  client.close();
  await hold('own');
  await world.service.settled();
  expect(client.pieces.filter(({ data }) => data['type'] === 'disclosure.meeting.held')).toEqual([]);
});

test('it ends with the token', async () => {
  await world.grant('own', 'short', 'audit');
  await world.service.settled();
  const client = await follow('short', '', 5);
  const over = ended(client);
  now = TEST_NOW + 5 * 60_000;
  await over;
});
