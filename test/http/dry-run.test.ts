/** A dry run: decided as it would be, and nothing is kept of it. */
import type { Receipt } from '../../src/recording/receipts.js';
import type { DryReceipt } from '../../src/recording/trial/trial.js';
import { AGENCY, approvedItem, at, message, released, setUp, type Message } from '../support/messages.js';
import { asLines, BATCH, expectProblem, NDJSON, SINGLE, startService, type Answer, type TestService } from '../support/service.js';

let service: TestService;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.finish());

const dry = (body: unknown, type = SINGLE, query = 'dryRun=true'): Promise<Answer> =>
  service.request({
    method: 'POST',
    url: `/v1/events?${query}`,
    headers: { 'content-type': type },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** A small office, with everything that is refused or repeated in between. */
function history(): Message[] {
  const item = approvedItem('2017-1', '2017-03-02');
  const [drafted] = item as [Message];
  const received = message('application.received', 'application/1', at('2017-04-05'), 'clerk', {
    channel: 'letter',
    applicant: { kind: 'natural-person', name: '张某' },
    request: '申请公开某文件',
  });
  return [
    ...setUp(),
    ...item,
    released('2017-1', '2017-03-03', 'website'),
    released('2017-1', '2017-03-04', 'website'),
    { ...drafted, time: '2017-03-02T01:00:00Z' },
    { ...drafted, actor: 'another' },
    received,
    message('application.replied', 'application/1', at('2017-04-10'), 'clerk', {
      outcome: 'granted',
      contentHash: item[0]?.data?.['contentHash'],
    }),
    message('record.voided', 'publication/2017-1', at('2017-05-01'), 'second-root', {
      message: { id: item[3]?.id },
      reason: '误报',
      approvedBy: 'leader',
    }),
    message('meeting.held', 'meeting/1', at('2017-06-01'), 'clerk', { titel: '会议' }),
    message('meeting.held', 'meeting/1', at('2017-06-01'), 'clerk', { title: '会议' }),
    message('complaint.received', 'complaint/1', at('2017-06-02'), 'clerk', { topic: '投诉', publication: 'publication/2017-1' }),
    message('record.erased', 'complaint/1', at('2017-06-05'), 'root', { reason: '保存期满', approvedBy: 'leader' }),
    message('complaint.decided', 'complaint/1', at('2017-06-06'), 'clerk', { result: 'upheld' }),
  ];
}

const WOULD: Readonly<Record<string, string>> = { recorded: 'would-record', duplicate: 'would-duplicate', refused: 'would-refuse' };

test('says what would be answered, one by one', async () => {
  // A batch sees its own earlier messages: the same file for real has the same answers.
  const messages = history();
  const tried = (await dry(asLines(messages), NDJSON)).lines<DryReceipt>();
  expect(await service.head()).toBeNull();
  const answered = (await service.post(asLines(messages), NDJSON)).lines<Receipt>();
  const expected = answered.map(({ status, stream, error, id, source, voidedBy }) => ({
    source,
    id,
    status: WOULD[status],
    stream,
    revision: null,
    position: null,
    eventIds: [],
    ...(error && { error }),
    ...(voidedBy && { voidedBy }),
  }));
  expect(tried).toEqual(expected);
  expect(new Set(tried.map(({ status }) => status))).toEqual(new Set(Object.values(WOULD)));
  // And over what is recorded now: repeats are repeats, in an erased case too.
  const again = (await dry(asLines(messages), NDJSON)).lines<DryReceipt>();
  const repeated = (await service.post(asLines(messages), NDJSON)).lines<Receipt>();
  expect(again.map(({ status }) => status)).toEqual(repeated.map(({ status }) => WOULD[status]));
});

test('keeps nothing, not even a refusal', async () => {
  await service.record(...setUp());
  await service.settled();
  const before = await service.head();
  const keys = service.runtime.keys;
  const messages = history().slice(setUp().length);
  for (const [body, type] of [
    [messages, BATCH],
    [asLines(messages), NDJSON],
  ] as const)
    expect((await dry(body, type)).status).toBe(200);
  for (const one of messages) expect((await dry(one)).status).toBe(200);
  await service.settled();
  expect(await service.head()).toBe(before);
  expect((await service.get('/v1/refusals')).json()).toEqual({ refusals: [], next: null });
  expect((await service.get('/metrics')).text).not.toMatch(/unknown-field/);
  expect(keys).toBe(service.runtime.keys);
});

test('one message has the shape of a receipt', async () => {
  await service.record(...setUp());
  const [held] = [message('meeting.held', 'meeting/1', at('2017-06-01'), 'clerk', { title: '会议' })];
  const answer = await dry(held);
  expect([answer.status, answer.json()]).toEqual([
    200,
    {
      source: held.source,
      id: held.id,
      status: 'would-record',
      stream: `meeting-${AGENCY}/1`,
      revision: null,
      position: null,
      eventIds: [],
    },
  ]);
  const refused = await dry({ ...held, data: { titel: '会议' } });
  expect([refused.status, refused.json()]).toMatchObject([
    200,
    { status: 'would-refuse', stream: null, eventIds: [], error: { code: 'unknown-field' } },
  ]);
  expect(refused.headers['link']).toBe('</v1/schemas/disclosure.meeting.held/v1.json>; rel="describedby"');
});

test('what cannot be read is a problem', async () => {
  expectProblem(await dry('{'), 400, 'malformed');
  expectProblem(await dry('[1'), 400, 'malformed');
  expectProblem(await dry(`[${'1,'.repeat(500)}1]`, BATCH), 413, 'too-large');
  expectProblem(await dry('{}', 'text/plain'), 415, 'unsupported-media-type');
  for (const query of ['dryRun=1', 'dryRun=', 'dryrun=true', 'dryRun=true&dryRun=true'])
    expectProblem(await dry('{}', SINGLE, query), 400, 'bad-parameter');
  const [first] = setUp() as [Message];
  expect((await dry(first, SINGLE, 'dryRun=false')).status).toBe(201);
});
