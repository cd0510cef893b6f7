/** 复议 and 诉讼: as filed or as decided, by outcome. */
import { one, type Reading, type WordRule } from '../rule.js';

const CASES = /^(?:件|宗|起|例|次|项|条)$/;

const NAMES = {
  remedy: '复议与诉讼',
  reconsideration: '行政复议',
  lawsuit: '行政诉讼',
  'lawsuit-direct': '未经复议直接起诉',
  'lawsuit-after': '复议后起诉',
} as const;
export type Remedy = keyof typeof NAMES;

const total = (of: Remedy): Reading[] => [
  one(`${NAMES[of]} 总计`, `${of}.total`),
  { says: `${NAMES[of]} 已审结`, plus: [`${of}.total`], minus: [`${of}.pending`] },
];

const remedy = (of: Remedy, words: RegExp, examples: readonly string[], not?: RegExp): WordRule => ({
  ...{ id: of, topic: 'remedies', dimension: 'remedy', units: CASES, words, readings: total(of), examples },
  ...(not === undefined ? {} : { not }),
});

export const REMEDIES: readonly WordRule[] = [
  remedy(
    'remedy',
    /(?:复议|诉讼)(?:案件?)?(?:[、和及与或]|以及)[^，。；：]{0,6}(?:诉讼|复议)(?:案件?)?(?:总?数)?|复议诉讼(?:案件?)?|(?:相关|涉诉|涉政府信息公开)案件/,
    ['相关案件〔74件〕', '行政复议、行政诉讼案件共〔74件〕'],
  ),
  remedy('lawsuit-direct', /(?:未经复议)?直接起诉|直接提起行政诉讼/, ['未经复议直接起诉〔3件〕'], /复议后/),
  remedy('lawsuit-after', /复议后(?:再)?(?:提起)?(?:起诉|行政诉讼|诉讼)/, ['复议后起诉〔10件〕']),
  remedy(
    'reconsideration',
    /行政复议(?:申请|案件?)?(?:总?数量?)?|(?:申请|提起|被)复议(?:案件?)?|复议案件?/,
    ['行政复议〔61件〕', '发生〔两件〕行政复议'],
    /复议后|复议、|复议和|复议及/,
  ),
  remedy(
    'lawsuit',
    /行政诉讼(?:案件?)?(?:总?数量?)?|行政应诉(?:案件?)?|(?:提起|被)诉讼|诉讼案件?/,
    ['行政诉讼〔13件〕'],
    /复议[、和及与]|直接|复议后/,
  ),
];

const outcome = (id: string, words: RegExp, example: string, dimension: WordRule['dimension'] = 'outcome'): WordRule => ({
  ...{ id, topic: 'remedies', dimension, units: CASES, only: 'remedies', words, readings: [], examples: [example] },
});

/** Of the remedy that the sentence speaks of. */
export const OUTCOMES: readonly WordRule[] = [
  outcome(
    'upheld',
    /(?:结果|予以|被|获|决定|判决)?维持(?:原?(?:具体)?行政行为)?(?:或者?驳回[^，。；]{0,8})?|驳回(?:原告)?(?:诉讼|复议)?(?:请求|申请|起诉)?/,
    '行政复议61件，维持〔27件〕',
  ),
  outcome('corrected', /(?:结果|予以|被|依法)*(?:纠正|纠错|撤销|变更|确认违法|责令)/, '行政复议61件，纠正〔10件〕'),
  outcome('pending', /(?:尚未|未)审结|正在审理(?:中)?|未结|在审|尚在审理/, '行政复议61件，尚未审结〔15件〕'),
  outcome('other', /其[他它](?:结果|情形)?/, '行政复议61件，其他结果〔9件〕'),
  outcome('decided', /(?<!未)(?:已)?审结/, '行政复议61件，已审结〔46件〕'),
];

/** The readings of an outcome once it is known of what. */
export function outcomeOf(of: Remedy, outcomeId: string): readonly Reading[] {
  if (outcomeId === 'decided') return [{ says: `${NAMES[of]} 已审结`, plus: [`${of}.total`], minus: [`${of}.pending`] }];
  return [one(`${NAMES[of]} ${outcomeId}`, `${of}.${outcomeId}`)];
}

export function isRemedy(id: string): id is Remedy {
  return Object.hasOwn(NAMES, id);
}
