/** Figures that only the prose of a report has: what they count, what stands behind each, and at which moment. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDecimal, parseDecimal } from '../../src/encoding/decimal.js';
import { QueryProblem } from '../../src/read-models/query-problem.js';
import { MEDIAN_DAYS, SHARE_IN_TIME, medianOf, shareOf, type ProseFigure } from '../../src/statistics/prose/figures.js';
import { valuesOf } from '../../src/statistics/table.js';
import { announced, application, extended, received, replied, taken } from '../support/applications.js';
import { budget } from '../support/budget.js';
import { AGENCIES, record, sendAll } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, approvedItem, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';
import { mixedHistory, mixedMessages, MIXED_YEARS } from '../support/mixed-histories.js';

const ledgers: TestLedger[] = [];

async function ledgerOf(...messages: readonly Message[]): Promise<TestLedger> {
  const ledger = openTestLedger();
  ledgers.push(ledger);
  await record(ledger, messages);
  await ledger.settled();
  return ledger;
}

afterEach(async () => {
  for (const ledger of ledgers.splice(0)) await ledger.finish();
});

async function figuresOf(ledger: TestLedger, year: number, asOf?: string): Promise<ReadonlyMap<string, ProseFigure>> {
  const { statistics } = await ledger.statistics.statistics({ agency: AGENCY, year, asOf });
  return new Map(statistics.map((figure) => [figure.code, figure]));
}

/** Those that are neither 0 nor null, as texts. */
async function given(ledger: TestLedger, year: number, asOf?: string): Promise<Record<string, string>> {
  const figures = await figuresOf(ledger, year, asOf);
  return Object.fromEntries([...figures].flatMap(([code, { value }]) => (value === null || value === '0' ? [] : [[code, value]])));
}

test('the example says what its report says', async () => {
  // Chapter four of the published report: no cell of the form holds the 10 and the 5.
  const text = readFileSync(join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson'), 'utf8');
  const ledger = openTestLedger();
  ledgers.push(ledger);
  await sendAll(
    ledger,
    text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  );
  await ledger.settled();
  const { statistics } = await ledger.statistics.statistics({ agency: '370828-commerce', year: 2017 });
  const values = new Map(statistics.map(({ code, value }) => [code, value]));
  const channels = ['website', 'weibo', 'wechat', 'bulletin-board', 'press-conference'];
  expect([values.get('s.items'), ...channels.map((channel) => values.get(`s.items-by-channel:${channel}`))]).toEqual([
    '72',
    '37',
    '0',
    '20',
    '10',
    '5',
  ]);
  expect([values.get('s.applications'), values.get('s.share-in-time'), values.get('s.median-days')]).toEqual(['0', null, null]);
});

test('items by category, unit and month', async () => {
  const early = released('2017-1', '2017-03-08', 'website');
  const ledger = await ledgerOf(
    ...setUp(),
    ...approvedItem('2017-1', '2017-03-01', { category: '财政' }),
    early,
    released('2017-1', '2017-05-08', 'wechat'),
    ...approvedItem('2017-2', '2017-03-01', { category: '财政' }),
    released('2017-2', '2017-04-08', 'bulletin-board'),
    ...approvedItem('2017-3', '2017-03-01'),
    released('2017-3', '2017-03-09', 'gazette'),
    ...approvedItem('2017-4', '2017-03-01', { category: '人事' }),
  );
  expect(await given(ledger, 2017)).toEqual({
    's.items': '3',
    's.items-by-channel:website': '1',
    's.items-by-channel:wechat': '1',
    's.items-by-channel:gazette': '1',
    's.items-by-channel:bulletin-board': '1',
    's.items-by-category:财政': '2',
    's.items-without-category': '1',
    's.items-by-unit:办公室': '3',
    's.items-by-unit:综合法规科': '3',
    's.items-by-unit:分管领导': '3',
    's.items-by-month:03': '2',
    's.items-by-month:04': '1',
  });
  // Without its first release the item counts in the month of the next; as of before the void nothing has moved.
  const { asOf } = await ledger.statistics.statistics({ agency: AGENCY, year: 2017 });
  const reason = { message: { id: early.id }, reason: '错', approvedBy: 'leader' };
  await record(ledger, [message('record.voided', early.subject, at('2017-06-01'), 'auditor', reason)]);
  await ledger.settled();
  expect(await given(ledger, 2017)).toMatchObject({ 's.items': '3', 's.items-by-month:03': '1', 's.items-by-month:05': '1' });
  expect(await given(ledger, 2017, `index:${asOf.index}`)).toMatchObject({ 's.items-by-month:03': '2' });
  // One that is recorded late and dated earlier is the first.
  await record(ledger, [released('2017-2', '2017-03-20', 'website')]);
  await ledger.settled();
  const moved = await figuresOf(ledger, 2017);
  expect([moved.get('s.items-by-month:03')?.value, moved.get('s.items-by-month:04')?.value]).toEqual(['2', '0']);
});

test('a unit is that of the approval’s chain', async () => {
  // A chain that was set after the approval, for before it or for after, moves no item to its units.
  const chain = (day: string, unit: string): Message =>
    message('agency.clearance-chain-set', `agency/${AGENCY}`, at(day), 'root', {
      steps: [{ step: 'office', role: 'office-reviewer', unit }],
      approver: { role: 'deputy-leader', unit },
    });
  const draft = message('publication.drafted', 'publication/d', at('2017-01-04'), 'drafter', { title: '一', contentHash: hashOf('d') });
  const ledger = await ledgerOf(
    ...setUp(),
    ...approvedItem('a', '2017-03-01'),
    chain('2017-02-01', '政务科'),
    chain('2017-04-01', '信息科'),
    released('a', '2017-05-01', 'website'),
    ...approvedItem('b', '2017-03-02').filter(({ data }) => data?.['step'] !== 'regulations'),
    released('b', '2017-05-01', 'website'),
    message('agency.clearance-chain-set', `agency/${AGENCY}`, at('2017-01-03'), 'root', { steps: [] }),
    draft,
    released('d', '2017-01-05', 'website'),
  );
  const units = Object.entries(await given(ledger, 2017)).filter(([code]) => /unit|review/.test(code));
  expect(Object.fromEntries(units)).toEqual({
    's.items-by-unit:办公室': '1',
    's.items-by-unit:综合法规科': '1',
    's.items-by-unit:分管领导': '1',
    's.items-by-unit:政务科': '1',
    's.items-without-review': '1',
  });
});

test('a draft taken back names no category', async () => {
  const [draft] = approvedItem('1', '2017-03-01', { category: '财政' });
  const void_ = (of: Message | undefined): Message =>
    message('record.voided', 'publication/1', at('2017-03-02'), 'auditor', {
      message: { id: of?.id },
      reason: '错',
      approvedBy: 'leader',
    });
  const ledger = await ledgerOf(
    ...setUp(),
    ...(draft === undefined ? [] : [draft]),
    void_(draft),
    ...approvedItem('1', '2017-03-03', { category: '人事' }),
    released('1', '2017-04-01', 'website'),
  );
  const categories = Object.entries(await given(ledger, 2017)).filter(([code]) => code.includes('category'));
  expect(Object.fromEntries(categories)).toEqual({ 's.items-by-category:人事': '1' });
});

test('answers by days and in time', async () => {
  // The 2008 text: 15 working days. 2017-03-01 is a Wednesday; 2 to 4 April 2017 are a holiday, 1 April is worked.
  const late = replied('late', '2017-03-28');
  const ledger = await ledgerOf(
    ...setUp(AGENCY, { chain: false }),
    ...[received('quick', '2017-03-01'), replied('quick', '2017-03-03')],
    ...[received('same', '2017-03-01'), replied('same', '2017-03-01')],
    ...['quick', 'same'].map((number, at) =>
      application('fee-charged', number, '2017-03-09', { amountFen: 1250 - at * 40, basis: '检索费' }),
    ),
    // Day 15 is 22 March: the 28th is day 19.
    ...[received('late', '2017-03-01'), late],
    // The days after the consultation up to its answer do not count: 1, 2, then 9 and 10 March.
    ...[
      received('third', '2017-02-28'),
      application('third-party-consulted', 'third', '2017-03-02'),
      application('third-party-answered', 'third', '2017-03-08', { answer: 'agreed' }),
      replied('third', '2017-03-10'),
    ],
    // From the supplement on: 7 March is the first day.
    ...[
      received('supplemented', '2017-03-01'),
      application('supplement-requested', 'supplemented', '2017-03-02'),
      application('supplemented', 'supplemented', '2017-03-06'),
      replied('supplemented', '2017-03-07'),
    ],
    ...[received('extended', '2017-03-01'), extended('extended', '2017-03-10', 10), replied('extended', '2017-03-23')],
    ...[received('withdrawn', '2017-03-01'), application('withdrawn', 'withdrawn', '2017-06-01')],
    ...[received('open', '2017-03-01'), replied('open', '2017-03-02', 'amend-supplement')],
  );
  const figures = await figuresOf(ledger, 2017);
  expect(figures.get('s.median-days')).toMatchObject({
    value: '3',
    unit: '工作日',
    cases: [
      { case: 'application/quick', days: 2 },
      { case: 'application/same', days: 0 },
      { case: 'application/late', days: 19 },
      { case: 'application/third', days: 4 },
      { case: 'application/supplemented', days: 1 },
      { case: 'application/extended', days: 16 },
    ],
  });
  const of = { part: { code: 's.answers-in-time', value: '5' }, whole: { code: 's.answers', value: '6' } };
  expect(figures.get('s.share-in-time')).toMatchObject({ value: '83.33', unit: '%', of });
  const explained = await ledger.statistics.explain({ agency: AGENCY, year: 2017, cell: 's.median-days' });
  expect(explained.events.map(({ case: name, amount }) => [name, amount])).toContainEqual(['application/third', '4']);
  const fees = await ledger.statistics.explain({ agency: AGENCY, year: 2017, cell: 's.fees' });
  expect([fees.value, ...fees.events.map(({ amount }) => amount)]).toEqual(['24.6', '12.5', '12.1']);
  const share = await ledger.statistics.explain({ agency: AGENCY, year: 2017, cell: 's.share-in-time' });
  expect(share).toMatchObject({ value: '83.33', of });
  expect(share.events.filter(({ amount }) => amount === '0').map(({ case: name }) => name)).toEqual(['application/late']);
  // An answer taken back is none, and the one before the void still is.
  await record(ledger, [taken(late, '2017-07-01')]);
  await ledger.settled();
  expect((await figuresOf(ledger, 2017)).get('s.share-in-time')?.value).toBe('100');
});

test('days follow the calendar in force', async () => {
  const ledger = await ledgerOf(...setUp(AGENCY, { chain: false }), received('1', '2017-03-01'), replied('1', '2017-03-08'));
  expect((await figuresOf(ledger, 2017)).get('s.median-days')?.value).toBe('5');
  await record(ledger, [announced(AGENCY, 2017, ['2017-03-06', '2017-03-07'])]);
  await ledger.settled();
  expect((await figuresOf(ledger, 2017)).get('s.median-days')?.value).toBe('3');
});

test('the middle of days and a part of all', () => {
  expect([medianOf([]), medianOf([4]), medianOf([9, 2]), medianOf([3, 10, 1])]).toEqual([null, '4', '5.5', '3']);
  expect([shareOf(0n, 0n), shareOf(0n, 3n), shareOf(1n, 8n), shareOf(2n, 3n), shareOf(3n, 3n)]).toEqual([
    null,
    '0',
    '12.5',
    '66.67',
    '100',
  ]);
});

test.each([
  ['s.nothing', {}, 'unknown-cell'],
  ['s.items-by-channel:radio', {}, 'unknown-cell'],
  ['s.items-by-month:13', {}, 'unknown-cell'],
  ['s.items', { view: 'published' }, 'bad-view'],
  ['s.items', { rollup: true }, 'bad-parameter'],
  ['s.items', { year: 2031 }, 'bad-year'],
  ['s.items', { agency: 'nobody' }, 'unknown-agency'],
])('%s %j is refused', async (cell, more, code) => {
  const ledger = await ledgerOf(...setUp());
  const error: unknown = await ledger.statistics.explain({ agency: AGENCY, year: 2017, cell, ...more }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(QueryProblem);
  expect(error).toMatchObject({ code });
});

/** Cells of the form of 2014 and what says the same. */
const SAME: Readonly<Record<string, string>> = {
  '1.1': 's.items',
  '1.2.1': 's.items-by-channel:website',
  '2.1': 's.concerns',
  '2.2.2': 's.interpretations',
  '2.2.3': 's.concerns-by-means:weibo-wechat',
  '3.1': 's.applications',
  '3.1.4': 's.applications-by-channel:letter',
};

test('they are what the table counts', async () => {
  // Of any history and moment: what a cell says too is the same, groups add up to the whole, and so do the events.
  const met = new Set<string>();
  await fc.assert(
    fc.asyncProperty(mixedHistory, fc.nat(), async (steps, from) => {
      const ledger = openTestLedger();
      try {
        await sendAll(ledger, mixedMessages(steps));
        await ledger.settled();
        const asOf = `index:${from % (ledger.tables.lastIndex() + 1)}`;
        for (const agency of AGENCIES) for (const year of MIXED_YEARS) await holds(ledger, { agency, year, asOf }, met);
      } finally {
        await ledger.discard();
      }
    }),
    { numRuns: budget(4, 20), endOnFailure: true },
  );
  expect(met.size).toBeGreaterThan(5);
});

/** As contributions say it, from which 3.2 of the form is made. */
function closedByAnswer({ store }: TestLedger, { agency, year, asOf }: Question): number {
  const sum = store.db
    .prepare<unknown[], number>(
      `SELECT TOTAL(c.amount) FROM contributions c JOIN measures m USING (key_id) JOIN names n ON n.name_id = c.agency_id
       WHERE n.name = ? AND c.year = ? AND c.idx <= ? AND m.measure = 'application.result' AND m.dimensions ->> '$.outcome' NOT IN ('abandoned', 'withdrawn')`,
    )
    .pluck();
  return sum.get(agency, year, Number(asOf.slice('index:'.length))) ?? 0;
}

interface Question {
  readonly agency: string;
  readonly year: number;
  readonly asOf: string;
}

async function holds(ledger: TestLedger, question: Question, met: Set<string>): Promise<void> {
  let table;
  try {
    ({ table } = ledger.tables.plain({ ...question, form: '2014-shandong', view: 'live' }));
  } catch (error) {
    if (error instanceof QueryProblem) return;
    throw error;
  }
  const cells = valuesOf(table.rows);
  const { statistics } = await ledger.statistics.statistics(question);
  const values = new Map(statistics.map(({ code, value }) => [code, value]));
  const sumOf = (code: RegExp): number => statistics.reduce((sum, one) => sum + (code.test(one.code) ? Number(one.value) : 0), 0);
  for (const [cell, code] of Object.entries(SAME)) expect([code, values.get(code)]).toEqual([code, cells.get(cell)]);
  expect(sumOf(/-by-month:/)).toBe(sumOf(/^s\.items$/));
  expect(sumOf(/-by-category:|-without-category/)).toBe(sumOf(/^s\.items$/));
  expect(sumOf(/^s\.answers$/)).toBe(closedByAnswer(ledger, question));
  expect(sumOf(/^s\.answers-in-time$/)).toBeLessThanOrEqual(sumOf(/^s\.answers$/));
  for (const { code, value } of statistics) {
    if (value !== null && value !== '0') met.add(code);
    if (code === MEDIAN_DAYS.code || code === SHARE_IN_TIME.code) continue;
    const { events } = await ledger.statistics.explain({ ...question, cell: code });
    const sum = events.reduce((total, { amount }) => total + (parseDecimal(amount, 2) ?? 0n), 0n);
    expect([code, formatDecimal(sum, 2)]).toEqual([code, value]);
  }
}

test('an older read store builds its categories first', async () => {
  // A read model that is new begins behind the journal, which has everything: nothing is answered before it has too.
  const items = Array.from({ length: 220 }, (_, n) => [
    ...approvedItem(`${n}`, '2017-03-01', { category: '财政' }),
    released(`${n}`, '2017-03-08', 'website'),
  ]);
  const before = openTestLedger();
  await record(before, [...setUp(), ...items.flat()]);
  await before.settled();
  await before.stop();
  const file = new Database(join(before.folder, 'read.db'));
  file.exec("DROP TABLE item_categories; DELETE FROM projections WHERE name = 'items'");
  file.close();
  const after = openTestLedger({ folder: before.folder });
  ledgers.push(after);
  await after.settled();
  expect(await given(after, 2017)).toMatchObject({ 's.items': '220', 's.items-by-category:财政': '220' });
});
