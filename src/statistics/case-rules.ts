/**
 * Findings that name cases: what is to be said of a year's acts beside the figures, one row each, in the order in which
 * a table tells them. Which cases they are says read-models/remarks.ts, under the same name; a rule without any does
 * not compile.
 */

interface CaseFinding {
  readonly severity: 'warning' | 'info';
  /** In Chinese, and in English in brackets: what the cases named have in common. */
  readonly message: string;
}

export const CASE_FINDINGS = {
  /** Signed in the year by somebody whose role was later ended with an earlier date. */
  'signed-without-role': {
    severity: 'warning',
    message: '签批人的职责事后被终止于签批日之前 (signed by somebody whose role ended earlier)',
  },
  /** With an act of the year in which a name is spelled as no new one may be. */
  'doubtful-name': {
    severity: 'warning',
    message: '姓名、职责或步骤的写法可疑: 两种写法可能是同一人 (names spelled in a way that may make one person look like two)',
  },
  /** With a message of the year whose source and id another case had used before. */
  'id-reused-across-cases': {
    severity: 'warning',
    message: '同一报文编号用于多个事项, 后者不计 (a message id used in two cases; the later one counts nothing)',
  },
  /** That count in the table, with an act dated before there could be one. */
  'implausible-date': {
    severity: 'warning',
    message:
      '日期不合理: 早于单位登记之日, 或申请, 救济早于2008年5月1日 (acts dated before the agency was registered, or before the regulation of 2008)',
  },
  /** Closed in the year on days whose year has no calendar. */
  'provisional-verdict': {
    severity: 'warning',
    message: '办结期限按尚无日历的年份推算, 待节假日安排公布后确认 (closes judged on a year without a calendar, until one confirms them)',
  },
  /** Closed in the year, and judged otherwise by today's calendar than when the close was recorded. */
  'judged-otherwise': {
    severity: 'warning',
    message:
      '按现行日历, 办结是否按期与记录时不同; 撤销后重新记录方可更正 (closes that the calendar now in force judges otherwise: void them and send them again)',
  },
  /** With an act of the year that went out without review. */
  'without-review': { severity: 'info', message: '未经审查即公开 (released without review)' },
} as const satisfies Readonly<Record<string, CaseFinding>>;

export type CaseRule = keyof typeof CASE_FINDINGS;

const isCaseRule = (rule: string): rule is CaseRule => Object.hasOwn(CASE_FINDINGS, rule);

export const CASE_RULES: readonly CaseRule[] = Object.keys(CASE_FINDINGS).filter(isCaseRule);
