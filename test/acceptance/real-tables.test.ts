/**
 * Real published tables of forms 2019 and 2021, and random ones that keep every printed identity: a history constructed
 * behind each renders it cell for cell, every figure explained by its events, and what stays open is the next year's
 * 上年结转.
 */
import fc from 'fast-check';
import { findForm } from '../../src/statistics/forms/registry.js';
import { KINDS } from '../../src/statistics/forms/annual-report.js';
import { cellsOf } from '../../src/statistics/form.js';
import { valuesOf } from '../../src/statistics/table.js';
import { construct, type TableToConstruct } from '../support/construct.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { fixtures } from '../support/tables.js';
import { budget } from '../support/budget.js';

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});
afterEach(() => ledger.finish());

async function valuesIn(agency: string, year: number, form: string): Promise<Map<string, string | null>> {
  return valuesOf((await ledger.tables.table({ agency, year, form })).rows);
}

async function expectRendered(table: TableToConstruct, agency: string): Promise<void> {
  await record(ledger, construct(table, agency));
  await ledger.settled();
  const rendered = await valuesIn(agency, table.year, table.form);
  expect(Object.fromEntries(rendered)).toEqual({ ...Object.fromEntries(rendered), ...table.cells });
  expect(rendered.size).toBe(Object.keys(table.cells).length);
  const { findings, form } = await ledger.tables.table({ agency, year: table.year });
  expect(form).toBe(table.form);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const next = await valuesIn(agency, table.year + 1, table.form);
  for (const column of [...KINDS, 'total']) expect([column, next.get(`3.2:${column}`)]).toEqual([column, table.cells[`3.4:${column}`]]);
}

const real = fixtures.filter(({ form }) => form === '2019' || form === '2021') as unknown as (TableToConstruct & { id: string })[];

test.each(real.map((table) => [table.id, table] as const))('%s', async (id, table) => {
  await expectRendered(table, id);
  for (const [cell, value] of Object.entries(table.cells)) {
    const { events, value: explained } = await ledger.tables.explain({ agency: id, year: table.year, cell });
    expect([cell, explained]).toEqual([cell, value]);
    const sum = events.reduce((total, { amount }) => total + Number(amount), 0);
    expect([cell, sum]).toEqual([cell, Number(value ?? '0')]);
  }
});

test('there are some', () => {
  expect(real.map(({ form }) => form).sort()).toEqual(['2019', '2021']);
});

/** A table in which every printed identity holds, from the number of applications per row and kind. */
function randomTable(form: '2019' | '2021'): fc.Arbitrary<TableToConstruct> {
  const rows = findForm(form)?.rows ?? [];
  const results = rows.map(({ code }) => code).filter((code) => code.startsWith('3.3.') && code !== '3.3.7');
  const few = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }) });
  const cellNames = rows.flatMap(cellsOf).map(({ cell }) => cell);
  return fc
    .record({
      year: form === '2019' ? fc.constantFrom(2019, 2020) : fc.integer({ min: 2021, max: 2025 }),
      matrix: fc.array(few, { minLength: (results.length + 1) * KINDS.length, maxLength: (results.length + 1) * KINDS.length }),
      openings: fc.array(fc.nat(100), { minLength: KINDS.length, maxLength: KINDS.length }),
      others: fc.array(few, { minLength: cellNames.length, maxLength: cellNames.length }),
    })
    .map(({ year, matrix, openings, others }) => {
      const cells: Record<string, string> = {};
      const put = (cell: string, value: number): void => {
        cells[cell] = String(value);
      };
      const of = (cell: string): number => Number(cells[cell]);
      cellNames.forEach((cell, at) => put(cell, others[at] ?? 0));
      KINDS.forEach((kind, column) => {
        results.forEach((row, at) => put(`${row}:${kind}`, matrix[at * KINDS.length + column] ?? 0));
        const closed = results.reduce((sum, row) => sum + of(`${row}:${kind}`), 0);
        const left = matrix[results.length * KINDS.length + column] ?? 0;
        const opening = Math.floor(((closed + left) * (openings[column] ?? 0)) / 101);
        put(`3.3.7:${kind}`, closed);
        put(`3.4:${kind}`, left);
        put(`3.2:${kind}`, opening);
        put(`3.1:${kind}`, closed + left - opening);
      });
      for (const row of ['3.1', '3.2', ...results, '3.3.7', '3.4'])
        put(
          `${row}:total`,
          KINDS.reduce((sum, kind) => sum + of(`${row}:${kind}`), 0),
        );
      for (const row of ['4.1', '4.2', '4.3'])
        put(
          `${row}:total`,
          ['upheld', 'corrected', 'other', 'pending'].reduce((sum, column) => sum + of(`${row}:${column}`), 0),
        );
      for (const row of ['2.1.1', '2.1.2']) {
        // A stock is never below what was added to it in the year.
        if (form === '2019') put(`${row}:total-public`, of(`${row}:published`) + 5);
        else put(`${row}:in-force`, of(`${row}:made`) - of(`${row}:repealed`) + 5);
      }
      return { year, form, cells };
    });
}

test.each(['2019', '2021'] as const)('random tables of form %s', async (form) => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(randomTable(form), async (table) => {
      run += 1;
      await expectRendered(table, `random-${form}-${run}`);
    }),
    { numRuns: budget(3, 12) },
  );
});
