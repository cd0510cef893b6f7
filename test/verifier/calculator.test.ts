/** The second calculator against published tables, over the histories constructed behind them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { construct, type TableToConstruct } from '../support/construct.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { calculatorOf, disagreements, rawEvents, withoutDerived } from '../support/second-calculator.js';
import { fixtures } from '../support/tables.js';

const root = join(__dirname, '../..');
const example = readFileSync(join(root, 'examples/jinxiang-commerce-2017.ndjson'), 'utf8').trimEnd().split('\n');
const published = JSON.parse(readFileSync(join(root, 'test/fixtures/tables/jinxiang-commerce-2017.json'), 'utf8')) as {
  rows: { row: string; value: string | null }[];
};
const AGENCY = '370828-commerce';

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});
afterEach(() => ledger.finish());

test('the example year: all 69 rows of the published table', async () => {
  await record(
    ledger,
    example.map((line) => JSON.parse(line) as unknown),
  );
  await ledger.settled();
  const calculator = calculatorOf((await rawEvents(ledger.log)).map(withoutDerived));
  const { cells, view } = calculator.table({ agency: AGENCY, year: 2017, form: '2014-shandong' });
  expect(view).toBe('live');
  expect(cells).toEqual(Object.fromEntries(published.rows.map(({ row, value }) => [row, value])));
  expect(Object.keys(cells)).toHaveLength(69);
  const years = [2016, 2017, 2018, 2021];
  const { cells: compared, differing } = await disagreements(ledger, calculator, { agencies: [AGENCY], years });
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(1000);
});

const real = fixtures.filter(({ form }) => form === '2019' || form === '2021') as unknown as (TableToConstruct & { id: string })[];

test.each(real.map((table) => [table.id, table] as const))('%s: every cell of the published table', async (id, table) => {
  await record(ledger, construct(table, id));
  const calculator = calculatorOf((await rawEvents(ledger.log)).map(withoutDerived));
  expect(calculator.table({ agency: id, year: table.year, form: table.form }).cells).toEqual(table.cells);
});
