/**
 * Histories in which everything that counts happens at once: items, topics, applications, remedies, documents of both
 * ranks, figures and tables declared in every form, calendars announced for an agency or for those above it, voids of
 * all of it. For tests that hold two ways of counting against each other.
 */
import fc from 'fast-check';
import { cellsOf } from '../../src/statistics/form.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { applicationHistory } from './application-histories.js';
import { AGENCIES, history, setUpAgencies, type Step } from './histories.js';
import { message, type Message } from './messages.js';

export const MIXED_YEARS = [2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022];

const agency = fc.constantFrom(...AGENCIES);
const year = fc.constantFrom(...MIXED_YEARS);
const two = (value: number): string => String(value).padStart(2, '0');
const moment = fc
  .record({ year, month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }), hour: fc.integer({ min: 0, max: 23 }) })
  .map(({ year: of, month, day, hour }) => `${of}-${two(month)}-${two(day)}T${two(hour)}:00:00+08:00`);

/** Cells that may be declared, with a value that fits: the stocks and cumulative columns come most often. */
const DECLARABLE: readonly (readonly [form: string, cell: string, value: fc.Arbitrary<string>])[] = (() => {
  const few = fc.oneof({ weight: 3, arbitrary: fc.nat(40).map(String) }, fc.constantFrom('5.0', '２３条', '22（其中修订16件）', '7件 (…)'));
  const money = fc.constantFrom('0.2', '24252.311082', '17', '3.10', '73802895.90元', '2万元（含税）');
  const stocks = (form: string, ...cells: string[]): [string, string, fc.Arbitrary<string>][] => cells.map((cell) => [form, cell, few]);
  const fujian = ['1', '1.1', '1.2', '2', '2.1', '2.2', '2.3', '3.1', '3.2', '3.3', '3.4', '5', '6', '7'];
  return [
    ...stocks('2019', '2.1.1:total-public', '2.1.2:total-public', '2.5.1:decisions', '2.9.1:purchases'),
    ...stocks('2021', '2.1.1:in-force', '2.1.2:in-force', '2.6.1:decisions'),
    ...stocks('2014-fujian', ...fujian.map((row) => `${row}:cumulative`)),
    ['2014-fujian', '4:cumulative', fc.constantFrom('5', '0.25', '0.3万元')],
    ['2014-shandong', '9.4', money],
    ['2014-shandong', '9.3.1', few],
    ['2019', '2.5.1:change', fc.constantFrom('-3', '4', '+4', '-3项')],
    ['2019', '2.9.1:amount', fc.constantFrom('1000.25', '7.50', '103.3879万元', '0.123456')],
    ['2021', '2.8.1:amount', money],
  ];
})();

const figure: fc.Arbitrary<Step> = fc
  .tuple(agency, year, moment, fc.constantFrom(...DECLARABLE))
  .chain(([code, of, at, [form, cell, value]]) =>
    value.map((said): Step => () => [
      message(
        'agency.figure-declared',
        `agency/${code}`,
        at,
        'clerk',
        { year: of, form, cell, value: said, evidence: '台账' },
        { agency: code },
      ),
    ]),
  );

const PRINTED = [
  '3',
  '12',
  '0',
  '7件',
  '２１',
  '1.5',
  '-',
  '',
  null,
  '4万元',
  '30条',
  '5.0',
  '+3',
  '-2',
  '22（其中修订16件）',
  '6①',
  '9（注）（注）',
];

/** A year known from paper: printed with units, remarks, blanks and things that are no number. */
const paper: fc.Arbitrary<Step> = fc
  .record({
    code: agency,
    of: year,
    at: moment,
    form: fc.constantFrom(...FORMS),
    values: fc.array(fc.constantFrom(...PRINTED), { minLength: 6, maxLength: 6 }),
  })
  .map(({ code, of, at, form: { id: form, rows }, values }) => () => {
    const names: Readonly<Record<string, readonly string[]>> = {
      '2014-fujian': ['1:cumulative', '1.1:cumulative', '3.1:cumulative', '5:cumulative', '1:year', '7:cumulative'],
      '2014-shandong': ['1.1', '1.2.1', '8', '9.1', '3', '10.3'],
      '2019': ['2.1.1:total-public', '2.1.2:total-public', '2.5.1:decisions', '3.1:total', '3.4:business', '4.1:total'],
      '2021': ['2.1.1:in-force', '2.1.2:in-force', '2.8.1:amount', '3.1:total', '3.4:business', '4.1:total'],
    };
    const cells = Object.fromEntries(
      (names[form] ?? rows.flatMap(cellsOf).map((found) => found.cell))
        .slice(0, values.length)
        .map((cell, place) => [cell, cell === '3' ? null : (values[place] ?? null)]),
    );
    return [message('table.declared', `table/${of}`, at, 'clerk', { year: of, form, cells, evidence: '档案' }, { agency: code })];
  });

/** Whole weeks off, so that what was on time is extended by another calendar. */
const calendar: fc.Arbitrary<Step> = fc
  .record({ code: agency, of: year, at: moment, first: fc.nat(330), days: fc.integer({ min: 3, max: 30 }), worked: fc.boolean() })
  .map(({ code, of, at, first, days, worked }) => () => {
    const listed = Array.from({ length: days }, (_, place) => new Date(Date.UTC(of, 0, 1 + first + place)));
    const inYear = listed.filter((date) => date.getUTCFullYear() === of);
    const weekend = (date: Date): boolean => date.getUTCDay() % 6 === 0;
    const text = (dates: Date[]): string[] => dates.map((date) => date.toISOString().slice(0, 10));
    const data = worked
      ? { year: of, off: [], worked: text(inYear.filter(weekend)), notice: '通知' }
      : { year: of, off: text(inYear.filter((date) => !weekend(date))), worked: [], notice: '通知' };
    return [message('calendar.announced', `calendar/${of}`, at, 'root', data, { agency: code })];
  });

const PARENTS: readonly (readonly [string, string])[] = [
  ['changing', 'reviewing'],
  ['reviewing', 'unreviewing'],
  ['changing', 'unreviewing'],
];

const parent: fc.Arbitrary<Step> = fc
  .record({ pair: fc.constantFrom(...PARENTS), at: moment, reporting: fc.constantFrom(undefined, undefined, 'vertical', 'included') })
  .map(({ pair: [code, above], at, reporting }) => () => {
    const data = { parent: above, from: at.slice(0, 10), ...(reporting === undefined ? {} : { reporting }) };
    return [message('agency.changed', `agency/${code}`, at, 'root', data, { agency: code })];
  });

const document: fc.Arbitrary<Step> = fc
  .record({
    code: agency,
    number: fc.nat(8),
    at: moment,
    rank: fc.constantFrom(undefined, 'rules', 'normative'),
    type: fc.constantFrom('issued', 'repealed'),
  })
  .map(({ code, number, at, rank, type }) => () => {
    const data = { documentNumber: `${number}号`, title: '办法', ...(rank === undefined ? {} : { rank }) };
    return [message(`normative-document.${type}`, `normative-document/d-${number}`, at, 'clerk', data, { agency: code })];
  });

/** Takes back a figure, a table or a document. */
const voiding: fc.Arbitrary<Step> = fc.nat(1_000_000).map((place) => (sent) => {
  const acts = sent.filter(({ type }) => /figure-declared|table\.declared|normative-document/.test(type));
  const target = acts[place % (acts.length || 1)];
  if (target === undefined) return [];
  const approvedBy = target.agency === 'reviewing' ? 'leader' : 'second-root';
  const data = { message: { id: target.id, source: target.source }, reason: '录入错误', approvedBy };
  return [message('record.voided', target.subject, '2023-02-01T09:00:00+08:00', 'auditor', data, { agency: target.agency })];
});

const extras = fc.array(
  fc.oneof(
    { arbitrary: figure, weight: 8 },
    { arbitrary: paper, weight: 4 },
    { arbitrary: calendar, weight: 4 },
    { arbitrary: parent, weight: 3 },
    { arbitrary: document, weight: 6 },
    { arbitrary: voiding, weight: 5 },
  ),
  { minLength: 60, maxLength: 100 },
);

/** Several lists as one, each in its own order, evenly mixed. */
function mixed<T>(...lists: readonly (readonly T[])[]): T[] {
  const placed = lists.flatMap((list) => list.map((item, place) => ({ item, at: (place + 0.5) / list.length })));
  return placed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

export const mixedHistory: fc.Arbitrary<readonly Step[]> = fc
  .tuple(history, applicationHistory, extras)
  .map((parts) => mixed<Step>(...parts));

/** The messages of a history, set-up first. */
export function mixedMessages(steps: readonly Step[]): Message[] {
  return steps.reduce<Message[]>((sent, step) => [...sent, ...step(sent)], setUpAgencies());
}
