/** The second calculator against published tables, over the histories constructed behind them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentVersion, STORED_TYPES } from '../../src/events/catalog.js';
import { Calculator } from '../../src/verifier/calculator/calculator.js';
import { KNOWN_VERSIONS, Uncountable, type RawEvent } from '../../src/verifier/calculator/raw-event.js';
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

test('the example year: all 69 published rows', async () => {
  // The example year: all 69 rows of the published table.
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

// ---- what it cannot count it does not count -------------------------------------------------------------------------

test('every stored type and version is known', () => {
  const unknown = STORED_TYPES.filter((type) => !((KNOWN_VERSIONS[type] ?? 0) >= currentVersion(type)));
  expect(unknown).toEqual([]);
});

const registered: RawEvent = {
  index: 0,
  stream: 'agency-a/a',
  revision: 0,
  eventId: '00000000-0000-5000-8000-000000000001',
  type: 'agency.registered',
  version: 1,
  occurredAt: '2017-01-01T09:00:00+08:00',
  recordedAt: '2017-01-01T09:00:00.000+08:00',
  data: { name: '机关', administrator: 'root' },
  metadata: { agency: 'a', subject: 'agency/a', source: '/a', id: '1', at: '2017-01-01T09:00:00+08:00', actor: 'root' },
};
const next = (type: string, data: Record<string, unknown>, more: Partial<RawEvent> = {}): RawEvent => ({
  ...registered,
  index: 1,
  stream: `${type.slice(0, type.indexOf('.'))}-a/1`,
  eventId: '00000000-0000-5000-8000-000000000002',
  type,
  data,
  ...more,
});

test.each<[string, RawEvent, string]>([
  ['an unknown type', next('pigeon.sent', {}), 'event 1 (pigeon.sent): no rule says how this type counts'],
  ['a later version', next('meeting.held', {}, { version: 2 }), 'event 1 (meeting.held): stored in version 2; versions 1 to 1 are known'],
  ['an event behind', next('meeting.held', {}, { index: 0 }), 'event 0 (meeting.held): it comes behind event 0'],
  ['a receipt of nobody', next('application.received', { channel: 'fax' }), 'data.applicant.kind is missing'],
  ['a close without a receipt', next('application.withdrawn', {}), 'no receipt of the application stands before it'],
  ['an amount that is no number', next('application.fee-charged', { amountFen: '5' }), 'data.amountFen is no whole number'],
  ['no time', next('meeting.held', {}, { metadata: { agency: 'a', at: 'noon' } }), 'its time cannot be read'],
  ['no agency', next('meeting.held', {}, { metadata: {} }), 'metadata.agency is missing'],
])('%s stops it by name', (_what, event, why) => {
  const calculator = new Calculator({ calendars: [] });
  calculator.add(registered);
  expect(() => calculator.add(event)).toThrow(Uncountable);
  const again = new Calculator({ calendars: [] });
  again.add(registered);
  expect(() => again.add(event)).toThrow(why);
});

test('unprintable tables are refused, agencies described', () => {
  // Tables that nobody can print are refused, and what it knows of an agency is told.
  const calculator = new Calculator({ calendars: [] });
  calculator.add(registered);
  calculator.add(next('meeting.held', { title: '会议' }));
  expect(() => calculator.table({ agency: 'a', year: 2017, form: '1999' })).toThrow(RangeError);
  expect(() => calculator.table({ agency: 'a', year: 2017, form: '2019', view: 'paper' })).toThrow(RangeError);
  expect([calculator.agencies(), calculator.years('a'), calculator.formOf('a', 2017), calculator.formOf('a', 1999)]).toEqual([
    ['a'],
    [2017],
    '2014-shandong',
    null,
  ]);
  expect(calculator.table({ agency: 'a', year: 2017, form: '2014-shandong' }).cells['10.1']).toBe('1');
  expect(calculator.table({ agency: 'a', year: 2017, form: '2014-shandong', at: 0 }).cells['10.1']).toBe('0');
});
