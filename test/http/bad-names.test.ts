/**
 * What a message is named by: unknown fields, times, agencies, subjects, and citizen identity numbers where none may
 * stand. One row each, as in bad-input.
 */
import { citizenId, citizenIdWithX, fullWidth, wrongCheckDigits } from '../support/citizen-id.js';
import { TEST_NOW } from '../support/ledger.js';
import { AGENCY, setUp } from '../support/messages.js';
import { good, of, raw, refusedBy } from '../support/refused.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
const expectRefused = refusedBy(() => service);

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp(), good('meeting/known', { id: 'known' }));
});

afterAll(() => service.finish());

describe('unknown fields are refused by name', () => {
  const NAMES = ['extra', 'data_base64', 'Title', 'comexampleextension', 'constructor', 'toString', 'hasOwnProperty', 'derived', 'then'];
  const PLACES: readonly [string, (name: string) => string][] = [
    ['the envelope', (name) => JSON.stringify(good()).replace('{', `{${JSON.stringify(name)}:"x",`)],
    ['data', (name) => raw({ ...good(), data: '@' }, `{"title":"t",${JSON.stringify(name)}:"x"}`)],
    [
      'a nested object',
      (name) =>
        raw(
          of('record.voided', 'meeting/known', { message: '@', reason: 'r', approvedBy: 'leader' }),
          `{"id":"known",${JSON.stringify(name)}:"x"}`,
        ),
    ],
    [
      'an object in a list',
      (name) =>
        raw(
          of('agency.clearance-chain-set', `agency/${AGENCY}`, { steps: ['@'], approver: { role: 'r', unit: 'u' } }),
          `{"step":"s","role":"r","unit":"u",${JSON.stringify(name)}:"x"}`,
        ),
    ],
  ];
  const rows = PLACES.flatMap(([place, write]) =>
    [...NAMES, '__proto__', 'prototype', 'isPrototypeOf', ''].map((name) => [place, name, write] as const),
  );
  test.each(rows)('in %s: "%s"', async (_place, name, write) => {
    const error = await expectRefused(write(name), 'unknown-field');
    expect(JSON.stringify(error)).toContain(name);
  });

  test.each(rows.filter(([, name]) => ['constructor', '__proto__', 'then', 'toString'].includes(name)))(
    'in %s: "%s" with any value',
    async (_place, name, write) => {
      for (const value of ['null', '1', 'true', '[]', '{}', '{"prototype":null}', '{"title":"t"}']) {
        await expectRefused(write(name).replace(`${JSON.stringify(name)}:"x"`, `${JSON.stringify(name)}:${value}`), 'unknown-field');
      }
    },
  );
});

describe('times', () => {
  test.each([
    '2017-02-29T09:00:00+08:00',
    '2017-04-31T09:00:00+08:00',
    '2017-13-01T09:00:00+08:00',
    '2017-03-02T24:00:00+08:00',
    '2017-03-02T09:60:00+08:00',
    '2017-03-02T09:00:00',
    '2017-03-02T09:00+08:00',
    '2017-03-02',
    '2017-3-2T09:00:00+08:00',
    '2017-03-02T09:00:00+0800',
    '2017-03-02T09:00:00+24:00',
    '20170302T090000Z',
    'Thu, 02 Mar 2017 09:00:00 GMT',
    '1488416400',
    '二〇一七年三月二日',
    '2017-03-02T09:00:00+08:00\n',
    ' 2017-03-02T09:00:00+08:00',
  ])('"%s" is bad-time', async (time) => {
    await expectRefused({ ...good(), time }, 'bad-time');
  });

  test('five minutes ahead pass, a second more fails', async () => {
    // Five minutes ahead of the clock are allowed, a second more is in-the-future.
    const at = (ms: number): string => new Date(TEST_NOW + ms).toISOString();
    await expectRefused({ ...good(), time: at(5 * 60_000 + 1000) }, 'in-the-future');
    await expectRefused({ ...good(), time: at(5 * 60_000 + 1) }, 'in-the-future');
    await expectRefused({ ...good(), time: '9999-12-31T23:59:59-23:59' }, 'in-the-future');
    expect((await service.post({ ...good(), time: at(5 * 60_000) })).status).toBe(201);
  });
});

describe('agencies and subjects', () => {
  test.each(['nobody', 'TEST-AGENCY', 'test agency', '济南', 'a'.repeat(41), '../x', '__proto__'])(
    'agency "%s" is unknown-agency',
    async (agency) => {
      await expectRefused({ ...good(), agency }, 'unknown-agency');
    },
  );

  test.each([
    'meeting',
    'meeting/',
    '/1',
    'meeting/a/b',
    'meeting//a',
    'meeting/.',
    'meeting/..',
    'meeting/.a',
    `meeting/${'x'.repeat(65)}`,
    `meeting/${'政'.repeat(65)}`,
    'meeting/a b',
    'meeting/a%2Fb',
    'meeting/a\\b',
    'meeting/a?b',
    'meeting/a\u0000b',
    'meeting/😀',
    'meeting/１２',
    'meeting/ﬁ',
    'meeting/e\u0301',
    'meeting/a\n',
    ' meeting/a',
    'Meeting/a',
    'publication/a',
    'agency/a',
    'refusal/a',
    'constructor/a',
  ])('subject %j of a meeting is bad-subject', async (subject) => {
    await expectRefused({ ...good(), subject }, 'bad-subject');
  });

  test.each(['record/x', 'refusal/x', 'unknown/x', 'known'])('a void on %s is bad-subject', async (subject) => {
    await expectRefused(of('record.voided', subject, { message: { id: 'known' }, reason: 'r', approvedBy: 'leader' }), 'bad-subject');
  });

  test('an act on another’s subject is bad-subject', async () => {
    // An act of an agency on the subject of another is bad-subject.
    await expectRefused(of('agency.role-assigned', 'agency/another', { actor: 'a', role: 'r' }), 'bad-subject');
  });

  test.each([
    ['letters, digits and marks of every allowed kind', 'meeting/鲁商〔2017〕8号-(一)_a.b'],
    ['64 characters', `meeting/${'x'.repeat(64)}`],
    ['64 Chinese characters', `meeting/${'务'.repeat(64)}`],
    ['64 characters outside the basic plane', `meeting/${'\u{20000}'.repeat(64)}`],
    ['one character', 'meeting/一'],
  ])('a number of %s is taken', async (_what, subject) => {
    expect((await service.post(good(subject))).status).toBe(201);
  });
});

describe('citizen identity numbers', () => {
  const ID = citizenId();
  const WITH_X = citizenIdWithX();
  test.each([
    ['alone', ID],
    ['with X', WITH_X],
    ['with a small x', WITH_X.toLowerCase()],
    ['inside other text', `web-${ID}-1`],
    ['between other digits', `9${ID}9`],
    ['in full-width digits', fullWidth(ID)],
    ['in full-width digits with X', fullWidth(WITH_X)],
  ])('in the id %s are refused', async (_what, id) => {
    await expectRefused(good(undefined, { id }), 'personal-data-in-identifier');
  });

  test.each([
    ['alone', ID],
    ['with X', WITH_X],
    ['with a small x', WITH_X.toLowerCase()],
    ['inside other text', `申请人${ID}号`],
    ['in brackets', `〔${ID}〕`],
  ])('in the subject %s are refused', async (_what, number) => {
    await expectRefused(good(`meeting/${number}`), 'personal-data-in-identifier');
  });

  test('full-width digits in a subject are refused', async () => {
    // In a subject in full-width digits are refused, by one code or the other.
    await expectRefused(good(`meeting/${fullWidth(ID)}`), 'personal-data-in-identifier', 'bad-subject');
  });

  test('numbers with wrong check digit or date pass', async () => {
    // The ten neighbours with a wrong check digit pass, and so does a birth date that does not exist.
    const others = [...wrongCheckDigits(ID), citizenId('19800231'), citizenId('19801301'), citizenId('00000000')];
    for (const number of others)
      expect([number, (await service.post(good(`meeting/${number}`, { id: `id-${number}` }))).status]).toEqual([number, 201]);
  });
});
