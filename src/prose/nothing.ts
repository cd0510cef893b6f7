/** Sentences without a number that say there was none: 未收到申请, 没有发生行政复议. */
import { proseFinding, plain, type ProseFinding } from './findings.js';
import { valueIn, type Tables } from './judge.js';
import { residue } from './mentions.js';
import { one, type Reading } from './rule.js';
import type { Sentence } from './sentences.js';
import { yearOf } from './years.js';

export interface NothingRule {
  readonly id: string;
  /** What there was none of, behind the word that says so. */
  readonly words: RegExp;
  readonly not?: RegExp;
  readonly reading: Reading;
  readonly examples: readonly string[];
}

/** 未, 无, 没有 … as said of events. 无法, 无正当理由, 未按时 are other words. */
const NONE = /(?:未(?:曾)?(?:有|收到|接到|受理|发生|出现|产生|收取|被)|没有|无(?!法|正当|偿|故|障碍|效|论|形|线|需)|从未|零)/;

export const NOTHING: readonly NothingRule[] = [
  {
    ...{ id: 'received', reading: one('一、本年新收', 'received') },
    words:
      /^(?:[^，。；]{0,18}(?:提出|提交|收到|受理|接到)?)(?:(?:政府)?信息公开|依申请公开|公开政府信息)(?:的)?申请(?:$|的?情况|件|事项)|^依申请公开(?:的)?(?:政府信息)?(?:申请|情况|事项|件|$)/,
    not: /复议|诉讼|费|减免|投诉|举报|申请人/,
    examples: ['未有公民、法人或其他组织提出政府信息公开申请', '本年度未收到政府信息公开申请', '2023年我局无依申请公开'],
  },
  {
    ...{ id: 'reconsideration', reading: one('行政复议 总计', 'reconsideration.total') },
    words: /复议/,
    not: /结果|复议后|纠错|纠正|撤销|维持|败诉/,
    examples: ['没有发生因政府信息公开申请行政复议、提起行政诉讼的情况', '无行政复议案件'],
  },
  {
    ...{ id: 'lawsuit', reading: one('行政诉讼 总计', 'lawsuit.total') },
    words: /诉讼/,
    not: /结果|纠错|纠正|撤销|维持|败诉/,
    examples: ['未发生行政诉讼'],
  },
  {
    ...{ id: 'fees', reading: one('依申请公开信息收取的费用', 'fees') },
    words: /^[^，。；]{0,12}(?:信息公开|依申请公开)?(?:收费|收取[^，。；]{0,8}费用?|费用)/,
    not: /行政事业性/,
    examples: ['无政府信息公开收费及减免情况', '未收取任何费用'],
  },
  {
    ...{ id: 'carried-over', reading: one('四、结转下年度继续办理', 'carried-over') },
    words: /(?:结转|转结)[^，。；]{0,3}(?:下|次|20\d\d)年/,
    examples: ['无结转下年度继续办理的申请'],
  },
  {
    ...{ id: 'carried-in', reading: one('二、上年结转', 'carried-in') },
    words: /(?:上年度?|上一年度?)(?:度)?(?:结转|转结)/,
    examples: ['无上年结转申请'],
  },
  {
    ...{ id: 'complaints', reading: one('被举报投诉数量', 'complaints') },
    words: /举报|投诉/,
    not: /不予|类/,
    examples: ['未发生被举报投诉的情况'],
  },
];

/** 均获维持: then none is corrected, of another outcome or pending. */
const ALL_UPHELD: readonly { readonly words: RegExp; readonly reading: Reading }[] = (['reconsideration', 'lawsuit'] as const).map(
  (of) => ({
    words: new RegExp(`${of === 'lawsuit' ? '诉讼' : '复议'}[^。；]{0,24}(?:均|全部)(?:获得?|被|予以|结果为)?维持`),
    reading: one('纠正、其他结果与尚未审结', `${of}.corrected`, `${of}.other`, `${of}.pending`),
  }),
);

/** The clauses of a sentence that say none, with the rules they say it of. */
export function nothingIn(sentence: Sentence): { readonly clause: string; readonly rule: NothingRule }[] {
  return sentence.plain.split(/[，,；;。：:]/).flatMap((clause) => {
    const match = NONE.exec(clause);
    if (match === null || /\d/.test(clause.replace(/20\d\d年度?/g, ''))) return [];
    const behind = clause.slice(match.index + match[0].length);
    // What stands before the word is of the same clause only where it names nothing else.
    if (residue(clause.slice(0, match.index)).length > 14) return [];
    return NOTHING.filter(({ words, not }) => words.test(behind) && not?.test(behind) !== true).map((rule) => ({
      clause: clause.trim(),
      rule,
    }));
  });
}

export function nothingFindings(sentence: Sentence, { now }: Tables): ProseFinding[] {
  if (now === null) return [];
  const upheld = ALL_UPHELD.flatMap(({ words, reading }) => {
    const [clause] = words.exec(sentence.plain) ?? [];
    return clause === undefined ? [] : [{ clause, reading }];
  });
  const said = [...nothingIn(sentence).map(({ clause, rule }) => ({ clause, reading: rule.reading })), ...upheld];
  return said.flatMap(({ clause, reading }) => {
    const at = sentence.plain.indexOf(clause);
    const year = yearOf(sentence, { at: at + clause.length }, clause);
    const judged = year === 'this' || year === now.year ? valueIn(now, reading, null) : null;
    if (judged?.value == null || judged.value === 0n) return [];
    const message = `${clause}: ${judged.says} 为 ${plain(judged.value)} (said to be none)`;
    return [proseFinding('not-none', sentence, { text: clause, cells: judged.cells, left: '0', right: plain(judged.value), message })];
  });
}
