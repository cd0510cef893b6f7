/**
 * The annual report format from report year 2021 (国办公开办函〔2021〕30号). Part two: 第二十条 (一), (五), (六), (八), as of 31
 * December; a document's rank decides its row. 现行有效 is another stock than 对外公开总数量 of 2020 and begins anew; 失效 is no 废止,
 * so its rule only warns.
 */
import type { Rule } from '../checks.js';
import type { Form, MatrixRow } from '../form.js';
import { articleTwenty, PARTS_THREE_AND_FOUR, type SectionHeads } from '../heads.js';
import {
  counted,
  DECLARED,
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
  const made = { measure: 'normative-document.issued', where: { rank: [rank] } } as const;
  const repealed = { measure: 'normative-document.repealed', where: { rank: [rank] } } as const;
  return row(code, label, {
    made: pieces(counted(made)),
    repealed: pieces(counted(repealed)),
    'in-force': pieces({ basis: 'stock', plus: made, minus: repealed }),
  });
}

const ROWS: readonly MatrixRow[] = [
  documents('2.1.1', '规章', 'rules'),
  documents('2.1.2', '行政规范性文件', 'normative'),
  row('2.5.1', '行政许可', { decisions: DECLARED }),
  row('2.6.1', '行政处罚', { decisions: DECLARED }),
  row('2.6.2', '行政强制', { decisions: DECLARED }),
  row('2.8.1', '行政事业性收费', { amount: { source: { basis: 'declared' }, scale: 6, unit: '万元' } }, '万元'),
  ...partThree([
    {
      code: '3.3.6.1',
      label: '（六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请',
      results: [
        { outcome: ['otherwise'], ground: ['not-supplemented'] },
        { outcome: ['abandoned'], reason: ['not-supplemented'] },
      ],
    },
    {
      code: '3.3.6.2',
      label: '2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请',
      results: [
        { outcome: ['otherwise'], ground: ['fee-unpaid'] },
        { outcome: ['abandoned'], reason: ['fee-unpaid'] },
      ],
    },
    {
      code: '3.3.6.3',
      label: '3.其他',
      results: [
        { outcome: ['otherwise'], ground: ['other'] },
        { outcome: ['abandoned'], reason: ['other'] },
        { outcome: ['withdrawn'] },
        ...NO_ROW_OF_ITS_OWN,
      ],
    },
  ]),
  ...partFour(),
];

const RULES: readonly Rule[] = [
  ...rulesOf(ROWS),
  ...['2.1.1', '2.1.2'].flatMap((code) => stockRules(code, 'in-force', 'made', 'repealed')),
];

export const form2021: Form = {
  id: '2021',
  title: '政府信息公开工作年度报告',
  firstYear: 2021,
  lastYear: null,
  basis: '国办公开办函〔2021〕30号',
  rows: ROWS,
  rules: RULES,
  notes: [OTHER_LAW],
};

const HEADS: readonly SectionHeads[] = [
  articleTwenty('2.1', '一', { made: '本年制发件数', repealed: '本年废止件数', 'in-force': '现行有效件数' }),
  articleTwenty('2.5', '五', { decisions: '本年处理决定数量' }),
  articleTwenty('2.6', '六', { decisions: '本年处理决定数量' }),
  articleTwenty('2.8', '八', { amount: '本年收费金额（单位：万元）' }),
  ...PARTS_THREE_AND_FOUR,
];

export const report2021: RegisteredForm = {
  form: form2021,
  heads: HEADS,
  absent: [...FINDINGS, ...NOT_REPORTED, { measure: 'item.first-released' }],
};
