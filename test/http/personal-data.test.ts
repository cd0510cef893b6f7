/**
 * Sealed texts over HTTP: who may ask, that it is recorded first, what is given, and that the ordinary trail shows none
 * of it.
 */
import { received, taken } from '../support/applications.js';
import { citizenId } from '../support/citizen-id.js';
import { AGENCY, approvedItem, at, hashOf, message, setUp, type Message } from '../support/messages.js';
import { expectProblem, startService, type Answer, type TestService } from '../support/service.js';
import type { Access, PersonalData } from '../../src/privacy/personal-data-service.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';

let service: TestService;

const APPLICATION = `/v1/agencies/${AGENCY}/cases/application/1`;
const REQUEST = { applicant: { kind: 'natural-person', name: '张某', contact: '某路1号' }, request: '补贴发放表' };

beforeEach(async () => {
  service = await startService();
  await service.record(
    ...setUp(),
    received('1', '2017-03-01', REQUEST),
    message('application.withdrawn', 'application/1', at('2017-03-05'), 'clerk', { note: '本人撤回' }),
  );
  await service.settled();
});

afterEach(() => service.finish());

const ask = (body: unknown, url = `${APPLICATION}/personal-data`, type = 'application/json'): Promise<Answer> =>
  service.request({
    method: 'POST',
    url,
    headers: { 'content-type': type },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function accesses(query = ''): Promise<readonly Access[]> {
  await service.settled();
  return (await service.get(`/v1/agencies/${AGENCY}/accesses${query}`)).json<{ accesses: Access[] }>().accesses;
}

test('the trail tells of seals, not texts', async () => {
  // The trail says that there is something sealed, and nothing of it.
  const answer = await service.get(`${APPLICATION}/trail`);
  const { entries } = answer.json<Trail>();
  expect(entries.map(({ opinion, sealed }) => [opinion, sealed])).toEqual([
    [null, true],
    [null, true],
  ]);
  for (const text of ['张某', '某路1号', '补贴发放表', '本人撤回']) expect(answer.text).not.toContain(text);
});

test('a publication’s trail has no word of seals', async () => {
  // The trail of a publication gives titles and opinions as before, and no word of seals.
  await service.record(...approvedItem('1', '2017-03-01'));
  await service.settled();
  const url = `/v1/agencies/${AGENCY}/cases/publication/1`;
  expect((await service.get(url)).json<Trail>()).toMatchObject({ state: 'approved', title: '信息 1' });
  const trail = (await service.get(`${url}/trail`)).json<Trail>();
  expect(trail.title).toBe('信息 1');
  expect(trail.entries.flatMap(({ sealed }) => sealed ?? [])).toEqual([]);
});

test.each([
  ['a step of the chain', 'office'],
  ['the approver', 'leader'],
  ['an administrator', 'second-root'],
])('%s may ask, is recorded, gets every text', async (_who, actor) => {
  // … may ask, is recorded, and gets the texts of every event that has some.
  const before = await service.head();
  const answer = await ask({ actor, reason: '行政复议答辩' });
  expect(answer.status).toBe(200);
  const { case: name, events } = answer.json<PersonalData>();
  expect(name).toBe('application/1');
  expect(events.map(({ type, at: when, texts }) => [type, when, texts])).toEqual([
    ['disclosure.application.received', at('2017-03-01', 9), { applicant: { name: '张某', contact: '某路1号' }, request: '补贴发放表' }],
    ['disclosure.application.withdrawn', at('2017-03-05'), { note: '本人撤回' }],
  ]);
  const [stored, ...more] = await service.eventsAfter(before);
  expect(more).toEqual([]);
  expect(stored).toMatchObject({
    stream: `access-${AGENCY}`,
    type: 'access.granted',
    data: { agency: AGENCY, case: 'application/1', actor, reason: '行政复议答辩', caller: null },
  });
  expect(await accesses()).toMatchObject([{ eventId: stored?.id, case: 'application/1', actor, granted: true }]);
});

const draft = (number: string, actor: string): Message =>
  message('application.reply-drafted', `application/${number}`, at('2017-03-03'), actor, {
    outcome: 'granted',
    contentHash: hashOf(number),
  });

test.each([
  ['whoever received the application', 'clerk'],
  ['the drafter of its answer', 'second'],
  ['whoever revised it', 'third'],
])('%s may ask, and of no other case', async (_who, actor) => {
  const other = received('3', '2017-03-02', REQUEST);
  await service.record(
    received('2', '2017-03-02', REQUEST),
    draft('2', 'second'),
    message('application.reply-revised', 'application/2', at('2017-03-04'), 'third', { outcome: 'granted', contentHash: hashOf('new') }),
    { ...other, actor: 'somebody' },
  );
  const url = (number: string): string => `/v1/agencies/${AGENCY}/cases/application/${number}/personal-data`;
  expect((await ask({ actor, reason: '办理' }, url('2'))).text).toContain('张某');
  expectProblem(await ask({ actor, reason: '办理' }, url('3')), 403, 'not-permitted');
});

test('an act that was taken back opens nothing', async () => {
  const drafted = draft('2', 'second');
  await service.record(received('2', '2017-03-02', REQUEST), drafted);
  const url = `/v1/agencies/${AGENCY}/cases/application/2/personal-data`;
  expect((await ask({ actor: 'second', reason: '办理' }, url)).status).toBe(200);
  const back = taken(drafted, '2017-03-04');
  await service.record({ ...back, data: { ...back.data, approvedBy: 'leader' } });
  expectProblem(await ask({ actor: 'second', reason: '办理' }, url), 403, 'not-permitted');
});

test.each([
  ['a drafter of nothing here', 'drafter'],
  ['somebody unheard of', 'passer-by'],
])('%s gets nothing, and is recorded', async (_who, actor) => {
  // … gets nothing, and that he asked is recorded.
  const answer = await ask({ actor, reason: '好奇' });
  expectProblem(answer, 403, 'not-permitted');
  expect(answer.text).not.toContain('张某');
  expect(await accesses()).toMatchObject([{ actor, reason: '好奇', granted: false }]);
});

test('an ended role opens nothing any more', async () => {
  // A role that has ended opens nothing any more.
  await service.record(
    message('agency.role-ended', `agency/${AGENCY}`, at('2029-06-01'), 'root', { actor: 'office', role: 'office-reviewer' }),
  );
  expectProblem(await ask({ actor: 'office', reason: '复查' }), 403, 'not-permitted');
});

test('an erasure ends access, the trail stays', async () => {
  // After an erasure nobody gets anything, and the trail stays.
  await service.record(message('record.erased', 'application/1', at('2018-01-02'), 'auditor', { reason: '期满', approvedBy: 'leader' }));
  expectProblem(await ask({ actor: 'leader', reason: '复查' }), 410, 'already-erased');
  await service.settled();
  const trail = (await service.get(`${APPLICATION}/trail`)).json<Trail>();
  expect(trail.entries.map(({ opinion, sealed }) => [opinion, sealed])).toEqual([
    [null, true],
    [null, true],
    ['期满', undefined],
  ]);
  expect(trail.remarks.map(({ code }) => code)).toContain('erased');
});

test('askers are listed newest first, or by case', async () => {
  // Who asked is listed newest first, of one case where it is named.
  await service.record(received('2', '2017-03-02', REQUEST));
  await ask({ actor: 'leader', reason: '一' });
  await ask({ actor: 'office', reason: '二' }, `/v1/agencies/${AGENCY}/cases/application/2/personal-data`);
  await ask({ actor: 'nobody', reason: '三' });
  expect((await accesses()).map(({ reason }) => reason)).toEqual(['三', '二', '一']);
  expect((await accesses('?case=application/1')).map(({ reason }) => reason)).toEqual(['三', '一']);
  expect(await accesses('?case=application/9')).toEqual([]);
  expectProblem(await service.get(`/v1/agencies/${AGENCY}/accesses?kase=x`), 400, 'bad-parameter');
  expectProblem(await service.get(`/v1/agencies/${AGENCY}/accesses?case=x`), 404, 'unknown-case');
  expectProblem(await service.get('/v1/agencies/nobody/accesses'), 404, 'unknown-agency');
});

test.each([
  ['no body', ''],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['no actor', { reason: 'r' }],
  ['no reason', { actor: 'leader' }],
  ['a blank reason', { actor: 'leader', reason: ' ' }],
  ['an actor on two lines', { actor: 'a\nb', reason: 'r' }],
  ['a number for an actor', { actor: 1, reason: 'r' }],
  ['a field nobody knows', { actor: 'leader', reason: 'r', more: 1 }],
  ['an identity number in the reason', { actor: 'leader', reason: `查 ${citizenId('19790205', '777')}` }],
  ['too long a reason', { actor: 'leader', reason: 'x'.repeat(1001) }],
])('%s is refused, and nothing is recorded', async (_what, body) => {
  const before = await service.head();
  expectProblem(await ask(body), 400, 'bad-parameter');
  expect(await service.head()).toBe(before);
});

test('what does not exist is reported, unrecorded', async () => {
  // What does not exist, or holds nothing sealed, is reported; nothing is recorded of it.
  const before = await service.head();
  const asking = { actor: 'leader', reason: '复查' };
  expectProblem(await ask(asking, `/v1/agencies/${AGENCY}/cases/application/9/personal-data`), 404, 'unknown-case');
  expectProblem(await ask(asking, `/v1/agencies/nobody/cases/application/1/personal-data`), 404, 'unknown-agency');
  expectProblem(await ask(asking, `/v1/agencies/${AGENCY}/cases/agency/${AGENCY}/personal-data`), 400, 'bad-parameter');
  expectProblem(await ask(asking, undefined, 'text/plain'), 415, 'unsupported-media-type');
  expect(await service.head()).toBe(before);
});

test('plain JSON is a question, not a message', async () => {
  // A message is not taken as plain JSON: that is for questions.
  expectProblem(await service.post(received('3', '2017-03-02'), 'application/json'), 415, 'unsupported-media-type');
});

test('an access is in the ledger, no figure', async () => {
  // An access is an entry of the ledger and of no figure.
  const table = async (): Promise<unknown> =>
    (await service.get(`/v1/agencies/${AGENCY}/tables/2030?form=2021`)).json<{ rows: unknown }>().rows;
  const before = await table();
  await ask({ actor: 'leader', reason: '复查' });
  await service.settled();
  expect(await table()).toEqual(before);
  expect(service.runtime.store.bookmarks().every(({ stopped }) => stopped === null)).toBe(true);
});
