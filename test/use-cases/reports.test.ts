/** Yearly reports: a table frozen, signed off, published; what differs since, and by which events; restated. */
import { valuesOf } from '../../src/statistics/table.js';
import type { Difference, Table } from '../../src/use-cases/table-reader.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, type Message } from '../support/messages.js';
import { compiled, published, reportOf, signed, tableNow } from '../support/reports.js';
import { oneMoreItem, smallYear } from '../support/year.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, smallYear());
});
afterEach(() => ledger.finish());

const question = { agency: AGENCY, year: 2017 };

async function publishedTable(asOf?: string): Promise<Table> {
  await ledger.settled();
  return ledger.tables.table({ ...question, view: 'published', asOf });
}

async function difference(asOf?: string): Promise<unknown[]> {
  await ledger.settled();
  const { changes }: Difference = await ledger.tables.difference({ ...question, asOf });
  return changes.map(({ cell, published: was, live, events }) => [cell, was, live, events.map(({ id, amount }) => [id, amount])]);
}

async function publish(day = '2018-01-20'): Promise<Table> {
  const table = await tableNow(ledger);
  await record(ledger, reportOf(table, { day }));
  return table;
}

const voidOf = (taken: Message, day = '2018-03-01'): Message =>
  message('record.voided', taken.subject, at(day), 'auditor', { message: { id: taken.id }, reason: '录入有误', approvedBy: 'leader' });

test('a published table is the frozen one byte for byte, whatever is recorded after it', async () => {
  const frozen = await publish();
  const text = JSON.stringify({ ...frozen, view: 'published' });
  expect(JSON.stringify(await publishedTable())).toBe(text);
  expect(await difference()).toEqual([]);
  const [draft, ...rest] = oneMoreItem('late');
  const release = rest.at(-1) as Message;
  await record(ledger, [draft, ...rest]);
  expect(JSON.stringify(await publishedTable())).toBe(text);
  expect(await difference()).toEqual([
    ['1.1', '2', '3', [[release.id, '1']]],
    ['1.2.1', '2', '3', [[release.id, '1']]],
  ]);
  const undo = voidOf(release);
  await record(ledger, [undo]);
  expect(await difference()).toEqual([]);
  expect(valuesOf((await tableNow(ledger)).rows).get('1.1')).toBe('2');
  expect(JSON.stringify(await publishedTable())).toBe(text);
});

test('before a publication there is none; approved is not published', async () => {
  const table = await tableNow(ledger);
  await record(ledger, [compiled(table), ...signed(table)]);
  await expect(publishedTable()).rejects.toMatchObject({ code: 'no-published-table' });
  await expect(difference()).rejects.toMatchObject({ code: 'no-published-table' });
  await record(ledger, [published(table)]);
  expect((await publishedTable()).hash).toBe(table.hash);
});
