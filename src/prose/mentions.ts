/** What each number of a sentence counts: by the words before it, then by those behind it, then by what it stands with. */
import { quantities, type Quantity } from './quantities.js';
import type { Dimension, Reading, Topic, WordRule } from './rule.js';
import { APPLICANTS } from './rules/applicants.js';
import { FLOWS, GROUNDS, RESULTS, WAYS } from './rules/applications.js';
import { DECIDED, DOCUMENTS, MONEY, RELEASED, WORK } from './rules/release.js';
import { isRemedy, OUTCOMES, outcomeOf, REMEDIES, type Remedy } from './rules/remedies.js';
import type { Sentence } from './sentences.js';
import { yearOf, type SpokenYear } from './years.js';

export const RULES: readonly WordRule[] = [
  ...[...FLOWS, ...RESULTS, ...GROUNDS, ...WAYS, ...REMEDIES, ...OUTCOMES],
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
}

const STOP = /[，,；;：:。（）()！？]/;

/** Words that may stand beside those of a bare rule. */
const FILLERS =
  /20\d\d年度?|全年度?|本年度?|年度|今年|当年|期间|截[至止]|□|[我本全](?:机关|单位|部门|地区|[局县市区镇乡委办院省厅州旗校部街系辖]+)(?:各级)?|共计|总计|合计|累计|总共|一共|共有?|其中|分别|依法|依规|均已?|已经?|都|全部|所有|为|是|了|有|的|对|由|被|经|将|各类|各级|行政机关|政府信息公开|政府|信息|申请|数量|总?数|达到?|约|近|超过?|逾|突破|\s|、|余|实际|办理|因此|仍|外|另|还|并|且|及时|主动/g;

/** What an agency is called, at the beginning of a clause. */
const AGENCY = /^[\p{Script=Han}]{2,16}?(?:局|委员会|委|办公室|办|厅|政府|管委会|中心|镇|街道|乡)(?=收|受|共|全|本|新|办|主|\d|$)/u;

const PARTS_OF_OTHERS = /(?:[县市区省州]直|乡镇|街道|各部门|(?<![我本全])(?:局|委员会|厅|镇|办事处|中心))(?:部门|单位|机关)?(?:公开|收到|受理|办结|发布|[\s□])*$/;

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
  const topic = topicAt(sentence, quantity, before);
  const columns = columnsIn(near) ?? (ruleIn(near, quantity, topic) === null ? columnsIn(after) : null);
  const rule = ruleOf(quantity, words, topic);
  const head = before.findLast((other) => other.rule !== null && other.dimension !== 'kind' && other.quantity.kind === 'pieces');
  const base = {
    ...{ sentence, quantity, near, after, columns },
    year: yearOf(sentence, quantity, near),
    foreign: before.length > 0 && PARTS_OF_OTHERS.test(near),
  };
  if (columns !== null && rule === null) return { ...base, ...byApplicants(head, topic, quantity) };
  if (rule === null) return { ...base, rule: null, dimension: null, readings: [] };
  return { ...base, rule, dimension: columns === null ? rule.dimension : 'kind', readings: readingsFor(rule, remedyAt(sentence, quantity, before)) };
}

/** Applicants of the number they are parts of; without one, of what came in. */
function byApplicants(
  head: Mention | undefined,
  topic: Topic | null,
  { kind }: Quantity,
): Pick<Mention, 'rule' | 'dimension' | 'readings'> {
  const came = FLOWS.find(({ id }) => id === 'received') ?? null;
  const rule = head?.rule?.topic === 'applications' ? head.rule : topic === 'applications' || topic === null ? came : null;
  if (kind !== 'pieces' || rule === null) return { rule: null, dimension: null, readings: [] };
  return { rule, dimension: 'kind', readings: rule === head?.rule ? head.readings : rule.readings };
}

function readingsFor(rule: WordRule, remedy: Remedy | null): readonly Reading[] {
  if (!OUTCOMES.includes(rule)) return rule.readings;
  return remedy === null ? [] : outcomeOf(remedy, rule.id);
}

function ruleOf(quantity: Quantity, { near, after, wide }: Around, topic: Topic | null): WordRule | null {
  const direct = ruleIn(near, quantity, topic, after) ?? ruleIn(after, quantity, topic);
  if (direct !== null || columnsIn(near) !== null || residue(near) !== '' || wide.trim() === near) return direct;
  const clauses = wide.split(STOP).filter((clause) => residue(clause) !== '');
  const [closest = ''] = [clauses.at(-1)];
  return /^\s*[（(]/.test(wide) ? null : ruleIn(closest, quantity, topic);
}

interface Hit {
  readonly rule: WordRule;
  readonly end: number;
  readonly length: number;
}

/** The rule whose words stand nearest to the number; of several the one with the most words. */
function ruleIn(words: string, quantity: Quantity, topic: Topic | null, beside = ''): WordRule | null {
  const hits = RULES.flatMap((rule): Hit[] => {
    if (!countsIn(rule, quantity) || (rule.only !== undefined && rule.only !== topic)) return [];
    if (rule.not?.test(rule.bare === true ? words + beside : words) === true) return [];
    const match = [...words.matchAll(new RegExp(rule.words.source, 'gu'))].filter(([text]) => text !== '').at(-1);
    if (match === undefined || (rule.bare === true && residue(words.replace(match[0], '')) !== '')) return [];
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

function columnsIn(words: string): readonly string[] | null {
  const plain = words.replace(/公民、法人(?:[和或及与、以]+其[他它]组织)?/g, '');
  const found = APPLICANTS.map(({ columns, words: pattern }) => ({ columns, at: plain.search(pattern) })).filter(({ at }) => at >= 0);
  return found.sort((one, other) => one.at - other.at)[0]?.columns ?? null;
}

const TOPICS: readonly (readonly [Topic, RegExp])[] = [
  ['remedies', /复议|诉讼|应诉|相关案件/],
  ['applications', /申请|受理|收办|办结|答复|结转/],
  ['release', /主动公开|公开平台|网站公开/],
];

/** What the sentence speaks of before a number: the number before it, else its words, else the heading over it. */
function topicAt({ plain, heading }: Sentence, { at }: Quantity, before: readonly Mention[]): Topic | null {
  const last = before.findLast(({ rule }) => rule !== null);
  const since = plain.slice(last?.quantity.end ?? 0, at);
  return spokenOf(since) ?? last?.rule?.topic ?? spokenOf(plain) ?? spokenOf(heading);
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
    const rules = parts.map((part) => ruleIn(part, first.quantity, topicAt(first.sentence, first.quantity, [])));
    for (const [index, rule] of rules.entries()) {
      const other = row[index];
      if (rule !== null && other !== undefined && (index === 0 || residue(other.near) === ''))
        done[at + index] = { ...other, rule, dimension: rule.dimension, readings: rule.readings };
    }
  }
  return done;
}
