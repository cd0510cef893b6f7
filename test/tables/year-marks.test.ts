/** The years of an agency at a glance say what the list of its tables says, with less looked at. */
import { TableLister } from '../../src/tables/table-list.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY } from '../support/messages.js';
import { reportOf, tableNow } from '../support/reports.js';
import { oneMoreItem, smallYear } from '../support/year.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, smallYear());
});
afterEach(() => ledger.finish());

async function differing(): Promise<unknown> {
  await ledger.settled();
  const lister = new TableLister(ledger.store, ledger.tables);
  const { tables } = await lister.list(AGENCY);
  const marks = await lister.marks(AGENCY);
  expect(tables.map(({ year }) => lister.views(AGENCY, year))).toEqual(tables.map(({ views }) => views));
  expect(marks).toEqual(tables.map(({ year, form, published }) => ({ year, form, differs: published?.differs ?? null })));
  return marks.find(({ year }) => year === 2017)?.differs;
}

test('marks of years are those of the list', async () => {
  // Not published, published as it is, published and no longer as it was.
  const before = await differing();
  await record(ledger, reportOf(await tableNow(ledger), { day: '2018-01-20' }));
  const same = await differing();
  await record(ledger, oneMoreItem('late'));
  expect([before, same, await differing()]).toEqual([null, false, true]);
});

test('marks of years compare what is published alone', async () => {
  // The live table is in another form than the published one, and says nothing of it: the difference is looked at.
  await ledger.settled();
  const table = await ledger.tables.table({ agency: AGENCY, year: 2017, form: '2014-fujian' });
  await record(ledger, reportOf(table, { day: '2018-01-20' }));
  expect((await tableNow(ledger)).published).toBeNull();
  const same = await differing();
  await record(ledger, oneMoreItem('late'));
  expect([same, await differing()]).toEqual([false, true]);
});
