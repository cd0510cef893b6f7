/**
 * CloudEvents' binary content mode by hand, and what the official SDK sends in all three modes, over real connections.
 */
import { CloudEvent, emitterFor, HTTP, httpTransport, Mode } from 'cloudevents';
import fc from 'fast-check';
import { request as httpRequest } from 'node:http';
import type { Receipt } from '../../src/recording/receipts.js';
import { budget } from '../support/budget.js';
import { message, setUp, type Message } from '../support/messages.js';
import { BATCH, startService, type TestService } from '../support/service.js';

let service: TestService;
let url: string;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp());
  url = `${await service.listen()}/v1/events`;
});

afterAll(() => service.finish());

let serial = 0;
function meeting(more: Partial<Message> = {}): Message {
  serial += 1;
  return message('meeting.held', `meeting/binary-${serial}`, '2017-03-02T09:00:00+08:00', 'office', { title: `会议 ${serial}` }, more);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Receipt & { readonly code?: string };
}

type Fields = readonly (readonly [string, string])[];

/** Fields go out as they are given, twice where they are given twice, in Latin-1. */
function send(fields: Fields, body: string | Buffer = ''): Promise<Answer> {
  const all = [['host', new URL(url).host], ['content-length', String(Buffer.byteLength(body))], ...fields];
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { method: 'POST', headers: all.flat() }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, body: JSON.parse(text) as Answer['body'] }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** As the HTTP protocol binding encodes it. */
function encoded(text: string): string {
  return [...text]
    .map((one) =>
      /[!#$&-~]/.test(one) ? one : Buffer.from(one).reduce((all, byte) => `${all}%${byte.toString(16).toUpperCase().padStart(2, '0')}`, ''),
    )
    .join('');
}

function fieldsOf({ data: _data, ...attributes }: Message): [string, string][] {
  return Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encoded(value)]);
}

const JSON_TYPE = ['content-type', 'application/json'] as const;
const binary = (sent: Message, change: (fields: Fields) => Fields = (fields) => fields): Promise<Answer> =>
  send(change([...fieldsOf(sent), JSON_TYPE]), JSON.stringify(sent.data));
const replaced =
  (name: string, value: string) =>
  (fields: Fields): Fields =>
    fields.map((field) => (field[0] === name ? [name, value] : field));

async function untouched(ask: () => Promise<void>): Promise<void> {
  const head = await service.head();
  await ask();
  expect(await service.head()).toBe(head);
}

describe('a message in binary mode', () => {
  test('is recorded like a structured one', async () => {
    // Is recorded with the receipt of a structured one, and a repeat in any other mode is its duplicate.
    const sent = meeting({ actor: '张三', subject: 'meeting/〔2017〕第1号', id: 'a b"c%d/é😀' });
    const answer = await binary(sent);
    expect(answer).toMatchObject({ status: 201, body: { source: sent.source, id: sent.id, status: 'recorded', revision: 0 } });
    const expected = { ...answer.body, status: 'duplicate' };
    expect((await binary(sent)).body).toEqual(expected);
    expect((await service.post(sent)).json()).toEqual(expected);
    expect((await service.post([sent], BATCH)).json()).toEqual([expected]);
  });

  test.each<[string, string]>([
    ['application/json; charset=utf-8', 'taken'],
    ['Application/JSON;charset="UTF-8"', 'taken'],
    ['application/json; charset=gbk', 'unsupported-media-type'],
    ['text/plain', 'unsupported-media-type'],
    ['application/xml', 'unsupported-media-type'],
    ['application/problem+json', 'unsupported-media-type'],
  ])('with the content type %s is %s', async (type, outcome) => {
    const { body, status } = await binary(meeting(), replaced('content-type', type));
    expect([body.code ?? body.status, status]).toEqual(outcome === 'taken' ? ['recorded', 201] : [outcome, 415]);
  });

  test('has an empty body without data', async () => {
    // Without data has an empty body, with a content type or without.
    const bare = (more: Partial<Message>): Message => meeting({ type: 'disclosure.agency.clearance-chain-set', ...more });
    for (const type of [[JSON_TYPE], []]) {
      // The chain needs its steps: that they are asked for shows that the message was read as one without data.
      const { status, body } = await send([...fieldsOf(bare({ subject: 'agency/test-agency', actor: 'root' })), ...type]);
      expect([status, body.error?.code, body.error?.message]).toEqual([422, 'invalid-data', expect.stringContaining('steps')]);
    }
    const unnamed = await send(fieldsOf(meeting()), '{"title":"t"}');
    expect([unnamed.status, unnamed.body.code]).toEqual([415, 'unsupported-media-type']);
  });

  test('without ce-id is no message: 415', async () => {
    await untouched(async () => {
      const answer = await binary(meeting(), (fields) => fields.filter(([name]) => name !== 'ce-id'));
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported-media-type']);
    });
  });

  test('a CloudEvents content type overrides the head', async () => {
    // A content type of CloudEvents says that the attributes are in the body, whatever the head says besides.
    const sent = meeting();
    const fields = [...fieldsOf(meeting()), ['ce-id', 'x'], ['content-type', 'application/cloudevents+json']] as const;
    expect((await send(fields, JSON.stringify(sent))).body).toMatchObject({ id: sent.id, status: 'recorded' });
  });

  test.each<[string, string]>([
    ['ce-actor', '"office"'],
    ['ce-actor', '"o\\ffice"'],
    ['ce-actor', '%6f%66fice'],
    ['ce-actor', '"%6Fffice"'],
    ['CE-Actor', 'office'],
  ])('%s: %s is the actor office', async (name, value) => {
    const sent = meeting();
    const answer = await binary(sent, (fields) => fields.map((field) => (field[0] === 'ce-actor' ? [name, value] : field)));
    expect(answer.status).toBe(201);
    expect((await service.post(sent)).status).toBe(200);
  });

  const BAD = [
    '%',
    '%2',
    '%zz',
    'a%',
    '%C0%A0',
    '%ED%A0%80',
    '%E4%BD',
    '%FF',
    '%u4e00',
    'a"b',
    '"a',
    'a"',
    '"a"b"',
    '"a\\"',
    'caf\u00e9',
    '\u00e4\u00bd\u00a0',
  ];
  test.each(BAD)('a bad escape, %j, is not-cloudevents, 400', async (value) => {
    for (const name of ['ce-actor', 'ce-id', 'ce-subject', 'ce-unknown'])
      await untouched(async () => {
        const answer = await binary(meeting(), (fields) => [...fields.filter((field) => field[0] !== name), [name, value]]);
        expect([answer.status, answer.body.code]).toEqual([400, 'not-cloudevents']);
      });
  });

  test.each<[string, Fields]>([
    ['ce-id', [['ce-id', 'again']]],
    ['ce-type in other letters', [['Ce-Type', 'disclosure.meeting.held']]],
    ['ce-time, the same twice', [['ce-time', '2017-03-02T09:00:00+08:00']]],
    [
      'an unknown one',
      [
        ['ce-unknown', 'a'],
        ['ce-unknown', 'b'],
      ],
    ],
    ['datacontenttype', [['ce-datacontenttype', 'application/json']]],
    ['data', [['ce-data', '{}']]],
  ])('an attribute twice, %s, is not-cloudevents, 400', async (_what, more) => {
    await untouched(async () => {
      const answer = await binary(meeting(), (fields) => [...fields, ...more]);
      expect([answer.status, answer.body.code]).toEqual([400, 'not-cloudevents']);
    });
  });

  test('follows the rules of a structured one', async () => {
    // The rules are those of a structured message: the same codes, the same text.
    const changes: [string, string, string][] = [
      ['ce-specversion', '0.3', 'not-cloudevents'],
      ['ce-type', 'disclosure.meeting.celebrated', 'unknown-type'],
      ['ce-time', 'yesterday', 'bad-time'],
      ['ce-subject', 'nowhere', 'bad-subject'],
      ['ce-agency', 'nobody', 'unknown-agency'],
      ['ce-id', 'a%00b', 'not-cloudevents'],
    ];
    for (const [name, value, code] of changes) {
      const sent = meeting();
      const answer = await binary(sent, replaced(name, value));
      expect([answer.status, answer.body.error?.code]).toEqual([422, code]);
      const structured = await service.post({ ...sent, [name.slice(3)]: decodeURIComponent(value) });
      expect(answer.body.error).toEqual(structured.json<Receipt>().error);
    }
    const extra = await binary(meeting(), (fields) => [...fields, ['ce-foo-bar', 'x'], ['ce-__proto__', 'y']]);
    expect([extra.status, extra.body.error]).toMatchObject([422, { code: 'unknown-field', details: { fields: ['foo-bar', '__proto__'] } }]);
  });

  test.each<[string, string | Buffer]>([
    ['cut off', '{"title":"t"'],
    ['more than one value', '{"title":"t"},"id":"other"'],
    ['only blanks', '  '],
    ['not UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['with a name twice', '{"title":"a","title":"b"}'],
    ['with a rounded number', '{"title":9007199254740993}'],
  ])('data that is %s is malformed, 400', async (_what, data) => {
    await untouched(async () => {
      const answer = await send([...fieldsOf(meeting()), JSON_TYPE], data);
      expect([answer.status, answer.body.code]).toEqual([400, 'malformed']);
    });
  });

  test('data over 256 KiB are too-large, named', async () => {
    // Data over 256 KiB is too-large, with a receipt that names the message.
    const sent = meeting();
    const answer = await send([...fieldsOf(sent), JSON_TYPE], JSON.stringify({ title: 'x'.repeat(300_000) }));
    expect([answer.status, answer.body.error?.code, answer.body.id]).toEqual([422, 'too-large', sent.id]);
  });

  test('a refusal is kept, and resent', async () => {
    // A refused one is kept as a structured message, and can be sent again.
    const sent = meeting({ agency: 'later', actor: 'root' });
    expect((await binary(sent)).body.error?.code).toBe('unknown-agency');
    await service.settled();
    const { refusals } = (await service.get('/v1/refusals')).json<{ refusals: { refusalId: string; id: string; count: number }[] }>();
    const kept = refusals.find(({ id }) => id === sent.id);
    expect(JSON.parse(service.runtime.refusals.message(kept?.refusalId ?? '') ?? '')).toEqual({
      ...sent,
      datacontenttype: 'application/json',
    });
    // In another mode it is the same refusal.
    await service.post(sent);
    await service.settled();
    const again = (await service.get('/v1/refusals')).json<{ refusals: { id: string; count: number }[] }>();
    expect(again.refusals.find(({ id }) => id === sent.id)?.count).toBe(2);
    await service.record(...setUp('later', { chain: false }));
    const resent = await service.request({ method: 'POST', url: `/v1/refusals/${kept?.refusalId}/resend` });
    expect(resent.status).toBe(201);
  });

  test('any text survives its escapes', async () => {
    // Any text comes through its escapes as it is.
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), fc.boolean(), async (id, all) => {
        fc.pre(id.isWellFormed());
        const sent = meeting();
        const value = all ? Buffer.from(id).reduce((text, byte) => `${text}%${byte.toString(16).padStart(2, '0')}`, '') : encoded(id);
        const { body } = await binary(sent, replaced('ce-id', value));
        const structured = (await service.post({ ...sent, id })).json<Receipt>();
        expect([body.id, body.error?.code]).toEqual([structured.id, structured.error?.code]);
        if (body.status === 'recorded') expect(structured.status).toBe('duplicate');
      }),
      { numRuns: budget(40, 2_000) },
    );
  });
});

describe('the official SDK', () => {
  const cloudEvent = (sent: Message): CloudEvent<unknown> => new CloudEvent({ ...sent, datacontenttype: 'application/json' });
  const receiptOf = (answer: unknown): Receipt => JSON.parse((answer as { body: string }).body) as Receipt;
  const several = (): Message[] => [
    meeting(),
    meeting({ time: '2017-03-02T01:00:00.123Z' }),
    meeting({ id: 'an-id/with-(signs)' + String(serial) }),
  ];

  test.each([
    ['by default, which is binary', undefined],
    ['binary', { binding: HTTP, mode: Mode.BINARY }],
    ['structured', { binding: HTTP, mode: Mode.STRUCTURED }],
  ])('emitting %s loses nothing, repeats are duplicates', async (_what, options) => {
    // Emitting … loses nothing; what another mode sends again is a duplicate.
    const emit = emitterFor(httpTransport(url), options);
    for (const sent of several()) {
      const first = receiptOf(await emit(cloudEvent(sent)));
      expect(first).toMatchObject({ status: 'recorded', id: sent.id });
      for (const mode of [Mode.BINARY, Mode.STRUCTURED])
        expect(receiptOf(await emitterFor(httpTransport(url), { binding: HTTP, mode })(cloudEvent(sent)))).toEqual({
          ...first,
          status: 'duplicate',
        });
      // As it was written, with the offset that the SDK turns into Z.
      expect((await service.post(sent)).status).toBe(200);
    }
    await service.settled();
  });

  test('HTTP.binary, HTTP.structured and a batch are taken', async () => {
    // Messages made with HTTP.binary and HTTP.structured and sent by fetch, a batch as its users make it.
    const [one, two, ...more] = [...several(), ...several()];
    const events = [one, two, ...more].map((sent) => cloudEvent(sent as Message));
    const post = async (headers: unknown, body: string): Promise<unknown> =>
      (await fetch(url, { method: 'POST', headers: headers as Record<string, string>, body })).json();
    const binaryMessage = HTTP.binary(events[0] as CloudEvent<unknown>);
    expect(await post(binaryMessage.headers, binaryMessage.body as string)).toMatchObject({ status: 'recorded' });
    const structured = HTTP.structured(events[1] as CloudEvent<unknown>);
    expect(await post(structured.headers, structured.body as string)).toMatchObject({ status: 'recorded' });
    const receipts = (await post({ 'content-type': `${BATCH}; charset=utf-8` }, JSON.stringify(events))) as Receipt[];
    expect(receipts.map(({ status }) => status)).toEqual(['duplicate', 'duplicate', ...more.map(() => 'recorded')]);
  });

  test('escaped texts equal the structured mode’s', async () => {
    // Texts outside ASCII, escaped by the emitter in binary mode
    // as its binding wants, are those of the structured mode.
    const sent = meeting({ actor: '买买提·艾山', subject: `meeting/第${serial + 1}号` });
    const escaped = { ...sent, actor: encodeURIComponent(sent.actor), subject: encodeURIComponent(sent.subject) };
    const first = receiptOf(await emitterFor(httpTransport(url))(cloudEvent(escaped)));
    expect(first).toMatchObject({ status: 'recorded' });
    const structured = emitterFor(httpTransport(url), { binding: HTTP, mode: Mode.STRUCTURED });
    expect(receiptOf(await structured(cloudEvent(sent)))).toEqual({ ...first, status: 'duplicate' });
  });
});
