/**
 * Permissions on two replicas over a real EventStoreDB: what one grants or ends the other follows, and a name is one
 * caller's on both. Runs where EVENTSTOREDB_URL names a server; says so where it does not.
 */
import { randomBytes } from 'node:crypto';
import type { Receipt } from '../../src/recording/receipts.js';
import type { Sender } from '../../src/recording/sender.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { message } from '../support/messages.js';
import { until } from '../support/until.js';

const url = process.env['EVENTSTOREDB_URL'];

if (url === undefined || url === '') {
  test('without EVENTSTOREDB_URL nothing is claimed', () => {
    // Without EVENTSTOREDB_URL nothing is claimed of permissions on two replicas.
    process.stderr.write('EventStoreDB: EVENTSTOREDB_URL is not set, permissions were followed on the embedded log only\n');
    expect(url ?? '').toBe('');
  });
} else {
  const server = { url, namespace: `test-disclosure-${randomBytes(6).toString('hex')}-` };
  const ISSUER = 'https://login.example';
  const from = (subject: string, operator = false): Sender => ({
    attestation: 'none',
    caller: { issuer: ISSUER, subject },
    operator,
    identity: true,
  });
  const OPERATOR = from('operator', true);
  let one: TestLedger;
  let other: TestLedger;
  let ids = 0;

  beforeAll(() => {
    one = openTestLedger({ server });
    other = openTestLedger({ server });
  });

  afterAll(async () => {
    await one.finish();
    await other.finish();
  });

  const send = async (ledger: TestLedger, sender: Sender, type: string, data: Record<string, unknown>): Promise<string> => {
    ids += 1;
    const subject = type.startsWith('agency.') ? 'agency/city' : `meeting/${ids}`;
    const sent = { ...message(type, subject, '2029-06-01T12:00:00+08:00', 'root', data, { agency: 'city' }), id: `m${ids}` };
    const { status, error }: Receipt = await ledger.recorder.recordValue(sent, sender);
    return error?.code ?? status;
  };
  const meeting = (ledger: TestLedger): Promise<string> => send(ledger, from('root'), 'meeting.held', { title: 'm' });
  const granted = (subject: string, actor: string): Record<string, unknown> => ({
    caller: { issuer: ISSUER, subject },
    permission: 'act',
    actor,
  });

  test('what one grants and ends the other follows', async () => {
    expect(await send(one, OPERATOR, 'agency.registered', { name: 'city', administrator: 'root' })).toBe('recorded');
    expect(await meeting(other)).toBe('not-permitted');
    expect(await send(one, OPERATOR, 'agency.permission-granted', granted('root', 'root'))).toBe('recorded');
    await until(async () => (await meeting(other)) === 'recorded');
    const ended = { caller: { issuer: ISSUER, subject: 'root' }, permission: 'act' };
    expect(await send(other, OPERATOR, 'agency.permission-ended', ended)).toBe('recorded');
    await until(async () => (await meeting(one)) === 'not-permitted');
    expect(await meeting(one)).toBe('not-permitted');
  });

  test('a name granted on both goes once', async () => {
    // A name granted on both at once is one caller’s.
    // Both decide on the same revision of the agency: the append of one is refused, and it decides again.
    const codes = await Promise.all([
      send(one, OPERATOR, 'agency.permission-granted', granted('a', 'clerk')),
      send(other, OPERATOR, 'agency.permission-granted', granted('b', 'clerk')),
    ]);
    expect(codes.sort()).toEqual(['name-taken', 'recorded']);
  });
}
