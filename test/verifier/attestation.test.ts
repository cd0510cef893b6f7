/** Tokens in a pack: what an attested chain asks for, and who was bound to which name. */
import { canonicalJson } from '../../src/encoding/canonical-json.js';
import type { Sender } from '../../src/recording/sender.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { message } from '../support/messages.js';
import { errorsOf, forged, makePack, membersOf, packFile, remake, verify } from '../support/packs.js';

interface Line {
  readonly type: string;
  recordedAt: string;
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

const caller = (subject: string): { issuer: string; subject: string } => ({ issuer: 'https://login.example', subject });
const from = (subject: string, operator = false): Sender => ({ attestation: 'none', caller: caller(subject), operator, identity: true });
const OPERATOR = from('operator', true);
const HASH = `sha256:${'0'.repeat(64)}`;
const TIME = '2029-06-01T12:00:00+08:00';
const LATER = '2029-06-20T12:00:00+08:00';
const CHAIN = { steps: [{ step: 's', role: 'r', unit: 'u' }], approver: { role: 'a', unit: 'u' } };

const file = packFile();
const changed = packFile();
let ledger: TestLedger;
let now = Date.parse('2029-07-01T08:00:00+08:00');
let ids = 0;

interface Sent {
  readonly by: Sender;
  readonly type: string;
  readonly subject: string;
  readonly data: Record<string, unknown>;
  readonly actor?: string;
  readonly agency?: string;
  readonly time?: string;
}

async function send({ by, type, subject, data, actor = 'root', agency = 'bureau', time = TIME }: Sent): Promise<void> {
  ids += 1;
  now += 60_000;
  const sent = { ...message(type, subject, time, actor, data, { agency }), id: `m${ids}` };
  const receipt = await ledger.recorder.recordValue(sent, by);
  expect(receipt.error ?? null).toBeNull();
  await ledger.settled();
}

const setUp = (agency: string, type: string, data: Record<string, unknown>, more: Partial<Sent> = {}): Promise<void> =>
  send({ by: OPERATOR, type: `agency.${type}`, subject: `agency/${agency}`, data, agency, ...more });
const grant = (agency: string, name: string, more: Record<string, unknown> = {}): Promise<void> =>
  setUp(agency, 'permission-granted', { caller: caller(name), permission: 'act', actor: name, ...more });

beforeAll(async () => {
  ledger = openTestLedger({ now: () => now });
  await setUp('city', 'registered', { name: 'c', administrator: 'root' });
  await grant('city', 'root', { below: true });
  // Under its administrator's name, bound in the agency above.
  await setUp('bureau', 'registered', { name: 'b', administrator: 'root', parent: 'city' }, { by: from('root') });
  await grant('bureau', 'office', { from: '2029-07-01', until: '2029-07-01' });
  await grant('bureau', 'clerk');
  await setUp('bureau', 'role-assigned', { actor: 'office', role: 'r' }, { by: from('root') });
  await setUp('bureau', 'clearance-chain-set', CHAIN, { by: from('root') });
  await setUp('bureau', 'clearance-chain-set', { ...CHAIN, attested: true }, { by: from('root'), time: LATER });
  const item = { subject: 'publication/1', by: from('clerk'), actor: 'clerk' };
  await send({ ...item, type: 'publication.drafted', data: { title: 't', contentHash: HASH } });
  const cleared = { step: 's', verdict: 'passed', contentHash: HASH };
  await send({ ...item, type: 'publication.cleared', data: cleared, by: from('office'), actor: 'office' });
  await setUp('bureau', 'permission-ended', { caller: caller('clerk'), permission: 'act' });
  await makePack(ledger, file);
});

afterAll(() => ledger.finish());

async function rewritten(change: (events: Line[]) => void): Promise<string[]> {
  const members = membersOf(file);
  forged((lines) => {
    const events = lines.map((line) => JSON.parse(line) as Line);
    change(events);
    return events.map((event) => canonicalJson(event));
  })(members);
  remake(changed, members);
  return errorsOf(await verify(changed)).filter((rule) => rule.startsWith('not-'));
}

const last = (events: readonly Line[], type: string): Line => events.findLast((event) => event.type === type) as Line;
const bindingOf = (events: readonly Line[], name: string): Line =>
  events.find(({ type, data }) => type === 'agency.permission-granted' && data['actor'] === name) as Line;

test('as it was recorded it holds', async () => {
  expect(errorsOf(await verify(file))).toEqual([]);
  const agency = packFile();
  await makePack(ledger, agency, { cut: { agency: 'bureau', year: 2029 } });
  expect(errorsOf(await verify(agency))).toEqual([]);
});

test.each<[string, string[], (events: Line[]) => void]>([
  ['an emitter clears', ['not-attested'], (events) => void (last(events, 'publication.cleared').metadata['attestation'] = 'emitter')],
  ['nobody is known', ['not-attested'], (events) => void (last(events, 'publication.cleared').metadata['attestation'] = 'none')],
  ['another caller', ['not-bound'], (events) => void (last(events, 'publication.cleared').metadata['caller'] = caller('web'))],
  ['no caller', ['not-bound'], (events) => void (last(events, 'publication.cleared').metadata['caller'] = null)],
  ['another name', ['not-bound'], (events) => void (last(events, 'publication.drafted').metadata['actor'] = 'office')],
  ['bound to another', ['not-bound'], (events) => void (bindingOf(events, 'clerk').data['actor'] = 'scribe')],
  ['a permission of another kind', ['not-bound'], (events) => void (bindingOf(events, 'clerk').data['permission'] = 'read')],
  [
    'a permission of yesterday',
    ['not-bound'],
    (events) => void Object.assign(bindingOf(events, 'office').data, { from: '2029-06-30', until: '2029-06-30' }),
  ],
  [
    'a permission of tomorrow',
    ['not-bound'],
    (events) => void Object.assign(bindingOf(events, 'office').data, { from: '2029-07-02', until: '2029-07-02' }),
  ],
  ['not below', ['not-bound'], (events) => void (bindingOf(events, 'root').data['below'] = false)],
  ['a vertical agency', ['not-bound'], (events) => void (last(events, 'agency.registered').data['reporting'] = 'vertical')],
])('%s', async (_name, rules, change) => {
  expect(await rewritten(change)).toEqual(rules);
});

test('what was done under an attested chain', async () => {
  // A later chain that asks for nothing frees no act of before it.
  const freed = (events: Line[]): void => {
    const [first] = events.filter(({ type }) => type === 'agency.clearance-chain-set');
    (first as Line).data['attested'] = true;
    last(events, 'agency.clearance-chain-set').data['attested'] = false;
    last(events, 'publication.cleared').metadata['attestation'] = 'emitter';
  };
  expect(await rewritten(freed)).toEqual(['not-attested']);
});

/** Ends the binding of `clerk` so many seconds before his draft is recorded. */
const endedBefore =
  (seconds: number) =>
  (events: Line[]): void => {
    const role = last(events, 'agency.role-assigned') as unknown as { type: string; data: unknown; recordedAt: string };
    const end = last(events, 'agency.permission-ended');
    role.type = end.type;
    role.data = end.data;
    role.recordedAt = new Date(Date.parse(last(events, 'publication.drafted').recordedAt) - seconds * 1000).toISOString();
  };

test('an end ends the binding', async () => {
  // A replica may not have heard of it for 10 s.
  expect(await rewritten(endedBefore(5))).toEqual([]);
  expect(await rewritten(endedBefore(15))).toEqual(['not-bound']);
  expect(await rewritten(endedBefore(150))).toEqual(['not-bound']);
});

test.each(['publication.approved', 'application.approved', 'publication.rejected', 'record.voided', 'record.erased'])(
  '%s asks for a token',
  async (type) => {
    // In place of the draft: where the chain asks, by nobody's token, by another's, by the actor's own.
    const as =
      (attestation: string, attested = true) =>
      (events: Line[]): void => {
        last(events, 'agency.clearance-chain-set').data['attested'] = attested;
        const act = last(events, 'publication.drafted') as unknown as { type: string; metadata: Record<string, unknown> };
        act.type = type;
        act.metadata['attestation'] = attestation;
      };
    expect(await rewritten(as('none'))).toContain('not-attested');
    expect(await rewritten(as('emitter'))).toContain('not-attested');
    expect(await rewritten(as('own-token'))).toEqual([]);
    expect(await rewritten(as('none', false))).toEqual([]);
  },
);

test.each(['publication.revised', 'publication.released', 'report.compiled'])('%s asks for none', async (type) => {
  const emitted = (events: Line[]): void => {
    const act = last(events, 'publication.drafted') as unknown as { type: string; metadata: Record<string, unknown> };
    act.type = type;
    act.metadata['attestation'] = 'emitter';
  };
  expect(await rewritten(emitted)).toEqual([]);
});

test('a chain that asks for nothing', async () => {
  const emitted = (events: Line[]): void => {
    last(events, 'agency.clearance-chain-set').data['attested'] = false;
    last(events, 'publication.cleared').metadata['attestation'] = 'emitter';
  };
  expect(await rewritten(emitted)).toEqual([]);
});
