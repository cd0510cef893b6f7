/** Who may not send is refused, nothing is recorded of it, and the metrics count it. */
import type { Receipt } from '../../src/recording/receipts.js';
import { callerNamed, startIdentified, type Fields, type Identified } from '../support/identified.js';
import { hashOf } from '../support/messages.js';

let world: Identified;

beforeAll(async () => {
  world = await startIdentified();
  const { grant, register, send } = world;
  await register('own');
  await register('other');
  await grant('own', 'root', 'act', { actor: 'root' });
  await grant('own', 'clerk', 'act', { actor: 'clerk' });
  await grant('own', 'web', 'emit', { sources: ['/web'] });
  await grant('own', 'auditor', 'audit');
  await grant('own', 'tomorrow', 'emit', { from: '2030-01-02' });
  await grant('own', 'tomorrow', 'audit');
  await grant('own', 'yesterday', 'emit', { until: '2029-12-31' });
  await grant('other', 'yesterday', 'emit');
  await send('root', 'agency.clearance-chain-set', 'own', { steps: [] });
  await send('web', 'meeting.held', 'own', { title: 'm' }, { source: '/web' });
  await world.service.settled();
});

afterAll(() => world.finish());

async function counted(line: string): Promise<number> {
  const { text } = await world.ask('operator', '/metrics');
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(line))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

const WEB = { source: '/web' };
const MEETING = ['meeting.held', { title: 'm' }] as const;
const GRANT = ['agency.permission-granted', { caller: callerNamed('friend'), permission: 'read' }] as const;

type Sent = readonly [said: string, caller: string, type: string, data: Fields, more?: Fields];
const NOT_PERMITTED: readonly Sent[] = [
  ['an emitter that grants', 'web', ...GRANT, WEB],
  ['that ends a permission', 'web', 'agency.permission-ended', { caller: callerNamed('clerk'), permission: 'act' }, WEB],
  ['that sets a chain', 'web', 'agency.clearance-chain-set', { steps: [] }, WEB],
  ['that assigns a role', 'web', 'agency.role-assigned', { actor: 'friend', role: 'administrator' }, WEB],
  ['that ends a role', 'web', 'agency.role-ended', { actor: 'root', role: 'administrator' }, WEB],
  ['that changes the agency', 'web', 'agency.changed', { name: 'x', from: '2029-06-01' }, WEB],
  [
    'that registers an agency',
    'web',
    'agency.registered',
    { name: 'x', administrator: 'root', parent: 'own' },
    { ...WEB, agency: 'new', subject: 'agency/new' },
  ],
  [
    'that announces a calendar',
    'web',
    'calendar.announced',
    { year: 2031, off: [], worked: [], notice: 'n' },
    { ...WEB, subject: 'calendar/2031' },
  ],
  ['that erases', 'web', 'record.erased', { reason: 'r', approvedBy: 'x' }, { ...WEB, subject: 'publication/1' }],
  ['an emitter outside its sources', 'web', ...MEETING, { source: '/web/' }],
  ['in another agency', 'web', ...MEETING, { ...WEB, agency: 'other' }],
  ['in an agency that is not there', 'web', ...MEETING, { ...WEB, agency: 'none' }],
  ['an officer under another’s name', 'clerk', ...MEETING, { actor: 'root' }],
  ['an officer in another agency', 'clerk', ...MEETING, { actor: 'clerk', agency: 'other' }],
  ['an operator that acts', 'operator', ...MEETING],
  ['that sets a chain itself', 'operator', 'agency.clearance-chain-set', { steps: [] }],
  ['a permission ended yesterday', 'yesterday', ...MEETING],
];

test.each(NOT_PERMITTED.map(([said, ...sent]) => ({ said, sent })))('$said', async ({ sent: [caller, type, data, more = {}] }) => {
  const line = 'disclosure_messages_total{status="refused",code="not-permitted"}';
  const [before, head] = [await counted(line), await world.service.head()];
  const answer = await world.sent(caller, type, 'own', data, more);
  expect([answer.status, answer.json<Receipt>().error?.code]).toEqual([422, 'not-permitted']);
  expect(await counted(line)).toBe(before + 1);
  // Neither recorded nor kept.
  expect(await world.service.head()).toBe(head);
});

test.each(['auditor', 'tomorrow', 'nobody'])('%s may send nothing at all', async (caller) => {
  const line = 'disclosure_http_request_seconds_count{method="POST",route="/v1/events",status="403"}';
  const before = await counted(line);
  const answer = await world.sent(caller, 'meeting.held', 'own', { title: 'm' });
  expect([answer.status, answer.json<{ code: string }>().code]).toEqual([403, 'not-permitted']);
  expect(await counted(line)).toBe(before + 1);
});

test('two callers wanting one name', async () => {
  const line = 'disclosure_messages_total{status="refused",code="name-taken"}';
  const before = await counted(line);
  const answer = await world.sent('operator', 'agency.permission-granted', 'own', {
    caller: callerNamed('eve'),
    permission: 'act',
    actor: 'clerk',
  });
  expect([answer.status, answer.json<Receipt>().error?.code]).toEqual([422, 'name-taken']);
  expect(await counted(line)).toBe(before + 1);
});

test('an emitter clears no report of an attested chain', async () => {
  const { grant, send, sent, service } = world;
  await grant('own', 'all', 'emit');
  await grant('own', 'office', 'act', { actor: 'office' });
  await send('root', 'agency.role-assigned', 'own', { actor: 'office', role: 'r' });
  await send('root', 'agency.clearance-chain-set', 'own', {
    steps: [{ step: 's', role: 'r', unit: 'u' }],
    approver: { role: 'a', unit: 'u' },
    attested: true,
  });
  await service.settled();
  const { form, hash: tableHash, asOf } = await service.runtime.tables.table({ agency: 'own', year: 2029 });
  const on = { subject: 'report/2029', actor: 'compiler' };
  await send('all', 'report.compiled', 'own', { year: 2029, form, index: asOf.index, tableHash }, on);
  const cleared = ['report.cleared', 'own', { step: 's', verdict: 'passed', tableHash }, { ...on, actor: 'office' }] as const;
  const line = 'disclosure_messages_total{status="refused",code="attestation-required"}';
  const before = await counted(line);
  expect((await sent('all', ...cleared)).json<Receipt>().error?.code).toBe('attestation-required');
  expect(await counted(line)).toBe(before + 1);
  await send('office', ...cleared);
});

test('an earlier moment is seen by today’s permissions', async () => {
  const { ask, end, grant, send, service } = world;
  const { position } = await send('web', 'publication.drafted', 'own', { title: 't', contentHash: hashOf('1') }, WEB);
  await grant('own', 'then', 'audit');
  await service.settled();
  const moment = `?asOf=${position ?? ''}`;
  const urls = ['cases/publication/1', 'cases/publication/1/trail', 'permissions', 'tables/2029'].map((path) => `/v1/agencies/own/${path}`);
  // Who may today sees what was before it might; who no longer may sees not even that.
  for (const url of urls) expect([url, (await ask('then', `${url}${moment}`)).status]).toEqual([url, 200]);
  const { index } = (await ask('then', '/v1/agencies/own/tables/2029')).json<{ asOf: { index: number } }>().asOf;
  await end('own', 'then', 'audit');
  await service.settled();
  for (const url of urls)
    for (const asOf of [moment, `?asOf=index:${index}`, '?asOf=2030-01-01'])
      expect([url, (await ask('then', `${url}${asOf}`)).status]).toEqual([url, 403]);
});
