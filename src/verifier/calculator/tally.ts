/**
 * What an agency did, added up by fact and year. A fact has a name such as `released.website`; docs/counting.md lists
 * them all. Computed from the acts that stand at a moment, case by case: nothing is added and later taken back.
 */
import { closesApplication, inTime, says, stood, type Act, type ActOf, type Saying } from './acts.js';
import { yearOfDay } from './days.js';

export interface Case {
  readonly kind: string;
  /** The act recorded last, which leads to those before it. */
  readonly last: Act | null;
}

type Years = Map<number, number>;

export class Tally {
  readonly #facts = new Map<string, Years>();
  readonly years = new Set<number>();

  add(fact: string, act: { readonly day: number }, times = 1): void {
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

export function tallyOf(cases: Iterable<Case>, at: number): Tally {
  const tally = new Tally();
  for (const { kind, last } of cases) if (last !== null) COUNTING[kind]?.(tally, last, at);
  return tally;
}

/** The acts of a case that stood when event `at` was recorded, the last first. */
function* standing(last: Act, at: number): Generator<Act> {
  for (let act: Act | null = last; act !== null; act = act.before) if (stood(act, at)) yield act;
}

/** The one act of this sort that stands: a case is begun, issued, received once. */
function theOne<W extends Saying['what']>(last: Act, at: number, what: W): ActOf<W> | null {
  for (let act: Act | null = last; act !== null; act = act.before) if (says(act, what) && stood(act, at)) return act;
  return null;
}

/** The earlier of two. */
function earlier(a: Act | undefined, b: Act): Act {
  return a === undefined || inTime(b, a) < 0 ? b : a;
}

/**
 * Adds what a case counts as of event `at`. An act whose id was another case's stands in its case and counts nothing.
 */
type Count = (tally: Tally, last: Act, at: number) => void;

/** An item once, in the year of its first release; and once on each channel. */
const publication: Count = (tally, last, at) => {
  let first: Act | undefined;
  for (let act: Act | null = last; act !== null; act = act.before) {
    if (!says(act, 'released') || !act.counts || !stood(act, at)) continue;
    tally.add(`released.${act.said.channel}`, act);
    first = earlier(first, act);
  }
  if (first === undefined) return;
  tally.add('item', first);
  const draft = theOne(last, at, 'drafted');
  if (draft !== null) tally.add(`item.${draft.said.rank}`, first);
};

/** A topic once, and once by each means, each in the year of the first answer of its sort. */
const hotspot: Count = (tally, last, at) => {
  const firsts = new Map<string, Act>();
  for (const act of standing(last, at)) {
    if (!says(act, 'topic') || !act.counts) continue;
    for (const name of ['topic', `topic.${act.said.means}`]) firsts.set(name, earlier(firsts.get(name), act));
  }
  for (const [name, act] of firsts) tally.add(name, act);
};

/** A repeal is of the rank the document was issued with; its own word holds for one issued before the ledger began. */
const document: Count = (tally, last, at) => {
  const issue = theOne(last, at, 'issued');
  for (const act of standing(last, at))
    if (act.counts && (says(act, 'issued') || says(act, 'repealed')))
      tally.add(`${act.said.what}.${issue?.said.rank ?? act.said.rank}`, act);
};

const application: Count = (tally, last, at) => {
  const receipt = theOne(last, at, 'received');
  if (receipt?.counts === true) {
    tally.add(`received.${receipt.said.channel}`, receipt);
    tally.add(`from.${receipt.said.kind}`, receipt);
  }
  for (let act: Act | null = last; act !== null; act = act.before) {
    if (!act.counts || !stood(act, at)) continue;
    if (says(act, 'fee') || says(act, 'waived')) tally.add(act.said.what, act, act.said.fen);
    const ends = closesApplication(act.said);
    // What opened without counting ends without counting.
    if (receipt === null || (ends && !receipt.counts)) continue;
    const { law, kind } = receipt.said;
    const result = resultOf(law, act.said);
    if (result === null) continue;
    if (says(act, 'replied')) tally.add(`reply.${result}`, act);
    if (!ends) continue;
    tally.add(`closed.${act.term}`, act);
    tally.add(`ended.${kind}`, act);
    tally.add(`result.${result}.${kind}`, act);
  }
};

/** `law.outcome` or `law.outcome.ground`; what the applicant gave up is of neither text. null where it is no result. */
function resultOf(law: string, said: Saying): string | null {
  if (said.what === 'abandoned') return `abandoned.${said.reason}`;
  if (said.what === 'withdrawn') return 'withdrawn';
  if (said.what !== 'replied') return null;
  return said.ground === null ? `${law}.${said.outcome}` : `${law}.${said.outcome}.${said.ground}`;
}

/** Filed and decided. A reviewing organ that is sued beside the original agency leaves the case to that agency. */
const remedy =
  (nameOf: (route: string | null) => string): Count =>
  (tally, last, at) => {
    const filing = theOne(last, at, 'filed');
    if (filing === null || filing.said.reviewer || !filing.counts) return;
    const name = nameOf(filing.said.route);
    tally.add(`${name}.filed`, filing);
    for (const act of standing(last, at)) if (says(act, 'decided') && act.counts) tally.add(`${name}.${act.said.result}`, act);
  };

/** Kinds whose acts each count by themselves. */
const each =
  (add: (tally: Tally, said: Saying, act: Act) => void): Count =>
  (tally, last, at) => {
    for (const act of standing(last, at)) if (act.counts) add(tally, act.said, act);
  };

/** By kind of case. */
const COUNTING: Readonly<Record<string, Count>> = {
  publication,
  hotspot,
  'normative-document': document,
  application,
  reconsideration: remedy(() => 'reconsideration'),
  lawsuit: remedy((route) => `lawsuit.${route ?? 'none'}`),
  complaint: each((tally, said, act) => {
    if (said.what === 'decided') tally.add(`complaint.${said.result}`, act);
  }),
  'press-conference': each((tally, said, act) => {
    tally.add('press', act);
    if (said.what === 'press' && said.chief) tally.add('press.chief', act);
  }),
  interpretation: each((tally, _, act) => tally.add('interpretation', act)),
  meeting: each((tally, _, act) => tally.add('meeting', act)),
  training: each((tally, said, act) => {
    tally.add('training', act);
    if (said.what === 'training') tally.add('trainees', act, said.trainees);
  }),
  delivery: each((tally, said, act) => {
    if (said.what === 'delivery') tally.add(`delivered.${said.medium}`, act, said.items);
  }),
};
