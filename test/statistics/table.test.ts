/** From sums to a table: what each value is, what stands beside it, and that money is exact. */
import { form2014Shandong as form } from '../../src/statistics/forms/2014-shandong.js';
import { computeTable, type ComputedTable, type Sum, type TableFacts } from '../../src/statistics/table.js';

const NO_FACTS: TableFacts = {
  sums: [],
  earlier: [],
  declared: [],
  lastYear: null,
  results: [],
  lateReplies: [],
  chainChanges: [],
  sameItems: [],
  cases: new Map(),
  nothingRecorded: false,
};
const table = (facts: Partial<TableFacts> = {}, year = 2017): ComputedTable => computeTable(form, year, { ...NO_FACTS, ...facts });
const value = (computed: ComputedTable, code: string): string | null | undefined => computed.rows.find((row) => row.code === code)?.value;
const sum = (measure: string, amount: number, dimensions: Record<string, string> = {}): Sum => ({ measure, amount, dimensions });

test('uncounted is "0", undeclared null, headings nothing', () => {
  // Counted without events is "0", undeclared is null, a heading prints nothing.
  const empty = table();
  for (const row of empty.rows) {
    const { basis } = row;
    const undeclared = basis === null || basis === 'declared' || row.code === '9.3';
    expect([row.code, row.value]).toEqual([row.code, undeclared ? null : '0']);
  }
});

test('each undeclared cell is an info', () => {
  // Each undeclared cell is the finding not-declared, an info.
  const expected = ['9.1', '9.2', '9.3.1', '9.3.2', '9.4'].map((cell) => ({
    rule: 'not-declared',
    severity: 'info',
    cells: [cell],
    left: null,
    right: null,
  }));
  expect(table().findings).toMatchObject(expected);
  const declared = [
    { year: 2017, cell: '9.1', value: '0' },
    { year: 2016, cell: '9.2', value: '1' },
  ];
  expect(table({ declared }).findings.map(({ cells }) => cells)).toEqual([['9.2'], ['9.3.1'], ['9.3.2'], ['9.4']]);
});

test('a total leaves undeclared parts out', () => {
  // A total adds what was declared, leaving out what was not.
  expect(value(table({ declared: [{ year: 2017, cell: '9.3.1', value: '2' }] }), '9.3')).toBe('2');
  const both = [
    { year: 2017, cell: '9.3.1', value: '2' },
    { year: 2017, cell: '9.3.2', value: '3' },
  ];
  expect(value(table({ declared: both }), '9.3')).toBe('5');
});

test('declared values print as given, counted trimmed', () => {
  // Declared values are printed as given, counted ones without trailing zeros.
  expect(value(table({ declared: [{ year: 2017, cell: '9.4', value: '0.20' }] }), '9.4')).toBe('0.20');
  expect(value(table({ sums: [sum('application.fee', 200000)] }), '8')).toBe('0.2');
  expect(value(table({ sums: [sum('application.fee', 24252311082)] }), '8')).toBe('24252.311082');
  expect(value(table({ sums: [sum('application.fee', 1)] }), '8')).toBe('0.000001');
  expect(value(table({ sums: [sum('application.fee', 100000), sum('application.fee', 200000)] }), '8')).toBe('0.3');
});

test('other channels are one row of the form', () => {
  const sums = ['website', 'weibo', 'wechat', 'gazette', 'bulletin-board', 'press-conference', 'other'].map((channel, index) =>
    sum('item.released', 10 ** index, { channel }),
  );
  const computed = table({ sums });
  expect(['1.2.1', '1.2.2', '1.2.3', '1.2.4'].map((code) => value(computed, code))).toEqual(['1', '10', '100', '1111000']);
});

test('only items with rank are normative', () => {
  // Both ranks are normative, items without rank are not.
  const sums = [
    ['none', 1],
    ['normative', 10],
    ['rules', 100],
  ] as const;
  const computed = table({ sums: sums.map(([rank, amount]) => sum('item.first-released', amount, { rank })) });
  expect([value(computed, '1.1'), value(computed, '1.1.of1')]).toEqual(['111', '110']);
  const issued = table({ sums: sums.slice(1).map(([rank, amount]) => sum('normative-document.issued', amount, { rank })) });
  expect(value(issued, '1.1.ref1')).toBe('110');
});

test('a year not served is a warning', () => {
  // A year the form does not serve is the finding not-this-years-form, a warning.
  expect(table({}, 2019).findings).toMatchObject([{ rule: 'not-this-years-form', severity: 'warning' }, ...table().findings]);
  expect(table({}, 2014).findings.map(({ rule }) => rule)).not.toContain('not-this-years-form');
});

test('findings beside the figures have cases and severity', () => {
  // What stands beside the figures, with its cases and its severity.
  const { findings } = table({
    chainChanges: [{ at: '2017-05-01T09:00:00+08:00', recordedAt: '2018-01-01T00:00:00.000+08:00' }],
    sameItems: [['publication/3', 'publication/4']],
    cases: new Map([
      ['without-review', ['publication/1']],
      ['signed-without-role', ['publication/2']],
      ['id-reused-across-cases', ['publication/5']],
    ]),
  });
  const noted = findings.filter(({ rule }) => rule !== 'not-declared');
  expect(noted.map(({ rule, severity, cases }) => ({ rule, severity, cases }))).toEqual([
    { rule: 'same-item', severity: 'warning', cases: ['publication/3', 'publication/4'] },
    { rule: 'signed-without-role', severity: 'warning', cases: ['publication/2'] },
    { rule: 'id-reused-across-cases', severity: 'warning', cases: ['publication/5'] },
    { rule: 'without-review', severity: 'info', cases: ['publication/1'] },
    { rule: 'chain-changed', severity: 'info', cases: undefined },
  ]);
  const changed = noted.find(({ rule }) => rule === 'chain-changed');
  expect(changed?.message).toContain('2017-05-01T09:00:00+08:00');
  expect(changed?.message).toContain('2018-01-01T00:00:00.000+08:00');
});

test('a counted table breaks no sum rule', () => {
  // A counted table breaks no sum rule, whatever is counted.
  const sums = [
    sum('application.received', 3, { channel: 'email' }),
    sum('application.received', 4, { channel: 'letter' }),
    sum('application.replied', 5, { outcome: 'refused', ground: 'privacy', law: '2008' }),
    sum('delivery.items', 6, { medium: 'paper' }),
    sum('lawsuit.decided', 7, { result: 'upheld' }),
  ];
  const computed = table({ sums });
  expect(['3.1', '3.1.3', '3.3', '3.3.4', '7', '5'].map((code) => value(computed, code))).toEqual(['7', '3', '5', '5', '6', '7']);
  expect(computed.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
