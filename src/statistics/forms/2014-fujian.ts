/**
 * The short form of report years 2014 to 2018 as Fujian printed it: 16 rows, the year's figure and the one added up
 * over the years (历年累计). Labels, order and units are those of 平潭综合实验区's annual reports of 2014 to 2017
 * (www.pingtan.gov.cn). Fees waived are printed until 2016; row 2 has another label from 2017.
 *
 * A cumulative figure is the last declared base and what the years after it counted. Totals of it are computed, so
 * their parts are declared.
 */
import type { Rule } from '../checks.js';
import type { CellSource, MatrixRow, Scale, Selection } from '../form.js';
import { WHOLE, type SectionHeads } from '../heads.js';
import { ABSENT_IN_2014, FIRST_RELEASED, form2014, received, RECEIVED, refused, released, replied } from './2014.js';
import type { RegisteredForm } from './registered.js';

const COLUMNS = ['year', 'cumulative'] as const;

/** A row of both columns. */
export function line(code: string, label: string, unit: string, of: (column: string) => CellSource, scale: Scale = 0): MatrixRow {
  const columns = COLUMNS.map((column) => [column, { source: of(column), scale, unit }]);
  return { code, label, unit, columns: Object.fromEntries(columns) as MatrixRow['columns'] };
}

/** The year's own, and what was added up over the years. */
export const counted =
  (select: Selection) =>
  (column: string): CellSource =>
    column === 'year' ? { basis: 'counted', select } : { basis: 'stock', plus: select };

const APPLICATIONS = counted(RECEIVED);
/** Also where the form is asked for a year that it does not serve: a row is dropped or renamed, the others stay. */
const UNTIL_2016 = [2000, 2016] as const;
const FROM_2017 = [2017, 2100] as const;
const REPLIES = ['3.1', '3.2', '3.3', '3.4'] as const;

const ROWS: readonly MatrixRow[] = [
  line('1', '主动公开文件数', '条', counted(FIRST_RELEASED)),
  line('1.1', '其中：1、政府网站公开数', '条', counted(released('website'))),
  line('1.2', '2、政府公报公开数', '条', counted(released('gazette'))),
  { ...line('2', '受理依申请公开信息总数', '条', APPLICATIONS), years: UNTIL_2016 },
  { ...line('2', '受理政府信息依申请公开总数', '条', APPLICATIONS), years: FROM_2017 },
  line('2.1', '其中：1、当面申请数', '条', counted(received('in-person'))),
  line('2.2', '2、网上申请数', '条', counted(received('online', 'email'))),
  line('2.3', '3、信函、传真申请数', '条', counted(received('letter', 'fax'))),
  line('3', '对申请的答复总数', '条', (column) => ({ basis: 'computed', sumOf: REPLIES.map((code) => `${code}:${column}`) })),
  line('3.1', '其中：1、同意公开答复数', '条', counted(replied('granted', 'already-public'))),
  line('3.2', '2、同意部分公开答复数', '条', counted(replied('partly-granted'))),
  line('3.3', '3、不予公开答复数', '条', counted(refused())),
  line('3.4', '4、其他类型答复数', '条', counted(replied('other-agency', 'not-existing', 'amend-supplement', 'other-channel'))),
  { ...line('4', '政府信息公开收费减免金额', '元', counted({ measure: 'application.fee-waived' }), 2), years: UNTIL_2016 },
  line('5', '接受行政诉讼、举报数', '件', counted([{ measure: 'lawsuit.decided' }, { measure: 'complaint.decided' }])),
  line('6', '行政复议数', '件', counted({ measure: 'reconsideration.decided' })),
  line('7', '行政诉讼数', '件', counted({ measure: 'lawsuit.decided' })),
];

function inColumn(column: (typeof COLUMNS)[number]): Rule[] {
  const name = (code: string): string => `${code}:${column}`;
  return [
    { rule: 'part-of', parts: [name('1.1')], whole: name('1'), published: true },
    { rule: 'part-of', parts: [name('1.2')], whole: name('1'), published: true },
    { rule: 'part-of', parts: ['2.1', '2.2', '2.3'].map(name), whole: name('2') },
    { rule: 'sum', total: name('3'), parts: REPLIES.map(name) },
  ];
}

/** The cumulative cell of a row follows from last year's; a row under another (1.1 under 1) is named with it. */
export function carriedOn(code: string): Rule {
  const [main = '', sub] = code.split('.');
  const cell = `${code}:cumulative`;
  const within = sub === undefined ? {} : { within: `${main}:cumulative` };
  return { rule: 'roll-forward', severity: 'error', cell, last: [cell], plus: [`${code}:year`], ...within };
}

const RULES: readonly Rule[] = [...COLUMNS.flatMap(inColumn), ...[...new Set(ROWS.map(({ code }) => code))].map(carriedOn)];

const HEADS: readonly SectionHeads[] = [
  {
    section: WHOLE,
    title: null,
    rowHead: '统计指标',
    columns: [
      { key: 'year', label: '年度' },
      { key: 'cumulative', label: '历年累计' },
    ],
  },
];

const NOT_REPORTED = [
  'topic.first-answered',
  'topic.first-answered-by',
  'press-conference.held',
  'interpretation.published',
  'delivery.items',
  'meeting.held',
  'training.held',
  'training.trainees',
  'normative-document.issued',
  'application.closed',
  'application.fee',
] as const;

export const fujian2014: RegisteredForm = {
  form: form2014({
    id: '2014-fujian',
    title: '政府信息公开情况统计表',
    basis: '平潭综合实验区2014至2017年度政府信息公开工作年度报告',
    rows: ROWS,
    rules: RULES,
  }),
  heads: HEADS,
  absent: [
    ...ABSENT_IN_2014,
    ...NOT_REPORTED.map((measure) => ({ measure })),
    released('weibo', 'wechat', 'bulletin-board', 'press-conference', 'other'),
    { measure: 'application.fee-waived', years: FROM_2017 },
  ],
  // 接受行政诉讼、举报数 and 行政诉讼数: the form prints lawsuits in both.
  twice: COLUMNS.map((column) => [`5:${column}`, `7:${column}`] as const),
};
