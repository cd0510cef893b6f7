/**
 * A replica that is cut off from the log, over a real EventStoreDB: it takes no act on permissions that it cannot know,
 * and says of every answer that it may be old. Runs where EVENTSTOREDB_URL names a server; says so where it does not.
 */
import { randomBytes } from 'node:crypto';
import { Identity, type Access } from '../../src/access/identity/identity.js';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER } from '../../src/config/access.js';
import type { Receipt } from '../../src/recording/receipts.js';
import type { Sender } from '../../src/recording/sender.js';
import type { Table } from '../../src/tables/table.js';
import { CutNetwork } from '../support/cut-network.js';
import { openTestLedger, TEST_NOW, type TestLedger } from '../support/ledger.js';
import { message, type Message } from '../support/messages.js';
import { SINGLE, startService, type Answer, type TestService } from '../support/service.js';
import { until } from '../support/until.js';

const url = process.env['EVENTSTOREDB_URL'];

if (url === undefined || url === '') {
  test('without EVENTSTOREDB_URL nothing is claimed', () => {
    // Without EVENTSTOREDB_URL nothing is claimed of a replica that is cut off.
    process.stderr.write('EventStoreDB: EVENTSTOREDB_URL is not set, no replica was cut off from its log\n');
    expect(url ?? '').toBe('');
  });
} else {
  const OPERATOR: Sender = {
    attestation: 'none',
    caller: { issuer: LOCAL_ISSUER, subject: 'operator' },
    operator: true,
    identity: true,
  };
  let network: CutNetwork;
  let cut: TestService;
  let other: TestLedger;
  let identity: Identity;
  let ids = 0;

  const accessOf = async (folder: string): Promise<Access> => {
    const issuers = [{ issuer: LOCAL_ISSUER, audience: LOCAL_AUDIENCE }];
    identity = await Identity.open({ issuers, folder, now: () => TEST_NOW, notice: () => undefined });
    return { identity, operators: [{ issuer: LOCAL_ISSUER, subject: 'operator' }], publishedIsPublic: false, rate: 0 };
  };

  beforeEach(async () => {
    network = await CutNetwork.to(url);
    const namespace = `test-disclosure-${randomBytes(6).toString('hex')}-`;
    other = openTestLedger({ server: { url, namespace } });
    cut = await startService({ access: accessOf, server: { url: network.via(url), namespace, keys: `${other.folder}/keys.db` } });
    await sendThere('agency.registered', { name: 'city', administrator: 'root' });
    for (const subject of ['leaver', 'stayer'])
      for (const more of [{ permission: 'act', actor: subject }, { permission: 'audit' }])
        await sendThere('agency.permission-granted', { caller: { issuer: LOCAL_ISSUER, subject }, ...more });
    for (const subject of ['leaver', 'stayer']) await until(async () => (await act(subject)) === 'recorded');
  });

  afterEach(async () => {
    identity.stop();
    await cut.stop();
    await other.finish();
    await network.close();
  });

  const sentBy = (type: string, subject: string, actor: string, data: Record<string, unknown>): Message => {
    ids += 1;
    return { ...message(type, subject, '2029-06-01T12:00:00+08:00', actor, data, { agency: 'city' }), id: `m${ids}` };
  };
  const sendThere = async (type: string, data: Record<string, unknown>): Promise<void> => {
    const { status, error } = await other.recorder.recordValue(sentBy(type, 'agency/city', 'root', data), OPERATOR);
    if (status !== 'recorded') throw new Error(error?.message);
  };
  const endLeaver = (): Promise<void> =>
    sendThere('agency.permission-ended', { caller: { issuer: LOCAL_ISSUER, subject: 'leaver' }, permission: 'act' });
  const ask = async (subject: string, path: string, body?: Message): Promise<Answer> => {
    const { token } = await issueToken({ folder: cut.folder, subject, minutes: 60, now: TEST_NOW });
    const authorization = `Bearer ${token}`;
    if (body === undefined) return cut.get(path, { authorization });
    return cut.request({ method: 'POST', url: path, headers: { authorization, 'content-type': SINGLE }, payload: JSON.stringify(body) });
  };
  /** What becomes of an act: the code of its refusal, at the door too, or its status. */
  const act = async (subject: string): Promise<string> => {
    const answer = await ask(subject, '/v1/events', sentBy('meeting.held', `meeting/${ids + 1}`, subject, { title: 'm' }));
    const receipt = answer.json<Partial<Receipt> & { code?: string }>();
    return receipt.error?.code ?? receipt.code ?? receipt.status ?? '';
  };
  const READS = ['/v1/agencies/city/tables/2029', '/v1/agencies/city/deadlines', '/v1/agencies/city/permissions'] as const;
  const actsOf = async (actor: string): Promise<number> =>
    (await other.log.readAll(null, 1000)).filter((event) => event.type === 'meeting.held' && event.metadata['actor'] === actor).length;

  test('no act is taken, and reads say so', async () => {
    for (const path of READS) expect((await ask('leaver', path)).headers['stale']).toBeUndefined();
    network.cut();
    await endLeaver();
    await until(async () => (await ask('stayer', READS[1])).headers['stale'] !== undefined);
    expect([await act('leaver'), await act('stayer')]).toEqual(['store-unavailable', 'store-unavailable']);
    for (const path of READS) {
      const { status, headers } = await ask('leaver', path);
      expect([path, status, headers['cache-control']]).toEqual([path, 200, 'no-store']);
      expect(JSON.parse(String(headers['stale']))).toMatchObject({ why: 'failing' });
    }
    expect((await ask('leaver', READS[0])).json<Table>().stale).toMatchObject({ why: 'failing' });
    expect((await cut.get('/health/ready')).status).toBe(503);
    const silent = /^disclosure_log_silent_seconds (\S+)$/m.exec((await ask('operator', '/metrics')).text);
    expect(Number(silent?.[1])).toBeGreaterThan(10);
    // What is in the log alone is not given, and not waited for without end.
    expect((await ask('stayer', '/v1/events')).status).toBe(503);

    network.heal();
    const recorded = await actsOf('leaver');
    // Whatever comes first, the end of the permission holds before any act is taken again.
    const codes: string[] = [];
    await until(async () => {
      codes.push(await act('leaver'));
      return codes.at(-1) !== 'store-unavailable';
    });
    expect(codes.at(-1)).toBe('not-permitted');
    expect(await until(async () => (await act('stayer')) === 'recorded')).toBe(true);
    await until(async () => (await ask('stayer', READS[1])).headers['stale'] === undefined);
    expect((await cut.get('/health/ready')).status).toBe(200);
    expect(await actsOf('leaver')).toBe(recorded);
  });

  test('an act on its way is judged again', async () => {
    // What is sent is swallowed; when the network is back the permission has ended.
    const recorded = await actsOf('leaver');
    network.cut();
    const leaving = act('leaver');
    const staying = act('stayer');
    await endLeaver();
    // Longer than permissions are believed without an answer.
    await until(() => cut.runtime.freshness.silence > 2000);
    network.heal();
    // It was decided before the silence, or waited for what is known: neither is recorded.
    expect(['store-unavailable', 'not-permitted']).toContain(await leaving);
    expect(await staying).toBe('recorded');
    expect(await actsOf('leaver')).toBe(recorded);
  });
}
