/** What a page is told while it is open: that something is newer, to whom, and until when. */
import { DAY, startIdentified, type Identified } from '../support/identified.js';
import { message } from '../support/messages.js';
import { PageClient, tokenIn } from '../support/page-client.js';
import { until } from '../support/until.js';

let world: Identified;
let url: string;

beforeAll(async () => {
  world = await startIdentified();
  for (const agency of ['own', 'other']) await world.register(agency);
  for (const agency of ['own', 'other']) await world.grant(agency, 'web', 'emit');
  await world.grant('own', 'reader', 'read');
  await world.grant('own', 'auditor', 'audit');
  await world.grant('other', 'elsewhere', 'audit');
  await world.service.settled();
  url = await world.service.listen();
});

afterAll(() => world.finish());

interface Followed {
  readonly status: number;
  readonly told: string[];
  /** Whether the service ended it. */
  over: boolean;
  readonly leave: () => void;
}

async function follow(path: string, headers: Record<string, string>): Promise<Followed> {
  const left = new AbortController();
  const answer = await fetch(`${url}${path}`, { headers, redirect: 'manual', signal: left.signal });
  const followed: Followed = { status: answer.status, told: [], over: false, leave: () => left.abort() };
  const read = async (): Promise<void> => {
    const pieces = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await pieces?.read(); piece?.done === false; piece = await pieces?.read()) followed.told.push(piece.value);
  };
  void read()
    .catch(() => undefined)
    .finally(() => (followed.over = true));
  return followed;
}

const bearer = async (subject: string): Promise<Record<string, string>> => ({ authorization: `Bearer ${await world.tokenOf(subject)}` });

async function signedIn(subject: string): Promise<{ readonly client: PageClient; readonly cookie: Record<string, string> }> {
  const client = new PageClient(world.service);
  await client.signIn({ bearer: await world.tokenOf(subject) }, '/agencies/own');
  return { client, cookie: { cookie: `disclosure-session=${client.cookie('session') ?? ''}` } };
}

let serial = 0;

async function record(agency: string, type: string, kind: string, data: Record<string, unknown>): Promise<void> {
  serial += 1;
  const act = { ...message(type, `${kind}/${serial}`, DAY, 'office', data, { agency }), id: `live-${serial}` };
  expect((await world.ask('web', '/v1/events', { method: 'POST', payload: JSON.stringify(act) })).status).toBe(201);
}

/** Only the first moves a table: no form counts it. */
const hold = (agency: string): Promise<void> => record(agency, 'meeting.held', 'meeting', { title: 'm' });

/** Each moves the table of its year. */
const receive = (agency: string): Promise<void> =>
  record(agency, 'application.received', 'application', { channel: 'letter', applicant: { kind: 'business' }, request: '公开文件' });

const changes = ({ told }: Followed): string[] =>
  told
    .join('')
    .split('\n\n')
    .filter((piece) => piece.startsWith('event: changed'));

test('a page is told of its agency alone', async () => {
  const ofCase = `/agencies/own/live?case=meeting%2F${serial + 3}`;
  const [reader, auditor] = [
    await follow('/agencies/own/live', await bearer('reader')),
    await follow('/agencies/own/live', await bearer('auditor')),
  ];
  const [caseOfReader, caseOfAuditor] = [await follow(ofCase, await bearer('reader')), await follow(ofCase, await bearer('auditor'))];
  const all = [reader, auditor, caseOfReader, caseOfAuditor];
  // The last that waits is the last that is told: what it heard of the others had their chance to hear.
  const elsewhere = await follow('/agencies/other/live', await bearer('elsewhere'));
  await hold('other');
  await until(() => changes(elsewhere).length > 1);
  expect(all.map((one) => changes(one).length)).toEqual([0, 0, 0, 0]);
  await hold('own');
  await until(() => changes(reader).length > 0 && changes(auditor).length > 1);
  expect([caseOfReader, caseOfAuditor].flatMap(changes)).toEqual([]);
  await hold('own');
  await until(() => changes(caseOfAuditor).length > 0);
  // Who sees no cases is told of none.
  expect(changes(caseOfReader)).toEqual([]);
  // Nothing of what was recorded, but how far.
  for (const piece of all.flatMap(changes)) expect(piece).toMatch(/^event: changed\nid: \S+\ndata: \{"index":\d+\}$/);
  for (const one of [...all, elsewhere]) one.leave();
});

test('what came meanwhile is told at once', async () => {
  const { client, cookie } = await signedIn('auditor');
  const { text } = await client.get('/agencies/own');
  const after = /data-after="([^"]+)"/.exec(text)?.[1] ?? '';
  await hold('own');
  await world.service.settled();
  const late = await follow(`/agencies/own/live?after=${encodeURIComponent(after)}`, cookie);
  await until(() => changes(late).length > 0);
  late.leave();
});

test('what is on the page is no news', async () => {
  // Its last act moved a table, which the feed would tell again; and so it does to who comes back to the feed.
  await receive('own');
  await world.service.settled();
  const { client, cookie } = await signedIn('reader');
  const { text } = await client.get('/agencies/own');
  const drawn = /data-after="([^"]+)"/.exec(text)?.[1] ?? '';
  const idIn = ({ told }: Followed): string => /^id: (\S+)$/m.exec(told.join(''))?.[1] ?? '';
  const first = await follow(`/agencies/own/live?after=${drawn}`, cookie);
  await until(() => idIn(first) !== '');
  first.leave();
  const again = await follow(`/agencies/own/live?after=${idIn(first)}`, cookie);
  await until(() => idIn(again) !== '');
  await receive('own');
  await until(() => changes(first).length + changes(again).length > 0);
  const feed = await fetch(`${url}/v1/agencies/own/tables/${DAY.slice(0, 4)}`, { headers: await bearer('reader') });
  const { asOf } = (await feed.json()) as { asOf: { index: number } };
  expect(changes(first)).toEqual([]);
  expect(changes(again).map((piece) => /"index":(\d+)/.exec(piece)?.[1])).toEqual([String(asOf.index)]);
  again.leave();
});

test.each([
  ['reader', '/agencies/other/live', 403],
  ['web', '/agencies/own/live', 403],
  ['reader', '/agencies/own/live?after=no-place', 400],
  ['reader', '/agencies/own/live?case=none', 404],
  ['reader', '/agencies/own/live?since=1', 400],
  [null, '/agencies/own/live', 303],
])('%s is not told of %s', async (subject, path, status) => {
  const followed = await follow(path, subject === null ? {} : await bearer(subject));
  expect(followed.status).toBe(status);
});

test('it ends with the session', async () => {
  // Another session of the same caller goes on.
  const [mine, other] = [await signedIn('reader'), await signedIn('reader')];
  const [ended, going] = [await follow('/agencies/own/live', mine.cookie), await follow('/agencies/own/live', other.cookie)];
  expect([ended.status, going.status]).toEqual([200, 200]);
  await mine.client.post('/sign-out', { token: tokenIn(await mine.client.get('/agencies/own')) });
  await until(() => ended.over);
  expect(going.over).toBe(false);
  going.leave();
});

test('it ends with the permission', async () => {
  await world.grant('own', 'leaving', 'read');
  await world.service.settled();
  const { cookie } = await signedIn('leaving');
  const followed = await follow('/agencies/own/live', cookie);
  expect(followed.status).toBe(200);
  await world.end('own', 'leaving', 'read');
  await until(() => followed.over);
});
