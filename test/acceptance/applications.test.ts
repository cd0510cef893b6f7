/**
 * What applications, reconsiderations, lawsuits and complaints count, in every form: small histories with their tables
 * written out. Every table is given whole: cells not named are zero or blank.
 */
import type { Table } from '../../src/tables/table.js';
import { RESULTS, type ResultRow } from '../support/application-results.js';
import { checkExplained, figures, record, type Cells } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;

/** Most of these agencies reply without review, so that a history is as short as what it counts. */
beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, setUp(AGENCY, { chain: false }));
});

afterEach(() => ledger.finish());

type Form = '2014-shandong' | '2014-fujian' | '2019' | '2021';

/**
 * The whole tables of one form; no rule of severity error is broken, and the events behind every figure add up to it.
 */
async function expectTables(form: Form, tables: Readonly<Record<number, Cells>>): Promise<void> {
  for (const [named, cells] of Object.entries(tables)) {
    const year = Number(named);
    expect({ form, year, ...(await figures(ledger, AGENCY, year, form)) }).toEqual({ form, year, ...cells });
    const { findings } = await table(form, year);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    await checkExplained(ledger, AGENCY, year, Object.keys(cells), form);
  }
}

const table = (form: Form, year: number): Promise<Table> => ledger.tables.table({ agency: AGENCY, year, form });

/** The cases behind a cell, each with its amount. */
async function behind(form: Form, year: number, cell: string): Promise<Record<string, string>> {
  const { events } = await ledger.tables.explain({ agency: AGENCY, year, form, cell });
  return Object.fromEntries(events.map((event) => [event.case, event.amount]));
}

// ---- acts -----------------------------------------------------------------------------------------------------------

const moment = (day: string): string => (day.includes('T') ? day : at(day));

const received = (number: string, day: string, more: Record<string, unknown> = {}, kind = 'natural-person'): Message =>
  message('application.received', `application/${number}`, moment(day), 'clerk', {
    channel: 'letter',
    applicant: { kind },
    request: '公开文件',
    ...more,
  });

const act = (type: string, number: string, day: string, data: Record<string, unknown> = {}, actor = 'clerk'): Message =>
  message(type, `${type.slice(0, type.indexOf('.'))}/${number}`, moment(day), actor, data);

const replied = (number: string, day: string, outcome = 'granted', ground?: string): Message =>
  act('application.replied', number, day, { outcome, contentHash: hashOf(number), ...(ground === undefined ? {} : { ground }) });

const withdrawn = (number: string, day: string): Message => act('application.withdrawn', number, day);

const voidOf = (taken: Message, day = '2023-03-01'): Message =>
  message('record.voided', taken.subject, at(day), 'auditor', { message: { id: taken.id }, reason: '录入错误', approvedBy: 'second-root' });

const total = (row: string, kind: string, value = '1'): Cells => ({ [`${row}:${kind}`]: value, [`${row}:total`]: value });

// ---- applications ---------------------------------------------------------------------------------------------------

describe('received', () => {
  test('2014: e-mail is 网络申请, Fujian lacks 其他', async () => {
    // By channel in the forms of 2014: e-mail is 网络申请; 其他 has no row of its own in Fujian.
    const channels = ['in-person', 'fax', 'online', 'email', 'letter', 'other'];
    await record(
      ledger,
      channels.map((channel, n) => received(String(n), '2016-03-01', { channel })),
    );
    await expectTables('2014-shandong', {
      2015: {},
      2016: { '3.1': '6', '3.1.1': '1', '3.1.2': '1', '3.1.3': '2', '3.1.4': '1', '3.1.5': '1' },
      2017: {},
    });
    await expectTables('2014-fujian', { 2016: { '2:year': '6', '2.1:year': '1', '2.2:year': '2', '2.3:year': '2' }, 2017: {} });
    expect(await behind('2014-shandong', 2016, '3.1.3')).toEqual({ 'application/2': '1', 'application/3': '1' });
    expect(await behind('2014-fujian', 2016, '2.3:year')).toEqual({ 'application/1': '1', 'application/4': '1' });
  });

  test('2019: open applications stay in their column', async () => {
    // By kind of applicant from 2019; what is open at the year’s turn is carried on in its column.
    const kinds = ['natural-person', 'business', 'research', 'public-welfare', 'legal-service', 'other'];
    await record(
      ledger,
      kinds.flatMap((kind, n) => Array.from({ length: n + 1 }, (_, m) => received(`${kind}-${m}`, '2020-03-02', {}, kind))),
    );
    const row = (code: string): Cells => ({
      ...Object.fromEntries(kinds.map((kind, n) => [`${code}:${kind}`, String(n + 1)])),
      [`${code}:total`]: '21',
    });
    await expectTables('2019', { 2019: {}, 2020: { ...row('3.1'), ...row('3.4') } });
    await expectTables('2021', { 2021: { ...row('3.2'), ...row('3.4') }, 2022: { ...row('3.2'), ...row('3.4') } });
    expect(await behind('2021', 2022, '3.2:business')).toEqual({ 'application/business-0': '1', 'application/business-1': '1' });
  });

  test.each([
    ['2019-12-31T23:59:59+08:00', 2019],
    ['2019-12-31T15:59:59Z', 2019],
    ['2019-12-31T16:00:00Z', 2020],
    ['2020-01-01T00:30:00+09:00', 2019],
  ])('the year turns at Shanghai midnight: %s', async (time, year) => {
    // The turn of the year is that of Shanghai.
    await record(ledger, [received('1', time)]);
    const here = { ...total('3.1', 'natural-person'), ...total('3.4', 'natural-person') };
    await expectTables('2019', { [year]: here });
    if (year === 2020) await expectTables('2019', { 2019: {} });
    else await expectTables('2019', { 2020: { ...total('3.2', 'natural-person'), ...total('3.4', 'natural-person') } });
  });
});

test('any close after the last day is 延期', async () => {
  // Closed on time up to the last day, 延期 after it, by reply, abandonment and withdrawal alike.
  const extended = act('application.extended', 'extended', '2017-03-20', { days: 15, reason: '案情复杂', approvedBy: 'leader' });
  await record(ledger, [
    ...['last-day', 'day-after', 'extended', 'beyond', 'waiting', 'gone', 'restarted'].map((number) => received(number, '2017-03-06')),
    replied('last-day', '2017-03-27T23:59:59+08:00'),
    replied('day-after', '2017-03-28T00:00:00+08:00'),
    extended,
    replied('extended', '2017-04-18'),
    { ...extended, id: 'beyond', subject: 'application/beyond' },
    replied('beyond', '2017-04-19'),
    act('application.supplement-requested', 'waiting', '2017-03-08'),
    act('application.abandoned', 'waiting', '2017-11-01', { reason: 'not-supplemented' }),
    withdrawn('gone', '2017-03-28'),
    act('application.supplement-requested', 'restarted', '2017-03-08'),
    act('application.supplemented', 'restarted', '2017-03-20'),
    replied('restarted', '2017-04-11'),
  ]);
  await expectTables('2014-shandong', {
    2017: { '3.1': '7', '3.1.4': '7', '3.2': '7', '3.2.1': '3', '3.2.2': '4', '3.3': '5', '3.3.2': '5' },
  });
  expect(Object.keys(await behind('2014-shandong', 2017, '3.2.1')).sort()).toEqual([
    'application/last-day',
    'application/restarted',
    'application/waiting',
  ]);
});

describe('results', () => {
  const name = ({ law, outcome, ground }: ResultRow): string => [law, outcome, ...(ground === undefined ? [] : [ground])].join('.');

  beforeEach(async () => {
    await record(
      ledger,
      RESULTS.flatMap((result) => {
        const { law, outcome, ground } = result;
        return [received(name(result), '2017-03-06', { law }, 'business'), replied(name(result), '2017-03-10', outcome, ground)];
      }),
    );
    await ledger.settled();
  });

  /** Row of section 三(三) or 三 → the cases behind it. */
  async function rowsOf(form: Form, suffix: string, printed: RegExp): Promise<Record<string, string[]>> {
    const cells = await figures(ledger, AGENCY, 2017, form);
    const rows: Record<string, string[]> = {};
    for (const cell of Object.keys(cells).filter((one) => printed.test(one))) {
      const cases = await behind(form, 2017, cell);
      expect(new Set(Object.values(cases))).toEqual(new Set(['1']));
      rows[cell.replace(suffix, '')] = Object.keys(cases).sort();
    }
    return rows;
  }

  function expectedRows(form: 'shandong' | 'fujian' | 'of2019' | 'of2021'): Record<string, string[]> {
    const rows: Record<string, string[]> = {};
    for (const result of RESULTS) {
      const row = result[form];
      if (row !== null) rows[row] = [...(rows[row] ?? []), `application/${name(result)}`].sort();
    }
    return rows;
  }

  test('2014-shandong: results of 2019 count in 3.2 only', async () => {
    // In 2014-shandong: the results of 2019 that have no row count in 3.2 only.
    expect(await rowsOf('2014-shandong', '', /^3\.3\.(?!4$)/)).toEqual(expectedRows('shandong'));
    expect(await figures(ledger, AGENCY, 2017)).toMatchObject({ '3.1': '33', '3.2': '33', '3.2.1': '33', '3.3': '14', '3.3.4': '6' });
    await checkExplained(ledger, AGENCY, 2017);
  });

  test('in 2014-fujian', async () => {
    expect(await rowsOf('2014-fujian', ':year', /^3\.\d:year$/)).toEqual(expectedRows('fujian'));
    expect(await figures(ledger, AGENCY, 2017, '2014-fujian')).toMatchObject({ '2:year': '33', '3:year': '14' });
    await checkExplained(ledger, AGENCY, 2017, undefined, '2014-fujian');
  });

  test.each([
    ['2019', 'of2019'],
    ['2021', 'of2021'],
  ] as const)('in %s: every result has its row', async (form, place) => {
    expect(await rowsOf(form, ':business', /^3\.3\.(?!7).*:business$/)).toEqual(expectedRows(place));
    expect(await figures(ledger, AGENCY, 2017, form)).toMatchObject({ '3.1:total': '33', '3.3.7:business': '33', '3.3.7:total': '33' });
    await checkExplained(ledger, AGENCY, 2017, undefined, form);
    expect((await table(form, 2017)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

test('abandonment and withdrawal close without an answer', async () => {
  // Abandonment and withdrawal are closed and no answers; from 2019 they stand in （六）.
  await record(ledger, [
    ...['1', '2', '3', '4'].map((number) => received(number, '2017-03-06', {}, 'research')),
    act('application.abandoned', '1', '2017-03-10', { reason: 'not-supplemented' }),
    act('application.abandoned', '2', '2017-03-10', { reason: 'fee-unpaid' }),
    act('application.abandoned', '3', '2017-03-10', { reason: 'other', note: '申请人失联' }),
    withdrawn('4', '2017-03-10'),
  ]);
  await expectTables('2014-shandong', { 2017: { '3.1': '4', '3.1.4': '4', '3.2': '4', '3.2.1': '4' } });
  await expectTables('2014-fujian', { 2017: { '2:year': '4', '2.3:year': '4' } });
  const sums = { ...total('3.1', 'research', '4'), ...total('3.3.7', 'research', '4') };
  await expectTables('2019', { 2017: { ...sums, ...total('3.3.6', 'research', '4') } });
  await expectTables('2021', {
    2017: { ...sums, ...total('3.3.6.1', 'research'), ...total('3.3.6.2', 'research'), ...total('3.3.6.3', 'research', '2') },
  });
  expect(await behind('2021', 2017, '3.3.6.3:total')).toEqual({ 'application/3': '1', 'application/4': '1' });
});

test('告知作出更改补充 counts each time, a supplement request never', async () => {
  // 告知作出更改补充 counts each time it is sent and closes nothing; a request for a supplement never counts.
  await record(ledger, [
    received('1', '2017-12-20'),
    act('application.supplement-requested', '1', '2017-12-21'),
    act('application.supplemented', '1', '2017-12-22'),
    replied('1', '2017-12-25', 'amend-supplement'),
    replied('1', '2018-01-02', 'amend-supplement'),
    replied('1', '2018-01-05', 'partly-granted'),
  ]);
  await expectTables('2014-shandong', {
    2017: { '3.1': '1', '3.1.4': '1', '3.3': '1', '3.3.7': '1' },
    2018: { '3.2': '1', '3.2.1': '1', '3.3': '2', '3.3.3': '1', '3.3.7': '1' },
  });
  await expectTables('2014-fujian', {
    2017: { '2:year': '1', '2.3:year': '1', '3:year': '1', '3.4:year': '1' },
    2018: { '3:year': '2', '3.2:year': '1', '3.4:year': '1' },
  });
  await expectTables('2019', {
    2017: { ...total('3.1', 'natural-person'), ...total('3.4', 'natural-person') },
    2018: { ...total('3.2', 'natural-person'), ...total('3.3.2', 'natural-person'), ...total('3.3.7', 'natural-person') },
  });
});

describe('balances across years', () => {
  const one = received('1', '2019-12-20', {}, 'business');
  const closeOne = replied('1', '2020-01-10');
  const two = received('2', '2020-12-01', {}, 'other');
  const closeTwo = withdrawn('2', '2022-02-01');

  beforeEach(() => record(ledger, [one, closeOne, two, closeTwo]));

  const inOut = (row: string): Cells => total(row, 'business');
  const other = (row: string): Cells => total(row, 'other');

  test('an open application is carried over', async () => {
    // What is open is carried over, also from the form of 2020 into that of 2021.
    await expectTables('2019', {
      2018: {},
      2019: { ...inOut('3.1'), ...inOut('3.4') },
      2020: {
        ...inOut('3.2'),
        ...inOut('3.3.1'),
        ...inOut('3.3.7'),
        ...other('3.1'),
        ...other('3.4'),
        '3.1:total': '1',
        '3.2:total': '1',
      },
    });
    await expectTables('2021', {
      2021: { ...other('3.2'), ...other('3.4') },
      2022: { ...other('3.2'), ...other('3.3.6.3'), ...other('3.3.7') },
      2023: {},
    });
    await checkExplained(ledger, AGENCY, 2022, undefined, '2021');
  });

  test('a void of a close reopens later years', async () => {
    // A void of a close opens the application again in every year after it.
    await record(ledger, [voidOf(closeOne)]);
    await expectTables('2019', {
      2019: { ...inOut('3.1'), ...inOut('3.4') },
      2020: { ...inOut('3.2'), ...other('3.1'), '3.4:business': '1', '3.4:other': '1', '3.4:total': '2' },
    });
    expect(await behind('2019', 2020, '3.4:total')).toEqual({ 'application/1': '1', 'application/2': '1' });
    await expectTables('2021', {
      2021: {
        ...{ '3.2:business': '1', '3.2:other': '1', '3.2:total': '2' },
        ...{ '3.4:business': '1', '3.4:other': '1', '3.4:total': '2' },
      },
      2022: {
        ...{ '3.2:business': '1', '3.2:other': '1', '3.2:total': '2' },
        ...other('3.3.6.3'),
        ...other('3.3.7'),
        ...inOut('3.4'),
      },
      2023: { ...inOut('3.2'), ...inOut('3.4') },
    });
    await record(ledger, [act('application.abandoned', '1', '2021-05-06', { reason: 'fee-unpaid' })]);
    await expectTables('2019', { 2020: { ...inOut('3.2'), ...other('3.1'), '3.4:business': '1', '3.4:other': '1', '3.4:total': '2' } });
    await expectTables('2021', {
      2021: {
        ...{ '3.2:business': '1', '3.2:other': '1', '3.2:total': '2' },
        ...inOut('3.3.6.2'),
        ...inOut('3.3.7'),
        ...other('3.4'),
      },
      2022: { ...other('3.2'), ...other('3.3.6.3'), ...other('3.3.7') },
    });
    await checkExplained(ledger, AGENCY, 2021, undefined, '2021');
  });

  test('a voided receipt counts in no year', async () => {
    // A void of close and receipt leaves nothing of it in any year; received again it counts by its new date and kind.
    await record(ledger, [voidOf(closeOne), voidOf(one)]);
    await expectTables('2019', { 2019: {}, 2020: { ...other('3.1'), ...other('3.4') } });
    await record(ledger, [received('1', '2020-11-02', { law: '2008' }, 'research')]);
    await expectTables('2019', {
      2019: {},
      2020: {
        ...{ '3.1:research': '1', '3.1:other': '1', '3.1:total': '2' },
        ...{ '3.4:research': '1', '3.4:other': '1', '3.4:total': '2' },
      },
    });
    await checkExplained(ledger, AGENCY, 2020, undefined, '2019');
    await checkExplained(ledger, AGENCY, 2020);
    expect(await behind('2019', 2020, '3.4:research')).toEqual({ 'application/1': '1' });
  });

  test('an application recorded late is open in between', async () => {
    // An application recorded years late is open in between.
    await record(ledger, [received('3', '2019-11-01', {}, 'other'), replied('3', '2021-06-01', 'unavailable', 'not-held')]);
    await expectTables('2019', {
      2019: {
        ...{ '3.1:business': '1', '3.1:other': '1', '3.1:total': '2' },
        ...{ '3.4:business': '1', '3.4:other': '1', '3.4:total': '2' },
      },
    });
    await expectTables('2021', {
      2021: { ...other('3.3.4.1'), ...other('3.3.7'), ...other('3.4'), '3.2:other': '2', '3.2:total': '2' },
    });
    expect(await behind('2021', 2021, '3.2:total')).toEqual({ 'application/2': '1', 'application/3': '1' });
  });

  test('an earlier moment lacks the later close', async () => {
    // As of an earlier event the close was not yet known.
    await ledger.settled();
    const now = (await table('2019', 2020)).asOf.index as number;
    const then = await ledger.tables.explain({ agency: AGENCY, year: 2020, form: '2019', cell: '3.4:business', asOf: `index:${now - 3}` });
    expect([then.value, then.events.map((event) => event.case)]).toEqual(['1', ['application/1']]);
  });
});

test('a late extension waits for the close’s void', async () => {
  // Late records move the year they are dated in: an extension waits for the void of the close.
  const close = replied('1', '2018-01-10');
  const late = act('application.extended', '1', '2017-12-20', { days: 10, reason: '案情复杂', approvedBy: 'leader' });
  await record(ledger, [received('1', '2017-12-04'), close]);
  await expectTables('2014-shandong', {
    2017: { '3.1': '1', '3.1.4': '1' },
    2018: { '3.2': '1', '3.2.2': '1', '3.3': '1', '3.3.2': '1' },
  });
  const [refused] = await ledger.send(late);
  expect(refused).toMatchObject({ status: 'refused', error: { code: 'case-closed' } });
  await record(ledger, [voidOf(close, '2018-02-01'), { ...late, id: 'late' }, replied('1', '2017-12-22', 'not-existing')]);
  await expectTables('2014-shandong', {
    2017: { '3.1': '1', '3.1.4': '1', '3.2': '1', '3.2.1': '1', '3.3': '1', '3.3.6': '1' },
    2018: {},
  });
});

// ---- fees -----------------------------------------------------------------------------------------------------------

test('fees count by day of charge, waivers apart', async () => {
  // Fees count by the day of charge, in 万元 to the fen; a waiver is no fee, in Fujian a row of its own until 2016.
  const charged = (number: string, day: string, amountFen: number): Message =>
    act('application.fee-charged', number, day, { amountFen, basis: '复印' });
  const waived = act('application.fee-waived', '1', '2016-03-10', { amountFen: 501, reason: '低保' });
  const small = charged('1', '2016-03-10', 1);
  await record(ledger, [
    received('1', '2016-03-07'),
    received('2', '2016-03-07'),
    small,
    charged('1', '2016-03-11', 99),
    charged('2', '2016-03-12', 24_252_311_082),
    waived,
    replied('1', '2016-03-14'),
    charged('1', '2017-01-03', 2000),
    act('application.fee-waived', '2', '2017-01-03', { amountFen: 300, reason: '低保' }),
  ]);
  const others = { '3.1': '2', '3.1.4': '2', '3.2': '1', '3.2.1': '1', '3.3': '1', '3.3.2': '1' };
  const fujian = { '2:year': '2', '2.3:year': '2', '3:year': '1', '3.1:year': '1' };
  await expectTables('2014-shandong', { 2016: { ...others, '8': '24252.311182' }, 2017: { '8': '0.002' } });
  await expectTables('2014-fujian', { 2016: { ...fujian, '4:year': '5.01' }, 2017: {} });
  expect(await behind('2014-shandong', 2017, '8')).toEqual({ 'application/1': '0.002' });
  await record(ledger, [voidOf(small, '2018-01-02'), voidOf(waived, '2018-01-02')]);
  await expectTables('2014-shandong', { 2016: { ...others, '8': '24252.311181' }, 2018: {} });
  await expectTables('2014-fujian', { 2016: fujian });
  expect(await figures(ledger, AGENCY, 2016, '2019')).not.toHaveProperty('8');
});

// ---- what follows ---------------------------------------------------------------------------------------------------

describe('reconsiderations, lawsuits, complaints', () => {
  const filed = (kind: 'reconsideration' | 'lawsuit', number: string, day: string, data: Record<string, unknown> = {}): Message =>
    act(`${kind}.filed`, number, day, { ...(kind === 'lawsuit' ? { route: 'direct' } : {}), ...data });
  const decided = (kind: string, number: string, day: string, result = 'upheld'): Message =>
    act(`${kind}.decided`, number, day, { result });

  test('2014 forms count by day of decision', async () => {
    // In the forms of 2014 by the day of the decision.
    await record(ledger, [
      filed('reconsideration', '1', '2016-05-03'),
      filed('lawsuit', '1', '2016-05-03'),
      filed('lawsuit', '2', '2016-05-03', { route: 'after-reconsideration' }),
      act('complaint.received', '1', '2016-05-03', { topic: '未按时答复' }),
      act('complaint.received', '2', '2016-05-03', { topic: '未按时答复' }),
      decided('reconsideration', '1', '2017-02-03', 'corrected'),
      decided('lawsuit', '1', '2017-03-03', 'upheld'),
      decided('lawsuit', '2', '2017-03-03', 'other'),
      decided('complaint', '1', '2017-03-03', 'corrected'),
    ]);
    await expectTables('2014-shandong', {
      2016: {},
      2017: { '4': '1', '4.2': '1', '5': '2', '5.1': '1', '5.3': '1', '6': '1', '6.2': '1' },
    });
    await expectTables('2014-fujian', { 2016: {}, 2017: { '5:year': '3', '6:year': '1', '7:year': '2' } });
    await checkExplained(ledger, AGENCY, 2017);
    await checkExplained(ledger, AGENCY, 2017, undefined, '2014-fujian');
  });

  test('from 2019 they are pending until decided', async () => {
    // From 2019 pending at the year’s turn until they are decided, by route.
    const decision = decided('lawsuit', '2', '2021-04-01', 'other');
    await record(ledger, [
      filed('reconsideration', '1', '2019-12-31T23:59:59+08:00'),
      filed('reconsideration', '2', '2020-01-01T00:00:00+08:00'),
      filed('lawsuit', '1', '2019-06-03'),
      filed('lawsuit', '2', '2019-06-03', { route: 'after-reconsideration' }),
      decided('reconsideration', '1', '2020-01-02', 'corrected'),
      decided('reconsideration', '2', '2020-12-31T23:59:59+08:00'),
      decided('lawsuit', '1', '2019-12-31', 'upheld'),
      decision,
    ]);
    await expectTables('2019', {
      2018: {},
      2019: {
        ...{ '4.1:pending': '1', '4.1:total': '1' },
        ...{ '4.2:upheld': '1', '4.2:total': '1' },
        ...{ '4.3:pending': '1', '4.3:total': '1' },
      },
      2020: { '4.1:upheld': '1', '4.1:corrected': '1', '4.1:total': '2', '4.3:pending': '1', '4.3:total': '1' },
    });
    await expectTables('2021', { 2021: { '4.3:other': '1', '4.3:total': '1' }, 2022: {} });
    expect(await behind('2019', 2020, '4.3:pending')).toEqual({ 'lawsuit/2': '1' });
    await record(ledger, [voidOf(decision)]);
    const pending = { '4.3:pending': '1', '4.3:total': '1' };
    await expectTables('2021', { 2021: pending, 2022: pending });
    await checkExplained(ledger, AGENCY, 2022, undefined, '2021');
  });

  test('a co-defendant reviewer’s case counts nowhere', async () => {
    // A case as co-defendant reviewer counts nowhere, neither pending nor decided nor voided.
    const joined = filed('lawsuit', '1', '2017-05-03', { route: 'after-reconsideration', role: 'co-defendant-reviewer' });
    const decision = decided('lawsuit', '1', '2018-05-03');
    await record(ledger, [joined]);
    for (const form of ['2014-shandong', '2014-fujian', '2019', '2021'] as const) await expectTables(form, { 2017: {}, 2018: {} });
    await record(ledger, [decision]);
    for (const form of ['2014-shandong', '2014-fujian', '2019', '2021'] as const) await expectTables(form, { 2017: {}, 2018: {} });
    await record(ledger, [voidOf(decision), voidOf(joined)]);
    for (const form of ['2014-shandong', '2014-fujian', '2019', '2021'] as const) await expectTables(form, { 2017: {}, 2018: {} });
  });

  test('a refiled case counts by its new route', async () => {
    // A filing taken back and sent again by the other route.
    const first = filed('lawsuit', '1', '2021-05-06');
    await record(ledger, [first, voidOf(first), filed('lawsuit', '1', '2022-05-06', { route: 'after-reconsideration' })]);
    await expectTables('2021', { 2021: {}, 2022: { '4.3:pending': '1', '4.3:total': '1' } });
  });

  test('a foreign, unknown or double reference is refused', async () => {
    // An application or publication of another agency, or none of
    // that name, is a wrong reference; both at once are too many.
    await record(ledger, [...setUp('neighbour', { chain: false }), { ...received('theirs', '2017-03-06'), agency: 'neighbour' }]);
    const codes = (
      await ledger.send(
        filed('lawsuit', '1', '2017-05-03', { application: 'application/theirs' }),
        filed('reconsideration', '1', '2017-05-03', { publication: 'publication/none' }),
        act('complaint.received', '1', '2017-05-03', { topic: '投诉', application: 'application/a', publication: 'publication/a' }),
      )
    ).map(({ error }) => error?.code);
    expect(codes).toEqual(['wrong-reference', 'wrong-reference', 'invalid-data']);
  });
});

// ---- answers made again ---------------------------------------------------------------------------------------------

describe('an answer made again is never counted', () => {
  const remade = (day: string, orderedBy: string): Message =>
    act('application.reply-remade', '1', day, { orderedBy, outcome: 'partly-granted', contentHash: hashOf('second') });
  const complaint = [
    act('complaint.received', '1', '2017-04-05', { topic: '答复不当', application: 'application/1' }),
    act('complaint.decided', '1', '2017-05-03', { result: 'corrected' }),
  ];
  const counted = { '3.1': '1', '3.1.4': '1', '3.2': '1', '3.2.1': '1', '3.3': '1', '3.3.2': '1', '6': '1', '6.2': '1' };

  test('without review it is sent directly', async () => {
    // Without review it is sent directly, once the case that names the application is decided.
    await record(ledger, [received('1', '2017-03-06'), replied('1', '2017-03-10'), complaint[0]]);
    const [early] = await ledger.send(remade('2017-05-10', 'complaint/1'));
    expect(early?.error?.code).toBe('wrong-reference');
    await record(ledger, [complaint[1], remade('2018-01-10', 'complaint/1')]);
    await expectTables('2014-shandong', { 2017: counted, 2018: {} });
    await expectTables('2019', {
      2017: { ...total('3.1', 'natural-person'), ...total('3.3.1', 'natural-person'), ...total('3.3.7', 'natural-person') },
      2018: {},
    });
    const unreviewed = async (year: number): Promise<unknown> =>
      (await table('2014-shandong', year)).findings.filter(({ rule }) => rule === 'without-review').map(({ cases }) => cases);
    expect([await unreviewed(2017), await unreviewed(2018)]).toEqual([[['application/1']], [['application/1']]]);
  });

  test('a decision about something else orders nothing', async () => {
    // Another agency’s decision, an undecided one and one about something else order nothing.
    await record(ledger, [
      ...setUp('neighbour', { chain: false }),
      { ...received('1', '2017-03-06'), agency: 'neighbour' },
      ...complaint.map((one) => ({ ...one, id: `${one.id}-theirs`, agency: 'neighbour', subject: 'complaint/theirs' })),
      received('1', '2017-03-06'),
      received('2', '2017-03-06'),
      replied('1', '2017-03-10'),
      act('lawsuit.filed', 'undecided', '2017-04-05', { route: 'direct', application: 'application/1' }),
      act('lawsuit.filed', 'elsewhere', '2017-04-05', { route: 'direct', application: 'application/2' }),
      act('lawsuit.decided', 'elsewhere', '2017-05-05', { result: 'corrected' }),
    ]);
    for (const orderedBy of ['complaint/theirs', 'lawsuit/undecided', 'lawsuit/elsewhere', 'lawsuit/none', 'application/2', 'weather/1']) {
      const [receipt] = await ledger.send(remade('2017-06-01', orderedBy));
      expect([orderedBy, receipt?.error?.code]).toEqual([orderedBy, 'wrong-reference']);
    }
  });

  test('with a chain it passes the chain again', async () => {
    // With a chain it is drafted, cleared and approved as the first answer was; a decision taken back orders nothing.
    await record(ledger, [
      message('agency.clearance-chain-set', `agency/${AGENCY}`, at('2017-01-03'), 'root', {
        steps: [{ step: 'office', role: 'office-reviewer', unit: '办公室' }],
        approver: { role: 'deputy-leader', unit: '分管领导' },
      }),
      received('1', '2017-03-06'),
      ...through('2017-03-09', 'granted', hashOf('1')),
      replied('1', '2017-03-10'),
    ]);
    const draft = (): Message =>
      act('application.reply-drafted', '1', '2017-05-08', { outcome: 'partly-granted', contentHash: hashOf('second') }, 'drafter');
    const [closed] = await ledger.send(draft());
    expect(closed?.error?.code).toBe('not-open');
    await record(ledger, complaint);
    await record(ledger, [
      { ...voidOf(complaint[1] as Message, '2017-05-04'), data: { ...voidOf(complaint[1] as Message).data, approvedBy: 'leader' } },
    ]);
    const [taken] = await ledger.send(draft());
    expect(taken?.error?.code).toBe('not-open');
    await record(ledger, [
      act('complaint.decided', '1', '2017-05-05', { result: 'corrected' }),
      ...through('2017-05-08', 'partly-granted', hashOf('second')),
      remade('2017-05-10', 'complaint/1'),
    ]);
    await expectTables('2014-shandong', { 2017: counted });
    expect((await table('2014-shandong', 2017)).findings.filter(({ rule }) => rule === 'without-review')).toEqual([]);
  });

  function through(day: string, outcome: string, contentHash: string): Message[] {
    return [
      act('application.reply-drafted', '1', `${day}T09:00:00+08:00`, { outcome, contentHash }, 'drafter'),
      act('application.cleared', '1', `${day}T10:00:00+08:00`, { step: 'office', verdict: 'passed', contentHash }, 'office'),
      act('application.approved', '1', `${day}T11:00:00+08:00`, { contentHash }, 'leader'),
    ];
  }
});
