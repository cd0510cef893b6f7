/** The text of a yearly report from the ledger: its parts, its numbers, and what it does not know. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { valuesOf } from '../../src/statistics/table.js';
import { ReportTextReader, type ReportText } from '../../src/tables/texts/report-text.js';
import { application, received, replied } from '../support/applications.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, message, registered, setUp, type Message } from '../support/messages.js';

const BUREAU = '370828-commerce';
const EXAMPLE = readFileSync(join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Message);

const ledgers: TestLedger[] = [];
afterEach(async () => {
  for (const ledger of ledgers.splice(0)) await ledger.finish();
});

async function ledgerOf(messages: readonly Message[]): Promise<TestLedger> {
  const ledger = openTestLedger();
  ledgers.push(ledger);
  await record(ledger, messages);
  await ledger.settled();
  return ledger;
}

const textOf = ({ tables, statistics }: TestLedger, year: number, agency = AGENCY, asOf?: string): Promise<ReportText> =>
  new ReportTextReader(tables, statistics).text({ agency, year, asOf });

const partOf = ({ parts }: ReportText, number: string): string => parts.find((part) => part.number === number)?.paragraphs.join('\n') ?? '';

test('the example year, chapter by chapter', async () => {
  const ledger = await ledgerOf(EXAMPLE);
  const text = await textOf(ledger, 2017, BUREAU);
  expect(text.title).toBe('金乡县商务局2017年度政府信息公开工作年度报告');
  expect(text.opening).toEqual([expect.stringContaining('自2017年1月1日起至2017年12月31日止')]);
  // The chapters of the published report of 2017, with its annex.
  expect(text.parts.map(({ number, title }) => `${number}、${title}`)).toEqual([
    '一、概述',
    '二、组织领导和制度建设情况',
    '三、重点领域政府信息公开工作推进情况',
    '四、主动公开政府信息以及公开平台建设情况',
    '五、政府信息公开申请办理情况',
    '六、政府信息公开收费及减免情况',
    '七、因政府信息公开申请行政复议、提起行政诉讼情况',
    '八、政府信息公开保密审查及监督检查情况',
    '九、所属事业单位信息公开工作推进情况',
    '十、政府信息公开工作存在的主要问题及改进情况',
    '十一、需要说明的事项',
  ]);
  expect(text.annex).toBe('金乡县商务局2017年度政府信息公开工作情况统计表');
  expect(text.table.rows).toHaveLength(69);
  // The numbers of its sentences.
  expect(partOf(text, '四')).toContain(
    '主动公开政府信息72条。通过政府网站公开37条。通过政务微信公开20条。通过信息公告栏公开10条。通过新闻发布会公开5条。',
  );
  expect(partOf(text, '五')).toBe('2017年度,未有公民、法人或其他组织提出政府信息公开申请。');
  expect(partOf(text, '七')).toContain('没有发生因政府信息公开申请行政复议、提起行政诉讼的情况');
  expect(text.statistics).toContain('s.items-by-channel:bulletin-board');
});

test('an act moves table and text together', async () => {
  const first = EXAMPLE.find(({ type, data }) => type === 'disclosure.publication.released' && data?.['channel'] === 'bulletin-board');
  const text = await textOf(await ledgerOf(EXAMPLE.filter((one) => one !== first)), 2017, BUREAU);
  expect([valuesOf(text.table.rows).get('1.1'), valuesOf(text.table.rows).get('1.2.4')]).toEqual(['71', '14']);
  expect(partOf(text, '四')).toMatch(/政府信息71条.*信息公告栏公开9条/);
});

const NEW_FORM = [
  ...setUp(AGENCY, { chain: false }),
  message('publication.drafted', 'publication/1', '2021-03-01T09:00:00+08:00', 'drafter', {
    title: '一',
    contentHash: `sha256:${'0'.repeat(64)}`,
  }),
  message('publication.released', 'publication/1', '2021-03-02T09:00:00+08:00', 'editor', {
    channel: 'gazette',
    contentHash: `sha256:${'0'.repeat(64)}`,
  }),
  received('1', '2021-03-01'),
  replied('1', '2021-03-05'),
  received('2', '2022-03-01'),
  application('fee-charged', '2', '2022-03-02', { amountFen: 1250, basis: '检索费' }),
  replied('2', '2022-03-07'),
  received('3', '2022-03-01'),
];

test('six parts, of which three are tables', async () => {
  const ledger = await ledgerOf(NEW_FORM);
  const text = await textOf(ledger, 2022);
  expect(text.parts.map(({ number, title }) => `${number}、${title}`)).toEqual([
    '一、总体情况',
    '二、主动公开政府信息情况',
    '三、收到和处理政府信息公开申请情况',
    '四、政府信息公开行政复议、行政诉讼情况',
    '五、存在的主要问题及改进情况',
    '六、其他需要报告的事项',
  ]);
  // Every row of the table is in one of them.
  expect(text.parts.flatMap(({ rows = [] }) => rows)).toEqual(text.table.rows.map(({ code }) => code));
  expect(text.annex).toBeNull();
  expect(partOf(text, '一')).toContain('2022年未有主动公开的政府信息。');
  expect(partOf(text, '一')).toContain(
    '2022年收到政府信息公开申请2件,同比增长100%。以答复办结1件,其中在法定期限内答复1件,按期答复率100%,答复用时中位数为4工作日。',
  );
  expect(partOf(text, '六')).toContain('本年度收取信息处理费12.5元。');
  // What must be said of nothing is said; nothing is compared with a year of another form, or of none.
  const before = await textOf(ledger, 2021);
  expect(partOf(before, '六')).toContain('本年度未收取信息处理费。');
  expect(partOf(before, '一')).toMatch(/政府信息1条,上年无可比数据。通过政府公报公开1条。/);
  // As of before the second year's answer it is not answered.
  const early = await textOf(ledger, 2022, AGENCY, `index:${(text.table.asOf.index ?? 0) - 2}`);
  expect(partOf(early, '一')).not.toContain('答复办结');
});

test('a year known from paper knows its cells only', async () => {
  const paper = message('table.declared', 'table/2021', '2022-02-01T09:00:00+08:00', 'root', {
    year: 2021,
    form: '2021',
    cells: { '3.1:total': '7' },
    evidence: '年报',
  });
  const ledger = await ledgerOf([...NEW_FORM, paper]);
  const text = await textOf(ledger, 2021);
  expect(partOf(text, '一')).toMatch(/主动公开方面,〔未填报〕.*\n.*申请7件,上年无可比数据。〔未填报〕/);
  expect(partOf(await textOf(ledger, 2022), '一')).toContain('同比下降71.43%');
});

test('the form of Fujian has a text too', async () => {
  const ledger = await ledgerOf([registered(AGENCY, { forms: ['2014-fujian'] })]);
  const text = await textOf(ledger, 2016);
  expect(text.parts).toHaveLength(6);
  expect(partOf(text, '二')).toBe('2016年,本机关未有主动公开的政府信息。');
  expect(text.annex).toContain('政府信息公开情况统计表');
});
