/**
 * Every kind of contribution there can be: each measure with each set of dimensions, from the lists of the domain. The
 * compiler wants a new measure here; the suite over the forms holds what events contribute against it.
 */
import { ABANDONMENTS, APPLICANT_KINDS, RECEIVED_BY } from '../../src/domain/application/acts.js';
import { MEANS, RESULTS, ROUTES } from '../../src/domain/small-kinds/acts.js';
import { closes, OUTCOMES } from '../../src/domain/application/outcomes.js';
import { CHANNELS } from '../../src/domain/publication/acts.js';
import type { Measure } from '../../src/statistics/measures.js';

export type Dimensions = Readonly<Record<string, string>>;

export interface ContributionKind {
  readonly measure: Measure;
  readonly dimensions: Dimensions;
}

const RANKS = ['rules', 'normative'] as const;
const LAWS = Object.keys(OUTCOMES);

const by = (dimension: string, values: readonly string[]): Dimensions[] => values.map((value) => ({ [dimension]: value }));
const times = (left: readonly Dimensions[], right: readonly Dimensions[]): Dimensions[] =>
  left.flatMap((one) => right.map((other) => ({ ...one, ...other })));

/** An answer: law, outcome, and the ground where the outcome has grounds. */
const ANSWERS: readonly Dimensions[] = Object.entries(OUTCOMES).flatMap(([law, outcomes]) =>
  Object.entries(outcomes).flatMap(([outcome, grounds]: [string, readonly string[]]) =>
    grounds.length === 0 ? [{ law, outcome }] : grounds.map((ground) => ({ law, outcome, ground })),
  ),
);
const ENDS: readonly Dimensions[] = [
  ...ANSWERS.filter(({ outcome = '' }) => closes(outcome)),
  ...times(by('law', LAWS), [...times([{ outcome: 'abandoned' }], by('reason', ABANDONMENTS)), { outcome: 'withdrawn' }]),
];
const APPLICANTS = by('kind', APPLICANT_KINDS);

/** `null`: dimensions that are not of a list, such as a time. */
const DIMENSIONS: Readonly<Record<Measure, readonly Dimensions[] | null>> = {
  'item.first-released': by('rank', ['none', ...RANKS]),
  'item.released': by('channel', CHANNELS),
  'normative-document.issued': by('rank', RANKS),
  'normative-document.repealed': by('rank', RANKS),
  'topic.first-answered': [{}],
  'topic.first-answered-by': by('means', MEANS),
  'press-conference.held': by('chief', ['yes', 'no']),
  'interpretation.published': [{}],
  'delivery.items': by('medium', ['paper', 'electronic']),
  'meeting.held': [{}],
  'training.held': [{}],
  'training.trainees': [{}],
  'application.received': times(times(by('channel', RECEIVED_BY), APPLICANTS), by('law', LAWS)),
  'application.closed': by('term', ['ordinary', 'extended']),
  'application.replied': ANSWERS,
  'application.result': times(ENDS, APPLICANTS),
  'application.open': APPLICANTS,
  'application.late': [{}],
  'application.fee': [{}],
  'application.fee-waived': [{}],
  'reconsideration.decided': by('result', RESULTS),
  'reconsideration.pending': [{}],
  'lawsuit.decided': times(by('result', RESULTS), by('route', ROUTES)),
  'lawsuit.pending': by('route', ROUTES),
  'complaint.decided': by('result', RESULTS),
  'act.without-review': [{}],
  'chain.changed': null,
};

export const CONTRIBUTION_KINDS: readonly ContributionKind[] = Object.entries(DIMENSIONS).flatMap(([measure, all]) =>
  (all ?? [{}]).map((dimensions) => ({ measure: measure as Measure, dimensions })),
);

/** Whether a contribution of these dimensions can be. */
export function isKind(measure: string, dimensions: Dimensions): boolean {
  if (DIMENSIONS[measure as Measure] === null) return true;
  return CONTRIBUTION_KINDS.some((kind) => kind.measure === measure && written(kind.dimensions) === written(dimensions));
}

const written = (dimensions: Dimensions): string => JSON.stringify(Object.entries(dimensions).sort());

export function nameOf({ measure, dimensions }: ContributionKind): string {
  return [measure, ...Object.entries(dimensions).map(([dimension, value]) => `${dimension}=${value}`)].join(' ');
}
