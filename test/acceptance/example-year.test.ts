/**
 * The example year of 金乡县商务局 through the ordinary intake equals the published table of 2017 in all 69 rows, each figure
 * explained by its events.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '../../src/tables/table.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';

interface PublishedRow {
  readonly row: string;
  readonly label: string;
  readonly unit: string | null;
  readonly value: string | null;
}

const AGENCY = '370828-commerce';
const root = join(__dirname, '../..');
const published = JSON.parse(readFileSync(join(root, 'test/fixtures/tables/jinxiang-commerce-2017.json'), 'utf8')) as {
  rows: PublishedRow[];
};
const report = readFileSync(join(root, 'test/fixtures/annual-report-2017.txt'), 'utf8');
const history = readFileSync(join(root, 'examples/jinxiang-commerce-2017.ndjson'), 'utf8').trimEnd().split('\n');

let ledger: TestLedger;
let table: Table;

beforeAll(async () => {
  ledger = openTestLedger();
  const receipts = await ledger.send(...history.map((line) => JSON.parse(line) as unknown));
  expect(receipts.filter(({ status }) => status !== 'recorded')).toEqual([]);
  await ledger.settled();
  table = await ledger.tables.table({ agency: AGENCY, year: 2017 });
});

afterAll(() => ledger.finish());

test('all 69 rows match the published table', () => {
  // Label, unit, value and order of all 69 rows are those of the published table.
  expect(table.rows).toHaveLength(69);
  expect(table.rows.map(({ code, label, unit, value }) => ({ row: code, label, unit, value }))).toEqual(
    published.rows.map(({ row, label, unit, value }) => ({ row, label, unit, value })),
  );
  expect(table.findings).toEqual([]);
});

test('the published table is the report’s annex', () => {
  const annex = report.slice(report.lastIndexOf('统 计 指 标'));
  for (const { label, unit, value } of published.rows) {
    if (value !== null) expect(annex).toContain(`${label} | ${unit ?? ''} | ${value} |`);
    else expect(annex).toContain(label);
  }
});

test('every cell is explained by its events', async () => {
  // Every cell is explained by exactly its events: their amounts add up to the value.
  const ids = new Set(history.map((line) => JSON.parse(line) as { source: string; id: string }).map(({ source, id }) => `${source} ${id}`));
  for (const { code, value } of table.rows) {
    const { events, value: explained } = await ledger.tables.explain({ agency: AGENCY, year: 2017, cell: code });
    expect(explained).toBe(value);
    const sum = events.reduce((total, { amount }) => total + Number(amount), 0);
    expect([code, sum]).toEqual([code, Number(value ?? 0)]);
    for (const event of events) expect(ids).toContain(`${event.source} ${event.id}`);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  }
});

test('the report’s prose agrees with the events', async () => {
  // The prose of the report and the events agree: 37 + 20 + 10 + 5 items, one returned, one corrected.
  const released = await ledger.tables.explain({ agency: AGENCY, year: 2017, cell: '1.1' });
  const channels = history
    .map((line) => JSON.parse(line) as { id: string; type: string; data: { channel?: string; verdict?: string } })
    .filter(({ type }) => type === 'disclosure.publication.released')
    .map(({ data }) => data.channel);
  const count = (channel: string): number => channels.filter((found) => found === channel).length;
  expect([count('website'), count('wechat'), count('bulletin-board'), count('press-conference')]).toEqual([37, 20, 10, 5]);
  expect(released.events).toHaveLength(72);
  const summary = ledger.trails.year(AGENCY, 2017);
  expect(summary).toMatchObject({ reviewed: 72, returned: 1, released: 72, releasedWithoutReview: 0 });
});

test('the same history again changes nothing', async () => {
  const before = await ledger.tables.table({ agency: AGENCY, year: 2017 });
  const receipts = await ledger.send(...history.map((line) => JSON.parse(line) as unknown));
  expect(receipts.every(({ status }) => status === 'duplicate')).toBe(true);
  await ledger.settled();
  expect(await ledger.tables.table({ agency: AGENCY, year: 2017 })).toEqual(before);
});
