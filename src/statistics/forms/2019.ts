/**
 * The annual report format of report years 2019 and 2020 (国办公开办函〔2019〕60号, 试行). For 2019 it was encouraged, the old
 * form still allowed. Part two: 第二十条 (一), (五), (六), (八), (九); a document's rank decides its row. Stocks and numbers of
 * items stop at the change of format in 2021.
 */
import type { Rule } from '../checks.js';
import type { Form, MatrixRow } from '../form.js';
import { articleTwenty, PARTS_THREE_AND_FOUR, type SectionHeads } from '../heads.js';
import {
  counted,
  DECLARED,
  DECLARED_CHANGE,
  NO_ROW_OF_ITS_OWN,
  NOT_REPORTED,
  OTHER_LAW,
  partFour,
  partThree,
  pieces,
  row,
  rulesOf,
  stockRules,
} from './annual-report.js';
import { FINDINGS, type RegisteredForm } from './registered.js';

function documents(code: string, label: string, rank: string): MatrixRow {
  const published = { measure: 'item.first-released', where: { rank: [rank] } } as const;
  return row(code, label, {
    made: pieces(counted({ measure: 'normative-document.issued', where: { rank: [rank] } })),
    published: pieces(counted(published)),
    'total-public': pieces({ basis: 'stock', plus: published }),
  });
}

const ITEMS = { 'items-last-year': DECLARED, change: DECLARED_CHANGE };

const ROWS: readonly MatrixRow[] = [
  documents('2.1.1', '规章', 'rules'),
  documents('2.1.2', '规范性文件', 'normative'),
  row('2.5.1', '行政许可', { ...ITEMS, decisions: DECLARED }),
  row('2.5.2', '其他对外管理服务事项', { ...ITEMS, decisions: DECLARED }),
  row('2.6.1', '行政处罚', { ...ITEMS, decisions: DECLARED }),
  row('2.6.2', '行政强制', { ...ITEMS, decisions: DECLARED }),
  row('2.8.1', '行政事业性收费', ITEMS),
  row('2.9.1', '政府集中采购', { purchases: DECLARED, amount: { source: { basis: 'declared' }, scale: 6, unit: '元' } }),
  ...partThree([
    {
      code: '3.3.6',
      label: '（六）其他处理',
      results: [{ outcome: ['otherwise', 'abandoned', 'withdrawn'] }, ...NO_ROW_OF_ITS_OWN],
    },
  ]),
  ...partFour(),
];

const RULES: readonly Rule[] = [
  ...rulesOf(ROWS),
  ...['2.1.1', '2.1.2'].flatMap((code) => stockRules(code, 'total-public', 'published')),
  ...['2.5.1', '2.5.2', '2.6.1', '2.6.2', '2.8.1'].flatMap((code): Rule[] => [
    {
      rule: 'roll-forward',
      severity: 'warning',
      cell: `${code}:items-last-year`,
      last: [`${code}:items-last-year`, `${code}:change`],
    },
    { rule: 'items-below-zero', items: `${code}:items-last-year`, change: `${code}:change` },
  ]),
];

export const form2019: Form = {
  id: '2019',
  title: '政府信息公开工作年度报告（试行格式）',
  firstYear: 2019,
  lastYear: 2020,
  basis: '国办公开办函〔2019〕60号',
  rows: ROWS,
  rules: RULES,
  notes: [OTHER_LAW],
};

const OF_ITEMS = { 'items-last-year': '上一年项目数量', change: '本年增/减' };

const HEADS: readonly SectionHeads[] = [
  articleTwenty('2.1', '一', { made: '本年新制作数量', published: '本年新公开数量', 'total-public': '对外公开总数量' }),
  articleTwenty('2.5', '五', { ...OF_ITEMS, decisions: '处理决定数量' }),
  articleTwenty('2.6', '六', { ...OF_ITEMS, decisions: '处理决定数量' }),
  articleTwenty('2.8', '八', OF_ITEMS),
  articleTwenty('2.9', '九', { purchases: '采购项目数量', amount: '采购总金额' }),
  ...PARTS_THREE_AND_FOUR,
];

export const report2019: RegisteredForm = {
  form: form2019,
  heads: HEADS,
  absent: [
    ...FINDINGS,
    ...NOT_REPORTED,
    { measure: 'item.first-released', where: { rank: ['none'] } },
    { measure: 'normative-document.repealed' },
  ],
};
