/** Tables added up over an agency and those below it: who is in the sum, what each adds, and what is said of it. */
import fc from 'fast-check';
import { valuesOf } from '../../src/statistics/table.js';
import type { Table, TableQuestion } from '../../src/tables/table.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { at, hashOf, message, released, type Message } from '../support/messages.js';
import { budget } from '../support/budget.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
});
afterEach(() => ledger.finish());

type Data = Record<string, unknown>;

/** An agency whose acts need no review, administered by `root`. */
function agency(code: string, data: Data = {}, day = '2010-01-01'): Message[] {
  const subject = `agency/${code}`;
  return [
    message('agency.registered', subject, at(day), 'root', { name: code, administrator: 'root', ...data }, { agency: code }),
    message('agency.clearance-chain-set', subject, at(day, 10), 'root', { steps: [] }, { agency: code }),
  ];
}

function changed(code: string, from: string, data: Data, day = '2020-01-01'): Message {
  return message('agency.changed', `agency/${code}`, at(day), 'root', { from, ...data }, { agency: code });
}

function meetings(code: string, count: number, year = 2017): Message[] {
  return Array.from({ length: count }, (_, n) =>
    message('meeting.held', `meeting/${year}-${n}`, at(`${year}-05-01`), 'clerk', { title: '会议' }, { agency: code }),
  );
}

function figure(code: string, cell: string, value: string, form = '2014-shandong', year = 2017): Message {
  const data = { year, form, cell, value, evidence: '台账' };
  return message('agency.figure-declared', `agency/${code}`, at('2018-01-05'), 'clerk', data, { agency: code });
}

function paper(code: string, cells: Record<string, string | null>, form = '2014-shandong', year = 2017): Message {
  const data = { year, form, cells, evidence: '扫描件' };
  return message('table.declared', `table/${year}`, at('2019-06-01'), 'clerk', data, { agency: code });
}

function item(code: string, number: string, documentNumber: string, day = '2017-03-01'): Message[] {
  const contentHash = hashOf(`${code} ${number}`);
  const data = { title: number, contentHash, documentNumber };
  return [
    message('publication.drafted', `publication/${number}`, at(day), 'drafter', data, { agency: code }),
    { ...released(number, day, 'website', contentHash), agency: code },
  ];
}

async function rollUp(code: string, year = 2017, more: Partial<TableQuestion> = {}): Promise<Table> {
  await ledger.settled();
  return ledger.tables.table({ agency: code, year, rollup: true, ...more });
}

const cells = ({ rows }: Table, ...names: string[]): (string | null | undefined)[] => names.map((name) => valuesOf(rows).get(name));
const members = (table: Table): string[] => (table.members ?? []).map((member) => `${member.agency} ${member.status}`);
const basis = ({ rows }: Table, code: string): unknown => {
  const row = rows.find((candidate) => candidate.code === code);
  return [row?.basis, row?.partial];
};
const said = ({ findings }: Table, ...rules: string[]): unknown[] =>
  findings.filter(({ rule }) => rules.includes(rule)).map(({ rule, cells: of, left, right, cases }) => [rule, of, left, right, cases]);

describe('members', () => {
  test('the agency first, vertical left out, missing named', async () => {
    // Are the agency first, then those below it; vertical ones
    // are left out with all below them, missing ones are named.
    await record(ledger, [
      ...agency('county'),
      ...agency('town', { parent: 'county' }),
      ...agency('village', { parent: 'town' }),
      ...agency('bureau', { parent: 'county' }),
      ...agency('tax', { parent: 'county', reporting: 'vertical' }),
      ...agency('tax-branch', { parent: 'tax' }),
      ...agency('elsewhere'),
      ...meetings('county', 1),
      ...meetings('village', 2),
      ...meetings('bureau', 3),
      ...meetings('tax', 100),
      ...meetings('tax-branch', 100),
      ...meetings('elsewhere', 100),
    ]);
    const table = await rollUp('county');
    expect(members(table)).toEqual(['county included', 'bureau included', 'tax vertical', 'town missing', 'village included']);
    expect(cells(table, '10.1', '1.1', '9.1')).toEqual(['6', '0', null]);
    expect([basis(table, '10.1'), basis(table, '10')]).toEqual([
      ['counted', true],
      [null, undefined],
    ]);
    expect(Object.keys(table)).toEqual(expect.arrayContaining(['members', 'hash', 'rows', 'findings']));
    // A vertical agency asked about itself adds up its own system.
    expect(members(await rollUp('tax'))).toEqual(['tax included', 'tax-branch included']);
    expect(cells(await rollUp('tax'), '10.1')).toEqual(['200']);
    const alone = await rollUp('elsewhere');
    expect([members(alone), cells(alone, '10.1'), basis(alone, '10.1')]).toEqual([['elsewhere included'], ['100'], ['counted', undefined]]);
    expect((await ledger.tables.table({ agency: 'county', year: 2017 })).members).toBeUndefined();
  });

  test('are those of 31 December', async () => {
    // Are those of 31 December, by the day a change holds from, however late it was recorded.
    await record(ledger, [
      ...agency('county'),
      ...agency('other'),
      ...agency('bureau', { parent: 'county' }),
      ...agency('founded', { parent: 'county' }, '2018-03-01'),
      ...meetings('county', 1),
      ...meetings('bureau', 2),
      ...meetings('bureau', 5, 2018),
      ...meetings('founded', 7),
      changed('bureau', '2018-01-01', { parent: 'other', name: '新名称' }),
    ]);
    expect([members(await rollUp('county')), members(await rollUp('other'))]).toEqual([
      ['county included', 'bureau included'],
      ['other missing'],
    ]);
    expect(members(await rollUp('county', 2018))).toEqual(['county missing', 'founded missing']);
    expect(members(await rollUp('other', 2018))).toEqual(['other missing', 'bureau included']);
    expect(cells(await rollUp('other', 2018), '10.1')).toEqual(['5']);
    await record(ledger, [changed('bureau', '2017-12-31', { reporting: 'vertical' }, '2020-02-01')]);
    expect(members(await rollUp('county'))).toEqual(['county included', 'bureau vertical']);
  });

  test('an earlier moment lacks a later change', async () => {
    await record(ledger, [...agency('county'), ...agency('bureau', { parent: 'county' }), ...meetings('bureau', 2)]);
    const before = await rollUp('county');
    await record(ledger, [changed('bureau', '2015-01-01', { reporting: 'vertical' }), ...meetings('county', 1)]);
    expect(cells(await rollUp('county'), '10.1')).toEqual(['1']);
    expect(await rollUp('county', 2017, { asOf: `index:${before.asOf.index ?? 0}` })).toEqual(before);
    const early = await rollUp('county', 2017, { asOf: 'index:1' });
    expect([members(early), cells(early, '10.1')]).toEqual([['county missing'], [null]]);
  });

  test('figures and tables make a member present', async () => {
    // A figure or a declared table makes a member no missing one, until it is taken back.
    const declared = figure('a', '9.1', '1');
    const printed = paper('b', { '9.1': '2' });
    await record(ledger, [
      ...agency('county'),
      ...['a', 'b', 'c'].flatMap((code) => agency(code, { parent: 'county' })),
      declared,
      printed,
      ...meetings('c', 1, 2016),
    ]);
    expect(members(await rollUp('county'))).toEqual(['county missing', 'a included', 'b included', 'c missing']);
    expect(cells(await rollUp('county'), '9.1', '10.1')).toEqual(['3', '0']);
    const voidOf = ({ agency: code, subject, id }: Message): Message =>
      message(
        'record.voided',
        subject,
        at('2020-01-01'),
        'auditor',
        { message: { id }, reason: '错', approvedBy: 'root' },
        { agency: code },
      );
    await record(ledger, [voidOf(declared), voidOf(printed)]);
    expect(members(await rollUp('county'))).toEqual(['county missing', 'a missing', 'b missing', 'c missing']);
    expect(cells(await rollUp('county'), '9.1', '10.1')).toEqual([null, null]);
  });
});

describe('what is added', () => {
  test('a paper member adds its printed values', async () => {
    // A member shown on paper adds its printed values; totals are
    // those of the parts, what does not reach the sum is named.
    await record(ledger, [
      ...agency('county'),
      ...agency('bureau', { parent: 'county' }),
      ...meetings('county', 4),
      figure('county', '9.4', '0.5'),
      figure('county', '9.3.1', '1'),
      paper('bureau', { '7': '9', '7.1': '3', '7.2': '5', '6': '2', '9.4': '2000元', '9.3.1': '2', '10.1': '约4', '10.2': null }),
    ]);
    const table = await rollUp('county');
    expect(table.view).toBe('paper');
    expect(cells(table, '7', '7.1', '7.2', '6', '9.3', '9.3.1', '9.3.2', '9.4', '10.1', '10.2')).toEqual([
      '8',
      '3',
      '5',
      '0',
      '3',
      '3',
      null,
      '0.7',
      '4',
      '0',
    ]);
    expect([basis(table, '7.1'), basis(table, '7'), basis(table, '10.2')]).toEqual([
      ['paper', undefined],
      ['computed', undefined],
      ['counted', undefined],
    ]);
    const cases = ['bureau:table/2017'];
    expect(said(table, 'sum', 'not-a-number')).toEqual([
      ['sum', ['6', '6.1', '6.2', '6.3'], '2', null, cases],
      ['sum', ['7', '7.1', '7.2'], '9', '8', cases],
      ['not-a-number', ['10.1'], '约4', null, cases],
    ]);
    expect(said(table, 'not-declared').map((finding) => (finding as unknown[])[1])).toEqual([['9.1'], ['9.2'], ['9.3.2']]);
    const live = await rollUp('county', 2017, { view: 'live' });
    expect([live.view, ...cells(live, '7', '9.4', '10.1')]).toEqual(['live', '0', '0.5', '4']);
    await expect(rollUp('county', 2017, { view: 'paper' })).rejects.toMatchObject({ code: 'bad-view' });
  });

  test('another form’s table is not mixed in', async () => {
    // A table declared in another form is not mixed in: its acts count, and the table says so.
    await record(ledger, [
      ...agency('county'),
      ...agency('bureau', { parent: 'county' }),
      ...meetings('bureau', 3),
      paper('bureau', { '1:year': '50' }, '2014-fujian'),
    ]);
    const table = await rollUp('county');
    expect([table.form, ...cells(table, '1.1', '10.1')]).toEqual(['2014-shandong', '0', '3']);
    expect(said(table, 'not-this-years-form')).toEqual([['not-this-years-form', [], null, null, ['bureau:table/2017']]]);
    const fujian = await rollUp('county', 2017, { form: '2014-fujian' });
    expect([cells(fujian, '1:year'), said(fujian, 'not-this-years-form')]).toEqual([['50'], []]);
  });

  test('takes the form of the agency’s default view', async () => {
    // The form is that of the agency’s own default view.
    await record(ledger, [
      ...agency('county'),
      ...agency('bureau', { parent: 'county' }),
      ...meetings('bureau', 3),
      paper('county', { '1:year': '50' }, '2014-fujian'),
    ]);
    const table = await rollUp('county');
    expect([table.form, ...cells(table, '1:year', '1:cumulative')]).toEqual(['2014-fujian', '50', null]);
  });

  test('one document number in two members is joint', async () => {
    // Items of one document number in two members are a joint item.
    await record(ledger, [
      ...agency('county'),
      ...['a', 'b', 'c'].flatMap((code) => agency(code, { parent: 'county' })),
      ...item('a', '1', '联〔2017〕1号'),
      ...item('b', '9', '联〔2017〕1号'),
      ...item('b', '2', '本〔2017〕2号'),
      ...item('b', '3', '本〔2017〕2号'),
      ...item('c', '4', '联〔2017〕1号', '2016-03-01'),
    ]);
    const table = await rollUp('county');
    expect(said(table, 'joint-item', 'same-item')).toEqual([['joint-item', [], null, null, ['a:publication/1', 'b:publication/9']]]);
    expect(said(await rollUp('county', 2016), 'joint-item')).toEqual([]);
  });

  test('sums are compared with last year’s', async () => {
    // Rules between years hold a sum against the sum of the year before, over its own members.
    const stock = (code: string, year: number, value: string): Message => figure(code, '2.1.2:in-force', value, '2021', year);
    await record(ledger, [
      ...agency('county'),
      ...agency('old', { parent: 'county' }),
      ...agency('new', { parent: 'county' }),
      ...['old', 'new'].flatMap((code) => [...meetings(code, 1, 2021), ...meetings(code, 1, 2022)]),
      { ...stock('old', 2021, '30'), time: at('2022-01-05') },
      { ...stock('new', 2021, '5'), time: at('2022-01-05') },
      { ...stock('new', 2022, '35'), time: at('2023-01-05') },
    ]);
    // 30 go from one to the other: both chains would break, the sum holds once the old one is gone.
    expect(said(await rollUp('county', 2022), 'roll-forward')).toEqual([
      ['roll-forward', ['2.1.2:in-force', '2.1.2:made', '2.1.2:repealed'], '65', '35', undefined],
    ]);
    await record(ledger, [{ ...changed('old', '2022-06-01', { reporting: 'vertical' }, '2023-01-01') }]);
    expect(said(await rollUp('county', 2022), 'roll-forward')).toEqual([]);
  });
});

describe('explained', () => {
  test('a cell names every member’s events', async () => {
    // A cell names the events of every member; their amounts add up.
    await record(ledger, [
      ...agency('county'),
      ...agency('bureau', { parent: 'county' }),
      ...agency('tax', { parent: 'county', reporting: 'vertical' }),
      ...agency('town', { parent: 'county' }),
      ...meetings('county', 1),
      ...meetings('bureau', 2),
      ...meetings('tax', 5),
      figure('county', '9.4', '0.5'),
      paper('town', { '10.1': '7', '9.4': '2000元' }),
    ]);
    await ledger.settled();
    const explain = async (cell: string): Promise<unknown> => {
      const { value, events } = await ledger.tables.explain({ agency: 'county', year: 2017, rollup: true, cell });
      return [value, events.map(({ agency: of, type, amount }) => [of, type.replace('disclosure.', ''), amount])];
    };
    expect(await explain('10.1')).toEqual([
      '10',
      [
        ['county', 'meeting.held', '1'],
        ['bureau', 'meeting.held', '1'],
        ['bureau', 'meeting.held', '1'],
        ['town', 'table.declared', '7'],
      ],
    ]);
    expect(await explain('9.4')).toEqual([
      '0.7',
      [
        ['county', 'agency.figure-declared', '0.5'],
        ['town', 'table.declared', '0.2'],
      ],
    ]);
    expect(await explain('9.1')).toEqual([null, []]);
    // One index of the read store has rotted: no sum is explained by events that do not add up to it.
    const ofBureau = "contributions WHERE agency_id = (SELECT name_id FROM names WHERE name = 'bureau')";
    ledger.store.db.exec(`CREATE TEMP TABLE kept AS SELECT * FROM ${ofBureau}; DELETE FROM ${ofBureau}`);
    await expect(explain('10.1')).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' });
    ledger.store.db.exec('INSERT INTO contributions SELECT * FROM kept');
  });
});

test('a roll-up is its members’ sum', async () => {
  const codes = ['county', 'a', 'b', 'c'];
  const act = fc.record({
    code: fc.constantFrom(...codes),
    year: fc.constantFrom(2016, 2017),
    what: fc.constantFrom('meeting', 'training', 'figure', 'paper', 'item'),
    amount: fc.nat(9),
  });
  let serial = 0;
  const messageOf = ({ code, year, what, amount }: { code: string; year: number; what: string; amount: number }): Message[] => {
    serial += 1;
    switch (what) {
      case 'meeting':
        return [message('meeting.held', `meeting/${serial}`, at(`${year}-05-01`), 'clerk', { title: '会' }, { agency: code })];
      case 'training':
        return [
          message('training.held', `training/${serial}`, at(`${year}-05-01`), 'clerk', { title: '训', trainees: amount }, { agency: code }),
        ];
      case 'figure':
        return [figure(code, '9.4', `${amount}.5`, '2014-shandong', year)];
      case 'paper':
        return [paper(code, { '10.3': `${amount}`, '9.4': `${amount}000元`, '7.1': '2', '7': '2' }, '2014-shandong', year)];
      default:
        return item(code, `${serial}`, `号${amount}`, `${year}-03-01`);
    }
  };
  await record(ledger, [
    ...agency('county'),
    ...agency('a', { parent: 'county' }),
    ...agency('b', { parent: 'a' }),
    ...agency('c', { parent: 'a' }),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
      await record(ledger, acts.flatMap(messageOf));
      for (const year of [2016, 2017]) {
        const table = await rollUp('county', year);
        const own = await Promise.all(
          (table.members ?? [])
            .filter(({ status }) => status === 'included')
            .map(async ({ agency: code }) => valuesOf((await ledger.tables.table({ agency: code, year })).rows)),
        );
        for (const [cell, value] of valuesOf(table.rows)) {
          const values = own.flatMap((of) => (of.get(cell) == null ? [] : [hundredths(of.get(cell) as string)]));
          const sum = values.reduce((a, b) => a + b, 0);
          expect([year, cell, value === null ? null : hundredths(value)]).toEqual([year, cell, values.length === 0 ? null : sum]);
        }
      }
    }),
    { seed: 3, numRuns: budget(5, 15) },
  );
});

/** A value of this file's tables, in hundredths of its cell's unit. */
function hundredths(value: string): number {
  return value.endsWith('元') ? Number(value.slice(0, -1)) / 100 : Math.round(Number(value) * 100);
}
