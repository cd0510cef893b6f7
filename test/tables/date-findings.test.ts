/**
 * What a table says of dates: acts on days that cannot be, closes judged by a calendar that was not there or is another
 * by now, years of which nothing is recorded, years that have not begun; and how many cases a finding names.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, RuleName } from '../../src/statistics/checks.js';
import type { Table } from '../../src/tables/table.js';
import { announced, application, received, replied, taken } from '../support/applications.js';
import { record, sendAll } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;
beforeEach(() => (ledger = openTestLedger()));
afterEach(() => ledger.finish());

async function tableOf(year: number, asOf?: string, agency = AGENCY): Promise<Table> {
  await ledger.settled();
  return ledger.tables.table({ agency, year, asOf });
}

async function said(rule: RuleName, year: number, asOf?: string): Promise<readonly Finding[]> {
  return (await tableOf(year, asOf)).findings.filter((finding) => finding.rule === rule);
}

async function casesOf(rule: RuleName, year: number, asOf?: string): Promise<readonly string[]> {
  return (await said(rule, year, asOf)).flatMap(({ cases = [] }) => cases);
}

async function lastIndex(): Promise<number> {
  await ledger.settled();
  return ledger.tables.lastIndex();
}

/** An item released on one day under an empty chain, drafted on another. */
function item(number: string, drafted: string, day: string): Message[] {
  return [
    message('publication.drafted', `publication/${number}`, at(drafted), 'drafter', { title: '信息', contentHash: hashOf(number) }),
    released(number, day, 'website'),
  ];
}

describe('implausible-date', () => {
  test('an application from 1922 is named throughout', async () => {
    // An application mistyped into 1922 is named wherever it is open, and where it is closed.
    const lines = readFileSync(join(__dirname, '../fixtures/cases/implausible-date.ndjson'), 'utf8').trim().split('\n');
    await record(
      ledger,
      lines.map((line) => JSON.parse(line) as Message),
    );
    const agency = 'demo-bureau';
    const named = async (year: number): Promise<unknown[]> =>
      (await tableOf(year, undefined, agency)).findings.filter(({ rule }) => rule === 'implausible-date');
    for (const year of [2021, 2022, 2026, 2030])
      expect([year, await named(year)]).toMatchObject([
        year,
        [{ severity: 'warning', cells: [], left: null, right: null, cases: ['application/3'], caseCount: 1 }],
      ]);
    // The forms of before 2019 carry nothing.
    expect((await ledger.tables.table({ agency, year: 2017, form: '2014-shandong' })).findings).not.toContainEqual(
      expect.objectContaining({ rule: 'implausible-date' }),
    );
    await record(ledger, [{ ...replied('3', '2022-03-10'), agency }]);
    expect([await named(2021), await named(2022), await named(2023)]).toMatchObject([[{}], [{}], []]);
  });

  test('acts before the first possible day are named', async () => {
    // Before the first registered day, or of an application or
    // remedy before May 2008, by any act of a case that counts.
    const meeting = (number: string, day: string): Message =>
      message('meeting.held', `meeting/${number}`, at(day), 'clerk', { title: '会议' });
    const before = meeting('before', '2009-12-31');
    await record(ledger, [
      ...setUp(AGENCY, { chain: false }),
      ...item('drafted-before', '2009-12-31', '2017-03-01'),
      ...item('on-the-day', '2010-01-01', '2017-03-01'),
      message('reconsideration.filed', 'reconsideration/old', at('2008-04-30'), 'clerk'),
      message('lawsuit.filed', 'lawsuit/reviewer', at('2008-04-30'), 'clerk', { route: 'direct', role: 'co-defendant-reviewer' }),
      before,
      meeting('of-the-year', '2017-05-01'),
    ]);
    const named = async (year: number, form: string, asOf?: string): Promise<readonly string[]> => {
      await ledger.settled();
      const { findings } = await ledger.tables.table({ agency: AGENCY, year, form, asOf });
      return findings.filter(({ rule }) => rule === 'implausible-date').flatMap(({ cases = [] }) => cases);
    };
    // A release counts with its draft of before; a pending case in every later year, a co-defendant reviewer's in none.
    expect(await named(2017, '2014-shandong')).toEqual(['publication/drafted-before']);
    expect(await named(2009, '2014-shandong')).toEqual(['meeting/before']);
    expect(await named(2019, '2019')).toEqual(['reconsideration/old']);
    expect(await named(2026, '2021')).toEqual(['reconsideration/old']);
    const index = await lastIndex();
    await record(ledger, [
      taken(before, '2018-01-01'),
      meeting('before-again', '2017-12-31'),
      message('reconsideration.decided', 'reconsideration/old', at('2020-06-01'), 'clerk', { result: 'upheld' }),
    ]);
    expect([await named(2009, '2014-shandong'), await named(2020, '2019'), await named(2021, '2021')]).toEqual([
      [],
      ['reconsideration/old'],
      [],
    ]);
    expect(await named(2009, '2014-shandong', `index:${index}`)).toEqual(['meeting/before']);
    expect(await named(2021, '2021', `index:${index}`)).toEqual(['reconsideration/old']);
  });

  test('acts before a later registration are named', async () => {
    // Dated before the registration of an agency registered later than
    // 2008, an application as any act; on the day of May 2008 it is none.
    await record(ledger, [
      message('agency.registered', 'agency/old', at('1995-01-01'), 'root', { name: '老局', administrator: 'root' }, { agency: 'old' }),
      { ...received('too-early', '2008-04-30'), agency: 'old' },
      { ...received('first-day', '2008-05-01'), agency: 'old' },
      message('meeting.held', 'meeting/1', at('1996-01-01'), 'clerk', { title: '会议' }, { agency: 'old' }),
    ]);
    const { findings } = await tableOf(2021, undefined, 'old');
    expect(findings.filter(({ rule }) => rule === 'implausible-date')).toMatchObject([{ cases: ['application/too-early'], caseCount: 1 }]);
  });

  test('a stock before registration is named onwards', async () => {
    // A stock that began before the agency was registered, from its base on.
    const issued = message('normative-document.issued', 'normative-document/1', at('2009-06-01'), 'clerk', {
      documentNumber: '某政发〔2009〕1号',
      title: '办法',
    });
    const base = message('agency.figure-declared', `agency/${AGENCY}`, at('2022-01-01'), 'clerk', {
      year: 2005,
      form: '2021',
      cell: '2.1.2:in-force',
      value: '3',
      evidence: '清理结果',
    });
    await record(ledger, [...setUp(), issued]);
    expect(await casesOf('implausible-date', 2021)).toEqual([]);
    await record(ledger, [base]);
    expect(await casesOf('implausible-date', 2021)).toEqual(['normative-document/1']);
    await record(ledger, [message('agency.figure-declared', `agency/${AGENCY}`, at('2022-01-02'), 'clerk', { ...base.data, year: 2015 })]);
    expect(await casesOf('implausible-date', 2021)).toEqual([]);
  });
});

// Closes judged by a calendar that was not there, or is another by now.
describe('closes judged by a calendar since changed', () => {
  /** Due on 2027-01-28 by plain weekdays, and with New Year's Day off on the 29th; received on New Year's Eve. */
  const eve = '2026-12-31';
  const open = setUp(AGENCY, { chain: false });

  async function both(year: number, asOf?: string): Promise<readonly (readonly string[])[]> {
    return [await casesOf('provisional-verdict', year, asOf), await casesOf('judged-otherwise', year, asOf)];
  }

  test('provisional until a calendar confirms or contradicts', async () => {
    // Provisional until a calendar confirms them, then judged
    // otherwise or no more; the figure stays until it is sent again.
    const late = replied('late', '2027-01-29');
    await record(ledger, [
      ...open,
      ...['in-time', 'late', 'of-2026'].map((number) => received(number, eve)),
      received('nothing-of-2027', '2026-11-02'),
      replied('nothing-of-2027', '2027-01-05'),
      replied('in-time', '2027-01-28'),
      late,
      received('quick', '2026-12-29'),
      replied('quick', '2026-12-30'),
      replied('of-2026', eve),
    ]);
    // Every close whose reckoning looked at the year, also where no calendar could change the verdict.
    const provisional = ['application/in-time', 'application/late'];
    expect(await both(2027)).toEqual([provisional, []]);
    expect(await both(2026)).toEqual([['application/of-2026', 'application/quick'], []]);
    expect(await said('late-reply', 2027)).toMatchObject([{ cases: ['application/late', 'application/nothing-of-2027'], caseCount: 2 }]);
    const before = await lastIndex();
    await record(ledger, [announced(AGENCY, 2027, ['2027-01-01'])]);
    expect(await both(2027)).toEqual([[], ['application/late']]);
    expect(await both(2026)).toEqual([[], []]);
    expect(await both(2027, `index:${before}`)).toEqual([provisional, []]);
    expect(await said('late-reply', 2027)).toMatchObject([{ cases: ['application/late', 'application/nothing-of-2027'] }]);
    const stands = await lastIndex();
    await record(ledger, [taken(late, '2027-02-01')]);
    expect(await both(2027)).toEqual([[], []]);
    await record(ledger, [{ ...late, id: 'late-again' }]);
    expect(await both(2027)).toEqual([[], []]);
    expect(await said('late-reply', 2027)).toMatchObject([{ cases: ['application/nothing-of-2027'] }]);
    expect(await both(2027, `index:${stands}`)).toEqual([[], ['application/late']]);
  });

  test('an announcement of an agency above counts', async () => {
    // By an announcement of an agency above, as the agency stood on the day of the close.
    const under = (from: string): Message =>
      message('agency.changed', `agency/${AGENCY}`, at('2026-06-01'), 'root', { parent: 'city', from });
    await record(ledger, [
      ...setUp('city'),
      ...open,
      under('2027-02-01'),
      received('before', eve),
      received('after', '2027-01-15'),
      replied('before', '2027-01-29'),
      replied('after', '2027-02-15'),
      announced('city', 2027, ['2027-01-01', '2027-01-18', '2027-01-19', '2027-01-20'], []),
    ]);
    // On the day of the first close the agency stood under nobody: no calendar of the city holds for it.
    expect(await both(2027)).toEqual([['application/before'], ['application/after']]);
    await record(ledger, [announced('city', 2027, [])]);
    expect(await both(2027)).toEqual([['application/before'], []]);
  });

  test('a built-in year may be announced otherwise', async () => {
    // A built-in year announced otherwise; announced back as it was.
    const builtIn = ['2025-01-01', '2025-01-28', '2025-01-29', '2025-01-30', '2025-01-31', '2025-02-03', '2025-02-04'];
    await record(ledger, [
      ...open,
      received('1', '2025-01-06'),
      replied('1', '2025-02-07'),
      received('2', '2025-01-06'),
      replied('2', '2025-01-07'),
    ]);
    expect(await both(2025)).toEqual([[], []]);
    await record(ledger, [announced(AGENCY, 2025, builtIn.slice(0, 3), [])]);
    expect(await both(2025)).toEqual([[], ['application/1']]);
    await record(ledger, [announced(AGENCY, 2025, builtIn, ['2025-01-26', '2025-02-08'])]);
    expect(await both(2025)).toEqual([[], []]);
  });

  test('a waiting abandonment is provisional too', async () => {
    // A request for a supplement in time or not by a guess: an abandonment that waits for it is provisional too.
    await record(ledger, [
      ...open,
      received('1', '2026-12-10'),
      application('supplement-requested', '1', '2027-01-07', {}),
      application('abandoned', '1', '2027-02-20', { reason: 'not-supplemented' }),
    ]);
    expect(await both(2027)).toEqual([['application/1'], []]);
    // With 2 January worked the period ended on the 6th: the request came too late, and so did the close.
    await record(ledger, [announced(AGENCY, 2027, [], ['2027-01-02'])]);
    expect(await both(2027)).toEqual([[], ['application/1']]);
  });

  test('years before the calendar have none', async () => {
    // Years before the calendar begins are years without one.
    await record(ledger, [...open, received('1', '2007-12-20'), replied('1', '2015-03-02')]);
    expect(await both(2015)).toEqual([['application/1'], []]);
  });
});

describe('nothing-recorded', () => {
  const missing = async (year: number, asOf?: string): Promise<boolean> => (await said('nothing-recorded', year, asOf)).length > 0;

  test('records of other years are none', async () => {
    // Set up, announced, declared for other years, reported: no
    // records of the year; an act, a figure or what is open is one.
    const meeting = message('meeting.held', 'meeting/1', at('2021-05-01'), 'clerk', { title: '会议' });
    const figure = message('agency.figure-declared', `agency/${AGENCY}`, at('2022-01-10'), 'clerk', {
      year: 2022,
      form: '2021',
      cell: '2.8.1:amount',
      value: '0',
      evidence: '财务报表',
    });
    const changed = message('agency.changed', `agency/${AGENCY}`, at('2015-06-01'), 'root', { name: '新名', from: '2015-06-01' });
    await record(ledger, [...setUp(AGENCY, { chain: false }), announced(AGENCY, 2026, []), changed]);
    expect([await missing(2015), await missing(2026), await missing(2021)]).toEqual([true, true, true]);
    const table = await tableOf(2021);
    expect(table.findings[0]).toMatchObject({ rule: 'nothing-recorded', severity: 'warning', cells: [] });
    // The rows stay.
    expect(table.rows.find(({ code }) => code === '3.1')?.cells?.['total']).toBe('0');
    await record(ledger, [
      message('report.compiled', 'report/2021', at('2022-01-20'), 'compiler', {
        year: 2021,
        form: '2021',
        index: table.asOf.index,
        tableHash: table.hash,
      }),
    ]);
    expect(await missing(2021)).toBe(true);
    expect(await missing(2022)).toBe(true);
    const before = await lastIndex();
    await record(ledger, [meeting, figure]);
    expect([await missing(2021), await missing(2022), await missing(2023)]).toEqual([false, false, true]);
    expect(await missing(2021, `index:${before}`)).toBe(true);
    await record(ledger, [taken(meeting, '2022-05-02'), taken(figure, '2022-05-02')]);
    // An act taken back is one still, a figure taken back is none.
    expect([await missing(2021), await missing(2022)]).toEqual([false, true]);
    await record(ledger, [received('1', '2024-12-01')]);
    expect([await missing(2024), await missing(2025), await missing(2029)]).toEqual([false, false, false]);
    await record(ledger, [replied('1', '2027-01-04')]);
    expect([await missing(2025), await missing(2026), await missing(2027), await missing(2028)]).toEqual([false, false, false, true]);
  });

  test('missing in a roll-up is the same', async () => {
    // Missing in a roll-up is the same, and a sum of nobody says so.
    await record(ledger, [...setUp('county'), ...setUp(AGENCY, { chain: false })]);
    await record(ledger, [
      message('agency.changed', `agency/${AGENCY}`, at('2011-01-01'), 'root', { parent: 'county', from: '2011-01-01' }),
    ]);
    const rolledUp = async (year: number): Promise<Table> => {
      await ledger.settled();
      return ledger.tables.table({ agency: 'county', year, rollup: true });
    };
    const none = await rolledUp(2021);
    expect(none.members).toEqual(['county', AGENCY].map((agency) => ({ agency, status: 'missing' })));
    expect(none.findings.map(({ rule }) => rule)).toContain('nothing-recorded');
    await record(ledger, [received('1', '2020-12-01')]);
    const carried = await rolledUp(2021);
    expect(carried.members).toEqual([
      { agency: 'county', status: 'missing' },
      { agency: AGENCY, status: 'included' },
    ]);
    expect(carried.findings.map(({ rule }) => rule)).not.toContain('nothing-recorded');
    expect(carried.rows.find(({ code }) => code === '3.2')?.cells?.['total']).toBe('1');
  });
});

describe('a year that has not begun', () => {
  const asked = (year: number, more: Record<string, unknown> = {}): Promise<unknown> =>
    ledger.tables.table({ agency: AGENCY, year, ...more });

  test('has no table until it begins in Shanghai', async () => {
    // Has no table, cell, difference or published table, whatever
    // moment is asked about; it has when it begins in Shanghai.
    await ledger.discard();
    let now = Date.parse('2026-12-31T23:59:59+08:00');
    ledger = openTestLedger({ now: () => now });
    await record(ledger, setUp());
    await ledger.settled();
    for (const more of [{}, { asOf: 'index:0' }, { rollup: true }, { view: 'paper' }, { view: 'published' }, { form: '2021' }])
      await expect(asked(2027, more)).rejects.toMatchObject({ code: 'bad-year' });
    await expect(ledger.tables.explain({ agency: AGENCY, year: 2027, cell: '3.1:total' })).rejects.toMatchObject({ code: 'bad-year' });
    await expect(ledger.tables.difference({ agency: AGENCY, year: 2027 })).rejects.toMatchObject({ code: 'bad-year' });
    await expect(asked(2026)).resolves.toMatchObject({ year: 2026 });
    now += 1000;
    await expect(asked(2027)).resolves.toMatchObject({ year: 2027 });
    await expect(asked(2027, { asOf: 'index:0' })).resolves.toMatchObject({ year: 2027 });
    await expect(asked(2028)).rejects.toMatchObject({ code: 'bad-year' });
  });

  test('takes no figure, table or report', async () => {
    // Takes no figure, no table and no report; what was recorded before stays a duplicate, and may be taken back.
    const figure = (year: number): Message =>
      message('agency.figure-declared', `agency/${AGENCY}`, at('2026-11-01'), 'clerk', {
        year,
        form: '2021',
        cell: '2.8.1:amount',
        value: '1',
        evidence: '预算',
      });
    const table = (year: number): Message =>
      message('table.declared', `table/${year}`, at('2026-11-01'), 'clerk', {
        year,
        form: '2021',
        cells: { '2.8.1:amount': '1' },
        evidence: '纸',
      });
    const tableHash = hashOf('table');
    const compiled = (year: number): Message =>
      message('report.compiled', `report/${year}`, at('2026-11-01'), 'clerk', { year, form: '2021', index: 0, tableHash });
    const report = (type: string, year: number, data: Record<string, unknown>): Message =>
      message(`report.${type}`, `report/${year}`, at('2026-11-01'), 'office', { tableHash, ...data });
    const [known, base] = [figure(2030), table(2030)];
    await record(ledger, [...setUp(), known, base]);
    await ledger.settled();
    await ledger.stop();
    // The same folder in the year before: what it holds was recorded by a program without this rule.
    const { folder } = ledger;
    ledger = openTestLedger({ folder, now: () => Date.parse('2026-11-28T12:00:00+08:00') });
    const refusedAs = { status: 'refused', error: { code: 'invalid-data', details: { problems: [{}] } } };
    const refused = await ledger.send(
      figure(2030),
      figure(2027),
      table(2027),
      compiled(2027),
      report('cleared', 2027, { step: 'office', verdict: 'passed' }),
      report('approved', 2027, {}),
      report('published', 2027, {}),
    );
    expect(refused).toMatchObject(Array.from({ length: 7 }, () => refusedAs));
    expect(refused.map(({ error }) => (error?.details?.['problems'] as { field: string }[])[0]?.field)).toEqual([
      ...Array.from({ length: 4 }, () => 'data.year'),
      ...Array.from({ length: 3 }, () => 'subject'),
    ]);
    const repeats = await ledger.send(known, base, figure(2026), table(2026));
    expect(repeats.map(({ status }) => status)).toEqual(['duplicate', 'duplicate', 'recorded', 'recorded']);
    const voids = await sendAll(ledger, [
      message('record.voided', base.subject, at('2026-11-20'), 'auditor', { message: { id: base.id }, reason: '错', approvedBy: 'leader' }),
    ]);
    expect(voids.map(({ status }) => status)).toEqual(['recorded']);
  });
});

test('a finding names its first 200 cases', async () => {
  // A finding names the first 200 of its cases in the order of the log, and says how many there are.
  const numbers = Array.from({ length: 203 }, (_, place) => `${(place * 5) % 203}`);
  await record(ledger, [
    ...setUp(AGENCY, { chain: false }),
    ...numbers.map((number) => received(number, '2021-03-01')),
    ...numbers.map((number) => replied(number, '2021-12-01')),
  ]);
  const [late] = await said('late-reply', 2021);
  const [unreviewed] = await said('without-review', 2021);
  const first = numbers.slice(0, 200).map((number) => `application/${number}`);
  expect([late?.cases, late?.caseCount]).toEqual([first, 203]);
  expect([unreviewed?.cases, unreviewed?.caseCount]).toEqual([first, 203]);
  for (const { cases, caseCount } of (await tableOf(2021)).findings) expect(caseCount === undefined).toBe(cases === undefined);
});
