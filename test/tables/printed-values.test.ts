/**
 * Printed values in a real ledger: twelve published tables declared and printed back, figures as given, what a roll-up
 * takes of a member's paper.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findForm } from '../../src/statistics/forms/registry.js';
import { prints, type Form } from '../../src/statistics/form.js';
import { checkPublished, readPublishedTable } from '../../src/statistics/published-table.js';
import { valuesOf } from '../../src/statistics/table.js';
import type { Finding } from '../../src/statistics/checks.js';
import type { Table } from '../../src/tables/table.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { calculatorOf, disagreements, rawEvents, withoutDerived } from '../support/second-calculator.js';

const CASES = join(__dirname, '../fixtures/cases');

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});
afterEach(() => ledger.finish());

interface Published {
  readonly year: number;
  readonly form: string;
  readonly cells: Readonly<Record<string, string | null>>;
}

function paper(year: number, form: string, cells: Record<string, string | null>, agency = AGENCY): Message {
  const data = { year, form, cells, evidence: '盖章件扫描' };
  return message('table.declared', `table/${year}`, at('2026-03-01'), 'clerk', data, { agency });
}

function figure(cell: string, value: string, year = 2019, form = '2019'): Message {
  return message('agency.figure-declared', `agency/${AGENCY}`, at('2026-03-01'), 'clerk', { year, form, cell, value, evidence: '台账' });
}

const said = (findings: readonly Finding[], ...rules: string[]): unknown[] =>
  findings.filter(({ rule }) => rules.includes(rule)).map(({ rule, severity, cells, left, right }) => [rule, severity, cells, left, right]);
const cell = (table: Table, name: string): string | null | undefined => valuesOf(table.rows).get(name);

async function table(year: number, more: { view?: string; rollup?: boolean; agency?: string } = {}): Promise<Table> {
  await ledger.settled();
  return ledger.tables.table({ agency: AGENCY, year, ...more });
}

async function bothAgree(agencies: readonly string[], years: readonly number[]): Promise<void> {
  const calculator = calculatorOf((await rawEvents(ledger.log)).map(withoutDerived));
  expect((await disagreements(ledger, calculator, { agencies, years })).differing).toEqual([]);
}

test('published tables are declared, printed and checked alike', async () => {
  // Published tables are declared, without the cells their form lacks,
  // and printed back cell for cell, with what check says of them.
  const files = readdirSync(join(CASES, 'published'));
  expect(files).toHaveLength(12);
  const tables = files.map((file) => {
    const text = readFileSync(join(CASES, 'published', file), 'utf8');
    const { year, form, cells } = JSON.parse(text) as Published;
    const known = Object.entries(cells).filter(([name, value]) => prints(findForm(form) as Form, year, name, value !== null));
    return { agency: file.slice(0, -'.json'.length), text, year, form, known };
  });
  await record(
    ledger,
    tables.flatMap(({ agency, year, form, known }) => [...setUp(agency), paper(year, form, Object.fromEntries(known), agency)]),
  );
  for (const { agency, text, year, form, known } of tables) {
    const shown = await table(year, { agency });
    expect([agency, shown.view, shown.form]).toEqual([agency, 'paper', form]);
    const printed = valuesOf(shown.rows);
    for (const [name, value] of known) expect([agency, name, printed.get(name)]).toEqual([agency, name, value]);
    // A file alone has no year before it, and a declared table no cells that its form lacks.
    const checked = checkPublished(readPublishedTable(text, findForm), null).filter(({ rule }) => rule !== 'unknown-cell');
    expect(shown.findings).toEqual(checked);
  }
  await bothAgree(
    tables.map(({ agency }) => agency),
    [2012, 2020, 2023, 2024],
  );
});

test('any printed value is taken as given', async () => {
  // A declared table is never refused for what is printed in it; it is printed as given, and what is no number is none.
  const odd = {
    ...{
      '2.1.2:made': '22\n（其中：修订16件）',
      '2.1.2:repealed': '/',
      '2.1.2:in-force': '一百零一',
      '2.1.1:made': '-5',
      '2.1.1:repealed': '1.5',
    },
    ...{
      '3.1:total':
        '约三十件，其中网络申请二十八件，信函申请两件，另有一件转来，已与申请人电话沟通，拟于下年度答复，详见本报告第三部分说明文字',
    },
    ...{ '3.1:natural-person': '12-', '3.2:total': '——', '4.1:total': '\t7件 (…)' },
  };
  const [receipt] = await ledger.send(...setUp().slice(0, 1), paper(2023, '2021', odd)).then((all) => all.slice(-1));
  expect(receipt).toMatchObject({ status: 'recorded' });
  const shown = await table(2023);
  for (const [name, value] of Object.entries(odd)) expect([name, cell(shown, name)]).toEqual([name, value]);
  expect(
    said(shown.findings, 'not-a-number', 'remark', 'not-applicable', 'below-zero', 'not-whole').map((one) =>
      (one as unknown[]).slice(0, 3),
    ),
  ).toEqual([
    ['below-zero', 'error', ['2.1.1:made']],
    ['not-whole', 'error', ['2.1.1:repealed']],
    ['remark', 'info', ['2.1.2:made']],
    ['not-applicable', 'info', ['2.1.2:repealed']],
    ['not-a-number', 'error', ['2.1.2:in-force']],
    ['not-a-number', 'error', ['3.1:natural-person']],
    ['not-a-number', 'error', ['3.1:total']],
    ['not-applicable', 'info', ['3.2:total']],
    ['remark', 'info', ['4.1:total']],
  ]);
});

test('a year outside its form is reported', async () => {
  // A year outside the report years of its form is taken, and named.
  await record(ledger, [
    ...setUp(),
    paper(2012, '2014-fujian', { '1:year': '2026', '4:year': '3' }),
    paper(2020, '2021', { '3.1:total': '3' }),
  ]);
  for (const year of [2012, 2020])
    expect(said((await table(year)).findings, 'not-this-years-form')).toEqual([['not-this-years-form', 'warning', [], null, null]]);
});

test('figures print as given and count as numbers', async () => {
  // Figures are printed as given and counted as numbers: in totals,
  // in stocks and what follows them, in explanations and differences.
  await record(ledger, [
    ...setUp(),
    figure('2.5.1:items-last-year', '16项'),
    figure('2.5.1:change', '+3（新增）'),
    figure('2.9.1:amount', '103.3879万元'),
    figure('2.1.2:total-public', '55（含自然失效29件）', 2018),
    figure('9.3.1', '3人', 2018, '2014-shandong'),
    figure('9.3.2', '１（兼）', 2018, '2014-shandong'),
    figure('9.4', '2000元', 2018, '2014-shandong'),
    message('publication.drafted', 'publication/1', at('2020-03-01'), 'drafter', {
      title: '办法',
      contentHash: HASH,
      normative: 'normative',
    }),
    message('agency.clearance-chain-set', `agency/${AGENCY}`, at('2019-12-31'), 'root', { steps: [] }),
    message('publication.released', 'publication/1', at('2020-03-02'), 'editor', { channel: 'website', contentHash: HASH }),
  ]);
  const of2019 = await table(2019, { view: 'live' });
  expect(['2.5.1:items-last-year', '2.5.1:change', '2.9.1:amount', '2.1.2:total-public'].map((name) => cell(of2019, name))).toEqual([
    '16项',
    '+3（新增）',
    '103.3879万元',
    '55（含自然失效29件）',
  ]);
  expect(said(of2019.findings, 'remark', 'not-a-number', 'items-below-zero')).toEqual([
    ['remark', 'info', ['2.1.2:total-public'], '55（含自然失效29件）', null],
    ['remark', 'info', ['2.5.1:change'], '+3（新增）', null],
  ]);
  expect(cell(await table(2020, { view: 'live' }), '2.1.2:total-public')).toBe('56');
  const of2018 = await table(2018, { view: 'live' });
  expect(['9.3', '9.3.1', '9.3.2', '9.4'].map((name) => cell(of2018, name))).toEqual(['4', '3人', '１（兼）', '2000元']);
  const explained = async (year: number, name: string): Promise<unknown> => {
    const { value, events } = await ledger.tables.explain({ agency: AGENCY, year, cell: name });
    return [value, events.map(({ amount }) => amount)];
  };
  expect(await explained(2018, '9.3')).toEqual(['4', ['3', '1']]);
  expect(await explained(2018, '9.4')).toEqual(['2000元', ['0.2']]);
  expect(await explained(2019, '2.5.1:change')).toEqual(['+3（新增）', ['3']]);
  expect(await explained(2019, '2.9.1:amount')).toEqual(['103.3879万元', ['1033879']]);
  expect(await explained(2020, '2.1.2:total-public')).toEqual(['56', ['55', '1']]);
  await bothAgree([AGENCY], [2018, 2019, 2020]);
});

const HASH = `sha256:${'1'.repeat(64)}`;

test('pending paper cases are missed next year', async () => {
  // Pending cases of a paper year are missed in the next, also over the change of form and beside a counted year.
  const year2020 = paper(2020, '2019', { '4.1:upheld': '2', '4.1:pending': '4', '4.1:total': '6', '4.3:pending': '1', '4.3:total': '1' });
  await record(ledger, [...setUp(), year2020, paper(2021, '2021', { '4.1:upheld': '3', '4.1:total': '3', '4.2:total': '0' })]);
  expect(said((await table(2021)).findings, 'pending-lost')).toEqual([
    ['pending-lost', 'error', ['4.1:total'], '3', '4'],
    ['pending-lost', 'error', ['4.3:total'], '0', '1'],
  ]);
  expect(said((await table(2021, { view: 'live' })).findings, 'pending-lost')).toEqual([]);
  // Last year counted: what was filed and is open.
  await record(ledger, [
    message('reconsideration.filed', 'reconsideration/1', at('2022-05-01'), 'clerk', {}),
    paper(2023, '2021', { '4.2:total': '0', '4.2:upheld': '0' }),
  ]);
  expect(said((await table(2023)).findings, 'pending-lost')).toEqual([['pending-lost', 'error', ['4.1:total'], '0', '1']]);
});

describe('a roll-up', () => {
  test('a total of 0 over blanks is blank', async () => {
    // A printed total of 0 over blank parts is as blank as they are.
    const lines = readFileSync(join(CASES, 'rollup-zero-over-blank.ndjson'), 'utf8').trimEnd().split('\n');
    await record(
      ledger,
      lines.map((line) => JSON.parse(line) as unknown),
    );
    const sum = await table(2023, { agency: 'county', rollup: true });
    expect(sum.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(cell(sum, '3.1:total')).toBeNull();
  });

  test('a total over blanks is reported, not added', async () => {
    // A total above 0 over blank parts does not reach the sum, and is named; so is what no count comes to.
    await record(ledger, [
      ...setUp('bureau'),
      paper(
        2023,
        '2021',
        {
          '3.1:total': '5',
          '3.3.7:natural-person': '4',
          '3.2:total': '0.0',
          '4.1:other': '-1',
          '4.1:upheld': '3',
          '4.1:total': '2',
          '2.1.1:made': '1.5',
          '2.1.2:made': '3（注）',
        },
        'bureau',
      ),
    ]);
    const sum = await table(2023, { agency: 'bureau', rollup: true });
    expect(
      ['3.1:total', '3.3.7:natural-person', '3.2:total', '4.1:other', '2.1.1:made', '2.1.2:made'].map((name) => cell(sum, name)),
    ).toEqual([null, null, null, '-1', '1.5', '3']);
    const errors = sum.findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ rule, cells, left, cases }) => [rule, cells[0], left, cases])).toEqual([
      ['row-total', '3.1:total', '5', ['bureau:table/2023']],
      ['sum', '3.3.7:natural-person', '4', ['bureau:table/2023']],
      ['not-whole', '2.1.1:made', '1.5', ['bureau:table/2023']],
      ['below-zero', '4.1:other', '-1', ['bureau:table/2023']],
    ]);
  });
});
