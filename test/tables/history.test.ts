/** What cells printed over time is what tables as of each moment print. */
import fc from 'fast-check';
import { cellsIn } from '../../src/statistics/form.js';
import { findForm } from '../../src/statistics/forms/registry.js';
import { valuesOf } from '../../src/statistics/table.js';
import { byDay, type HistoryValue } from '../../src/tables/cell-history.js';
import { QueryProblem } from '../../src/read-models/query-problem.js';
import { budget } from '../support/budget.js';
import { AGENCIES, sendAll } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { mixedHistory, mixedMessages, MIXED_YEARS } from '../support/mixed-histories.js';

/** The cells of the default view as of an event; all null where no table is there. */
async function tableAsOf(ledger: TestLedger, agency: string, year: number, index: number): Promise<ReadonlyMap<string, string | null>> {
  try {
    const { table } = ledger.tables.plain({ agency, year, asOf: `index:${index}` });
    return valuesOf(table.rows);
  } catch (error) {
    if (error instanceof QueryProblem) return new Map();
    throw error;
  }
}

test('is the table as of each moment', async () => {
  // For each cell: an entry wherever the default view as of an index prints another value than at the index before.
  let changes = 0;
  await fc.assert(
    fc.asyncProperty(mixedHistory, fc.nat(), fc.nat(), async (steps, at, from) => {
      const ledger = openTestLedger();
      try {
        await sendAll(ledger, mixedMessages(steps));
        await ledger.settled();
        const agency = AGENCIES[at % AGENCIES.length] ?? '';
        const year = MIXED_YEARS[from % MIXED_YEARS.length] ?? 2017;
        const cells = await someCells(ledger, agency, year, at);
        if (cells.length === 0) return;
        const last = ledger.tables.lastIndex();
        const tables: ReadonlyMap<string, string | null>[] = [];
        const { cells: found } = await ledger.tables.history({ agency, year, cells });
        const first = (found[0]?.values as readonly HistoryValue[])[0]?.index ?? 0;
        for (let index = first; index <= last; index += 1) tables.push(await tableAsOf(ledger, agency, year, index));
        for (const { cell, values } of found) {
          const scanned = tables.flatMap((table, place) => {
            const value = table.get(cell) ?? null;
            return place === 0 || value !== (tables[place - 1]?.get(cell) ?? null) ? [{ index: first + place, value }] : [];
          });
          expect((values as readonly HistoryValue[]).map(({ index, value }) => ({ index, value }))).toEqual(scanned);
          changes += values.length - 1;
        }
      } finally {
        await ledger.discard();
      }
    }),
    { numRuns: budget(4, 20), endOnFailure: true },
  );
  expect(changes).toBeGreaterThan(20);
});

/** Up to twenty cells of the default view, from some place on. */
async function someCells(ledger: TestLedger, agency: string, year: number, from: number): Promise<string[]> {
  try {
    const { table } = ledger.tables.plain({ agency, year });
    const form = findForm(table.form);
    const cells = form === undefined ? [] : cellsIn(form, year).map(({ cell }) => cell);
    const filled = cells.filter((cell) => ![null, undefined, '0'].includes(valuesOf(table.rows).get(cell)));
    const others = [...cells.slice(from % cells.length), ...cells];
    return [...new Set([...filled, ...others])].slice(0, 20);
  } catch (error) {
    if (error instanceof QueryProblem) return [];
    throw error;
  }
}

test('a day says its last value', () => {
  const at = (recordedAt: string | null, value: string | null): HistoryValue => ({ index: 0, eventId: null, recordedAt, value });
  const values = [
    at(null, '0'),
    at('2017-03-01T15:30:00.000Z', '1'),
    at('2017-03-01T16:30:00.000Z', '2'),
    at('2017-03-01T17:30:00.000Z', '1'),
    at('2017-03-03T01:00:00.000Z', '2'),
    at('2017-03-03T02:00:00.000Z', null),
  ];
  expect(byDay({ cell: '1.1', values }).values).toEqual([
    { on: null, value: '0' },
    { on: '2017-03-01', value: '1' },
    { on: '2017-03-03', value: null },
  ]);
});
