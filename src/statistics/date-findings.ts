/** What is said of a year's dates: days that cannot be, closes that rest on a calendar which was not there, a year of which nothing is recorded. */
import { finding, type Finding, type RuleName } from './checks.js';

export interface DateRemarks {
  /** Cases that count in the table, with an act dated before there could be one. */
  readonly implausibleDates: readonly string[];
  /** Cases closed in the year on days whose year has no calendar. */
  readonly provisionalVerdicts: readonly string[];
  /** Cases closed in the year that today's calendar judges otherwise than when their close was recorded. */
  readonly judgedOtherwise: readonly string[];
  /** The agency has no records of the year. */
  readonly nothingRecorded: boolean;
}

/** Said of a year without records: its zeros are no count. */
export function nothingRecorded(year: number): Finding {
  return finding(
    'nothing-recorded',
    'warning',
    [],
    null,
    null,
    `${year} 年度无任何记录, 表中的零并非统计结果 (nothing is recorded of the year: its zeros are no count)`,
  );
}

/** Dates that cannot be, and closes judged by a calendar that was not there, or is another by now. */
export function ofDates({ implausibleDates, provisionalVerdicts, judgedOtherwise }: DateRemarks): Finding[] {
  const said: readonly (readonly [RuleName, string, readonly string[]])[] = [
    [
      'implausible-date',
      '日期不合理: 早于单位登记之日, 或申请, 救济早于2008年5月1日 (acts dated before the agency was registered, or before the regulation of 2008)',
      implausibleDates,
    ],
    [
      'provisional-verdict',
      '办结期限按尚无日历的年份推算, 待节假日安排公布后确认 (closes judged on a year without a calendar, until one confirms them)',
      provisionalVerdicts,
    ],
    [
      'judged-otherwise',
      '按现行日历, 办结是否按期与记录时不同; 撤销后重新记录方可更正 (closes that the calendar now in force judges otherwise: void them and send them again)',
      judgedOtherwise,
    ],
  ];
  return said
    .filter(([, , cases]) => cases.length > 0)
    .map(([rule, message, cases]) => ({ ...finding(rule, 'warning', [], null, null, message), cases }));
}
