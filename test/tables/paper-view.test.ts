/**
 * Years known from paper only: what their tables show, what they are compared with, and what they are to the years
 * after them.
 */
import type { RuleName } from '../../src/statistics/checks.js';
import { valuesOf } from '../../src/statistics/table.js';
import type { Table, TableQuestion } from '../../src/tables/table.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { fixture, fixtures } from '../support/tables.js';
import { AGENCY, approvedItem, at, message, released, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
});
afterEach(() => ledger.finish());

type Question = Partial<Omit<TableQuestion, 'agency' | 'year'>>;

async function table(year: number, question: Question = {}): Promise<Table> {
  await ledger.settled();
  return ledger.tables.table({ agency: AGENCY, year, ...question });
}

function paper(year: number, form: string, cells: Record<string, string | null>, day = '2019-06-01'): Message {
  return message('table.declared', `table/${year}`, at(day), 'clerk', { year, form, cells, evidence: '盖章件扫描' });
}

function voidOf(taken: Message, day = '2019-07-01'): Message {
  return message('record.voided', taken.subject, at(day), 'auditor', {
    message: { id: taken.id },
    reason: '录入有误',
    approvedBy: 'leader',
  });
}

const cell = ({ rows }: Table, name: string): string | null | undefined => valuesOf(rows).get(name);
const found = ({ findings }: Table, ...rules: RuleName[]): [string, string, readonly string[], string | null, string | null][] =>
  findings
    .filter(({ rule }) => rules.length === 0 || rules.includes(rule))
    .map(({ rule, severity, cells, left, right }) => [rule, severity, cells, left, right]);

describe('the table of a year declared from paper', () => {
  test('shows rows as printed, blanks as null', async () => {
    // Shows every row as printed, blanks as null; headings have no basis.
    await record(ledger, [
      ...setUp(),
      paper(2016, '2014-shandong', { '1.1': '72', '1.2.1': ' 37条 ', '8': '2000元', '9.1': ' ', '9.4': '/' }),
    ]);
    const shown = await table(2016);
    expect(shown).toMatchObject({ form: '2014-shandong', view: 'paper', year: 2016 });
    expect(shown.rows).toHaveLength(69);
    const named = new Set(['1', '1.2', '2', '2.2', '3', '9', '10']);
    for (const row of shown.rows) expect([row.code, row.basis]).toEqual([row.code, named.has(row.code) ? null : 'paper']);
    expect(['1.1', '1.2.1', '1.2.2', '8', '9.1', '9.4', '1'].map((name) => cell(shown, name))).toEqual([
      '72',
      ' 37条 ',
      null,
      '2000元',
      null,
      '/',
      null,
    ]);
    expect(found(shown)).toEqual([['not-applicable', 'info', ['9.4'], '/', null]]);
    expect(await table(2016, { view: 'paper' })).toEqual(shown);
  });

  test('is held against the rules for printed tables', async () => {
    // Its printed values are held against the rules of the form, also those for printed tables only.
    await record(ledger, [
      ...setUp(),
      paper(2016, '2014-shandong', {
        '1.1': '5',
        '1.2.1': '7',
        '1.2.2': '0',
        '1.2.3': '0',
        '1.2.4': '0',
        '7': '3',
        '7.1': '1',
        '7.2': '1',
      }),
    ]);
    expect(found(await table(2016))).toEqual([
      ['sum', 'error', ['7', '7.1', '7.2'], '3', '2'],
      ['distinct-bound', 'warning', ['1.1', '1.2.1'], '5', '7'],
    ]);
  });

  test('may be in a form of other years', async () => {
    // May be in a form of other years; another form is counted, and so is the live view.
    await record(ledger, [
      ...setUp(),
      ...approvedItem('1', '2020-03-01'),
      released('1', '2020-03-02', 'website'),
      paper(2020, '2014-shandong', { '1.1': '4' }),
    ]);
    const shown = await table(2020);
    expect([shown.form, shown.view, cell(shown, '1.1')]).toEqual(['2014-shandong', 'paper', '4']);
    expect(found(shown)).toEqual([
      ['not-this-years-form', 'warning', [], null, null],
      ['paper-differs', 'warning', ['1.1'], '4', '1'],
      ['paper-differs', 'warning', ['1.2.1'], null, '1'],
    ]);
    const live = await table(2020, { view: 'live' });
    expect([live.form, live.view, cell(live, '3.1:total')]).toEqual(['2019', 'live', '0']);
    expect(await table(2020, { form: '2019' })).toEqual(live);
    expect(cell(await table(2020, { form: '2014-shandong', view: 'live' }), '1.1')).toBe('1');
    expect((await table(2020, { form: '2014-shandong' })).view).toBe('paper');
    await expect(table(2020, { form: '2019', view: 'paper' })).rejects.toMatchObject({ code: 'no-paper-table' });
  });

  test('is absent before it and after its void', async () => {
    // There is none for other years, before it was declared, and after its void.
    const declared = paper(2016, '2014-shandong', { '1.1': '72' });
    await record(ledger, [...setUp(), declared]);
    const { asOf } = await table(2016);
    const before = `index:${(asOf.index ?? 0) - 1}`;
    await expect(table(2017, { view: 'paper' })).rejects.toMatchObject({
      code: 'no-paper-table',
      hint: expect.stringMatching(/\S/) as string,
    });
    await expect(table(2016, { view: 'paper', asOf: before })).rejects.toMatchObject({ code: 'no-paper-table' });
    expect(await table(2016, { asOf: before })).toMatchObject({ view: 'live' });
    const shown = await table(2016);
    await record(ledger, [voidOf(declared)]);
    expect((await table(2016)).view).toBe('live');
    expect(await table(2016, { asOf: `index:${asOf.index ?? 0}` })).toEqual(shown);
  });

  test('a second one replaces it until voided', async () => {
    // Declared again it is replaced whole; a void of the later one brings the earlier back.
    const second = paper(2016, '2014-shandong', { '9.1': '2' }, '2019-06-02');
    await record(ledger, [...setUp(), paper(2016, '2014-shandong', { '1.1': '72', '9.1': '1' }), second]);
    const replaced = await table(2016);
    expect(['1.1', '9.1'].map((name) => cell(replaced, name))).toEqual([null, '2']);
    await record(ledger, [voidOf(second)]);
    const back = await table(2016);
    expect(['1.1', '9.1'].map((name) => cell(back, name))).toEqual(['72', '1']);
  });

  test('a cell is explained by the one declaration', async () => {
    // A cell is explained by the one declaration, its amount in the unit of the cell.
    const declared = paper(2016, '2014-shandong', { '3.1': '4', '8': '2000元', '9.4': '/', '9.1': null });
    await record(ledger, [...setUp(), declared]);
    await ledger.settled();
    const explain = async (name: string): Promise<unknown> => {
      const { value, events } = await ledger.tables.explain({ agency: AGENCY, year: 2016, cell: name });
      return [value, events.map(({ type, id, case: of, amount }) => [type, id, of, amount])];
    };
    const by = (amount: string): string[][] => [['disclosure.table.declared', declared.id, 'table/2016', amount]];
    expect(await explain('3.1')).toEqual(['4', by('4')]);
    expect(await explain('8')).toEqual(['2000元', by('0.2')]);
    expect(await explain('9.4')).toEqual(['/', by('/')]);
    expect(await explain('9.1')).toEqual([null, []]);
    expect(await explain('3')).toEqual([null, []]);
    await expect(explain('3.1:total')).rejects.toMatchObject({ code: 'unknown-cell' });
  });
});

describe('paper-differs', () => {
  test('names the cells that acts change', async () => {
    // Names cells in which an act of the year counts, a void takes it away.
    const release = released('1', '2016-03-02', 'website');
    const figure = message('agency.figure-declared', `agency/${AGENCY}`, at('2017-01-05'), 'root', {
      year: 2016,
      form: '2014-shandong',
      cell: '9.3.1',
      value: '2',
      evidence: '编办文件',
    });
    await record(ledger, [
      ...setUp(),
      ...approvedItem('1', '2016-03-01'),
      release,
      figure,
      paper(2016, '2014-shandong', { '1.1': '1', '1.2.1': '3', '1.2.2': '9', '9.3': '5', '9.3.1': '3', '9.3.2': '2' }),
    ]);
    expect(found(await table(2016), 'paper-differs')).toEqual([
      ['paper-differs', 'warning', ['1.2.1'], '3', '1'],
      ['paper-differs', 'warning', ['9.3'], '5', '2'],
      ['paper-differs', 'warning', ['9.3.1'], '3', '2'],
    ]);
    expect(found(await table(2016, { view: 'live' }), 'paper-differs')).toEqual([]);
    await record(ledger, [voidOf(figure), voidOf(release)]);
    expect(found(await table(2016), 'paper-differs')).toEqual([]);
  });
});

describe('the year after', () => {
  const chain = (year: number, flow: string, stock: string): Message =>
    paper(year, '2014-fujian', { '1:year': flow, '1:cumulative': stock, '1.1:year': flow, '1.1:cumulative': stock });
  const fujian = (): Message =>
    message('agency.changed', `agency/${AGENCY}`, at('2010-01-03'), 'root', { forms: ['2014-fujian', '2019', '2021'], from: '2010-01-03' });

  test('rules look at last year’s default view', async () => {
    // Rules between years look at the default view of the year before.
    await record(ledger, [...setUp(), fujian(), chain(2015, '10', '100'), chain(2016, '5', '110')]);
    expect(found(await table(2016))).toEqual([['roll-forward', 'error', ['1:cumulative', '1:year'], '110', '105']]);
    expect(found(await table(2015))).toEqual([]);
  });

  test('a printed cumulative cell is the next base', async () => {
    // A printed cumulative cell is the base of the years after it, and explained so.
    const declared = chain(2015, '10', '100');
    await record(ledger, [...setUp(), fujian(), declared, ...approvedItem('1', '2016-03-01'), released('1', '2016-03-02', 'website')]);
    const shown = await table(2016);
    expect(['1:cumulative', '1.1:cumulative', '1.2:cumulative'].map((name) => cell(shown, name))).toEqual(['101', '101', null]);
    expect(found(shown, 'roll-forward')).toEqual([]);
    expect(cell(await table(2015, { view: 'live' }), '1:cumulative')).toBeNull();
    const { value, events } = await ledger.tables.explain({ agency: AGENCY, year: 2016, cell: '1:cumulative' });
    expect([value, events.map(({ type, amount }) => [type, amount])]).toEqual([
      '101',
      [
        ['disclosure.table.declared', '100'],
        ['disclosure.publication.released', '1'],
      ],
    ]);
    await record(ledger, [voidOf(declared)]);
    expect(cell(await table(2016), '1:cumulative')).toBeNull();
  });

  test('the base recorded last holds', async () => {
    // Of a base declared by itself and a printed one of the same year the last recorded holds.
    const figure = (value: string, day: string): Message =>
      message('agency.figure-declared', `agency/${AGENCY}`, at(day), 'root', {
        year: 2015,
        form: '2014-fujian',
        cell: '1:cumulative',
        value,
        evidence: '台账',
      });
    await record(ledger, [...setUp(), fujian(), figure('90', '2019-01-01'), chain(2015, '10', '100')]);
    expect(cell(await table(2016), '1:cumulative')).toBe('100');
    await record(ledger, [figure('95', '2019-06-05')]);
    expect(cell(await table(2016), '1:cumulative')).toBe('95');
  });

  test('open paper applications come by their acts', async () => {
    // Applications open on paper come in by their own acts: what is carried over does not follow until then.
    await record(ledger, [...setUp(), paper(2020, '2019', { '3.4:natural-person': '2', '3.4:total': '2' })]);
    expect(found(await table(2021), 'roll-forward')).toEqual([
      ['roll-forward', 'error', ['3.2:natural-person', '3.4:natural-person'], '0', '2'],
      ['roll-forward', 'error', ['3.2:total', '3.4:total'], '0', '2'],
    ]);
  });
});

describe('real tables declared from paper', () => {
  test('say what checking them side by side says', async () => {
    // Say what a check of them beside each other says.
    await record(ledger, [
      ...setUp(),
      ...fixtures.filter(({ id }) => id.startsWith('pingtan')).map(({ year, form, cells }) => paper(year, form, cells, '2022-06-01')),
    ]);
    for (const { id, year, form, expected, cells } of fixtures.filter((one) => one.id.startsWith('pingtan'))) {
      const shown = await table(year);
      expect([shown.form, shown.view]).toEqual([form, 'paper']);
      expect(valuesOf(shown.rows)).toEqual(new Map(Object.entries(cells)));
      const rules = found(shown).map(([rule, , of]) => [id, rule, of]);
      // The cells expected of a chain are those that break; a finding names the cells of both its sides.
      expect(rules.map(([, rule, of]) => [rule, (of as string[])[0]])).toEqual(
        expected.flatMap(({ rule, cells: of }) => of.map((name) => [rule, name])),
      );
    }
  });

  test('the example table of 2017 has no finding', async () => {
    // The example table of 2017 has no finding, whatever the ledger holds of other years.
    const { year, form, cells } = fixture('jinxiang-commerce-2017');
    await record(ledger, [...setUp(), paper(year, form, cells)]);
    expect((await table(year)).findings).toEqual([]);
  });
});

test('a year without any record is blank', async () => {
  // A year of which nothing is recorded is blank to the next; one with any act is not.
  await record(ledger, [...setUp(), paper(2021, '2021', { '3.2:natural-person': '1', '3.2:total': '1' })]);
  expect(found(await table(2021), 'roll-forward')).toEqual([]);
  await record(ledger, [message('meeting.held', 'meeting/1', at('2020-03-01'), 'office', { title: '会议' })]);
  expect(found(await table(2021), 'roll-forward')).toEqual([
    ['roll-forward', 'error', ['3.2:natural-person', '3.4:natural-person'], '1', '0'],
    ['roll-forward', 'error', ['3.2:total', '3.4:total'], '1', '0'],
  ]);
});
