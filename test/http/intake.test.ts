/** The door over HTTP: one message, a batch, NDJSON; what each status and receipt says. */
import type { Receipt } from '../../src/recording/receipts.js';
import { approvedItem, hashOf, message, released, setUp } from '../support/messages.js';
import { asLines, BATCH, expectProblem, expectRefusal, NDJSON, SINGLE, startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp());
});

afterAll(() => service.finish());

const meeting = (number: string, more = {}): ReturnType<typeof message> =>
  message('meeting.held', `meeting/${number}`, '2017-03-02T09:00:00+08:00', 'office', { title: `会议 ${number}` }, more);

const UUID_5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('one message', () => {
  test('is recorded: 201 and a seven-field receipt', async () => {
    // Is recorded with 201 and a receipt of exactly the seven fields.
    const sent = meeting('one');
    const answer = await service.post(sent);
    expect([answer.status, answer.type]).toEqual([201, 'application/json']);
    const receipt = answer.json<Receipt>();
    expect(Object.keys(receipt).sort()).toEqual(['eventIds', 'id', 'position', 'revision', 'source', 'status', 'stream']);
    expect(receipt).toMatchObject({ source: sent.source, id: sent.id, status: 'recorded', revision: 0 });
    expect(receipt.stream).toEqual(expect.stringContaining('one'));
    expect(receipt.position).toMatch(/^\d+$/);
    expect(receipt.eventIds).toEqual([expect.stringMatching(UUID_5)]);
  });

  test('sent again: 200 and the first receipt', async () => {
    // Sent again is a duplicate with 200 and the first receipt, however its JSON is written.
    const sent = meeting('again');
    const first = (await service.post(sent)).json<Receipt>();
    const head = await service.head();
    const turned = JSON.stringify(Object.fromEntries(Object.entries(sent).reverse()), null, 3);
    for (const body of [JSON.stringify(sent), turned, JSON.stringify({ ...sent, traceparent: '00-1-2-01' })]) {
      const answer = await service.post(body);
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual({ ...first, status: 'duplicate' });
    }
    expect(await service.head()).toBe(head);
  });

  test.each([
    ['another actor', { actor: 'somebody-else' }],
    ['another time', { time: '2017-03-02T09:00:01+08:00' }],
    ['an instant that differs in a digit no clock shows', { time: '2017-03-02T09:00:00.0001+08:00' }],
    ['another subject', { subject: 'meeting/reused-elsewhere' }],
    ['other data', { data: { title: 'another title' } }],
    ['another type', { type: 'disclosure.training.held', subject: 'training/reused', data: { title: 't', trainees: 1 } }],
  ])('the same id with %s is 409', async (_what, change) => {
    // The same source and id with … is refused with 409 id-reused.
    const sent = meeting(`reused-${_what.replaceAll(' ', '-')}`);
    await service.record(sent);
    const answer = await service.post({ ...sent, ...change });
    expect(answer.status).toBe(409);
    expect(expectRefusal(answer.json<Receipt>()).code).toBe('id-reused');
    expect((await service.post(sent)).status).toBe(200);
  });

  test('the same id of another source is new', async () => {
    const sent = meeting('two-sources-a');
    const other = meeting('two-sources-b', { id: sent.id, source: '/another' });
    const [a, b] = await service.record(sent, other);
    expect(a?.eventIds).not.toEqual(b?.eventIds);
  });

  test('a refusal is 422 and reserves nothing', async () => {
    // A refusal is 422 and reserves nothing: mended, the same id is recorded.
    const wrong = meeting('mended', { data: { title: '' } });
    const refused = await service.post(wrong);
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({ source: wrong.source, id: wrong.id });
    expect(expectRefusal(refused.json<Receipt>()).code).toBe('invalid-data');
    await service.record({ ...wrong, data: { title: 'mended' } });
  });

  test('a voided receipt names its void', async () => {
    // A voided message’s receipt says which event took it back.
    const sent = meeting('voided');
    await service.record(sent);
    const [taken] = await service.record(
      message('record.voided', sent.subject, '2017-03-03T09:00:00+08:00', 'drafter', {
        message: { id: sent.id },
        reason: '重复录入',
        approvedBy: 'leader',
      }),
    );
    const again = await service.post(sent);
    expect([again.status, again.json<Receipt>().voidedBy]).toEqual([200, taken?.eventIds[0]]);
  });

  test('positions grow in the order of recording', async () => {
    const receipts = await service.record(...approvedItem('order', '2017-05-02'), released('order', '2017-05-02', 'website'));
    const positions = receipts.map(({ position }) => BigInt(position as string));
    expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
    expect(receipts.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
  });

  test('stays a duplicate after a restart', async () => {
    // Is a duplicate after a restart too, with the first receipt.
    const other = await startService();
    const [registered] = setUp();
    const [first] = await other.record(registered);
    await other.stop();
    const reopened = await startService({ folder: other.folder });
    const answer = await reopened.post(registered);
    expect([answer.status, answer.json()]).toEqual([200, { ...first, status: 'duplicate' }]);
    await reopened.finish();
  });
});

describe('a batch', () => {
  test('each message gets its receipt, in order', async () => {
    // Is answered with 200 and a receipt for each, in order, each message decided on its own.
    const known = meeting('batch-known');
    await service.record(known);
    const messages = [
      meeting('batch-1'),
      { ...meeting('batch-2'), agency: 'nobody' },
      known,
      'no object',
      { ...known, actor: 'x' },
      meeting('batch-3'),
    ];
    const answer = await service.post(messages, BATCH);
    expect([answer.status, answer.type]).toEqual([200, 'application/json']);
    const receipts = answer.json<Receipt[]>();
    expect(receipts.map(({ id }) => id)).toEqual(messages.map((sent) => (typeof sent === 'string' ? null : sent.id)));
    expect(receipts.map(({ status, error }) => error?.code ?? status)).toEqual([
      'recorded',
      'unknown-agency',
      'duplicate',
      'not-cloudevents',
      'id-reused',
      'recorded',
    ]);
  });

  test('keeps the order of acts', async () => {
    // Keeps the order of acts: draft, clearances, approval and release in one request.
    const acts = [...approvedItem('in-one', '2017-06-01'), released('in-one', '2017-06-01', 'website')];
    const receipts = (await service.post(acts, BATCH)).json<Receipt[]>();
    expect(receipts.map(({ status, revision }) => [status, revision])).toEqual(acts.map((_, revision) => ['recorded', revision]));
  });

  test('a repeated message is recorded once', async () => {
    const sent = meeting('batch-twice');
    const [first, second] = (await service.post([sent, sent], BATCH)).json<Receipt[]>();
    expect([first?.status, second]).toEqual(['recorded', { ...first, status: 'duplicate' }]);
  });

  test('takes 500, answers 413 to 501', async () => {
    // Of 500 is taken, of 501 answered 413 with nothing decided.
    const many = Array.from({ length: 501 }, (_, n) => meeting(`many-${n}`));
    const head = await service.head();
    expectProblem(await service.post(many, BATCH), 413, 'too-large');
    expect(await service.head()).toBe(head);
    const answer = await service.post(many.slice(0, 500), BATCH);
    expect(answer.status).toBe(200);
    const receipts = answer.json<Receipt[]>();
    expect(receipts.map(({ id, status }) => [id, status])).toEqual(many.slice(0, 500).map(({ id }) => [id, 'recorded']));
    expect((await service.post(many[500])).status).toBe(201);
  });

  test('of none is answered with none', async () => {
    const answer = await service.post([], BATCH);
    expect([answer.status, answer.text]).toEqual([200, '[]']);
  });

  test('that is no array is a problem', async () => {
    const head = await service.head();
    const answer = await service.post(meeting('no-array'), BATCH);
    expect(answer.status).toBe(400);
    expectProblem(answer, 400, answer.json<{ code: string }>().code);
    expectProblem(await service.post('[{"a":1},', BATCH), 400, 'malformed');
    expect(await service.head()).toBe(head);
  });
});

describe('NDJSON', () => {
  test('answers line for line, in order', async () => {
    // Comes in and goes out a line for each message, in order.
    const messages = [meeting('line-1'), { ...meeting('line-2'), time: 'yesterday' }, meeting('line-3')];
    const answer = await service.post(asLines(messages), NDJSON);
    expect([answer.status, answer.type]).toEqual([200, NDJSON]);
    expect(answer.lines<Receipt>().map(({ id, status, error }) => [id, error?.code ?? status])).toEqual([
      [messages[0]?.id, 'recorded'],
      [messages[1]?.id, 'bad-time'],
      [messages[2]?.id, 'recorded'],
    ]);
    expect(answer.text.endsWith('\n')).toBe(true);
  });

  test('takes CRLF, blank lines and long bodies', async () => {
    // May have CRLF, blank lines and no line end at its end, and more than 500 lines.
    const messages = Array.from({ length: 600 }, (_, n) => meeting(`crlf-${n}`));
    const body = `\r\n${messages.map((sent) => JSON.stringify(sent)).join('\r\n\r\n')}`;
    const receipts = (await service.post(body, NDJSON)).lines<Receipt>();
    expect(receipts.map(({ id, status }) => [id, status])).toEqual(messages.map(({ id }) => [id, 'recorded']));
  });

  test('a line not UTF-8 is refused alone', async () => {
    // A line that is not UTF-8 between two good ones is refused alone.
    const [before, bad, after] = [meeting('utf-1'), meeting('utf-2', { data: { title: 'MARK' } }), meeting('utf-3')];
    const broken = Buffer.from(asLines([bad]));
    broken.fill(0xff, broken.indexOf('MARK'), broken.indexOf('MARK') + 4);
    const answer = await service.post(Buffer.concat([Buffer.from(asLines([before])), broken, Buffer.from(asLines([after]))]), NDJSON);
    expect(answer.lines<Receipt>().map(({ status, error }) => error?.code ?? status)).toEqual(['recorded', 'malformed', 'recorded']);
  });
});

describe('media types', () => {
  test.each([[`${SINGLE}; charset=utf-8`], [`${SINGLE};charset=UTF-8`], ['Application/CloudEvents+JSON; charset="utf-8"']])(
    '%s is one message',
    async (type) => {
      expect((await service.post(meeting(`type-${hashOf(type).slice(7, 20)}`), type)).status).toBe(201);
    },
  );

  test('a batch and NDJSON may name their charset', async () => {
    expect((await service.post([meeting('charset-1')], `${BATCH}; charset=utf-8`)).json<Receipt[]>()[0]?.status).toBe('recorded');
    expect((await service.post(asLines([meeting('charset-2')]), `${NDJSON}; charset=utf-8`)).lines<Receipt>()[0]?.status).toBe('recorded');
  });

  test.each([['application/json'], ['text/plain'], ['application/cloudevents+xml'], ['application/cloudevents'], ['nonsense'], ['']])(
    '"%s" is answered 415 and nothing is decided',
    async (type) => {
      const head = await service.head();
      expectProblem(await service.post(meeting('no-type'), type), 415, 'unsupported-media-type');
      expect(await service.head()).toBe(head);
    },
  );

  test('no content type at all is answered 415', async () => {
    expectProblem(await service.request({ method: 'POST', url: '/v1/events', payload: Buffer.from('x') }), 415, 'unsupported-media-type');
    expectProblem(await service.request({ method: 'POST', url: '/v1/events' }), 415, 'unsupported-media-type');
  });
});
