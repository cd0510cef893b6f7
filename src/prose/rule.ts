/** What a rule of words is: which words count what, in which readings. */

export type Topic = 'applications' | 'release' | 'remedies' | 'documents' | 'rules' | 'fees' | 'deliveries' | 'work';

/** Parts of one whole are of one dimension; flows stand beside each other. */
export type Dimension = 'flow' | 'kind' | 'result' | 'ground' | 'way' | 'channel' | 'remedy' | 'outcome' | 'figure';

/** One way to read a number: sums of places, some taken off. */
export interface Reading {
  readonly says: string;
  readonly plus: readonly string[];
  readonly minus?: readonly string[];
  /** Read so only where the table, and its ledger, have nothing at this place. */
  readonly without?: string;
}

export interface WordRule {
  readonly id: string;
  readonly topic: Topic;
  readonly dimension: Dimension;
  /** Of one unit, as 件, 条 and 宗 of applications; `money` is 元. */
  readonly units: RegExp | 'money';
  readonly words: RegExp;
  /** Where one of these stands beside them it is something else. */
  readonly not?: RegExp;
  /** The words are common ones: they count only where the sentence or its heading speaks of this. */
  readonly only?: Topic;
  /** The words say nothing by themselves: nothing unknown may stand beside them. */
  readonly bare?: boolean;
  /** Reports use the words loosely: what differs is a warning. */
  readonly loose?: boolean;
  /** The first is the usual one. None: it is counted in no cell of any form. */
  readonly readings: readonly Reading[];
  /** `text`, what the number in 〔〕 counts: each is tested. */
  readonly examples: readonly string[];
}

export const one = (says: string, ...plus: readonly string[]): Reading => ({ says, plus });
