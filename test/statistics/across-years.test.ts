/**
 * Cells that add up over the years, on real read models: balances of open cases, stocks from a declared base, the rules
 * between years.
 */
import type { Table } from '../../src/tables/table.js';
import { contributing } from '../support/contributions.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, approvedItem, at, message, released, setUp } from '../support/messages.js';

const cell = (table: Table, name: string): string | null | undefined => {
  const [code, column] = name.split(':') as [string, string?];
  const row = table.rows.find((candidate) => candidate.code === code);
  return column === undefined ? row?.value : row?.cells?.[column];
};

function issued(number: string, day: string): ReturnType<typeof message> {
  return message('normative-document.issued', `normative-document/${number}`, at(day), 'office', {
    documentNumber: `${number}号`,
    title: number,
  });
}

function repealed(number: string, day: string): ReturnType<typeof message> {
  return message('normative-document.repealed', `normative-document/${number}`, at(day), 'office', {
    documentNumber: `${number}号`,
    title: number,
  });
}

function declared(year: number, form: string, name: string, value: string): ReturnType<typeof message> {
  return message('agency.figure-declared', `agency/${AGENCY}`, at(`${year + 1}-01-05`), 'office', {
    year,
    form,
    cell: name,
    value,
    evidence: '台账',
  });
}

describe('stocks', () => {
  let ledger: TestLedger;
  const table = (year: number, more: { form?: string; asOf?: string } = {}): Promise<Table> =>
    ledger.tables.table({ agency: AGENCY, year, ...more });

  beforeAll(async () => {
    ledger = openTestLedger();
    const normative = { normative: 'normative' };
    const receipts = await ledger.send(
      ...setUp(),
      ...approvedItem('2019-1', '2019-03-01', normative),
      released('2019-1', '2019-03-02', 'website'),
      ...approvedItem('2020-1', '2020-03-01', normative),
      released('2020-1', '2020-03-02', 'website'),
      released('2020-1', '2020-03-03', 'gazette'),
      issued('a', '2021-02-01'),
      issued('b', '2022-02-01'),
      repealed('a', '2022-06-01'),
      declared(2018, '2019', '2.1.2:total-public', '40'),
      declared(2020, '2021', '2.1.2:in-force', '100'),
    );
    expect(receipts.filter(({ status }) => status !== 'recorded')).toEqual([]);
    await ledger.settled();
  });
  afterAll(() => ledger.finish());

  test('total-public is base plus first releases', async () => {
    // total-public is the base and what was first released after it; null before the base and in another form.
    expect(cell(await table(2019), '2.1.2:total-public')).toBe('41');
    expect(cell(await table(2020), '2.1.2:total-public')).toBe('42');
    expect(cell(await table(2020), '2.1.2:published')).toBe('1');
    expect(cell(await table(2020), '2.1.1:total-public')).toBeNull();
    expect(cell(await table(2017, { form: '2019' }), '2.1.2:total-public')).toBeNull();
  });

  test('in-force moves by documents made and repealed', async () => {
    expect(cell(await table(2021), '2.1.2:in-force')).toBe('101');
    expect(cell(await table(2022), '2.1.2:in-force')).toBe('101');
    expect(cell(await table(2022), '2.1.2:repealed')).toBe('1');
    expect(cell(await table(2023), '2.1.2:in-force')).toBe('101');
  });

  test('a row prints its values by column', async () => {
    // A row of several values prints them by column, with one basis.
    const row = (await table(2022)).rows.find(({ code }) => code === '2.1.2');
    expect(row).toEqual({
      code: '2.1.2',
      label: '行政规范性文件',
      section: '2.1',
      unit: null,
      cells: { made: '1', repealed: '1', 'in-force': '101' },
      basis: 'counted',
    });
  });

  test('a stock is explained by base and additions', async () => {
    // A stock is explained by its base and what came after: the amounts add up.
    const { value, events } = await ledger.tables.explain({ agency: AGENCY, year: 2022, cell: '2.1.2:in-force' });
    expect(value).toBe('101');
    expect(events.map(({ type, amount }) => [type, amount])).toEqual([
      ['disclosure.normative-document.issued', '1'],
      ['disclosure.normative-document.issued', '1'],
      ['disclosure.normative-document.repealed', '-1'],
      ['disclosure.agency.figure-declared', '100'],
    ]);
  });

  test('an earlier moment lacks the base', async () => {
    const now = await table(2020);
    const before = await table(2020, { asOf: `index:${(now.asOf.index as number) - 2}` });
    expect(cell(before, '2.1.2:total-public')).toBeNull();
    expect(before.findings.filter(({ rule }) => rule === 'not-declared').flatMap(({ cells }) => cells)).toContain('2.1.2:total-public');
  });

  test('a base that does not follow warns', async () => {
    // A new base that does not follow is a warning; a figure nobody declared is named once per row.
    await ledger.send(declared(2022, '2021', '2.1.2:in-force', '90'));
    await ledger.settled();
    const { findings } = await table(2022);
    expect(findings.filter(({ rule }) => rule === 'roll-forward')).toMatchObject([
      { severity: 'warning', cells: ['2.1.2:in-force', '2.1.2:made', '2.1.2:repealed'], left: '90', right: '101' },
    ]);
    expect(cell(await table(2023), '2.1.2:in-force')).toBe('90');
    expect(findings.filter(({ rule }) => rule === 'not-declared').map(({ cells }) => cells)).toEqual([
      ['2.1.1:in-force'],
      ['2.5.1:decisions'],
      ['2.6.1:decisions'],
      ['2.6.2:decisions'],
      ['2.8.1:amount'],
    ]);
  });

  test('items last year and change are compared', async () => {
    // Items last year and change are compared from year to year.
    await ledger.send(
      declared(2019, '2019', '2.6.1:items-last-year', '2648'),
      declared(2019, '2019', '2.6.1:change', '-18'),
      declared(2020, '2019', '2.6.1:items-last-year', '2648'),
    );
    await ledger.settled();
    expect((await table(2020)).findings.filter(({ rule }) => rule === 'roll-forward')).toMatchObject([
      { severity: 'warning', cells: ['2.6.1:items-last-year', '2.6.1:change'], left: '2648', right: '2630' },
    ]);
  });

  test('a cell is named with its column', async () => {
    await expect(ledger.tables.explain({ agency: AGENCY, year: 2022, cell: '2.1.2' })).rejects.toMatchObject({ code: 'unknown-cell' });
    await expect(ledger.tables.explain({ agency: AGENCY, year: 2022, cell: '3.3.7:total' })).resolves.toMatchObject({
      value: '0',
      events: [],
    });
  });
});

describe('a base before the form’s first year', () => {
  test.each([
    ['2019', 2018, '2.1.2:total-public', 'warning'],
    ['2021', 2020, '2.1.2:in-force', 'warning'],
    ['2014-fujian', 2013, '1:cumulative', 'error'],
  ])('of form %s, %i, binds the next base', async (form, year, name, severity) => {
    // Of form …, …, is what the next base is compared with.
    const ledger = openTestLedger();
    await ledger.send(
      ...setUp(),
      message('agency.changed', `agency/${AGENCY}`, at('2010-01-03'), 'root', {
        forms: form === '2014-fujian' ? [form] : ['2014-shandong', '2019', '2021'],
        from: '2010-01-03',
      }),
      ...approvedItem('1', `${year + 1}-03-01`, { normative: 'normative' }),
      released('1', `${year + 1}-03-02`, 'website'),
      issued('a', `${year + 1}-02-01`),
      declared(year, form, name, '40'),
    );
    await ledger.settled();
    const next = async (): Promise<unknown[]> => {
      await ledger.settled();
      const table = await ledger.tables.table({ agency: AGENCY, year: year + 1 });
      expect(table.form).toBe(form);
      return [
        cell(table, name),
        table.findings.filter(({ rule }) => rule === 'roll-forward').map((found) => [found.severity, found.left, found.right]),
      ];
    };
    expect(await next()).toEqual(['41', []]);
    await ledger.send(declared(year + 1, form, name, '50'));
    expect(await next()).toEqual(['50', [[severity, '50', '41']]]);
    await ledger.send(declared(year + 1, form, name, '41'));
    expect(await next()).toEqual(['41', []]);
    await ledger.finish();
  });

  test('in another form is no base', async () => {
    // In another form is no base: 对外公开总数量 of 2020 does not go into 现行有效 of 2021.
    const ledger = openTestLedger();
    await ledger.send(...setUp(), declared(2020, '2019', '2.1.2:total-public', '166'), declared(2021, '2021', '2.1.2:in-force', '665'));
    await ledger.settled();
    const { findings } = await ledger.tables.table({ agency: AGENCY, year: 2021 });
    expect(findings.filter(({ rule }) => rule === 'roll-forward')).toEqual([]);
    await ledger.finish();
  });
});

describe('balances', () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = openTestLedger();
    await ledger.send(
      ...setUp(),
      issued('a', '2021-02-01'),
      issued('b', '2021-02-02'),
      issued('c', '2021-02-03'),
      issued('d', '2021-02-04'),
    );
    await ledger.settled();
    contribute();
  });
  afterAll(() => ledger.discard());

  /**
   * No application can be recorded yet: its contributions are written as the read model would, on four cases at hand.
   */
  function contribute(): void {
    const add = contributing(ledger, 'normative-document.issued');
    const business = { kind: 'business' };
    const open = (nth: number, received: number, closed?: number): void => {
      add(nth, received, 'application.received', { ...business, channel: 'letter', law: '2019' }, 1);
      add(nth, received, 'application.open', business, 1);
      if (closed === undefined) return;
      add(nth, closed, 'application.open', business, -1);
      add(nth, closed, 'application.result', { ...business, outcome: 'granted', ground: '', law: '2019', reason: '' }, 1);
    };
    open(0, 2021, 2022);
    open(1, 2021, 2021);
    open(2, 2022, 2023);
    open(3, 2020);
    add(0, 2021, 'lawsuit.pending', { route: 'direct' }, 1);
    add(0, 2023, 'lawsuit.pending', { route: 'direct' }, -1);
    add(0, 2023, 'lawsuit.decided', { route: 'direct', result: 'upheld' }, 1);
  }

  const table = (year: number): Promise<Table> => ledger.tables.table({ agency: AGENCY, year });

  test('结转下年度 is open at year’s end, 上年结转 before', async () => {
    // 结转下年度 is what is open at the end of the year, 上年结转 what was at its beginning.
    const rows = await Promise.all(
      [2020, 2021, 2022, 2023].map(async (year) => {
        const found = await table(year);
        expect(found.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        return [year, ...['3.1:total', '3.2:business', '3.2:total', '3.3.7:total', '3.4:total'].map((name) => cell(found, name))];
      }),
    );
    expect(rows).toEqual([
      [2020, '1', '0', '0', '0', '1'],
      [2021, '2', '1', '1', '1', '2'],
      [2022, '1', '2', '2', '1', '2'],
      [2023, '0', '2', '2', '1', '1'],
    ]);
  });

  test('尚未审结 is filed and undecided on 31 December', async () => {
    const pending = await Promise.all([2020, 2021, 2022, 2023].map(async (year) => cell(await table(year), '4.2:pending')));
    expect(pending).toEqual(['0', '1', '1', '0']);
    expect(cell(await table(2023), '4.2:total')).toBe('1');
  });

  test('a balance lists only what is open', async () => {
    // A balance lists only what is still open; the amounts add up.
    const explain = async (year: number, name: string): Promise<[string | null, (readonly [string, string])[]]> => {
      const { value, events } = await ledger.tables.explain({ agency: AGENCY, year, cell: name });
      return [value, events.map((event) => [event.case, event.amount] as const)];
    };
    expect(await explain(2022, '3.4:total')).toEqual([
      '2',
      [
        ['normative-document/c', '1'],
        ['normative-document/d', '1'],
      ],
    ]);
    expect(await explain(2022, '3.2:business')).toEqual([
      '2',
      [
        ['normative-document/a', '1'],
        ['normative-document/d', '1'],
      ],
    ]);
    expect(await explain(2023, '3.4:business')).toEqual(['1', [['normative-document/d', '1']]]);
    expect(await explain(2022, '3.3.7:business')).toEqual(['1', [['normative-document/a', '1']]]);
  });
});
