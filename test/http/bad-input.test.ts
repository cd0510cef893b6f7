/**
 * Bad input, one row each: the exact code of the contract, a hint, never a 500, never a half-recorded message. Where
 * the contract names no code for it, any of the sane ones is taken.
 */
import type { Receipt } from '../../src/recording/receipts.js';
import { AGENCY, hashOf, setUp } from '../support/messages.js';
import { good, of, raw, refusedBy, type Plain } from '../support/refused.js';
import { asLines, BATCH, expectProblem, expectRefusal, NDJSON, startService, type TestService } from '../support/service.js';

let service: TestService;
const expectRefused = refusedBy(() => service);

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp(), good('meeting/known', { id: 'known' }), drafted('known'));
});

afterAll(() => service.finish());

function drafted(number: string, data: Plain = {}): Plain {
  return { ...of('publication.drafted', `publication/${number}`, { title: '信息', contentHash: hashOf('x'), ...data }), actor: 'drafter' };
}

function without(field: string): Plain {
  return Object.fromEntries(Object.entries(good()).filter(([key]) => key !== field));
}

// What is no message at all is a problem document, and refused alone in NDJSON.
describe('what is no message is a problem', () => {
  const cut = JSON.stringify(good());
  test.each<[string, string | Buffer]>([
    ['no JSON', 'hello'],
    ['a cut-off body', cut.slice(0, 100)],
    ['a body cut off before its last brace', cut.slice(0, -1)],
    ['two objects', `${cut}${cut}`],
    ['single quotes', "{'id':'1'}"],
    ['a comma too many', `${cut.slice(0, -1)},}`],
    ['NaN', '{"id":NaN}'],
    ['not UTF-8', Buffer.concat([Buffer.from(cut.slice(0, -2)), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
    ['an overlong encoding', Buffer.from([0x7b, 0xc0, 0xaf, 0x7d])],
    ['UTF-16', Buffer.from(cut, 'utf16le')],
  ])('%s', async (_what, body) => {
    const head = await service.head();
    const problem = expectProblem(await service.post(body), 400, 'malformed');
    expect(problem.hint).toMatch(/\S/);
    expect(await service.head()).toBe(head);
    const line = Buffer.from(body);
    if (line.includes(0x0a)) return;
    const mixed = Buffer.concat([Buffer.from(asLines([good()])), line, Buffer.from(`\n${asLines([good()])}`)]);
    const receipts = (await service.post(mixed, NDJSON)).lines<Receipt>();
    expect(receipts.map(({ status, error }) => error?.code ?? status)).toEqual(['recorded', 'malformed', 'recorded']);
  });

  test('an empty body', async () => {
    const head = await service.head();
    expectProblem(await service.post(''), 400, 'malformed');
    expect(await service.head()).toBe(head);
  });

  test.each(['null', 'true', '1', '"text"', '[]', '[{}]'])('the JSON value %s', async (value) => {
    const head = await service.head();
    expectProblem(await service.post(value), 400, 'not-cloudevents');
    expect(await service.head()).toBe(head);
    const receipts = (await service.post(`${value}\n`, NDJSON)).lines<Receipt>();
    const json = value === 'null' ? 'null' : value.startsWith('[') ? 'array' : typeof JSON.parse(value);
    expect(receipts.map(expectRefusal)).toMatchObject([{ code: 'not-cloudevents', details: { json } }]);
  });

  test('an empty object is refused, not kept', async () => {
    // An object with nothing in it is refused, and not kept without source and id.
    const head = await service.head();
    const answer = await service.post({});
    expect(answer.status).toBeLessThan(500);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain('not-cloudevents');
    expect(await service.head()).toBe(head);
  });

  test('a byte order mark never fails', async () => {
    // A byte order mark is overlooked or refused, never a failure.
    const answer = await service.post(`\ufeff${JSON.stringify(good())}`);
    expect([201, 400, 422]).toContain(answer.status);
  });
});

describe('envelope attributes', () => {
  const wrong: readonly unknown[] = [null, 1, true, [], {}, ['x'], '', '   ', '\u0000', 'a\u0007b'];
  const cases: readonly [string, readonly string[]][] = [
    ['specversion', ['not-cloudevents']],
    ['id', ['not-cloudevents']],
    ['source', ['not-cloudevents']],
    ['type', ['not-cloudevents', 'unknown-type']],
    ['subject', ['bad-subject']],
    ['time', ['bad-time']],
    ['agency', ['unknown-agency', 'invalid-data']],
    ['actor', ['invalid-data']],
    ['dataschema', ['invalid-data']],
    ['datacontenttype', ['invalid-data']],
    ['traceparent', ['invalid-data']],
    ['tracestate', ['invalid-data']],
  ];
  test.each(cases)('%s with a bad value is refused', async (field, codes) => {
    // … of a wrong type, empty, blank or with a control character.
    for (const value of wrong) await expectRefused({ ...good(), [field]: value }, ...codes);
  });

  test.each(cases.slice(0, 8))('%s is required', async (field, codes) => {
    await expectRefused(without(field), ...codes);
  });

  test.each([null, 1, true, 'text', [], [{}]])('data that is %j', async (data) => {
    await expectRefused({ ...good(), data }, 'invalid-data');
  });

  test.each([
    ['specversion', '0.3', 'not-cloudevents'],
    ['specversion', '1', 'not-cloudevents'],
    ['id', 'x'.repeat(5000), 'not-cloudevents'],
    ['source', 'x'.repeat(5000), 'not-cloudevents'],
    ['actor', 'x'.repeat(5000), 'invalid-data'],
    ['datacontenttype', 'text/plain', 'invalid-data'],
    ['datacontenttype', 'application/jsonx', 'invalid-data'],
    ['dataschema', 'https://example.org/schemas/meeting.held/v99', 'invalid-data'],
    ['type', 'disclosure.meeting.celebrated', 'unknown-type'],
    ['type', 'meeting.held', 'unknown-type'],
    ['type', 'DISCLOSURE.meeting.held', 'unknown-type'],
    ['type', 'disclosure.', 'unknown-type'],
    ['type', 'disclosure.constructor', 'unknown-type'],
    ['type', 'disclosure.__proto__', 'unknown-type'],
    ['type', 'disclosure.refusal.kept', 'unknown-type'],
    ['type', `disclosure.${'x'.repeat(200_000)}`, 'unknown-type'],
  ])('%s %.60s is %s', async (field, value, code) => {
    await expectRefused({ ...good(), [field]: value }, code);
  });

  test('JSON charset and trace are taken', async () => {
    // Datacontenttype application/json with a charset, and the trace of a request, are taken.
    const more = {
      datacontenttype: 'application/json; charset=utf-8',
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      tracestate: 'a=b',
    };
    expect((await service.post(good(undefined, more))).status).toBe(201);
  });
});

// JSON that is well formed and yet no text, number or depth anyone means.
describe('well-formed JSON that nobody means', () => {
  test.each([
    ['half a surrogate pair in a text', raw({ ...good(), data: { title: '@' } }, '"\\ud800"')],
    ['the other half', raw({ ...good(), data: { title: '@' } }, '"a\\udc00b"')],
    ['half a pair in the id', raw(good(undefined, { id: '@' }), '"\\ud83d"')],
    ['half a pair in the actor', raw(good(undefined, { actor: '@' }), '"\\ud83d"')],
    ['half a pair in a name', raw({ ...good(), data: '@' }, '{"title":"t","\\ud800":1}')],
  ])('%s', async (_what, text) => {
    await expectRefused(text, 'malformed', 'not-cloudevents');
  });

  test.each([20, 1000, 20_000, 60_000, 120_000])('%i lists in each other', async (depth) => {
    const deep = raw({ ...good(), data: '@' }, `{"title":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    await expectRefused(deep, 'malformed', 'invalid-data');
  });

  test('deep nesting refuses its own message only', async () => {
    // 60,000 lists in each other refuse their own message of a batch and no other.
    const deep = raw({ ...good(), data: '@' }, `${'['.repeat(60_000)}${']'.repeat(60_000)}`);
    const answer = await service.post(`[${JSON.stringify(good())},${deep},${JSON.stringify(good())}]`, BATCH);
    expect(answer.status).toBe(200);
    const [first, own, last] = answer.json<Receipt[]>();
    expect([first?.status, last?.status]).toEqual(['recorded', 'recorded']);
    expect(['malformed', 'invalid-data']).toContain(own?.error?.code);
  });

  test.each(['1e999', '-1e999', '1e308', '9007199254740993', '0', '-1', '1.5', '"3"', 'null', 'true', '[1]'])(
    'items %s',
    async (number) => {
      const data = { place: '档案馆', medium: 'paper', items: '@' };
      await expectRefused(raw(of('delivery.made', 'delivery/n', data), number), 'invalid-data', 'malformed');
    },
  );

  test('a growing refusal is still a refusal', async () => {
    // A refusal that grows when it is written down is still a refusal.
    await expectRefused(raw({ ...good(), data: '@' }, `{"x":[${Array(50_000).fill('1e20').join(',')}]}`), 'unknown-field');
    const names = Array.from({ length: 2400 }, (_, n) => `${JSON.stringify(String(n).padStart(100, 'n'))}:1`);
    await expectRefused(raw({ ...good(), data: '@' }, `{${names.join(',')}}`), 'unknown-field');
    await expectRefused(of('agency.clearance-chain-set', `agency/${AGENCY}`, { steps: Array(60_000).fill({}) }), 'invalid-data');
  });
});

describe('data', () => {
  const onPaper = (cells: unknown): Plain =>
    of('table.declared', 'table/2016', { year: 2016, form: '2014-shandong', cells, evidence: 'e' });
  const meetingWith = (title: unknown): Plain => of('meeting.held', 'meeting/data', { title });
  test.each([null, 1, true, [], {}, '', ' ', '\t\n', '\u3000', 'a\u0000b', '\u001b[31m', '\u007f'])('a title of %j', async (title) => {
    await expectRefused(meetingWith(title), 'invalid-data');
  });

  test.each<[string, Plain]>([
    ['null for an optional text', drafted('d', { documentNumber: null })],
    ['null for an optional choice', drafted('d', { normative: null })],
    ['null for an optional date', drafted('d', { formedOn: null })],
    ['null for an optional list', of('publication.approved', 'publication/known', { contentHash: hashOf('x'), channels: null })],
    ['null for an optional object', of('agency.clearance-chain-set', `agency/${AGENCY}`, { steps: [], approver: null })],
    ['a field left out', of('publication.drafted', 'publication/d', { title: 't' })],
    ['a hash that is none', drafted('d', { contentHash: 'sha256:abc' })],
    ['a hash without its algorithm', drafted('d', { contentHash: hashOf('x').slice(7) })],
    ['a hash with a line end behind it', drafted('d', { contentHash: `${hashOf('x')}\n` })],
    ['a choice that is none', drafted('d', { attribute: 'secret' })],
    [
      'a list of choices with one that is none',
      of('publication.approved', 'publication/known', { contentHash: hashOf('x'), channels: ['tv'] }),
    ],
    ['an empty list of channels', of('publication.approved', 'publication/known', { contentHash: hashOf('x'), channels: [] })],
    ['a text for a list', of('publication.approved', 'publication/known', { contentHash: hashOf('x'), channels: 'website' })],
    ['a text for a yes or no', of('press-conference.held', 'press-conference/p', { title: 't', chiefAttended: 'true' })],
    ['a date that does not exist', drafted('d', { formedOn: '2017-02-29' })],
    ['a date with a time', drafted('d', { formedOn: '2017-02-28T00:00:00+08:00' })],
    ['a month that does not exist', of('agency.changed', `agency/${AGENCY}`, { from: '2017-13-01' })],
    ['a reference that names no case', of('interpretation.published', 'interpretation/i', { title: 't', of: 'publication' })],
    ['a text for an object', of('record.voided', 'meeting/known', { message: 'known', reason: 'r', approvedBy: 'leader' })],
    ['a list for an object', of('record.voided', 'meeting/known', { message: [{ id: 'known' }], reason: 'r', approvedBy: 'leader' })],
    ['an empty list for an object', of('record.voided', 'meeting/known', { message: [], reason: 'r', approvedBy: 'leader' })],
    [
      'a list for an optional object',
      of('agency.clearance-chain-set', `agency/${AGENCY}`, {
        steps: [{ step: 's', role: 'r', unit: 'u' }],
        approver: [{ role: 'r', unit: 'u' }],
      }),
    ],
    [
      'an empty list for an optional object',
      of('agency.clearance-chain-set', `agency/${AGENCY}`, { steps: [{ step: 's', role: 'r', unit: 'u' }], approver: [] }),
    ],
    ['an object for a list', of('agency.clearance-chain-set', `agency/${AGENCY}`, { steps: {} })],
    [
      'texts in a list of objects',
      of('agency.clearance-chain-set', `agency/${AGENCY}`, { steps: ['s'], approver: { role: 'r', unit: 'u' } }),
    ],
    [
      'a script for an address',
      of('publication.released', 'publication/known', { channel: 'website', contentHash: hashOf('x'), url: 'javascript:alert(1)' }),
    ],
    ['a list of cells', onPaper([])],
    ['no cells', onPaper({})],
    ['a number for a printed value', onPaper({ '1.1': 72 })],
    ['a printed value longer than any cell', onPaper({ '1.1': '1'.repeat(2001) })],
    ['a printed value with a control character', onPaper({ '1.1': '1\u0007' })],
  ])('%s', async (_what, sent) => {
    await expectRefused(sent, 'invalid-data');
  });
});
