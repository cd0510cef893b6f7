/**
 * Parts two, three and four as the annual report formats of 2019 (国办公开办函〔2019〕60号) and 2021 (国办公开办函〔2021〕30号) share
 * them: columns by kind of applicant, the results both print, their rules. Labels are the printed ones; `3.` + the
 * form's own number is the code.
 *
 * Results decided under the text of 2008 stand where the contract's mapping puts them; abandonment and withdrawal in
 * （六）.
 */
import type { Rule } from '../checks.js';
import type { CellSource, Column, MatrixRow, ResultNote, Selection, Selector } from '../form.js';
import type { Absent } from './registered.js';

export const KINDS = ['natural-person', 'business', 'research', 'public-welfare', 'legal-service', 'other'] as const;

const COLUMNS = [...KINDS, 'total'] as const;

type Where = NonNullable<Selector['where']>;

/** A cell of pieces without a printed unit. */
export function pieces(source: CellSource): Column {
  return { source, scale: 0, unit: null };
}

export function counted(select: Selection): CellSource {
  return { basis: 'counted', select };
}

export const DECLARED: Column = pieces({ basis: 'declared' });
/** 本年增/减. */
export const DECLARED_CHANGE: Column = pieces({ basis: 'declared', negative: true });

export function row(code: string, label: string, columns: MatrixRow['columns'], unit: string | null = null): MatrixRow {
  return { code, label, unit, columns };
}

/** One column per kind of applicant and their total. */
function byKind(code: string, label: string, source: (kind: string) => CellSource): MatrixRow {
  const columns = KINDS.map((kind) => [kind, pieces(source(kind))]);
  const total: CellSource = { basis: 'computed', sumOf: KINDS.map((kind) => `${code}:${kind}`) };
  return row(code, label, Object.fromEntries([...columns, ['total', pieces(total)]]) as MatrixRow['columns']);
}

/** A row of 三、本年度办理结果: any of these results. */
export interface ResultRow {
  readonly code: string;
  readonly label: string;
  readonly results: readonly Where[];
}

const refused = (...ground: string[]): Where => ({ outcome: ['refused'], ground });
const unavailable = (ground: string): Where => ({ outcome: ['unavailable'], ground: [ground] });
const notProcessed = (ground: string): Where => ({ outcome: ['not-processed'], ground: [ground] });

/** （一） to （五）, the same in both formats. */
const RESULTS: readonly ResultRow[] = [
  { code: '3.3.1', label: '（一）予以公开', results: [{ outcome: ['granted', 'already-public'] }] },
  { code: '3.3.2', label: '（二）部分公开（区分处理的，只计这一情形，不计其他情形）', results: [{ outcome: ['partly-granted'] }] },
  { code: '3.3.3.1', label: '（三）不予公开 1.属于国家秘密', results: [refused('state-secret')] },
  { code: '3.3.3.2', label: '2.其他法律行政法规禁止公开', results: [refused('forbidden-by-law', 'other-law')] },
  { code: '3.3.3.3', label: '3.危及“三安全一稳定”', results: [refused('safety-stability')] },
  { code: '3.3.3.4', label: '4.保护第三方合法权益', results: [refused('third-party-rights', 'trade-secret', 'privacy')] },
  { code: '3.3.3.5', label: '5.属于三类内部事务信息', results: [refused('internal-affairs')] },
  { code: '3.3.3.6', label: '6.属于四类过程性信息', results: [refused('process-information')] },
  { code: '3.3.3.7', label: '7.属于行政执法案卷', results: [refused('enforcement-file')] },
  { code: '3.3.3.8', label: '8.属于行政查询事项', results: [refused('inquiry-matter')] },
  {
    code: '3.3.4.1',
    label: '（四）无法提供 1.本机关不掌握相关政府信息',
    results: [unavailable('not-held'), { outcome: ['other-agency', 'not-existing'] }],
  },
  { code: '3.3.4.2', label: '2.没有现成信息需要另行制作', results: [unavailable('needs-creation')] },
  { code: '3.3.4.3', label: '3.补正后申请内容仍不明确', results: [unavailable('still-unclear')] },
  { code: '3.3.5.1', label: '（五）不予处理 1.信访举报投诉类申请', results: [notProcessed('petition')] },
  { code: '3.3.5.2', label: '2.重复申请', results: [notProcessed('repeated')] },
  { code: '3.3.5.3', label: '3.要求提供公开出版物', results: [notProcessed('published-material')] },
  { code: '3.3.5.4', label: '4.无正当理由大量反复申请', results: [notProcessed('excessive')] },
  { code: '3.3.5.5', label: '5.要求行政机关确认或重新出具已获取信息', results: [notProcessed('confirm-again')] },
];

/** Results of the text of 2008 that no row of （一） to （五） takes: they stand in （六）. */
export const NO_ROW_OF_ITS_OWN: readonly Where[] = [{ outcome: ['other-channel'] }, refused('not-government-information')];

/** Given up and withdrawn are no results of either text. */
export const OTHER_LAW: ResultNote = {
  rule: 'other-law-result',
  severity: 'info',
  select: {
    measure: 'application.result',
    where: {
      law: ['2008'],
      outcome: ['already-public', 'granted', 'partly-granted', 'refused', 'other-agency', 'not-existing', 'other-channel'],
    },
  },
  names: 'cells',
  message: '按2008年条例作出的结果, 计入对应栏目 (results under the text of 2008, counted in the rows that correspond)',
};

/** Part three. `otherwise` are the rows of （六）, which differ between the formats. */
export function partThree(otherwise: readonly ResultRow[]): MatrixRow[] {
  const results = [...RESULTS, ...otherwise];
  const open = (kind: string): Selector => ({ measure: 'application.open', where: { kind: [kind] } });
  return [
    byKind('3.1', '一、本年新收政府信息公开申请数量', (kind) => counted({ measure: 'application.received', where: { kind: [kind] } })),
    byKind('3.2', '二、上年结转政府信息公开申请数量', (kind) => ({ basis: 'counted', select: open(kind), balance: 'opening' })),
    ...results.map(({ code, label, results: any }) =>
      byKind(code, label, (kind) => counted(any.map((where) => ({ measure: 'application.result', where: { ...where, kind: [kind] } })))),
    ),
    byKind('3.3.7', '（七）总计', (kind) => ({ basis: 'computed', sumOf: results.map(({ code }) => `${code}:${kind}`) })),
    byKind('3.4', '四、结转下年度继续办理', (kind) => ({ basis: 'counted', select: open(kind), balance: 'closing' })),
  ];
}

const MEASURES_NOT_REPORTED = [
  'item.released',
  'topic.first-answered',
  'topic.first-answered-by',
  'press-conference.held',
  'interpretation.published',
  'delivery.items',
  'meeting.held',
  'training.held',
  'training.trainees',
  'application.closed',
  'application.replied',
  'application.fee',
  'application.fee-waived',
  'complaint.decided',
] as const;

/** The annual report has no rows for them: 国办公开办函〔2019〕60号, 〔2021〕30号. */
export const NOT_REPORTED: readonly Absent[] = MEASURES_NOT_REPORTED.map((measure) => ({ measure }));

const RESULT_COLUMNS = ['upheld', 'corrected', 'other', 'pending'] as const;

/** Part four: decided in the year by result, and filed but undecided on 31 December. */
export function partFour(): MatrixRow[] {
  const line = (code: string, label: string, kind: 'reconsideration' | 'lawsuit', where: Where): MatrixRow => {
    const decided = (result: string): Column => pieces(counted({ measure: `${kind}.decided`, where: { ...where, result: [result] } }));
    return row(code, label, {
      upheld: decided('upheld'),
      corrected: decided('corrected'),
      other: decided('other'),
      pending: pieces({ basis: 'counted', select: { measure: `${kind}.pending`, where }, balance: 'closing' }),
      total: pieces({ basis: 'computed', sumOf: RESULT_COLUMNS.map((column) => `${code}:${column}`) }),
    });
  };
  return [
    line('4.1', '行政复议', 'reconsideration', {}),
    line('4.2', '未经复议直接起诉', 'lawsuit', { route: ['direct'] }),
    line('4.3', '复议后起诉', 'lawsuit', { route: ['after-reconsideration'] }),
  ];
}

/**
 * The rules of parts three and four: totals of rows, （七） as the sum of the results, 一+二=（七）+四, last year's 四 as this
 * year's 二 and no blank there, last year's 尚未审结 in this year's totals.
 */
export function rulesOf(rows: readonly MatrixRow[]): Rule[] {
  const matrix = rows.filter(({ code }) => code.startsWith('3.') || code.startsWith('4.'));
  const results = rows.map(({ code }) => code).filter((code) => code.startsWith('3.3.') && code !== '3.3.7');
  return [
    ...matrix.map(({ code, columns }): Rule => {
      const parts = Object.keys(columns).filter((column) => column !== 'total');
      return { rule: 'row-total', total: `${code}:total`, parts: parts.map((column) => `${code}:${column}`) };
    }),
    ...COLUMNS.flatMap((column): Rule[] => [
      { rule: 'sum', total: `3.3.7:${column}`, parts: results.map((code) => `${code}:${column}`) },
      {
        rule: 'balance',
        received: `3.1:${column}`,
        carriedIn: `3.2:${column}`,
        closed: `3.3.7:${column}`,
        carriedOver: `3.4:${column}`,
      },
      { rule: 'roll-forward', severity: 'error', cell: `3.2:${column}`, last: [`3.4:${column}`], acrossForms: true },
      { rule: 'blank-opening', opening: `3.2:${column}`, closing: `3.4:${column}`, filled: [`3.1:${column}`, `3.3.7:${column}`] },
    ]),
    {
      rule: 'pending-lost',
      rows: ['4.1', '4.2', '4.3'].map((code) => ({
        total: `${code}:total`,
        pending: `${code}:pending`,
        parts: RESULT_COLUMNS.map((column) => `${code}:${column}`),
      })),
    },
  ];
}

/** A stock of part two: last year's and this year's flow, and never below this year's alone. */
export function stockRules(code: string, stock: string, plus: string, minus?: string): Rule[] {
  const name = (column: string): string => `${code}:${column}`;
  const out = minus === undefined ? {} : { minus: [name(minus)] };
  return [
    { rule: 'roll-forward', severity: 'warning', cell: name(stock), last: [name(stock)], plus: [name(plus)], ...out },
    { rule: 'stock-below-flow', stock: name(stock), plus: name(plus), ...(minus === undefined ? {} : { minus: name(minus) }) },
  ];
}
