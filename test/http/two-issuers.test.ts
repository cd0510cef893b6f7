/** Two providers that both know a `website`: what one of the two may is nothing the other has. */
import { Identity } from '../../src/access/identity/identity.js';
import type { KeptRefusal } from '../../src/recording/refusal-list.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { AGENCY, message } from '../support/messages.js';
import { AUDIENCE, newKey, TestProvider } from '../support/oidc-provider.js';
import { expectProblem, SINGLE, startService, type Answer, type TestService } from '../support/service.js';

/** What each provider calls its client. */
const SUBJECT = 'website';

type Side = 'city' | 'county';

let providers: Readonly<Record<Side, TestProvider>>;
let identity: Identity;
let service: TestService;
const tokens = { city: '', county: '' };

beforeAll(async () => {
  providers = {
    city: await TestProvider.begin([await newKey('RS256', 'one')]),
    county: await TestProvider.begin([await newKey('RS256', 'one')]),
  };
  service = await startService({
    now: Date.now,
    access: async (folder) => {
      const issuers = Object.values(providers).map(({ issuer }) => ({ issuer, audience: AUDIENCE }));
      identity = await Identity.open({ issuers, folder, now: Date.now, notice: () => undefined });
      // The city's website sets up; the county's does not, of whatever name it is.
      return { identity, operators: [callerOf('city')], publishedIsPublic: false, rate: 0 };
    },
  });
  for (const side of ['city', 'county'] as const) tokens[side] = await providers[side].token();
});

afterAll(async () => {
  identity.stop();
  await service.finish();
  for (const provider of Object.values(providers)) await provider.down();
});

const callerOf = (side: Side): { issuer: string; subject: string } => ({ issuer: providers[side].issuer, subject: SUBJECT });
const get = (side: Side, path: string): Promise<Answer> => service.get(path, { authorization: `Bearer ${tokens[side]}` });

function send(side: Side, type: string, subject: string, data: Record<string, unknown>, agency = AGENCY): Promise<Answer> {
  const sent = message(type, subject, new Date(Date.now() - 1000).toISOString(), 'root', data, { agency });
  const headers = { authorization: `Bearer ${tokens[side]}`, 'content-type': SINGLE };
  return service.request({ method: 'POST', url: '/v1/events', headers, payload: JSON.stringify(sent) });
}

async function recorded(sending: Promise<Answer>): Promise<void> {
  const answer = await sending;
  expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('recorded')]);
  await service.settled();
}

const codeOf = async (sending: Promise<Answer>): Promise<string | undefined> => (await sending).json<Receipt>().error?.code;

const grant = (to: Side, permission: string): Promise<Answer> =>
  send('city', 'agency.permission-granted', `agency/${AGENCY}`, { caller: callerOf(to), permission });

let meetings = 0;
const meeting = (side: Side, data: Record<string, unknown> = { title: '会' }): Promise<Answer> =>
  send(side, 'meeting.held', `meeting/${(meetings += 1)}`, data);

test('tokens of both are good', async () => {
  for (const side of ['city', 'county'] as const) {
    const verdict = await identity.check([`Bearer ${tokens[side]}`]);
    expect(verdict).toMatchObject({ ok: true, caller: callerOf(side) });
  }
});

test('only one of them is the operator', async () => {
  const registering = (side: Side): Promise<Answer> =>
    send(side, 'agency.registered', `agency/${AGENCY}`, { name: '商务局', administrator: 'root' });
  expectProblem(await registering('county'), 403, 'not-permitted');
  await recorded(registering('city'));
  // Who grants to the other of its name grants not to itself.
  expect(await codeOf(grant('city', 'emit'))).toBe('self-assignment');
  await recorded(grant('county', 'emit'));
});

test('what one may send the other may not', async () => {
  await recorded(meeting('county'));
  expect(await codeOf(meeting('city'))).toBe('not-permitted');
});

test('what one may read the other may not', async () => {
  const table = `/v1/agencies/${AGENCY}/tables/2020`;
  for (const side of ['city', 'county'] as const) expectProblem(await get(side, table), 403, 'not-permitted');
  await recorded(grant('county', 'read'));
  expect((await get('county', table)).status).toBe(200);
  expectProblem(await get('city', table), 403, 'not-permitted');
});

test('refusals of one are not the other’s', async () => {
  expect(await codeOf(meeting('county', {}))).toBe('invalid-data');
  await service.settled();
  const own = (await get('county', '/v1/refusals')).json<{ refusals: KeptRefusal[] }>().refusals;
  expect(own).toHaveLength(1);
  expectProblem(await get('city', '/v1/refusals'), 403, 'not-permitted');
});

test('neither speaks for the other', async () => {
  // Its key has the same name, and it says that it is the other.
  const { city, county } = providers;
  const key = await newKey('RS256', 'one');
  county.publish([key], city.issuer);
  const forged = await county.token();
  county.publish([key]);
  const answer = await service.get(`/v1/agencies/${AGENCY}/permissions`, { authorization: `Bearer ${forged}` });
  expectProblem(answer, 401, 'bad-token');
  expect((await get('city', `/v1/agencies/${AGENCY}/permissions`)).status).toBe(200);
});
