/**
 * What an agency did, added up by fact and year. A fact has a name such as `released.website`; docs/counting.md lists them all. Computed from the acts
 * that stand at a moment, case by case: nothing is added and later taken back.
 */
import { closesApplication, inTime, type Act, type ActOf, type What } from './acts.js';
import { yearOfDay } from './days.js';

/** Acts of one case, in the order of recording. */
export interface Case {
  readonly kind: string;
  readonly acts: Act[];
}

type Years = Map<number, number>;

export class Tally {
  readonly #facts = new Map<string, Years>();
  readonly years = new Set<number>();

  add(fact: string, act: Act, times = 1): void {
    const year = yearOfDay(act.day);
    this.years.add(year);
    const years = this.#facts.get(fact) ?? new Map<number, number>();
    this.#facts.set(fact, years.set(year, (years.get(year) ?? 0) + times));
  }

  /** In the years after one, up to another: `between(facts, y - 1, y)` is year y alone. */
  between(facts: readonly string[], after: number, upTo: number): number {
    let sum = 0;
    for (const fact of facts) for (const [year, times] of this.#facts.get(fact) ?? []) if (year > after && year <= upTo) sum += times;
    return sum;
  }
}

/** The acts of a case that stood when event `at` was recorded. */
export function standing(acts: readonly Act[], at: number): Act[] {
  return acts.filter(({ index, until }) => index <= at && at < until);
}

export function tallyOf(cases: Iterable<Case>, at: number): Tally {
  const tally = new Tally();
  for (const { kind, acts } of cases) COUNTING[kind]?.(tally, standing(acts, at));
  return tally;
}

function only<W extends What>(acts: readonly Act[], ...whats: W[]): ActOf<W>[] {
  return acts.filter((act): act is ActOf<W> => (whats as What[]).includes(act.what));
}

/** Those that count: an act whose id was another case's stands in its case and counts nothing. */
const counting = <A extends Act>(acts: readonly A[]): A[] => acts.filter(({ counts }) => counts);

const first = <A extends Act>(acts: readonly A[]): A | undefined => [...acts].sort(inTime)[0];

type Count = (tally: Tally, acts: readonly Act[]) => void;

/** An item once, in the year of its first release; and once on each channel. */
const publication: Count = (tally, acts) => {
  const releases = counting(only(acts, 'released'));
  for (const release of releases) tally.add(`released.${release.channel}`, release);
  const earliest = first(releases);
  if (earliest === undefined) return;
  tally.add('item', earliest);
  const draft = only(acts, 'drafted').at(-1);
  if (draft !== undefined) tally.add(`item.${draft.rank}`, earliest);
};

/** A topic once, and once by each means, each in the year of the first answer of its sort. */
const hotspot: Count = (tally, acts) => {
  const answers = counting(only(acts, 'topic'));
  const earliest = first(answers);
  if (earliest !== undefined) tally.add('topic', earliest);
  for (const means of new Set(answers.map((answer) => answer.means))) {
    const byMeans = first(answers.filter((answer) => answer.means === means));
    if (byMeans !== undefined) tally.add(`topic.${means}`, byMeans);
  }
};

/** A repeal is of the rank the document was issued with; its own word holds for one issued before the ledger began. */
const document: Count = (tally, acts) => {
  const issue = only(acts, 'issued')[0];
  for (const act of counting(only(acts, 'issued', 'repealed'))) tally.add(`${act.what}.${issue?.rank ?? act.rank}`, act);
};

const application: Count = (tally, acts) => {
  for (const fee of counting(only(acts, 'fee', 'waived'))) tally.add(fee.what, fee, fee.fen);
  const receipt = only(acts, 'received')[0];
  if (receipt === undefined) return;
  const { channel, kind, law } = receipt;
  if (receipt.counts) {
    tally.add(`received.${channel}`, receipt);
    tally.add(`from.${kind}`, receipt);
  }
  for (const act of counting(only(acts, 'replied', 'abandoned', 'withdrawn'))) {
    const ends = closesApplication(act);
    // What opened without counting ends without counting.
    if (ends && !receipt.counts) continue;
    const result = resultOf(law, act);
    if (act.what === 'replied') tally.add(`reply.${result}`, act);
    if (!ends) continue;
    tally.add(`closed.${act.term ?? 'ordinary'}`, act);
    tally.add(`ended.${kind}`, act);
    tally.add(`result.${result}|${kind}`, act);
  }
};

/** `law.outcome` or `law.outcome.ground`; what the applicant gave up is of neither text. */
function resultOf(law: string, act: ActOf<'replied' | 'abandoned' | 'withdrawn'>): string {
  if (act.what === 'abandoned') return `abandoned.${act.reason}`;
  if (act.what === 'withdrawn') return 'withdrawn';
  return act.ground === null ? `${law}.${act.outcome}` : `${law}.${act.outcome}.${act.ground}`;
}

/** Filed and decided. A reviewing organ that is sued beside the original agency leaves the case to that agency. */
const remedy =
  (name: (filing: ActOf<'filed'>) => string): Count =>
  (tally, acts) => {
    const filing = only(acts, 'filed')[0];
    if (filing === undefined || filing.reviewer || !filing.counts) return;
    tally.add(`${name(filing)}.filed`, filing);
    for (const decision of counting(only(acts, 'decided'))) tally.add(`${name(filing)}.${decision.result}`, decision);
  };

const each =
  (add: (tally: Tally, act: Act) => void): Count =>
  (tally, acts) => {
    for (const act of counting(acts)) add(tally, act);
  };

/** By kind of case. */
const COUNTING: Readonly<Record<string, Count>> = {
  publication,
  hotspot,
  'normative-document': document,
  application,
  reconsideration: remedy(() => 'reconsideration'),
  lawsuit: remedy(({ route }) => `lawsuit.${route ?? 'none'}`),
  complaint: each((tally, act) => {
    if (act.what === 'decided') tally.add(`complaint.${act.result}`, act);
  }),
  'press-conference': each((tally, act) => {
    tally.add('press', act);
    if (act.what === 'press' && act.chief) tally.add('press.chief', act);
  }),
  interpretation: each((tally, act) => tally.add('interpretation', act)),
  meeting: each((tally, act) => tally.add('meeting', act)),
  training: each((tally, act) => {
    tally.add('training', act);
    if (act.what === 'training') tally.add('trainees', act, act.trainees);
  }),
  delivery: each((tally, act) => {
    if (act.what === 'delivery') tally.add(`delivered.${act.medium}`, act, act.items);
  }),
};
