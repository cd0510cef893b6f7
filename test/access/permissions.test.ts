/** Permissions as acts: who grants them, what they then allow, and how far a name is trusted. */
import type { Sender } from '../../src/recording/sender.js';
import { grantsIn } from '../../src/read-models/permissions/permission-reader.js';
import { agencyIdOf } from '../../src/read-models/agencies/agency-reader.js';
import { RightsReader, type Rights } from '../../src/access/rights.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { message } from '../support/messages.js';

type Fields = Record<string, unknown>;

const ISSUER = 'https://login.example';
const caller = (subject: string): { issuer: string; subject: string } => ({ issuer: ISSUER, subject });
const from = (subject: string, operator = false): Sender => ({
  attestation: 'none',
  caller: caller(subject),
  operator,
  identity: true,
});
const OPERATOR = from('operator', true);
const NOON = '2029-06-01T12:00:00+08:00';

let now: number;
let ledger: TestLedger;
let ids = 0;

beforeEach(() => {
  now = Date.parse('2029-07-01T08:00:00+08:00');
  ledger = openTestLedger({ now: () => now });
});

afterEach(() => ledger.finish());

async function send(sender: Sender, type: string, agency: string, data: Fields, more: Fields = {}): Promise<Receipt> {
  ids += 1;
  const subject = type.startsWith('agency.') ? `agency/${agency}` : 'meeting/1';
  const sent = { ...message(type, subject, NOON, 'root', data, { agency }), id: `m${ids}`, ...more };
  const receipt = await ledger.recorder.recordValue(sent, sender);
  await ledger.settled();
  return receipt;
}

const codeOf = ({ status, error }: Receipt): string => error?.code ?? status;

async function registered(agency: string, more: Fields = {}): Promise<void> {
  expect(codeOf(await send(OPERATOR, 'agency.registered', agency, { name: agency, administrator: 'root', ...more }))).toBe('recorded');
}

const grant = async (sender: Sender, agency: string, data: Fields): Promise<string> =>
  codeOf(await send(sender, 'agency.permission-granted', agency, data));
const end = async (sender: Sender, agency: string, subject: string, permission: string): Promise<string> =>
  codeOf(await send(sender, 'agency.permission-ended', agency, { caller: caller(subject), permission }));

const act = (subject: string, actor: string, more: Fields = {}): Fields => ({ caller: caller(subject), permission: 'act', actor, ...more });

const meeting = async (sender: Sender, agency: string, actor: string, more: Fields = {}): Promise<string> =>
  codeOf(await send(sender, 'meeting.held', agency, { title: 'm' }, { actor, subject: `meeting/${ids}`, ...more }));

test('an operator begins, the administrator goes on', async () => {
  // An operator sets up an agency, its administrator goes on.
  await registered('city');
  expect(await grant(OPERATOR, 'city', act('root', 'root'))).toBe('recorded');
  // The bound name is an administrator: with his own token he grants in turn.
  expect(await grant(from('root'), 'city', act('clerk', 'clerk'))).toBe('recorded');
  expect(await meeting(from('clerk'), 'city', 'clerk')).toBe('recorded');
  const [, , , last] = (await ledger.log.readAll(null, 10)) ?? [];
  expect(last?.metadata).toMatchObject({ attestation: 'own-token', caller: caller('clerk'), actor: 'clerk' });
});

test('an officer acts under one name', async () => {
  // An officer acts under no other name, and nowhere else.
  await registered('city');
  await registered('other');
  await grant(OPERATOR, 'city', act('clerk', 'clerk'));
  expect(await meeting(from('clerk'), 'city', 'root')).toBe('not-permitted');
  expect(await meeting(from('clerk'), 'other', 'clerk')).toBe('not-permitted');
  expect(await meeting(from('nobody'), 'city', 'clerk')).toBe('not-permitted');
});

test('an emitter sends from its sources only', async () => {
  // An emitter sends for any actor from its sources, and sets up nothing.
  await registered('city');
  await grant(OPERATOR, 'city', { caller: caller('web'), permission: 'emit', sources: ['/web'] });
  expect(await meeting(from('web'), 'city', 'anybody', { source: '/web' })).toBe('recorded');
  expect(await meeting(from('web'), 'city', 'anybody', { source: '/web/sub' })).toBe('not-permitted');
  expect(await grant(from('web'), 'city', { caller: caller('x'), permission: 'read' })).toBe('not-permitted');
  const chain = await send(from('web'), 'agency.clearance-chain-set', 'city', { steps: [] }, { source: '/web' });
  expect(codeOf(chain)).toBe('not-permitted');
});

test('permissions hold by the clock', async () => {
  // Permissions hold by the clock, not by the time of an act.
  await registered('city');
  await grant(OPERATOR, 'city', act('clerk', 'clerk', { from: '2029-07-02', until: '2029-07-03' }));
  expect(await meeting(from('clerk'), 'city', 'clerk')).toBe('not-permitted');
  now = Date.parse('2029-07-02T00:00:00+08:00');
  expect(await meeting(from('clerk'), 'city', 'clerk')).toBe('recorded');
  now = Date.parse('2029-07-03T23:59:59+08:00');
  expect(await meeting(from('clerk'), 'city', 'clerk')).toBe('recorded');
  now = Date.parse('2029-07-04T00:00:00+08:00');
  expect(await meeting(from('clerk'), 'city', 'clerk')).toBe('not-permitted');
});

test('an end ends, a later grant replaces', async () => {
  // An end ends, also of what a later grant replaced.
  await registered('city');
  await grant(OPERATOR, 'city', act('clerk', 'clerk'));
  await grant(OPERATOR, 'city', act('clerk', 'scribe'));
  expect(await meeting(from('clerk'), 'city', 'clerk')).toBe('not-permitted');
  expect(await meeting(from('clerk'), 'city', 'scribe')).toBe('recorded');
  expect(await end(OPERATOR, 'city', 'clerk', 'act')).toBe('recorded');
  expect(await meeting(from('clerk'), 'city', 'scribe')).toBe('not-permitted');
  expect(await end(OPERATOR, 'city', 'clerk', 'act')).toBe('not-granted');
});

test('below reaches today’s children, not the vertical ones', async () => {
  await registered('city');
  await registered('bureau', { parent: 'city' });
  await registered('customs', { parent: 'city', reporting: 'vertical' });
  await registered('post', { parent: 'customs' });
  await grant(OPERATOR, 'city', act('clerk', 'clerk', { below: true }));
  expect(await meeting(from('clerk'), 'bureau', 'clerk')).toBe('recorded');
  expect(await meeting(from('clerk'), 'customs', 'clerk')).toBe('not-permitted');
  expect(await meeting(from('clerk'), 'post', 'clerk')).toBe('not-permitted');
});

test('one caller one name, here and below', async () => {
  // One caller one name, one name one caller, here and below.
  await registered('city');
  await registered('bureau', { parent: 'city' });
  expect(await grant(OPERATOR, 'city', act('a', 'clerk', { below: true }))).toBe('recorded');
  expect(await grant(OPERATOR, 'city', act('b', 'clerk'))).toBe('name-taken');
  expect(await grant(OPERATOR, 'bureau', act('b', 'clerk'))).toBe('name-taken');
  expect(await grant(OPERATOR, 'bureau', act('a', 'scribe'))).toBe('name-taken');
  expect(await grant(OPERATOR, 'bureau', act('a', 'clerk'))).toBe('recorded');
  expect(await end(OPERATOR, 'bureau', 'a', 'act')).toBe('recorded');
  expect(await end(OPERATOR, 'city', 'a', 'act')).toBe('recorded');
  expect(await grant(OPERATOR, 'bureau', act('b', 'clerk'))).toBe('recorded');
  // From above it would reach the name below.
  expect(await grant(OPERATOR, 'city', act('a', 'clerk', { below: true }))).toBe('name-taken');
  expect(await grant(OPERATOR, 'city', act('a', 'clerk'))).toBe('recorded');
});

test('days that do not meet are no conflict', async () => {
  await registered('city');
  expect(await grant(OPERATOR, 'city', act('a', 'clerk', { until: '2029-07-31' }))).toBe('recorded');
  expect(await grant(OPERATOR, 'city', act('b', 'clerk', { from: '2029-07-31' }))).toBe('name-taken');
  expect(await grant(OPERATOR, 'city', act('b', 'clerk', { from: '2029-08-01' }))).toBe('recorded');
});

test('nobody grants to himself, an operator neither', async () => {
  await registered('city');
  await grant(OPERATOR, 'city', act('root', 'root'));
  expect(await grant(from('root'), 'city', { caller: caller('root'), permission: 'audit' })).toBe('self-assignment');
  expect(await grant(OPERATOR, 'city', { caller: caller('operator'), permission: 'audit' })).toBe('self-assignment');
});

test('an operator does nothing else', async () => {
  await registered('city');
  expect(await meeting(OPERATOR, 'city', 'root')).toBe('not-permitted');
  expect(codeOf(await send(OPERATOR, 'agency.clearance-chain-set', 'city', { steps: [] }))).toBe('not-permitted');
});

test('an administrator above grants below', async () => {
  await registered('city');
  await registered('bureau', { parent: 'city', administrator: 'boss' });
  await grant(OPERATOR, 'city', act('root', 'root', { below: true }));
  expect(await grant(from('root'), 'bureau', act('clerk', 'clerk'))).toBe('recorded');
  await grant(OPERATOR, 'city', act('clerk2', 'clerk2', { below: true }));
  const notHis = { ...message('agency.permission-granted', 'agency/bureau', NOON, 'clerk2', act('x', 'x'), { agency: 'bureau' }), id: 'z' };
  expect(codeOf(await ledger.recorder.recordValue(notHis, from('clerk2')))).toBe('not-administrator');
});

test('without an issuer nobody grants', async () => {
  const nobody: Sender = { attestation: 'none', caller: null };
  await send(nobody, 'agency.registered', 'city', { name: 'city', administrator: 'root' });
  expect(await grant(nobody, 'city', act('clerk', 'clerk'))).toBe('attestation-required');
  // Answered, not kept.
  expect(ledger.refusals.list().refusals).toEqual([]);
});

test('a local command sets up nothing', async () => {
  // A local command sets up nothing where callers are identified.
  const local: Sender = { attestation: 'none', caller: 'local:me', identity: true };
  await registered('city');
  expect(codeOf(await send(local, 'agency.registered', 'town', { name: 'town', administrator: 'root' }))).toBe('attestation-required');
  expect(codeOf(await send(local, 'agency.role-assigned', 'city', { actor: 'x', role: 'y' }))).toBe('attestation-required');
  expect(await meeting(local, 'city', 'clerk')).toBe('recorded');
});

test('an attested chain asks for tokens', async () => {
  // An attested chain asks for tokens, also of acts that are dated back.
  await registered('city');
  await grant(OPERATOR, 'city', act('root', 'root'));
  await grant(OPERATOR, 'city', act('office', 'office'));
  await grant(OPERATOR, 'city', { caller: caller('web'), permission: 'emit' });
  const chain = { steps: [{ step: 's', role: 'r', unit: 'u' }], approver: { role: 'a', unit: 'u' }, attested: true };
  const late = { time: '2029-06-20T12:00:00+08:00' };
  expect(codeOf(await send(from('root'), 'agency.role-assigned', 'city', { actor: 'office', role: 'r' }))).toBe('recorded');
  expect(codeOf(await send(from('root'), 'agency.clearance-chain-set', 'city', { ...chain, attested: false }))).toBe('recorded');
  expect(codeOf(await send(from('root'), 'agency.clearance-chain-set', 'city', chain, late))).toBe('recorded');
  const hash = `sha256:${'0'.repeat(64)}`;
  const of = { subject: 'publication/1', time: '2029-06-02T12:00:00+08:00' };
  expect(codeOf(await send(from('web'), 'publication.drafted', 'city', { title: 't', contentHash: hash }, { ...of, actor: 'd' }))).toBe(
    'recorded',
  );
  const cleared = { step: 's', verdict: 'passed', contentHash: hash };
  expect(codeOf(await send(from('web'), 'publication.cleared', 'city', cleared, { ...of, actor: 'office' }))).toBe('attestation-required');
  expect(codeOf(await send(from('office'), 'publication.cleared', 'city', cleared, { ...of, actor: 'office' }))).toBe('recorded');
});

test('of what nobody may send nothing is told', async () => {
  await registered('city');
  await grant(OPERATOR, 'city', act('clerk', 'clerk'));
  const sent = { ...message('meeting.held', 'meeting/1', NOON, 'clerk', { title: 'm' }, { agency: 'city' }), id: 'once' };
  expect(codeOf(await ledger.recorder.recordValue(sent, from('clerk')))).toBe('recorded');
  expect(codeOf(await ledger.recorder.recordValue(sent, from('clerk')))).toBe('duplicate');
  expect(codeOf(await ledger.recorder.recordValue(sent, from('stranger')))).toBe('not-permitted');
  expect(codeOf(await ledger.recorder.recordValue({ ...sent, data: { title: 'n' } }, from('stranger')))).toBe('not-permitted');
});

test('dating back gains nothing', async () => {
  // Who was an administrator once gains nothing by dating back.
  // Another administers the agency today; the caller of the first keeps its name, and dates its acts to his days.
  await registered('city');
  await grant(OPERATOR, 'city', act('root', 'root'));
  await grant(OPERATOR, 'city', act('next', 'next'));
  const early = { time: '2029-06-02T12:00:00+08:00' };
  expect(codeOf(await send(from('root'), 'agency.role-assigned', 'city', { actor: 'next', role: 'administrator' }))).toBe('recorded');
  const ended = { actor: 'root', role: 'administrator' };
  const end_ = { actor: 'next', time: '2029-06-10T12:00:00+08:00' };
  expect(codeOf(await send(from('next'), 'agency.role-ended', 'city', ended, end_))).toBe('recorded');
  for (const [type, data] of [
    ['agency.permission-granted', { caller: caller('x'), permission: 'audit' }],
    ['agency.role-assigned', { actor: 'x', role: 'administrator' }],
    ['agency.clearance-chain-set', { steps: [] }],
    ['agency.changed', { name: 'mine', from: '2029-07-01' }],
    ['agency.registered', { name: 'child', administrator: 'root', parent: 'city' }],
  ] as const) {
    const agency = type === 'agency.registered' ? 'child' : 'city';
    expect([type, codeOf(await send(from('root'), type, agency, { ...data }, early))]).toEqual([type, 'not-administrator']);
  }
});

test('a name counts where it is bound', async () => {
  // A name in one agency is nobody in another.
  // Eve administers her own agency, and lets an accomplice act there under the name of the other’s administrator.
  await registered('eves', { administrator: 'eve' });
  await registered('city', { administrator: 'zhang' });
  await grant(OPERATOR, 'eves', act('eve', 'eve'));
  await grant(OPERATOR, 'city', act('zhang', 'zhang'));
  const asEve = { actor: 'eve' };
  expect(codeOf(await send(from('eve'), 'agency.role-assigned', 'eves', { actor: 'zhang', role: 'administrator' }, asEve))).toBe(
    'recorded',
  );
  expect(codeOf(await send(from('eve'), 'agency.permission-granted', 'eves', act('accomplice', 'zhang'), asEve))).toBe('recorded');
  const under = { parent: 'city', from: '2029-07-01' };
  expect(codeOf(await send(from('accomplice'), 'agency.changed', 'eves', under, { actor: 'zhang' }))).toBe('not-administrator');
});

test('a name below is nobody above', async () => {
  // The same name below is not the administrator above.
  await registered('city', { administrator: 'zhang' });
  expect(codeOf(await send(OPERATOR, 'agency.registered', 'bureau', { name: 'bureau', administrator: 'boss', parent: 'city' }))).toBe(
    'recorded',
  );
  await grant(OPERATOR, 'bureau', act('other', 'zhang'));
  const wanted = { caller: caller('x'), permission: 'audit' };
  expect(codeOf(await send(from('other'), 'agency.permission-granted', 'bureau', wanted, { actor: 'zhang' }))).toBe('not-administrator');
});

test('who may place no agency learns of none', async () => {
  await registered('city');
  await registered('secret');
  await grant(OPERATOR, 'city', act('clerk', 'clerk'));
  const wanted = { name: 'x', administrator: 'clerk', parent: 'city' };
  for (const agency of ['secret', 'nowhere'])
    expect(codeOf(await send(from('clerk'), 'agency.registered', agency, wanted, { actor: 'clerk' }))).toBe('not-administrator');
});

test('an id tells nothing of another’s case', async () => {
  // An id of another’s case tells nothing of the case.
  await registered('city');
  await registered('secret');
  await grant(OPERATOR, 'city', act('root', 'root'));
  await grant(OPERATOR, 'secret', act('clerk', 'clerk'));
  expect(await meeting(from('clerk'), 'secret', 'clerk', { id: 'known', subject: 'meeting/77' })).toBe('recorded');
  const wanted = { name: 'x', administrator: 'root', parent: 'city' };
  const { error } = await send(from('root'), 'agency.registered', 'secret', wanted, { id: 'known' });
  expect(error?.code).toBe('id-reused');
  expect(error?.details).toBeUndefined();
});

test('unread messages are kept by permission', async () => {
  // A message that cannot be read is kept for who may send it.
  await registered('city');
  await registered('other');
  await grant(OPERATOR, 'city', act('clerk', 'clerk'));
  const wrong = (agency: string): Promise<string> => meeting(from('clerk'), agency, 'clerk', { data: { unknown: 1 } });
  expect(await wrong('other')).toBe('not-permitted');
  expect(ledger.refusals.list().refusals).toEqual([]);
  expect(await wrong('city')).toBe('unknown-field');
  expect(ledger.refusals.list().refusals).toHaveLength(1);
});

test('one subject of two issuers is two callers', async () => {
  await registered('city');
  await grant(OPERATOR, 'city', act('clerk', 'clerk'));
  const twin: Sender = { ...from('clerk'), caller: { issuer: `${ISSUER}/`, subject: 'clerk' } };
  expect(await meeting(twin, 'city', 'clerk')).toBe('not-permitted');
  expect(await meeting(from('clerk'), 'city', 'clerk')).toBe('recorded');
  // The name is taken by the one, the permission to read is the other's alone.
  const other = twin.caller;
  expect(await grant(OPERATOR, 'city', { caller: other, permission: 'act', actor: 'clerk' })).toBe('name-taken');
  expect(await grant(OPERATOR, 'city', { caller: other, permission: 'read' })).toBe('recorded');
  const rights = new RightsReader(ledger.store, () => now);
  expect(rights.of(caller('clerk')).anywhere('read')).toBe(false);
  expect(rights.of({ issuer: `${ISSUER}/`, subject: 'clerk' }).anywhere('read')).toBe(true);
  expect(codeOf(await send(OPERATOR, 'agency.permission-ended', 'city', { caller: other, permission: 'act' }))).toBe('not-granted');
});

test('who administers the permissions sees them', async () => {
  await registered('city');
  await registered('bureau', { parent: 'city', administrator: 'boss' });
  await grant(OPERATOR, 'city', act('root', 'root', { below: true }));
  await grant(OPERATOR, 'city', act('clerk', 'clerk', { below: true }));
  await grant(OPERATOR, 'bureau', act('boss', 'boss'));
  const rights = (subject: string): Rights => new RightsReader(ledger.store, () => now).of(caller(subject));
  const administered = (subject: string): string[] => ['city', 'bureau', 'nowhere'].filter((agency) => rights(subject).administers(agency));
  expect([administered('root'), administered('boss'), administered('clerk')]).toEqual([['city', 'bureau'], ['bureau'], []]);
  // A role that ended, or is not recorded any more, shows nothing.
  expect(codeOf(await send(from('root'), 'agency.role-assigned', 'city', { actor: 'clerk', role: 'administrator' }))).toBe('recorded');
  expect(administered('clerk')).toEqual(['city', 'bureau']);
  await end(OPERATOR, 'city', 'root', 'act');
  expect(administered('root')).toEqual([]);
});

test('permissions are listed as of any earlier moment', async () => {
  await registered('city');
  await grant(OPERATOR, 'city', act('clerk', 'clerk'));
  await end(OPERATOR, 'city', 'clerk', 'act');
  const { db } = ledger.store;
  const names = (index: number): unknown[] => grantsIn(db, agencyIdOf(db, 'city'), index).map(({ actor }) => actor);
  expect([names(0), names(1), names(2)]).toEqual([[], ['clerk'], []]);
  expect(new RightsReader(ledger.store, () => now).of(caller('clerk')).any).toBe(false);
});
