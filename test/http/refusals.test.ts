/** Refused messages: kept once with a count, sealed, listed newest first, sent again when the cause is mended. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWholeStream } from '../../src/log/pages.js';
import type { Receipt } from '../../src/recording/receipts.js';
import type { KeptRefusal } from '../../src/recording/refusal-list.js';
import { citizenId } from '../support/citizen-id.js';
import { AGENCY, message, setUp } from '../support/messages.js';
import { BATCH, expectProblem, expectRefusal, NDJSON, startService, type Answer, type TestService } from '../support/service.js';

let service: TestService;

beforeEach(async () => {
  service = await startService();
  await service.record(...setUp());
});

afterEach(() => service.finish());

async function listed(): Promise<KeptRefusal[]> {
  await service.settled();
  const answer = await service.get('/v1/refusals');
  expect(answer.status).toBe(200);
  const body = answer.json<{ refusals: KeptRefusal[] }>();
  expect(Object.keys(body)).toEqual(['refusals', 'next']);
  return body.refusals;
}

const resend = (refusalId: string): Promise<Answer> => service.request({ method: 'POST', url: `/v1/refusals/${refusalId}/resend` });

const refusedMeeting = (number: string, more = {}): ReturnType<typeof message> =>
  message('meeting.held', `meeting/${number}`, '2017-03-02T09:00:00+08:00', 'office', { title: '会议' }, { agency: 'later', ...more });

test('a refusal has nine fields and its error', async () => {
  // A refusal is listed with exactly its nine fields and the error of its receipt.
  const sent = refusedMeeting('shape');
  const receipt = (await service.post(sent)).json<Receipt>();
  const [kept, ...others] = await listed();
  expect(others).toEqual([]);
  const fields = ['agency', 'count', 'error', 'id', 'lastAt', 'refusalId', 'source', 'subject', 'type'];
  expect(Object.keys(kept ?? {}).sort()).toEqual(fields);
  const { source, id, type, subject } = sent;
  // Its agency is not registered.
  expect(kept).toMatchObject({ source, id, type, subject, agency: null, count: 1, error: receipt.error });
  expect(kept?.lastAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/);
});

test('the same refusal is kept once, counted', async () => {
  // The same message refused for the same reason is kept once and counted, whichever way it came.
  const sent = refusedMeeting('count');
  await service.post(sent);
  await service.post([sent, sent], BATCH);
  await service.post(`${JSON.stringify(sent)}\n`, NDJSON);
  expect((await listed()).map(({ id, count }) => [id, count])).toEqual([[sent.id, 4]]);
});

test('other content or another reason is listed apart', async () => {
  // Other content under the same id, and another reason for the same content, are refusals of their own.
  const sent = refusedMeeting('apart');
  await service.post(sent);
  await service.post({ ...sent, data: { title: '' } });
  expect((await listed()).map(({ error }) => error.code)).toEqual(['invalid-data', 'unknown-agency']);
});

test('the newest stands first, a repeat moves nothing', async () => {
  // In the order of their first keeping: a growing count moves nothing.
  const [a, b, c] = [refusedMeeting('a'), refusedMeeting('b'), refusedMeeting('c')];
  for (const sent of [a, b, c, a]) await service.post(sent);
  expect((await listed()).map(({ id, count }) => [id, count])).toEqual([
    [c.id, 1],
    [b.id, 1],
    [a.id, 2],
  ]);
});

interface Page {
  readonly refusals: KeptRefusal[];
  readonly next: string | null;
}

/** Every page, one behind the other; `between` happens after each. */
async function pages(filter: string, between: () => Promise<unknown> = async () => undefined): Promise<KeptRefusal[][]> {
  const found: KeptRefusal[][] = [];
  for (let after = ''; ;) {
    const answer = await service.get(`/v1/refusals?limit=2${filter}${after}`);
    if (answer.status !== 200) throw new Error(answer.text);
    const { refusals, next } = answer.json<Page>();
    found.push(refusals);
    if (next === null) return found;
    await between();
    after = `&after=${next}`;
  }
}

test('pages have no gaps', async () => {
  // Also while others are refused, and these again.
  const sent = ['a', 'b', 'c', 'd', 'e'].map((number) => refusedMeeting(number));
  for (const one of sent) await service.post(one);
  await service.settled();
  const found = await pages('', async () => {
    await service.post(refusedMeeting(`later-${Math.random()}`));
    await service.post(sent[0]);
    await service.settled();
  });
  expect(found.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(found.flat().map(({ id }) => id)).toEqual(sent.map(({ id }) => id).reverse());
});

test('filters by agency, source and code', async () => {
  const early = { time: '2035-01-01T00:00:00+08:00' };
  await service.record(...setUp('other'));
  await service.post(refusedMeeting('own', { ...early, agency: AGENCY }));
  await service.post(refusedMeeting('other', { ...early, agency: 'other', source: '/elsewhere' }));
  await service.post(refusedMeeting('none'));
  await service.settled();
  const subjects = async (filter: string): Promise<unknown[]> => (await pages(filter)).flat().map(({ subject }) => subject);
  expect(await subjects('')).toEqual(['meeting/none', 'meeting/other', 'meeting/own']);
  expect(await subjects('&agency=other')).toEqual(['meeting/other']);
  expect(await subjects('&source=/elsewhere')).toEqual(['meeting/other']);
  expect(await subjects('&code=in-the-future')).toEqual(['meeting/other', 'meeting/own']);
  expect(await subjects(`&code=in-the-future&agency=${AGENCY}`)).toEqual(['meeting/own']);
  expectProblem(await service.get('/v1/refusals?agency=nobody'), 404, 'unknown-agency');
  for (const bad of ['code=no-such-code', 'after=cmVmdXNhbHM6', 'after=5', 'limit=0', 'limit=1001'])
    expectProblem(await service.get(`/v1/refusals?${bad}`), 400, 'bad-parameter');
});

test('resent after mending, it is recorded and leaves', async () => {
  // Sent again after the cause was mended, it is recorded and leaves the list.
  const sent = refusedMeeting('mended');
  await service.post(sent);
  const [kept] = await listed();
  const refusalId = kept?.refusalId as string;

  const stillRefused = await resend(refusalId);
  expect(stillRefused.status).toBe(422);
  expect(expectRefusal(stillRefused.json<Receipt>()).code).toBe('unknown-agency');
  expect((await listed()).map((refusal) => [refusal.refusalId, refusal.count])).toEqual([[refusalId, 2]]);

  await service.record(...setUp('later'));
  const recorded = await resend(refusalId);
  expect(recorded.status).toBe(201);
  expect(recorded.json()).toMatchObject({ source: sent.source, id: sent.id, status: 'recorded' });
  expect(await listed()).toEqual([]);
  const own = await service.post(sent);
  expect([own.status, own.json<Receipt>().eventIds]).toEqual([200, recorded.json<Receipt>().eventIds]);
  expectProblem(await resend(refusalId), 404, 'unknown-refusal');
});

test('resent after its emitter’s success, a duplicate', async () => {
  // Sent again after its emitter had sent it himself, it is a duplicate and leaves the list.
  const sent = refusedMeeting('himself');
  await service.post(sent);
  const [kept] = await listed();
  await service.record(...setUp('later'), sent);
  const answer = await resend(kept?.refusalId as string);
  expect([answer.status, answer.json<Receipt>().status]).toEqual([200, 'duplicate']);
  expect(await listed()).toEqual([]);
});

test('sent successfully by its emitter, it leaves', async () => {
  // Sent by its emitter himself with success, mended or as it was, it leaves the list; refused later, it is listed.
  const [asItWas, mended, other] = [refusedMeeting('as-it-was'), refusedMeeting('to-mend'), refusedMeeting('other')];
  for (const sent of [asItWas, mended, other]) await service.post(sent);
  await service.record(...setUp('later'), asItWas, { ...mended, data: { title: '改正的会议' } });
  expect((await listed()).map(({ id }) => id)).toEqual([other.id]);
  await service.post(mended);
  expect((await listed()).map(({ id, error }) => [id, error.code])).toEqual([
    [mended.id, 'id-reused'],
    [other.id, 'unknown-agency'],
  ]);
});

test('a resend refused for another reason says so', async () => {
  // Refused again for another reason, the resend says so.
  const sent = refusedMeeting('other-reason', {
    subject: 'publication/none',
    type: 'disclosure.publication.checked',
    data: { finding: 'ok' },
  });
  await service.post(sent);
  const [kept] = await listed();
  await service.record(...setUp('later'));
  const answer = await resend(kept?.refusalId as string);
  expect(answer.status).toBe(422);
  expect(expectRefusal(answer.json<Receipt>()).code).toBe('unknown-case');
});

test('two resends at once record it once', async () => {
  await service.post(refusedMeeting('twice'));
  const [kept] = await listed();
  await service.record(...setUp('later'));
  const answers = await Promise.all([1, 2, 3].map(() => resend(kept?.refusalId as string)));
  const recorded = answers.filter(({ status }) => status === 201);
  expect(recorded).toHaveLength(1);
  for (const { status } of answers) expect([200, 201, 404]).toContain(status);
  expect(await listed()).toEqual([]);
  const settled = (await readWholeStream(service.runtime.log, `refusal-${kept?.refusalId}`)).filter(
    ({ type }) => type === 'refusal.settled',
  );
  expect(settled).toHaveLength(1);
});

test.each(['nothing', '00000000-0000-8000-8000-000000000000', '%E6%94%BF', '..%2F..%2Fetc', "' OR 1=1 --"])(
  'resend of the unknown id %s is 404',
  async (id) => {
    expectProblem(await resend(encodeURI(id)), 404, 'unknown-refusal');
  },
);

test('without source and id nothing is kept', async () => {
  // What is no JSON object with source and id is answered and not kept.
  const head = await service.head();
  await service.post('{"source":"/x","id":"1"');
  await service.post('[1]');
  await service.post({ source: '/x' });
  await service.post({ id: '1', type: 'disclosure.meeting.held' });
  await service.post({ ...refusedMeeting('large'), data: { title: 'x'.repeat(300_000) } });
  await service.post([1, null, 'x', { source: '/x' }], BATCH);
  await service.post('hello\n[]\n{}\n', NDJSON);
  expect(await service.head()).toBe(head);
  expect(await listed()).toEqual([]);
});

test('with source and id anything is kept', async () => {
  // A JSON object with source and id is kept, however wrong the rest of it.
  await service.post({ source: '/x', id: '1' });
  await service.post({ source: '/x', id: '2', specversion: '1.0', type: 'nonsense', extra: [1, { deep: true }] });
  expect((await listed()).map(({ source, id, type, error }) => [source, id, type, error.code])).toEqual([
    ['/x', '2', 'nonsense', 'unknown-type'],
    ['/x', '1', null, 'not-cloudevents'],
  ]);
});

test('no file shows a refused message', async () => {
  // Nothing of a refused message is readable in any file of the data folder.
  const secrets = ['秘密标题一', 'secret-actor-two', 'secret-id-three', '/secret-source-four', citizenId('19790205', '777')];
  const [title, actor, id, source, citizen] = secrets as [string, string, string, string, string];
  await service.post(refusedMeeting('x', { data: { title }, actor, id, source }));
  await service.post(refusedMeeting('x', { id: citizen }));
  await service.post(refusedMeeting('x', { [title]: 1 }));
  await service.record(message('meeting.held', 'meeting/open', '2017-03-02T09:00:00+08:00', 'office', { title: 'a text that is open' }));
  expect((await listed()).map((refusal) => refusal.id)).toEqual(expect.arrayContaining([id, '*'.repeat(citizen.length)]));
  const files = ['log.db', 'read.db', 'keys.db'].flatMap((name) => [name, `${name}-wal`]).map((name) => join(service.folder, name));
  const bytes = Buffer.concat(files.filter((file) => existsSync(file)).map((file) => readFileSync(file)));
  expect(bytes.includes('a text that is open')).toBe(true);
  for (const secret of secrets) {
    expect([secret, bytes.includes(secret)]).toEqual([secret, false]);
    expect([secret, bytes.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2))]).toEqual([secret, false]);
  }
});

test('refusals survive a restart, with their count', async () => {
  const sent = refusedMeeting('restart');
  await service.post(sent);
  await service.post(sent);
  const before = await listed();
  await service.stop();
  service = await startService({ folder: service.folder });
  expect(await listed()).toEqual(before);
});
