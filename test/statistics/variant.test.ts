/** A variant is its form but for the differences: in rows, labels, totals, rules, and in what it counts nowhere. */
import { cellsOf, type Form } from '../../src/statistics/form.js';
import { released } from '../../src/statistics/forms/2014.js';
import { carriedOn, counted, fujian2014, line } from '../../src/statistics/forms/2014-fujian.js';
import { row, shandong2014 } from '../../src/statistics/forms/2014-shandong.js';
import { report2021 } from '../../src/statistics/forms/2021.js';
import type { Differences, RegisteredForm } from '../../src/statistics/forms/registered.js';
import { variantOf } from '../../src/statistics/forms/variant.js';
import { FORM_SPECS, variant, type FormSpec } from '../../src/verifier/calculator/forms.js';
import { faultsOf } from '../support/form-checks.js';

const own = (base: RegisteredForm, differences: Partial<Differences>): RegisteredForm =>
  variantOf(base, { id: 'variant', basis: 'test', ...differences });
const codes = ({ rows }: Form): string[] => rows.map(({ code }) => code);
const sumOf = ({ rows }: Form, cell: string): readonly string[] | undefined =>
  rows
    .flatMap(cellsOf)
    .flatMap((found) => (found.cell === cell && found.source.basis === 'computed' ? [found.source.sumOf] : []))
    .at(0);

test('without differences it is its form', () => {
  for (const base of [shandong2014, fujian2014, report2021]) {
    const { id, title, basis } = base.form;
    expect(variantOf(base, { id, title, basis }).form).toEqual(base.form);
  }
});

test('a row less leaves totals and numbers', () => {
  // A row less: the others take its number, totals and bounds are without it, and what it counted is in none.
  const differences = {
    dropped: ['1.2.2'],
    renumbered: { '1.2.3': '1.2.2', '1.2.4': '1.2.3' },
    relabelled: { '1.2.2': '2.政务微信公开政府信息数', '1.2.3': '3.其他方式公开政府信息数' },
  };
  const before = JSON.stringify(shandong2014.form);
  const { form } = own(shandong2014, differences);
  expect(codes(form).slice(4, 9)).toEqual(['1.2', '1.2.1', '1.2.2', '1.2.3', '2']);
  expect(form.rules.filter(({ rule }) => rule === 'distinct-bound')).toEqual([
    { rule: 'distinct-bound', whole: '1.1', channels: ['1.2.1', '1.2.2', '1.2.3'] },
  ]);
  expect(faultsOf(own(shandong2014, differences))).toEqual([expect.stringContaining('item.released channel=weibo is in no cell')]);
  expect(faultsOf(own(shandong2014, { ...differences, absent: [released('weibo')] }))).toEqual([]);
  expect(JSON.stringify(shandong2014.form)).toBe(before);
});

test('a row more joins its total', () => {
  // A row more within a total: it is part of it, in its source and in its rule.
  const added = [{ after: '9.3.2', in: '9.3', row: row('9.3.3', '3.其他人员数', '人', { basis: 'declared' }) }];
  const { form } = own(shandong2014, { added });
  expect(sumOf(form, '9.3')).toEqual(['9.3.1', '9.3.2', '9.3.3']);
  expect(faultsOf(own(shandong2014, { added }))).toEqual([]);
});

test('a row of two columns joins both', () => {
  // A row of two columns more: in the total of each, and what it counts is absent no more.
  const meetings = { after: '7', row: line('8', '会议数', '次', counted({ measure: 'meeting.held' })) };
  expect(faultsOf(own(fujian2014, { added: [meetings], rules: [carriedOn('8')] }))).toEqual([]);
  const answers = { after: '3.4', in: '3', row: line('3.5', '5、其他', '条', () => ({ basis: 'declared' })) };
  const { form } = own(fujian2014, { added: [answers] });
  expect(sumOf(form, '3:cumulative')).toContain('3.5:cumulative');
  expect(faultsOf(own(fujian2014, { added: [answers] }))).toEqual([]);
});

test('a row stands behind each year’s', () => {
  // A row of two years stands once more behind the later one.
  const added = [{ after: '2', row: line('2.0', '其中', '条', () => ({ basis: 'declared' })) }];
  const { form } = own(fujian2014, { added });
  expect(codes(form).filter((code) => code === '2.0')).toHaveLength(1);
  expect(codes(form).slice(3, 6)).toEqual(['2', '2', '2.0']);
});

test('rules go with what they are about', () => {
  // Rules of the annual report go with what they are about.
  const { form } = own(report2021, { dropped: ['4.3', '2.1.2', '3.4'] });
  const left = JSON.stringify(form.rules);
  for (const code of ['4.3', '2.1.2', '3.4']) expect(left).not.toContain(`"${code}:`);
  expect(form.rules.some(({ rule }) => rule === 'balance' || rule === 'blank-opening')).toBe(false);
  expect(form.rules.filter(({ rule }) => rule === 'stock-below-flow')).toHaveLength(1);
});

test('differences about missing rows are told', () => {
  // Differences about rows that are not there are told.
  const wrong = own(fujian2014, {
    ...{ dropped: ['11'], renumbered: { '12': '13' }, relabelled: { '14': '甲' } },
    added: [{ after: '15', in: '16', row: line('8', '乙', '次', () => ({ basis: 'declared' })) }],
  });
  expect(faultsOf(wrong).map((fault) => fault.replace(/^\S+ /, ''))).toEqual([
    '11 is dropped, and there is no such row',
    '12 is renumbered, and there is no such row',
    '14 is relabelled, and there is no such row',
    '15 is what a row stands behind, and there is no such row',
    '16 is a total that takes a row, and there is no such row',
  ]);
});

test('the second telling follows the variant', () => {
  // The second telling of a variant: its form’s recipes, without its rows less, with its own cells.
  const fujian = FORM_SPECS.find(({ id }) => id === '2014-fujian') as FormSpec;
  const told = variant(fujian, { id: 'variant', without: ['1.1'], cells: [['1.2:year', { how: 'declared' }]] });
  expect([told.id, told.years]).toEqual(['variant', fujian.years]);
  const cells = told.recipes(2017);
  expect([...cells.keys()]).toEqual([...fujian.recipes(2017).keys()].filter((cell) => !cell.startsWith('1.1:')));
  expect(cells.get('1.2:year')).toEqual({ how: 'declared' });
});
