/**
 * Attempts at sealed texts that must not succeed, over HTTP against the real service: wrong people, wrong days, wrong
 * words, and a store that cannot record.
 */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { Access, PersonalData } from '../../src/privacy/personal-data-service.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';
import { received } from '../support/applications.js';
import { TEST_NOW } from '../support/ledger.js';
import { AGENCY, approvedItem, at, message, setUp } from '../support/messages.js';
import { expectProblem, startService, type Answer, type TestService } from '../support/service.js';

const NAME = '诸葛某某';
const CASE = 'application/1';
const OTHER = 'other-agency';

let now = TEST_NOW;
let service: TestService;

beforeEach(async () => {
  now = TEST_NOW;
  service = await startService({ now: () => now });
  await service.record(...setUp(), received('1', '2017-03-01', { applicant: { kind: 'natural-person', name: NAME } }));
});

afterEach(() => service.finish());

const ask = (actor: string, { reason = '核对', of = CASE, agency = AGENCY } = {}): Promise<Answer> =>
  service.request({
    method: 'POST',
    url: `/v1/agencies/${agency}/cases/${of}/personal-data`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ actor, reason }),
  });

async function accesses(): Promise<readonly Access[]> {
  await service.settled();
  return (await service.get(`/v1/agencies/${AGENCY}/accesses`)).json<{ accesses: Access[] }>().accesses;
}

const role = (type: 'assigned' | 'ended', actor: string, time: string): unknown =>
  message(`agency.role-${type}`, `agency/${AGENCY}`, time, 'root', { actor, role: 'office-reviewer' });

test('another agency’s officers have no access', async () => {
  // Who reviews, signs for or administers another agency has no business here, nor here under its name.
  const of = (type: string, actor: string, data: object): unknown =>
    message(`agency.${type}`, `agency/${OTHER}`, at('2016-01-01'), actor, { ...data }, { agency: OTHER });
  await service.record(
    of('registered', 'foreign-root', { name: '别的机关', administrator: 'foreign-root' }),
    of('role-assigned', 'foreign-root', { actor: 'foreign-office', role: 'office-reviewer' }),
  );
  for (const actor of ['foreign-root', 'foreign-office']) {
    const answer = await ask(actor);
    expectProblem(answer, 403, 'not-permitted');
    expect(answer.text).not.toContain(NAME);
    expectProblem(await ask(actor, { agency: OTHER }), 404, 'unknown-case');
  }
  expect((await accesses()).map(({ actor, granted }) => [actor, granted])).toEqual([
    ['foreign-office', false],
    ['foreign-root', false],
  ]);
});

test('a role opens from first to last day', async () => {
  // A role opens from its first day to its last, and on no day besides.
  now = Date.parse('2029-12-31T23:58:00+08:00');
  await service.record(role('assigned', 'newcomer', '2030-01-01T00:01:00+08:00'));
  expectProblem(await ask('newcomer'), 403, 'not-permitted');
  now = Date.parse('2030-01-01T00:02:00+08:00');
  expect((await ask('newcomer')).status).toBe(200);
  await service.record(role('ended', 'newcomer', '2030-01-01T00:03:00+08:00'));
  expect((await ask('newcomer')).status).toBe(200);
  now = Date.parse('2030-01-02T00:00:00+08:00');
  expectProblem(await ask('newcomer'), 403, 'not-permitted');
});

test.each([
  ['empty', ''],
  ['of two lines', '核对\n2030-01-01 已提供'],
  ['with a carriage return', '核对\r覆盖'],
  ['of two Unicode lines', '核对\u2028伪造'],
  ['with NUL', '核\u0000对'],
  ['with an escape of a terminal', '\u001b[2J'],
  ['with the one-byte form of such an escape', '\u009b2J'],
  ['turned around', '核\u202e对'],
  ['of broken Unicode', '核\ud800对'],
  ['too long', '核'.repeat(1001)],
])('a reason %s is refused, never recorded', async (_how, text) => {
  // A reason … is refused as it is, for the actor too, and recorded nowhere.
  const before = await service.head();
  for (const answer of [await ask('leader', { reason: text }), await ask(text === '' ? ' ' : text)]) {
    expectProblem(answer, 400, 'bad-parameter');
    expect(answer.text).not.toContain(NAME);
  }
  expect(await service.head()).toBe(before);
});

test('an erased case reveals only its erasure', async () => {
  // Of an erased case even who holds no role learns no more than that, and nothing is given.
  await service.record(
    message('application.withdrawn', CASE, at('2017-03-05'), 'clerk', {}),
    message('record.erased', CASE, at('2018-01-02'), 'auditor', { reason: '期满', approvedBy: 'leader' }),
  );
  for (const actor of ['leader', 'nobody']) expectProblem(await ask(actor), 410, 'already-erased');
  expect(await accesses()).toEqual([]);
});

test('an unpublished item opens to reviewers alone', async () => {
  // An item that is not public yet is given to who reviews it alone; a case without sealed texts to nobody.
  await service.record(
    ...approvedItem('1', '2017-03-01'),
    message('meeting.held', 'meeting/1', at('2017-05-01'), 'clerk', { title: '例会' }),
  );
  const { events } = (await ask('office', { of: 'publication/1' })).json<PersonalData>();
  expect(events.flatMap(({ texts }) => texts['title'] ?? [])).toEqual(['信息 1']);
  expectProblem(await ask('drafter', { of: 'publication/1' }), 403, 'not-permitted');
  expectProblem(await ask('leader', { of: 'meeting/1' }), 400, 'bad-parameter');
  expectProblem(await ask('leader', { of: `agency/${AGENCY}` }), 400, 'bad-parameter');
});

test('an access that cannot be recorded is refused', async () => {
  // What cannot be recorded is not given: the log is held by somebody else.
  const holder = new Database(join(service.folder, 'log.db'));
  holder.exec('BEGIN IMMEDIATE');
  for (const actor of ['leader', 'nobody']) {
    const answer = await ask(actor);
    expectProblem(answer, 503, 'store-unavailable');
    expect(answer.text).not.toContain(NAME);
  }
  holder.exec('ROLLBACK');
  holder.close();
  expect(await accesses()).toEqual([]);
  expect((await ask('leader')).text).toContain(NAME);
});

test('a missing key is reported, and no access', async () => {
  // A key that is not at hand is reported, and is no access.
  const [stored] = (await service.eventsAfter(null)).filter(({ type }) => type === 'application.received');
  const { folder } = service;
  await service.settled();
  await service.stop();
  const db = new Database(join(folder, 'keys.db'));
  const name = `case-${String(stored?.metadata['sealKey'])}`;
  const row = db.prepare('DELETE FROM keys WHERE name = ? RETURNING key, created_at').raw().get(name) as [Buffer, number];
  db.close();
  service = await startService({ folder, now: () => now });
  expectProblem(await ask('leader'), 503, 'store-unavailable');
  expect(await accesses()).toEqual([]);
  const back = new Database(join(folder, 'keys.db'));
  back.prepare('INSERT INTO keys (name, key, created_at) VALUES (?, ?, ?)').run(name, ...row);
  back.close();
  expect((await ask('leader')).text).toContain(NAME);
});

test('the trail counts accesses, at any moment', async () => {
  // The trail says how often somebody asked, also as it stood at an earlier moment.
  const remarks = async (query = ''): Promise<string[]> => {
    await service.settled();
    const { remarks: all } = (await service.get(`/v1/agencies/${AGENCY}/cases/${CASE}/trail${query}`)).json<Trail>();
    return all.filter(({ code }) => code === 'accessed').map(({ message: said }) => said);
  };
  expect(await remarks()).toEqual([]);
  await ask('leader');
  await ask('nobody');
  await ask('office');
  const [given, ...more] = await remarks();
  expect([given?.includes('given: 2, refused: 1'), more]).toEqual([true, []]);
  const last = (await service.eventsAfter(null)).length - 1;
  expect((await remarks(`?asOf=index:${last - 2}`))[0]).toContain('given: 1, refused: 0');
  expect(await remarks(`?asOf=index:${last - 3}`)).toEqual([]);
});

test('openapi.json describes question, answer and trail', async () => {
  // openapi.json describes what is asked, what is given, and the marks of a trail.
  const { paths, components } = (await service.get('/openapi.json')).json<{
    paths: Record<string, Record<string, { requestBody?: unknown; responses: Record<string, unknown> }>>;
    components: { schemas: Record<string, { properties: object }> };
  }>();
  const asked = paths['/v1/agencies/{agency}/cases/{kind}/{number}/personal-data']?.['post'];
  expect(JSON.stringify(asked?.requestBody)).toContain('#/components/schemas/Asking');
  expect(Object.keys(asked?.responses ?? {}).sort()).toEqual(expect.arrayContaining(['200', '400', '403', '404', '410', '503']));
  expect(JSON.stringify(paths['/v1/agencies/{agency}/accesses'])).toContain('#/components/schemas/Accesses');
  expect(Object.keys(components.schemas['Asking']?.properties ?? {})).toEqual(['actor', 'reason']);
  expect(JSON.stringify(components.schemas)).toContain('"sealed"');
});
