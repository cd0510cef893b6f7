/**
 * Open applications of an agency at the end of a day, from what was recorded: due dates counted by hand as in the
 * clock's own tests.
 */
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { announced, application as act, extended, received, replied, taken } from '../support/applications.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { appendForeign } from './stored.js';
import type { Deadline } from '../../src/read-models/deadlines/deadline-reader.js';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, setUp(AGENCY, { chain: false }));
});
afterEach(() => ledger.discard());

async function open(on: string, number?: string, agency = AGENCY): Promise<readonly Deadline[]> {
  await ledger.settled();
  const ref = number === undefined ? undefined : { kind: 'application', number };
  return ledger.deadlines.deadlines({ agency, on, case: ref }).open;
}
const dues = async (on: string): Promise<unknown[]> => (await open(on)).map((one) => [one.case, one.dueOn, one.daysLeft]);

test('listed by due date, with working days left', async () => {
  // By due date, those without one last, with the working days left.
  await record(ledger, [
    received('b', '2021-03-01'),
    received('a', '2021-03-01'),
    received('old', '2021-03-01', { law: '2008' }),
    received('waiting', '2021-02-22'),
    act('supplement-requested', 'waiting', '2021-03-01'),
    received('late', '2021-01-29'),
    received('next', '2021-03-29'),
  ]);
  // 2008: 2–5, 8–12, 15–19 March and 22: the 15th. Spring Festival 2021: 1–5 February, Sunday 7 worked, 8–10, 11–17
  // off, 18, 19, Saturday 20 worked, 22–26 and 1–3 March are the 20 of the late one.
  expect(await open('2021-03-22')).toEqual([
    {
      agency: AGENCY,
      case: 'application/late',
      receivedOn: '2021-01-29',
      ordinaryEnd: '2021-03-03',
      dueOn: '2021-03-03',
      provisional: false,
      daysLeft: -13,
    },
    {
      agency: AGENCY,
      case: 'application/old',
      receivedOn: '2021-03-01',
      ordinaryEnd: '2021-03-22',
      dueOn: '2021-03-22',
      provisional: false,
      daysLeft: 0,
    },
    {
      agency: AGENCY,
      case: 'application/a',
      receivedOn: '2021-03-01',
      ordinaryEnd: '2021-03-29',
      dueOn: '2021-03-29',
      provisional: false,
      daysLeft: 5,
    },
    {
      agency: AGENCY,
      case: 'application/b',
      receivedOn: '2021-03-01',
      ordinaryEnd: '2021-03-29',
      dueOn: '2021-03-29',
      provisional: false,
      daysLeft: 5,
    },
    {
      agency: AGENCY,
      case: 'application/waiting',
      receivedOn: '2021-02-22',
      ordinaryEnd: null,
      dueOn: null,
      waitingFor: 'supplement',
      provisional: false,
      daysLeft: null,
    },
  ]);
  expect(await dues('2021-02-28')).toEqual([
    ['application/late', '2021-03-03', 3],
    ['application/waiting', '2021-03-22', 16],
  ]);
});

test('the weekend after the last day is overdue', async () => {
  // Overdue on the weekend behind the last day is minus one.
  await record(ledger, [received('1', '2021-03-05')]);
  // 8–12, 15–19, 22–26, 29 March – 2 April (a Friday before 清明, off 3–5 April)
  expect(await dues('2021-04-02')).toEqual([['application/1', '2021-04-02', 0]]);
  for (const day of ['2021-04-03', '2021-04-05', '2021-04-06']) expect((await dues(day))[0]).toEqual(['application/1', '2021-04-02', -1]);
  expect((await dues('2021-04-07'))[0]).toEqual(['application/1', '2021-04-02', -2]);
});

test('an application is open until its close', async () => {
  // An application is open until the end of the day before its close,
  // whatever closes it; an answer that asks to amend closes nothing.
  await record(ledger, [
    received('1', '2021-03-01', { law: '2008' }),
    replied('1', '2021-03-05', 'amend-supplement'),
    received('2', '2021-03-01'),
    act('withdrawn', '2', '2021-03-05'),
    received('3', '2021-03-01'),
    act('abandoned', '3', '2021-03-08', { reason: 'other' }),
    received('4', '2021-03-01'),
    replied('4', '2021-03-01'),
  ]);
  const names = async (on: string): Promise<string[]> => (await open(on)).map((one) => one.case.slice('application/'.length));
  expect(await names('2021-02-28')).toEqual([]);
  expect(await names('2021-03-01')).toEqual(['1', '2', '3']);
  expect(await names('2021-03-05')).toEqual(['1', '3']);
  expect(await names('2021-03-08')).toEqual(['1']);
  expect(await names('2025-01-01')).toEqual(['1']);
  await ledger.finish();
  ledger = openTestLedger();
});

test('open ones are found every day, however long', async () => {
  // Long and short ones are found on every day they were open.
  const spans = [0, 1, 2, 3, 6, 7, 8, 14, 15, 30, 31, 62, 63, 400, 2000];
  const day = (offset: number): string => new Date(Date.UTC(2014, 0, 6 + offset)).toISOString().slice(0, 10);
  await record(
    ledger,
    spans.flatMap((span) => [received(`s${span}`, day(0)), act('withdrawn', `s${span}`, day(span), {}, 18)]),
  );
  for (const offset of [0, 1, 2, 5, 6, 7, 13, 14, 15, 29, 30, 31, 61, 62, 63, 399, 400, 1999, 2000]) {
    const expected = spans.filter((span) => span > offset).map((span) => `application/s${span}`);
    expect((await open(day(offset))).map((one) => one.case).sort()).toEqual(expected.sort());
  }
});

test('consultations, answers, extensions; what is voided never was', async () => {
  const extension = extended('1', '2021-03-29', 15);
  await record(ledger, [
    received('1', '2021-03-01'),
    act('third-party-consulted', '1', '2021-03-05', { party: '甲公司' }),
    act('third-party-consulted', '1', '2021-03-10', { party: '乙公司' }),
  ]);
  expect(await open('2021-03-16')).toMatchObject([{ dueOn: null, waitingFor: 'third-party' }]);
  await record(ledger, [
    act('third-party-answered', '1', '2021-03-17', { party: '甲公司', answer: 'agreed' }),
    act('third-party-answered', '1', '2021-03-19', { party: '乙公司', answer: 'silent' }),
    extension,
  ]);
  // ten working days not counted: the ordinary end is 13 April; 14–16, 19–23, Sunday 25 worked, 26–30 April, 6 May are
  // the 15 more
  expect(await open('2021-03-29')).toMatchObject([{ ordinaryEnd: '2021-04-13', dueOn: '2021-05-06' }]);
  expect(await open('2021-03-28')).toMatchObject([{ ordinaryEnd: '2021-04-13', dueOn: '2021-04-13' }]);
  await record(ledger, [taken(extension, '2021-03-30')]);
  expect(await open('2021-03-29')).toMatchObject([{ ordinaryEnd: '2021-04-13', dueOn: '2021-04-13' }]);
  const close = replied('1', '2021-04-12');
  await record(ledger, [close]);
  expect(await open('2021-04-12')).toEqual([]);
  await record(ledger, [taken(close, '2021-04-13')]);
  expect(await open('2021-04-12')).toMatchObject([{ dueOn: '2021-04-13', daysLeft: 1 }]);
  const stored = ledger.store.db.prepare('SELECT * FROM clock_acts').all();
  expect(JSON.stringify(stored)).not.toContain('公司');
  await ledger.finish();
  ledger = openTestLedger();
});

test('a voided receipt is no open application', async () => {
  // A receipt taken back is no open application; received again it is.
  const receipt = received('1', '2021-03-01');
  await record(ledger, [receipt, taken(receipt, '2021-03-02')]);
  expect(await open('2021-03-02')).toEqual([]);
  await record(ledger, [received('1', '2021-03-03')]);
  expect(await open('2021-03-03')).toMatchObject([{ receivedOn: '2021-03-03', dueOn: '2021-03-31' }]);
});

describe('calendars', () => {
  test('a later announcement re-dates open applications', async () => {
    // Announced later, an open application is re-dated and says by what.
    await record(ledger, [received('1', '2026-12-21')]);
    const [before] = await open('2026-12-31', '1');
    expect(before).toMatchObject({ dueOn: '2027-01-18', provisional: true, daysLeft: 12, redated: [] });
    expect(before?.explanation?.find(({ date }) => date === '2027-01-01')).toMatchObject({ kind: 'working', counted: 9, notice: null });
    const [first, second, third] = await record(ledger, [
      announced(AGENCY, 2027, ['2027-01-01']),
      announced(AGENCY, 2028, []),
      announced(AGENCY, 2027, ['2027-01-01', '2027-01-04'], ['2027-01-09']),
    ]);
    expect([first?.status, second?.status, third?.status]).toEqual(['recorded', 'recorded', 'recorded']);
    const [after] = await open('2026-12-31', '1');
    // 1 and 4 January off, Saturday 9 worked: one day later than the guess
    expect(after).toMatchObject({ dueOn: '2027-01-19', provisional: false });
    expect(after?.redated).toEqual([
      { by: first?.eventIds[0], year: 2027, recordedAt: expect.any(String) as string, dueOnBefore: '2027-01-18', dueOn: '2027-01-19' },
    ]);
    expect(after?.explanation?.find(({ date }) => date === '2027-01-04')).toEqual({
      date: '2027-01-04',
      kind: 'holiday',
      counted: null,
      rule: 'holiday',
      notice: `${AGENCY} 2027`,
    });
    expect(after?.explanation?.at(-1)).toMatchObject({ date: '2027-01-19', counted: 20, rule: 'counted' });
    await ledger.finish();
    ledger = openTestLedger();
  });

  test('announced before the receipt, nothing is re-dated', async () => {
    await record(ledger, [announced(AGENCY, 2027, ['2027-01-01']), received('1', '2026-12-21')]);
    expect(await open('2026-12-31', '1')).toMatchObject([{ dueOn: '2027-01-19', provisional: false, redated: [] }]);
  });

  test('the nearest agency’s calendar counts that day', async () => {
    // From the nearest agency above, as the agency stands that day.
    await record(ledger, [...setUp('county', { chain: false }), ...setUp('city', { chain: false })]);
    const under = (parent: string, agency: string, from: string): Message =>
      message('agency.changed', `agency/${agency}`, at('2026-01-05'), 'root', { parent, from }, { agency });
    await record(ledger, [under('city', 'county', '2026-02-01'), under('county', AGENCY, '2027-01-11'), received('1', '2026-12-21')]);
    await record(ledger, [announced('city', 2027, ['2027-01-01', '2027-01-04'])]);
    expect(await open('2027-01-10')).toMatchObject([{ dueOn: '2027-01-18', provisional: true }]);
    expect(await open('2027-01-11')).toMatchObject([{ dueOn: '2027-01-20', provisional: false }]);
    await record(ledger, [announced('county', 2027, ['2027-01-01'])]);
    expect(await open('2027-01-11', '1')).toMatchObject([
      {
        dueOn: '2027-01-19',
        redated: [
          { year: 2027, dueOnBefore: '2027-01-18', dueOn: '2027-01-20' },
          { year: 2027, dueOnBefore: '2027-01-20', dueOn: '2027-01-19' },
        ],
      },
    ]);
    await record(ledger, [announced(AGENCY, 2027, [])]);
    expect(await open('2027-01-11')).toMatchObject([{ dueOn: '2027-01-18', provisional: false }]);
  });

  test('a close keeps its dates and calendar', async () => {
    // A close keeps the dates and the calendar it was judged by.
    const [, calendar, , early, late] = await record(ledger, [
      received('1', '2026-12-21'),
      announced(AGENCY, 2027, ['2027-01-01']),
      received('2', '2026-12-21'),
      replied('1', '2027-01-19'),
      replied('2', '2027-01-20'),
    ]);
    for (const { stream, revision } of [early, late] as { stream: string; revision: number }[]) {
      const [stored] = await ledger.log.readStream(stream, revision, 1);
      expect(stored?.data['derived']).toMatchObject({
        ordinaryEnd: '2027-01-19',
        lawfulEnd: '2027-01-19',
        provisional: false,
        calendar: { builtIn: 'china-2008-2026/1', announced: [{ year: 2027, eventId: calendar?.eventIds[0] }] },
      });
    }
  });
});

test('what cannot be asked', async () => {
  await record(ledger, [received('1', '2021-03-01'), message('meeting.held', 'meeting/1', at('2021-03-01'), 'clerk', { title: '会议' })]);
  await ledger.settled();
  const ask = (question: Partial<Parameters<typeof ledger.deadlines.deadlines>[0]>) => (): unknown =>
    ledger.deadlines.deadlines({ agency: AGENCY, on: '2021-03-01', ...question });
  const problem = (code: string): unknown => expect.objectContaining({ code }) as unknown;
  expect(ask({ agency: 'nobody' })).toThrow(problem('unknown-agency') as Error);
  for (const on of ['2021-02-29', '2021-3-1', '', '1899-12-31', '2200-01-01'])
    expect(ask({ on })).toThrow(problem('bad-parameter') as Error);
  expect(ask({ case: { kind: 'application', number: '2' } })).toThrow(problem('unknown-case') as Error);
  expect(ask({ case: { kind: 'meeting', number: '1' } })).toThrow(problem('unknown-case') as Error);
  // closed or not received yet: a case, but none that is open
  expect(ask({ on: '2021-02-28', case: { kind: 'application', number: '1' } })()).toEqual({ on: '2021-02-28', open: [] });
});

test.each([
  ['2025-12-31T23:30:00+08:00', '2025-12-31'],
  ['2025-12-31T16:30:00Z', '2026-01-01'],
])('at %s, the default day is %s', async (now, on) => {
  // Asked at … without a day, it is ….
  await ledger.discard();
  ledger = openTestLedger({ now: () => Date.parse(now) });
  await record(ledger, [...setUp(AGENCY, { chain: false }), received('1', '2025-12-31')]);
  await ledger.settled();
  // 1 and 2 January 2026 are off, Sunday 4 worked, 5–9, 12–16, 19–23, 26–29
  expect(ledger.deadlines.deadlines({ agency: AGENCY })).toMatchObject({ on, open: [{ dueOn: '2026-01-29', daysLeft: 20 }] });
});

test('stopped read models answer nothing', async () => {
  // Read models that stopped answer nothing rather than too little.
  await record(ledger, [received('1', '2021-03-01')]);
  await appendForeign(ledger.log, { type: 'application.extended', version: 9, subject: 'application/1', data: { days: 5 } });
  await ledger.settled();
  expect(() => ledger.deadlines.deadlines({ agency: AGENCY })).toThrow(/application.extended/);
});
