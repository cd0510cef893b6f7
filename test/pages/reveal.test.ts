/**
 * Sealed texts by page: asked for by a form, recorded before they are shown, never shown by what reads a page, and
 * refused as under /v1 with what was typed.
 */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { LOCAL_ISSUER } from '../../src/config/access.js';
import type { StoredEvent } from '../../src/log/event-log.js';
import { received } from '../support/applications.js';
import { citizenId } from '../support/citizen-id.js';
import { DAY, startIdentified, type Identified } from '../support/identified.js';
import { at, message, setUp } from '../support/messages.js';
import { PageClient, tokenIn } from '../support/page-client.js';
import { HOME } from '../support/pages-service.js';
import { startService, type Answer, type TestService } from '../support/service.js';

const NAME = '诸葛某某';
const REQUEST = '补贴发放表\n第二行 <b>';
const CASE = `${HOME}/cases/application/1`;

describe('in the try-out', () => {
  let service: TestService;
  let client: PageClient;

  beforeEach(async () => {
    service = await startService();
    await service.record(
      ...setUp(),
      received('1', '2017-03-01', { applicant: { kind: 'natural-person', name: NAME }, request: REQUEST }),
      message('meeting.held', 'meeting/1', at('2017-05-01'), 'clerk', { title: '例会' }),
    );
    await service.settled();
    client = new PageClient(service);
    await client.signIn({ person: 'leader' });
  });

  afterEach(() => service.finish());

  const ask = async (fields: Record<string, string>, url = `${CASE}/reveal`): Promise<Answer> =>
    client.post(url, { token: tokenIn(await client.get(HOME)), ...fields });

  /** What was appended since, of accesses. */
  const noted = async (before: string | null): Promise<readonly StoredEvent[]> =>
    (await service.eventsAfter(before)).filter(({ type }) => type.startsWith('access.'));

  test('a case leads to the form, which records nothing', async () => {
    const before = await service.head();
    expect((await client.get(CASE)).text).toContain(`href="${CASE}/reveal"`);
    const form = await client.get(`${CASE}/reveal`);
    expect([form.status, form.headers['cache-control'], form.text.includes(NAME)]).toEqual([200, 'no-store', false]);
    expect(form.text).toMatch(/name="actor".*name="reason"/s);
    expect(await service.head()).toBe(before);
    // Of a kind of which nothing is sealed nothing is asked for.
    expect((await client.get(`${HOME}/cases/meeting/1`)).text).not.toContain('/reveal"');
  });

  test('what is shown was recorded before', async () => {
    const before = await service.head();
    const answer = await ask({ actor: 'leader', reason: '行政复议答辩' });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(answer.text).toContain(NAME);
    expect(answer.text).toContain('补贴发放表\n第二行 &lt;b>');
    expect(await noted(before)).toMatchObject([
      { type: 'access.granted', data: { case: 'application/1', actor: 'leader', reason: '行政复议答辩', caller: null } },
    ]);
    // The same again is another access.
    await ask({ actor: 'leader', reason: '行政复议答辩' });
    expect(await noted(before)).toHaveLength(2);
    // What reads the address is shown the form.
    expect((await client.get(`${CASE}/reveal`)).text).not.toContain(NAME);
    await service.settled();
    const { text } = await client.get(CASE);
    expect([text.includes('行政复议答辩'), text.includes(NAME)]).toEqual([true, false]);
  });

  test.each([
    ['nobody of the agency', { actor: 'passer-by', reason: '好奇' }, 403, 'not-permitted', 1],
    ['an empty reason', { actor: 'leader', reason: '' }, 400, 'bad-parameter', 0],
    ['a reason that turns around', { actor: 'leader', reason: 'a\u202eb' }, 400, 'bad-parameter', 0],
    ['an identity number', { actor: 'leader', reason: citizenId() }, 400, 'bad-parameter', 0],
    ['no name', { actor: '', reason: '核对' }, 400, 'bad-parameter', 0],
  ])('%s is refused, what was typed stays', async (_who, fields, status, code, recorded) => {
    const before = await service.head();
    const answer = await ask(fields);
    expect([answer.status, answer.text.includes(code), answer.text.includes(NAME)]).toEqual([status, true, false]);
    for (const [name, typed] of Object.entries(fields))
      expect(answer.text).toMatch(new RegExp(`name="${name}" value(="${typed.replace('\u202e', '.{1,8}')}")? `));
    expect(await noted(before)).toHaveLength(recorded);
  });

  test.each([
    ['an unknown case', `${HOME}/cases/application/none`, 404, 'unknown-case'],
    ['an unknown agency', '/agencies/none/cases/application/1', 404, 'unknown-agency'],
    ['a kind without sealed texts', `${HOME}/cases/meeting/1`, 400, 'bad-parameter'],
  ])('%s has none', async (_which, page, status, code) => {
    const before = await service.head();
    for (const answer of [await client.get(`${page}/reveal`), await ask({ actor: 'leader', reason: '核对' }, `${page}/reveal`)])
      expect([answer.status, answer.text.includes(code)]).toEqual([status, true]);
    expect(await noted(before)).toEqual([]);
  });

  test('a form of somebody else records nothing', async () => {
    const before = await service.head();
    const fields = { actor: 'leader', reason: '核对' };
    const token = tokenIn(await client.get(HOME));
    const refused = [
      await client.post(`${CASE}/reveal`, fields),
      await client.post(`${CASE}/reveal`, { ...fields, token: `${token}x` }),
      await client.post(`${CASE}/reveal`, { ...fields, token }, { 'sec-fetch-site': 'cross-site' }),
      await new PageClient(service).post(`${CASE}/reveal`, { ...fields, token }),
    ];
    expect(refused.map(({ status, text }) => [status, text.includes(NAME)])).toEqual([
      [403, false],
      [403, false],
      [403, false],
      [401, false],
    ]);
    expect(await service.head()).toBe(before);
  });

  test('what cannot be recorded is not shown', async () => {
    // The log is held by somebody else: nothing can be appended to it.
    const holder = new Database(join(service.folder, 'log.db'));
    holder.exec('BEGIN IMMEDIATE');
    const answer = await ask({ actor: 'leader', reason: '核对' });
    holder.exec('ROLLBACK');
    holder.close();
    expect([answer.status, answer.text.includes('store-unavailable'), answer.text.includes(NAME)]).toEqual([503, true, false]);
    expect(answer.text).toContain('value="核对"');
    expect((await ask({ actor: 'leader', reason: '核对' })).text).toContain(NAME);
  });

  test('a missing key shows nothing, and is no access', async () => {
    const before = await service.head();
    const [stored] = (await service.eventsAfter(null)).filter(({ type }) => type === 'application.received');
    const { folder } = service;
    await service.stop();
    const keys = new Database(join(folder, 'keys.db'));
    const name = `case-${String(stored?.metadata['sealKey'])}`;
    const row = keys.prepare('DELETE FROM keys WHERE name = ? RETURNING key, created_at').raw().get(name) as [Buffer, number];
    service = await startService({ folder });
    client = new PageClient(service);
    await client.signIn({ person: 'leader' });
    const answer = await ask({ actor: 'leader', reason: '核对' });
    expect([answer.status, answer.text.includes('store-unavailable')]).toEqual([503, true]);
    expect(await noted(before)).toEqual([]);
    keys.prepare('INSERT INTO keys (name, key, created_at) VALUES (?, ?, ?)').run(name, ...row);
    keys.close();
  });

  test('of an erased case nothing is asked for', async () => {
    await service.record(
      message('application.withdrawn', 'application/1', at('2017-03-05'), 'clerk', {}),
      message('record.erased', 'application/1', at('2018-01-02'), 'auditor', { reason: '期满', approvedBy: 'leader' }),
    );
    await service.settled();
    expect((await client.get(CASE)).text).not.toContain('/reveal"');
    const form = await client.get(`${CASE}/reveal`);
    expect([form.status, form.text.includes('name="reason"'), form.text.includes('已销毁')]).toEqual([200, false, true]);
    const answer = await ask({ actor: 'leader', reason: '核对' });
    expect([answer.status, answer.text.includes('already-erased')]).toEqual([410, true]);
  });

  test('a program is told problems as everywhere', async () => {
    const token = tokenIn(await client.get(HOME));
    const fields = { token, actor: 'passer-by', reason: '好奇' };
    const answer = await client.post(`${CASE}/reveal`, fields, { accept: 'application/json' });
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([403, 'not-permitted']);
  });

  test('many accesses make no heavy page', async () => {
    for (let nth = 0; nth < 25; nth += 1) await ask({ actor: 'leader', reason: `${nth} ${'核'.repeat(900)}` });
    await service.settled();
    const { text } = await client.get(CASE);
    expect(text).toContain('24 核');
    expect(text).not.toContain('>4 核');
    expect(text).toContain('reveal --list');
    expect(Buffer.byteLength(text)).toBeLessThan(150_000);
  });
});

describe('where callers are identified', () => {
  let world: Identified;

  beforeAll(async () => {
    world = await startIdentified();
    await world.register('own');
    await world.register('other');
    await world.grant('own', 'auditor', 'audit');
    await world.grant('own', 'rooted', 'act', { actor: 'root' });
    await world.grant('own', 'clerk', 'act', { actor: 'clerk' });
    await world.grant('own', 'stranger', 'act', { actor: 'stranger' });
    await world.grant('other', 'elsewhere', 'act', { actor: 'root' });
    const applicant = { kind: 'natural-person', name: NAME };
    await world.send(
      'clerk',
      'application.received',
      'own',
      { channel: 'online', applicant, request: '预算' },
      { actor: 'clerk', time: DAY },
    );
    await world.service.settled();
  });

  afterAll(() => world.finish());

  const PAGE = '/agencies/own/cases/application/1';

  async function asked(subject: string, actor: string): Promise<Answer> {
    const client = new PageClient(world.service);
    await client.signIn({ bearer: await world.tokenOf(subject) }, '/agencies');
    const token = tokenIn(await client.get('/agencies'));
    return client.post(`${PAGE}/reveal`, { token, actor, reason: `核对 ${subject}` });
  }

  test('the name is the one that is bound', async () => {
    // Whatever is typed for it.
    const before = await world.service.head();
    const answer = await asked('rooted', 'leader');
    expect([answer.status, answer.text.includes(NAME)]).toEqual([200, true]);
    const refused = await asked('stranger', 'root');
    expect([refused.status, refused.text.includes(NAME)]).toEqual([403, false]);
    const events = (await world.service.eventsAfter(before)).map(({ type, data }) => [type, data['actor'], data['caller']]);
    expect(events).toEqual([
      ['access.granted', 'root', { issuer: LOCAL_ISSUER, subject: 'rooted' }],
      ['access.refused', 'stranger', { issuer: LOCAL_ISSUER, subject: 'stranger' }],
    ]);
  });

  test.each(['auditor', 'elsewhere', 'operator'])('%s may not ask, which is no access', async (subject) => {
    const before = await world.service.head();
    const answer = await asked(subject, 'root');
    expect([answer.status, answer.text.includes(NAME)]).toEqual([403, false]);
    expect(await world.service.head()).toBe(before);
  });

  test('who asked is for who audits', async () => {
    await world.service.settled();
    const shown = async (subject: string): Promise<readonly boolean[]> => {
      const client = new PageClient(world.service);
      await client.signIn({ bearer: await world.tokenOf(subject) }, '/agencies');
      const { text } = await client.get(PAGE);
      return [text.includes('核对 rooted'), text.includes('/reveal"'), text.includes(NAME)];
    };
    expect([await shown('auditor'), await shown('clerk')]).toEqual([
      [true, false, false],
      [false, true, false],
    ]);
  });
});
