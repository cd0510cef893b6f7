/** What each number of a sentence counts: by the words before it, by those behind it, then by what it stands with. */
import { quantities, type Quantity } from './quantities.js';
import type { Dimension, Reading, Topic, WordRule } from './rule.js';
import { ALL_APPLICANTS, APPLICANTS } from './rules/applicants.js';
import { FLOWS, GROUNDS, RESULTS, WAYS } from './rules/applications.js';
import { DECIDED, DOCUMENTS, MONEY, RELEASED, WORK } from './rules/release.js';
import { isRemedy, OUTCOMES, outcomeOf, REMEDIES, type Remedy } from './rules/remedies.js';
import type { Sentence } from './sentences.js';
import { GROWTH, LEVEL, yearOf, type SpokenYear } from './years.js';

export const RULES: readonly WordRule[] = [
  ...[...WAYS, ...FLOWS, ...RESULTS, ...GROUNDS, ...REMEDIES, ...OUTCOMES],
  ...[...RELEASED, ...DOCUMENTS, ...DECIDED, ...MONEY, ...WORK],
];

export interface Mention {
  readonly sentence: Sentence;
  readonly quantity: Quantity;
  /** The words directly before it, from the last stop or number. */
  readonly near: string;
  /** The words directly behind it, to the next stop or number. */
  readonly after: string;
  readonly rule: WordRule | null;
  /** `kind` of a number by applicants; null where it is not known what it counts. */
  readonly dimension: Dimension | null;
  readonly readings: readonly Reading[];
  /** Columns of the applicants spoken of; null for all. */
  readonly columns: readonly string[] | null;
  readonly year: SpokenYear;
  /** Of somebody else than the report's agency, as one department's part: not held against the agency's cells. */
  readonly foreign: boolean;
  /** An office, as its government names it (县住建局): a part for that government, itself for a bureau. */
  readonly office: boolean;
}

const STOP = /[，,；;：:。（）()！？]/;

/** Words that may stand beside those of a bare rule. */
const FILLERS =
  /20\d\d年度?|全年度?|本年度?|年度|今年|当年|期间|截[至止]|□|[我本全](?:机关|单位|部门|地区|[局县市区镇乡委办院省厅州旗校部街系辖]+)(?:各级)?|共计|总计|合计|累计|总共|一共|共有?|其中|分别|依法|依规|均已?|已经?|都|全部|所有|为|是|了|有|的|对|由|被|经|将|各类|各级|行政机关|政府信息公开|政府|信息|申请|数量|总?数|达到?|约|近|超过?|逾|突破|\s|、|余|实际|办理|因此|仍|外|另|还|并|且|及时|主动|和|及|与|又|案件|事项|情况|工作|方面|件数|结果|年底|年末|目前|较|比|从|同期|上年度?|去年|上一年度?|增加|增长|上升|下降|减少|降低|[到至为]|今年以来/g;

/** What an agency is called, at the beginning of a clause. */
const AGENCY = /^[\p{Script=Han}]{2,16}?(?:局|委员会|委|办公室|办|厅|政府|管委会|中心|镇|街道|乡)(?=收|受|共|全|本|新|办|主|\d|$)/u;

const OFFICE = /^其?中?[县市区州][\p{Script=Han}]{1,12}(?:局|委|办|厅|中心|办公室)/u;

const PARTS_OF_OTHERS =
  /(?:[县市区省州]直|乡镇|街道|各部门|(?<![我本全])(?:局|委员会|厅|镇|办事处|中心))(?:部门|单位|机关)?(?:公开|收到|受理|办结|发布|[\s□])*$/;

export function mentionsOf(sentence: Sentence): Mention[] {
  const found = quantities(sentence.plain, sentence.text);
  const mentions: Mention[] = [];
  for (const [at, quantity] of found.entries()) mentions.push(mention(sentence, quantity, around(sentence, found, at), mentions));
  return withSeries(mentions);
}

interface Around {
  readonly near: string;
  readonly after: string;
  /** All words since the number before. */
  readonly wide: string;
}

function around({ plain }: Sentence, found: readonly Quantity[], at: number): Around {
  const { at: begin = 0, end = 0 } = found[at] ?? {};
  const wide = plain.slice(found[at - 1]?.end ?? 0, begin);
  const near = wide.split(STOP).at(-1) ?? '';
  const after = (plain.slice(end, found[at + 1]?.at ?? plain.length).split(/[，,；;：:。、（）()！？]/)[0] ?? '').trim();
  return { near: near.trim(), after, wide };
}

function mention(sentence: Sentence, quantity: Quantity, words: Around, before: readonly Mention[]): Mention {
  const { near, after } = words;
  const topics = topicsAt(sentence, quantity, before);
  const columns = columnsOf(quantity, words, topics) ?? otherApplicants(near, before);
  const rule = before.at(-1)?.dimension === 'kind' && columns !== null && /其[他它]/.test(near) ? null : ruleOf(quantity, words, topics);
  const head = before.findLast((other) => other.rule !== null && other.dimension !== 'kind' && other.quantity.kind === 'pieces');
  const base = {
    ...{ sentence, quantity, near, after, columns },
    year: yearOf(sentence, quantity, near),
    office: OFFICE.test(near),
    foreign: before.length > 0 && (PARTS_OF_OTHERS.test(near) || isPartOfSame(rule, near, before)),
  };
  if (columns !== null && rule === null) return { ...base, ...byApplicants(head, topics, quantity) };
  if (rule === null) return { ...base, ...asCompared(base, before.at(-1)) };
  return {
    ...base,
    rule,
    dimension: columns === null ? rule.dimension : 'kind',
    readings: readingsFor(rule, remedyAt(sentence, quantity, before)),
  };
}

/** 收到24件，其中平台收到11件: the same words again, of a part that has no cell. */
function isPartOfSame(rule: WordRule | null, near: string, before: readonly Mention[]): boolean {
  const [first] = rule?.readings ?? [];
  return (
    /^其中|^含/.test(near) &&
    first !== undefined &&
    before.some((other) => other.rule?.readings.some(({ says }) => says === first.says) === true)
  );
}

function columnsOf(quantity: Quantity, { near, after }: Around, topics: readonly Topic[]): readonly string[] | null {
  return columnsIn(near) ?? (ruleIn(near, quantity, topics, after) === null ? columnsIn(after) : null);
}

/** 自然人140件，商业企业1件，其他2件: the columns that the sentence does not name. */
function otherApplicants(near: string, before: readonly Mention[]): readonly string[] | null {
  if (before.at(-1)?.dimension !== 'kind' || !/^其[他它余](?:组织)?$/.test(residue(near))) return null;
  const named = new Set(before.flatMap(({ columns }) => columns ?? []));
  return ALL_APPLICANTS.filter((column) => !named.has(column));
}

/** 713件，上年为590件; 由上年的590件增加到713件: the same of another year. */
function asCompared(
  { near, quantity, year }: Pick<Mention, 'near' | 'quantity' | 'year'>,
  last: Mention | undefined,
): Pick<Mention, 'rule' | 'dimension' | 'readings'> {
  const alike = last?.quantity.unit === quantity.unit && last.year !== year && residue(near) === '' && near !== '';
  if (!alike || (year === 'this' && !LEVEL.test(near)) || (year !== 'this' && GROWTH.test(near)))
    return { rule: null, dimension: null, readings: [] };
  return { rule: last.rule, dimension: last.dimension, readings: last.readings };
}

/** Applicants of the number they are parts of; without one, of what came in. */
function byApplicants(
  head: Mention | undefined,
  topics: readonly Topic[],
  { kind }: Quantity,
): Pick<Mention, 'rule' | 'dimension' | 'readings'> {
  const came = FLOWS.find(({ id }) => id === 'received') ?? null;
  const rule = head?.rule?.topic === 'applications' ? head.rule : topics.length === 0 || topics.includes('applications') ? came : null;
  if (kind !== 'pieces' || rule === null) return { rule: null, dimension: null, readings: [] };
  return { rule, dimension: 'kind', readings: rule === head?.rule ? head.readings : rule.readings };
}

function readingsFor(rule: WordRule, remedy: Remedy | null): readonly Reading[] {
  if (!OUTCOMES.includes(rule)) return rule.readings;
  return remedy === null ? [] : outcomeOf(remedy, rule.id);
}

function ruleOf(quantity: Quantity, { near, after, wide }: Around, topics: readonly Topic[]): WordRule | null {
  const [before, behind] = [ruleIn(near, quantity, topics, after), ruleIn(after, quantity, topics)];
  // 其余31件结转下年度: what is left is said of what stands behind it.
  const direct = before === null || (before.id === 'others' && behind !== null) ? behind : before;
  if (direct !== null || columnsIn(near) !== null || residue(near) !== '' || wide.trim() === near) return direct;
  const clauses = wide.split(STOP).filter((clause) => residue(clause) !== '');
  const [closest = ''] = [clauses.at(-1)];
  return /^\s*[（(]/.test(wide) ? null : ruleIn(closest, quantity, topics, '');
}

interface Hit {
  readonly rule: WordRule;
  readonly end: number;
  readonly length: number;
}

/** The rule whose words stand nearest to the number; of several the one with the most words. */
function ruleIn(words: string, quantity: Quantity, topics: readonly Topic[], beside: string | null = null): WordRule | null {
  const isBefore = beside !== null;
  const hits = RULES.flatMap((rule): Hit[] => {
    if (!countsIn(rule, quantity) || (rule.only !== undefined && !topics.includes(rule.only))) return [];
    if (rule.not?.test(rule.bare === true ? words + (beside ?? '') : words) === true) return [];
    const match = [...words.matchAll(new RegExp(rule.words.source, 'gu'))].filter(([text]) => text !== '').at(-1);
    if (match === undefined || (rule.bare === true && residue(words.replace(match[0], '')) !== '')) return [];
    // Words between them and the number make it a part: 主动公开政策法规类信息20条.
    if (isBefore && residue(withoutApplicants(words.slice(match.index + match[0].length))) !== '') return [];
    return [{ rule, end: match.index + match[0].length, length: match[0].length }];
  });
  const [best] = hits.sort((one, other) => other.end - one.end || other.length - one.length);
  return best?.rule ?? null;
}

function countsIn({ units }: WordRule, { kind, unit }: Quantity): boolean {
  return units === 'money' ? kind === 'money' : kind === 'pieces' && units.test(unit);
}

export function residue(words: string): string {
  return words.replace(AGENCY, '').replace(FILLERS, '').trim();
}

function withoutApplicants(words: string): string {
  return APPLICANTS.reduce((rest, { words: pattern }) => rest.replace(new RegExp(pattern.source, 'gu'), ''), words);
}

function columnsIn(words: string): readonly string[] | null {
  const plain = words.replace(/公民、法人(?:[和或及与、以]+其[他它]组织)?/g, '');
  const found = APPLICANTS.map(({ columns, words: pattern }) => ({ columns, at: plain.search(pattern) })).filter(({ at }) => at >= 0);
  return found.sort((one, other) => one.at - other.at)[0]?.columns ?? null;
}

const TOPICS: readonly (readonly [Topic, RegExp])[] = [
  ['remedies', /复议|诉讼|应诉|相关案件/],
  ['applications', /申请|受理|收办|办结|答复|结转/],
  ['release', /主动公开|公开平台|网站公开/],
  ['deliveries', /图书馆|档案馆/],
  ['documents', /规范性文件/],
  ['rules', /规章/],
];

/**
 * What the sentence speaks of at a number: the words since the number before it and that number, else its words, else
 * the heading over it.
 */
function topicsAt({ plain, heading }: Sentence, { at }: Quantity, before: readonly Mention[]): readonly Topic[] {
  const last = before.findLast(({ rule }) => rule !== null);
  const direct = [spokenOf(plain.slice(last?.quantity.end ?? 0, at)), last?.rule?.topic ?? null].filter((topic) => topic !== null);
  const [around = spokenOf(heading)] = [spokenOf(plain)].filter((topic) => topic !== null);
  return direct.length > 0 || around === null ? direct : [around];
}

function spokenOf(words: string): Topic | null {
  return TOPICS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}

/** Which remedy an outcome is of. */
function remedyAt({ plain, heading }: Sentence, { at }: Quantity, before: readonly Mention[]): Remedy | null {
  const last = before.findLast(({ rule }) => rule !== null && isRemedy(rule.id));
  if (last?.rule !== undefined && last.rule !== null && isRemedy(last.rule.id)) return last.rule.id;
  const words = plain.slice(0, at) + (TOPICS[0]?.[1].test(plain.slice(0, at)) === true ? '' : heading);
  const [reconsidered, sued] = [/复议/.test(words), /诉讼|应诉/.test(words)];
  if (reconsidered && sued) return 'remedy';
  return reconsidered ? 'reconsideration' : sued ? 'lawsuit' : null;
}

/** 行政复议、行政诉讼分别为5件、2件: each number is of the name at its place. */
function withSeries(mentions: readonly Mention[]): Mention[] {
  const done = [...mentions];
  for (const [at, first] of mentions.entries()) {
    const names = /(?<names>[^，。；：]+?)(?:案件|申请)?(?:数量?)?分别[为是有达]?$/.exec(first.near)?.groups?.['names'];
    const parts = names?.split(/[、和及与]/) ?? [];
    const row = mentions.slice(at, at + parts.length);
    if (parts.length < 2 || row.length < parts.length) continue;
    const rules = parts.map((part) => ruleIn(part, first.quantity, topicsAt(first.sentence, first.quantity, [])));
    for (const [index, rule] of rules.entries()) {
      const other = row[index];
      if (rule !== null && other !== undefined && (index === 0 || residue(other.near) === ''))
        done[at + index] = { ...other, rule, dimension: rule.dimension, readings: rule.readings };
    }
  }
  return done;
}
