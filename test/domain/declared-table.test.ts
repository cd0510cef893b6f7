/** A year's table known from paper only. */
import { declaredTableRules } from '../../src/domain/small-kinds/declared-table.js';
import { does, specification, standardAgency, type Doing } from '../support/given-when-then.js';
import { on, voided } from './items.js';

const table = specification(declaredTableRules, { agency: standardAgency(), number: '2016' });

function declares(id: string, cells: Record<string, string | null>, more: Record<string, unknown> = {}): Doing {
  return does('clerk', 'table.declared', on('03-01'), { year: 2016, form: '2014-shandong', cells, evidence: '盖章件', ...more }, { id });
}

test('a second declaration replaces the first whole', () => {
  // Says which declaration stands; a second one replaces the first whole.
  table
    .when(declares('first', { '1.1': '72' }))
    .then({ basis: [], role: null, table: { year: 2016, was: null, is: 'first' }, printed: 2 })
    .when(declares('second', { '9.1': '1' }))
    .then({ basis: [], role: null, table: { year: 2016, was: 'first', is: 'second' }, printed: 2 });
});

test('takes what is printed, odd values included', () => {
  // Takes what is printed, also what is no number, blank cells and blank headings.
  table.when(declares('first', { '1': null, '1.1': '/', '1.2.1': null, '9.4': '2000元' })).accepted();
});

test('its time may be far from its year', () => {
  // Its time may be long before or after its year.
  table.when({ ...declares('first', { '1.1': '72' }), at: on('2010-01-05') }).accepted();
});

test('a void restores the earlier one, or none', () => {
  // A void brings the earlier one back, or leaves none.
  const twice = table.given(declares('first', { '1.1': '72' }), declares('second', { '1.1': '73' }));
  twice.when(voided('second', '05-01')).accepted({ table: { year: 2016, was: 'second', is: 'first' } });
  twice.when(voided('first', '05-01')).accepted({ table: { year: 2016, was: 'second', is: 'second' } });
  twice
    .given(voided('second', '05-01'))
    .when(voided('first', '05-02'))
    .accepted({ table: { year: 2016, was: 'first', is: null }, leaves: { state: 'unknown', title: null } });
});

test.each([
  ['another year than its subject', { year: 2017 }, 'bad-subject', { year: 2017 }],
  ['a form nobody knows', { form: '2013' }, 'unknown-form', { form: '2013' }],
  ['a cell of another form', { cells: { '3.1:total': '1' } }, 'unknown-cell', { cells: ['3.1:total'] }],
  ['a cell named like a builtin', { cells: { constructor: '1' } }, 'unknown-cell', { cells: ['constructor'] }],
  ['a value in a heading', { cells: { '1': '1' } }, 'unknown-cell', { cells: ['1'] }],
] as const)('%s is refused', (_what, more, code, details) => {
  table.when(declares('first', { '1.1': '72' }, more)).refused(code, details);
});

test('a cell of other years only is refused', () => {
  // A cell the form prints in other years only is refused.
  const fees = { form: '2014-fujian', cells: { '4:year': '0' } };
  table.when(declares('first', {}, fees)).accepted();
  table
    .in({ number: '2017' })
    .when(declares('first', {}, { ...fees, year: 2017 }))
    .refused('unknown-cell', { cells: ['4:year'] });
});
