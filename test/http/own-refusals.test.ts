/** Refused messages: an emitter sees its own, officers and auditors those of the agency. */
import { randomUUID } from 'node:crypto';
import type { KeptRefusal } from '../../src/recording/refusal-list.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { DAY, callerNamed, startIdentified, type Fields, type Identified } from '../support/identified.js';
import { message } from '../support/messages.js';
import { expectProblem } from '../support/service.js';

let world: Identified;

beforeEach(async () => {
  world = await startIdentified();
  const { grant, register } = world;
  await register('own');
  await register('below', { parent: 'own' });
  await register('other');
  for (const web of ['web', 'app']) await grant('own', web, 'emit');
  await grant('below', 'shop', 'emit');
  await grant('own', 'clerk', 'act', { actor: 'clerk' });
  await grant('own', 'wide', 'audit', { below: true });
  for (const agency of ['own', 'other']) await grant(agency, 'whole', 'audit', { below: true });
});

afterEach(() => world.finish());

/** Refused: from the future. */
async function refused(caller: string, agency: string, id: string): Promise<void> {
  const answer = await world.sent(
    caller,
    'meeting.held',
    agency,
    { title: 'm' },
    { id, time: '2035-01-01T00:00:00Z', subject: `meeting/${id}` },
  );
  expect(answer.json<Receipt>().error?.code).toBe('in-the-future');
}

async function listed(caller: string): Promise<KeptRefusal[]> {
  await world.service.settled();
  return (await world.ask(caller, '/v1/refusals')).json<{ refusals: KeptRefusal[] }>().refusals;
}

const ids = async (caller: string): Promise<string[]> => (await listed(caller)).map(({ id }) => id);
const refusalId = async (id: string): Promise<string> => (await listed('whole')).find((one) => one.id === id)?.refusalId ?? '';
const resend = async (caller: string, refusal: string): ReturnType<Identified['ask']> =>
  world.ask(caller, `/v1/refusals/${refusal}/resend`, { method: 'POST' });

test('an emitter sees its own', async () => {
  await refused('web', 'own', 'a');
  await refused('app', 'own', 'b');
  await refused('shop', 'below', 'c');
  expect(await ids('web')).toEqual(['a']);
  expect(await ids('app')).toEqual(['b']);
  expect(await ids('clerk')).toEqual(['b', 'a']);
  expect(await ids('wide')).toEqual(['c', 'b', 'a']);
});

test('who sent the same message sees it too', async () => {
  await refused('web', 'own', 'same');
  await refused('app', 'own', 'same');
  for (const caller of ['web', 'app']) expect(await listed(caller)).toMatchObject([{ id: 'same', count: 2, agency: 'own' }]);
});

test('its own are those of where it emits today', async () => {
  await refused('web', 'own', 'a');
  await world.grant('other', 'web', 'emit');
  await refused('web', 'other', 'b');
  expect(await ids('web')).toEqual(['b', 'a']);
  await world.end('own', 'web', 'emit');
  expect(await ids('web')).toEqual(['b']);
  await world.end('other', 'web', 'emit');
  await world.service.settled();
  expect((await world.ask('web', '/v1/refusals')).status).toBe(403);
});

test('who sent it stands in the ledger', async () => {
  await refused('web', 'own', 'a');
  const kept = (await world.service.eventsAfter(null)).filter(({ type }) => type === 'refusal.kept');
  expect(kept.map(({ data }) => [data['caller'], data['agency']])).toEqual([[callerNamed('web'), 'own']]);
  // The auditors of the agency see the event; what it holds stays sealed.
  const audited = (await world.ask('wide', '/v1/events?type=refusal.kept')).json<{ events: Fields[] }>();
  expect(audited.events).toHaveLength(1);
});

test('of unknown senders nobody’s own', async () => {
  // As it was kept before senders were noted, for an agency that nothing in the clear names.
  const { service, register, grant } = world;
  const sent = { ...message('meeting.held', 'meeting/old', DAY, 'clerk', { title: 'm' }, { agency: 'late' }), id: 'old', source: '/old' };
  const refusal = { code: 'unknown-agency', message: 'no such agency', hint: 'register it' } as const;
  await service.runtime.refusals.keep(
    { ok: false, source: '/old', id: 'old', type: sent.type, kept: JSON.stringify(sent), refusal },
    NO_IDENTITY,
  );
  const [event] = (await service.eventsAfter(null)).filter(({ type }) => type === 'refusal.kept');
  expect(Object.keys(event?.data ?? {}).sort()).toEqual(['code', 'refusalId', 'sealed']);
  await register('late');
  await grant('late', 'web', 'emit');
  await grant('late', 'late-auditor', 'audit');
  expect(await ids('web')).toEqual([]);
  expect(await ids('late-auditor')).toEqual(['old']);
});

test('resending is recorded as the resender’s', async () => {
  await refused('web', 'own', 'a');
  const id = await refusalId('a');
  for (const stranger of ['shop', 'clerk']) expectProblem(await resend(stranger, id), 403, 'not-permitted');
  expect((await resend('app', id)).json<Receipt>().error?.code).toBe('in-the-future');
  expect(await ids('app')).toEqual(['a']);
  const mended = { ...message('meeting.held', 'meeting/b', DAY, 'office', { title: 'm' }, { agency: 'own' }), id: 'b' };
  const refusal = { code: 'store-unavailable', message: 'away', hint: 'send again' } as const;
  const kept = JSON.stringify(mended);
  await world.service.runtime.refusals.keep({ ok: false, source: mended.source, id: 'b', type: mended.type, kept, refusal }, NO_IDENTITY);
  const receipt = (await resend('app', await refusalId('b'))).json<Receipt>();
  const [event] = (await world.service.eventsAfter(null)).filter((one) => one.id === receipt.eventIds[0]);
  expect(event?.metadata).toMatchObject({ caller: callerNamed('app'), attestation: 'emitter' });
});

test('an unknown refusal is like another’s', async () => {
  await refused('web', 'own', 'a');
  const id = await refusalId('a');
  const [foreign, unknown] = [await resend('shop', id), await resend('shop', randomUUID())];
  expect([foreign.status, foreign.text]).toEqual([unknown.status, unknown.text]);
  // Who saw it is told that it waits no more.
  await world.service.runtime.refusals.settle(id);
  await world.service.settled();
  expectProblem(await resend('web', id), 404, 'unknown-refusal');
  expectProblem(await resend('shop', id), 403, 'not-permitted');
});
