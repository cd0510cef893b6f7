/**
 * Bad input of every type around applications, one row each: the exact code of the contract, a hint, never a failure of
 * the service, never a half-recorded message. Every type is taken from one good message of its own and spoiled field by
 * field.
 */
import type { Receipt } from '../../src/recording/receipts.js';
import { citizenId, citizenIdWithX, fullWidth } from '../support/citizen-id.js';
import { TEST_NOW } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, setUp } from '../support/messages.js';
import { raw, refusedBy, type Plain } from '../support/refused.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
const expectRefused = refusedBy(() => service);

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp(AGENCY, { chain: false }), act('application.received', { ...RECEIVED }, 'known'));
});

afterAll(() => service.finish());

function act(type: string, data: Plain, number = 'spoiled', more: Plain = {}): Plain {
  return { ...message(type, `${type.slice(0, type.indexOf('.'))}/${number}`, at('2019-07-02'), 'clerk', data), ...more };
}

const HASH = hashOf('answer');
const RECEIVED = {
  channel: 'online',
  applicant: { kind: 'natural-person', name: '张三', idNumber: citizenId(), contact: '济宁市金乡县' },
  request: '2018年度商务局预算',
  law: '2019',
  submittedOn: '2019-07-01',
  confirmedOn: '2019-07-02',
};
const ANSWER = { outcome: 'refused', ground: 'state-secret', contentHash: HASH };

type What = 'text' | 'choice' | 'date' | 'hash' | 'number' | 'object' | 'case';

/** By type: a good message with every field, what each field is, and which may be left out. */
const TYPES: Readonly<Record<string, readonly [Plain, Readonly<Record<string, What>>, readonly string[]]>> = {
  'application.received': [
    RECEIVED,
    { channel: 'choice', applicant: 'object', request: 'text', law: 'choice', submittedOn: 'date', confirmedOn: 'date' },
    ['law', 'submittedOn', 'confirmedOn'],
  ],
  'application.supplement-requested': [{ dueOn: '2019-07-20' }, { dueOn: 'date' }, ['dueOn']],
  'application.supplemented': [{}, {}, []],
  'application.third-party-consulted': [{ party: '某公司' }, { party: 'text' }, ['party']],
  'application.third-party-answered': [{ party: '某公司', answer: 'agreed' }, { party: 'text', answer: 'choice' }, ['party']],
  'application.extended': [
    { days: 5, reason: '案情复杂', approvedBy: 'leader' },
    { days: 'number', reason: 'text', approvedBy: 'text' },
    [],
  ],
  'application.reply-drafted': [ANSWER, { outcome: 'choice', ground: 'choice', contentHash: 'hash' }, ['ground']],
  'application.reply-revised': [ANSWER, { outcome: 'choice', ground: 'choice', contentHash: 'hash' }, ['ground']],
  'application.cleared': [
    { step: 'office', verdict: 'passed', contentHash: HASH, opinion: '同意' },
    { step: 'text', verdict: 'choice', contentHash: 'hash', opinion: 'text' },
    ['opinion'],
  ],
  'application.approved': [{ contentHash: HASH }, { contentHash: 'hash' }, []],
  'application.replied': [ANSWER, { outcome: 'choice', ground: 'choice', contentHash: 'hash' }, ['ground']],
  'application.reply-remade': [
    { ...ANSWER, orderedBy: 'lawsuit/1' },
    { outcome: 'choice', ground: 'choice', contentHash: 'hash', orderedBy: 'case' },
    ['ground'],
  ],
  'application.fee-charged': [{ amountFen: 100, basis: '复印' }, { amountFen: 'number', basis: 'text' }, []],
  'application.fee-waived': [{ amountFen: 100, reason: '低保' }, { amountFen: 'number', reason: 'text' }, []],
  'application.abandoned': [{ reason: 'other', note: '失联' }, { reason: 'choice', note: 'text' }, ['note']],
  'application.withdrawn': [{ note: '申请人撤回' }, { note: 'text' }, ['note']],
  'reconsideration.filed': [
    { application: 'application/known', caseNumber: '〔2019〕1号' },
    { application: 'case', publication: 'case', caseNumber: 'text' },
    ['application', 'publication', 'caseNumber'],
  ],
  'reconsideration.decided': [{ result: 'upheld', note: '维持' }, { result: 'choice', note: 'text' }, ['note']],
  'lawsuit.filed': [
    { route: 'direct', role: 'defendant', application: 'application/known', court: '某县人民法院', caseNumber: '〔2019〕1号' },
    { route: 'choice', role: 'choice', application: 'case', publication: 'case', court: 'text', caseNumber: 'text' },
    ['role', 'application', 'publication', 'court', 'caseNumber'],
  ],
  'lawsuit.decided': [{ result: 'upheld', note: '维持' }, { result: 'choice', note: 'text' }, ['note']],
  'complaint.received': [
    { topic: '未按时答复', application: 'application/known' },
    { topic: 'text', application: 'case', publication: 'case' },
    ['application', 'publication'],
  ],
  'complaint.decided': [{ result: 'upheld', note: '维持' }, { result: 'choice', note: 'text' }, ['note']],
};

const BAD: Readonly<Record<What, readonly unknown[]>> = {
  text: [null, 1, true, [], {}, '', ' ', '\u3000', 'a\u0000b', '\u001b[31m', ['text'], 'x'.repeat(100_000)],
  choice: [null, 1, 2019, true, [], {}, '', 'x', 'GRANTED', 'constructor', '__proto__', ['granted'], 'granted '],
  date: [null, 20190702, true, [], {}, '', '2019-02-29', '2019-13-01', '2019-07-00', '2019-7-2', '20190702', '2019-07-02T00:00:00+08:00'],
  hash: [null, 1, [], {}, '', 'sha256:abc', HASH.toUpperCase(), HASH.slice(7), `${HASH}\n`, `${HASH}0`],
  number: [null, -1, 1.5, '5', true, [], {}, [5], Number.MAX_SAFE_INTEGER + 2, 1e300, 1_000_000_000_001],
  object: [null, 1, true, 'text', [], [{ kind: 'business' }]],
  case: [null, 1, true, [], {}, '', 'application', '/1', 'application/', 'application/../x', 'application/ 1', 'application/１', 'a/b/c'],
};

describe.each(Object.entries(TYPES))('%s', (type, [data, fields, optional]) => {
  test('fields of a wrong type, shape or size', async () => {
    for (const [field, what] of Object.entries(fields)) {
      for (const value of BAD[what]) {
        const error = await expectRefused(act(type, { ...data, [field]: value }), 'invalid-data');
        expect(JSON.stringify(error.details)).toContain(`data.${field}`);
      }
    }
  });

  test('fields it needs and that are not there', async () => {
    for (const field of Object.keys(fields).filter((one) => !optional.includes(one))) {
      const { [field]: _left, ...rest } = data;
      await expectRefused(act(type, rest), 'invalid-data');
    }
    if (Object.keys(fields).length > optional.length) {
      await expectRefused(act(type, {}), 'invalid-data');
      await expectRefused(act(type, {}, 'spoiled', { data: undefined }), 'invalid-data');
    }
  });

  test('fields it does not know', async () => {
    for (const field of ['comment', 'Outcome', 'channels', 'year', 'constructor', 'toString'])
      await expectRefused(act(type, { ...data, [field]: 'x' }), 'unknown-field');
    await expectRefused(raw(act(type, '@' as unknown as Plain), `{"__proto__":{"outcome":"granted"}}`), 'unknown-field');
    await expectRefused(act(type, data, 'spoiled', { applicant: { kind: 'business' } }), 'unknown-field');
  });

  test('data that is no object', async () => {
    for (const wrong of [null, 1, 'text', true, [], [data]]) await expectRefused(act(type, {}, 'spoiled', { data: wrong }), 'invalid-data');
  });

  test('a subject of another kind, or none', async () => {
    const others = ['publication/1', 'agency/test-agency', 'meeting/1', 'applications/1', 'Application/1', 'weather/1', `${type}/1`];
    const kind = type.slice(0, type.indexOf('.'));
    for (const subject of [...others, kind, `${kind}/`, `${kind}/.1`, `${kind}/a b`, `${kind}/${'1'.repeat(65)}`, null, 1])
      await expectRefused(act(type, data, 'spoiled', { subject }), 'bad-subject');
  });

  test('an identity number in subject or id', async () => {
    // A citizen’s number in the subject or the id.
    const [plain, withX] = [citizenId(), citizenIdWithX()];
    for (const number of [plain, `2019-${plain}`, `〔${withX}〕`, withX.toLowerCase()])
      await expectRefused(act(type, data, number), 'personal-data-in-identifier');
    for (const id of [plain, fullWidth(withX)]) await expectRefused(act(type, data, 'spoiled', { id }), 'personal-data-in-identifier');
  });

  test('impossible, zoneless or future times', async () => {
    // Times that do not exist, without an offset, or to come.
    for (const time of [
      '2019-02-29T09:00:00+08:00',
      '2019-07-02T24:00:00+08:00',
      '2019-07-02T09:00:00',
      '2019-07-02',
      '',
      null,
      1562029200,
    ])
      await expectRefused(act(type, data, 'spoiled', { time }), 'bad-time');
    for (const ahead of [6 * 60_000, 86_400_000, 400 * 86_400_000])
      await expectRefused(act(type, data, 'spoiled', { time: new Date(TEST_NOW + ahead).toISOString() }), 'in-the-future');
    await expectRefused(act(type, data, 'spoiled', { time: '9999-12-31T23:59:59+08:00' }), 'in-the-future');
  });

  test('another agency than a registered one; no officer', async () => {
    await expectRefused(act(type, data, 'spoiled', { agency: 'nobody' }), 'unknown-agency');
    for (const actor of [null, '', ' ', 1, 'a\nb']) await expectRefused(act(type, data, 'spoiled', { actor }), 'invalid-data');
  });

  test('nothing of all this is in the case', async () => {
    const kind = type.slice(0, type.indexOf('.'));
    await service.settled();
    expect((await service.get(`/v1/agencies/${AGENCY}/cases/${kind}/spoiled`)).status).toBe(404);
  });
});

describe('the applicant', () => {
  const applied = (applicant: unknown): Plain => act('application.received', { ...RECEIVED, applicant });
  test.each<[string, unknown]>([
    ['without a kind', { name: '张三' }],
    ['of no known kind', { kind: 'company' }],
    ['with a kind that is null', { kind: null }],
    ['with a name that is a list', { kind: 'business', name: ['张三'] }],
    ['with a name that is null', { kind: 'business', name: null }],
    ['with a number that is a number', { kind: 'natural-person', idNumber: 370828 }],
    ['with a number that is too long', { kind: 'natural-person', idNumber: '1'.repeat(41) }],
    ['with a contact that says nothing', { kind: 'business', contact: ' ' }],
  ])('%s', async (_what, applicant) => {
    await expectRefused(applied(applicant), 'invalid-data');
  });

  test('with a field that it does not have', async () => {
    for (const field of ['age', 'kinds', '__proto__x', 'constructor'])
      await expectRefused(applied({ kind: 'business', [field]: 'x' }), 'unknown-field');
  });
});

describe('what only the rules can say', () => {
  const known = (type: string, data: Plain, time = at('2019-07-03')): Plain => act(type, data, 'known', { time });

  test.each<[string, Plain, string]>([
    ['an outcome of the other text', known('application.replied', { outcome: 'already-public', contentHash: HASH }), 'wrong-law'],
    ['a ground of the other text', known('application.replied', { ...ANSWER, ground: 'privacy' }), 'wrong-law'],
    ['no ground where one is needed', known('application.replied', { outcome: 'unavailable', contentHash: HASH }), 'ground-required'],
    ['a ground where none belongs', known('application.replied', { ...ANSWER, outcome: 'granted' }), 'ground-not-allowed'],
    ['a reply before the receipt', known('application.replied', ANSWER, at('2019-07-01')), 'out-of-order'],
    [
      'an extension longer than a life',
      known('application.extended', { days: 999_999, reason: 'x', approvedBy: 'leader' }),
      'extension-too-long',
    ],
    [
      'an extension that its actor approved',
      known('application.extended', { days: 1, reason: 'x', approvedBy: 'clerk' }),
      'approver-not-independent',
    ],
    [
      'an extension after the ordinary end',
      known('application.extended', { days: 1, reason: 'x', approvedBy: 'leader' }, at('2019-09-02')),
      'extension-too-late',
    ],
    ['a receipt of what was received', known('application.received', RECEIVED), 'already-exists'],
    ['a supplement nobody asked for', known('application.supplemented', {}), 'no-open-supplement'],
    ['an answer of nobody consulted', known('application.third-party-answered', { answer: 'silent' }), 'no-open-consultation'],
    ['an answer made again before any', known('application.reply-remade', { ...ANSWER, orderedBy: 'lawsuit/1' }), 'out-of-order'],
    ['a submission after the receipt', act('application.received', { ...RECEIVED, submittedOn: '2019-07-03' }), 'out-of-order'],
    ['an act on an unknown application', act('application.withdrawn', {}), 'unknown-case'],
    ['a decision of nothing filed', act('lawsuit.decided', { result: 'other' }), 'unknown-case'],
    ['a case about nothing recorded', act('reconsideration.filed', { application: 'application/none' }), 'wrong-reference'],
    ['a case about a case of another kind', act('complaint.received', { topic: 't', publication: 'application/known' }), 'wrong-reference'],
    [
      'a case about two',
      act('lawsuit.filed', { route: 'direct', application: 'application/known', publication: 'publication/1' }),
      'invalid-data',
    ],
  ])('%s', async (_what, sent, code) => {
    await expectRefused(sent, code);
  });

  test('personal data in their fields are taken', async () => {
    // Personal data belong into the fields made for them: the good messages are taken.
    const receipt = (await service.post(act('application.received', RECEIVED, '金商〔2019〕1号'))).json<Receipt>();
    expect(receipt.status).toBe('recorded');
    const filed = (await service.post(act('lawsuit.filed', TYPES['lawsuit.filed']?.[0] ?? {}, 'good'))).json<Receipt>();
    expect(filed.status).toBe('recorded');
  });
});
