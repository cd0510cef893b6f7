/**
 * The answers either text of the regulation knows, and the grounds each needs. 《政府信息公开条例》 2008 art. 8, 14, 21, 22; 2019
 * art. 14–16, 30, 36–39, 42; the rows that print them: forms of 2014 (section 三(三)), 2019 and 2021 (part three).
 */
import { refuse, type Refused } from '../decider.js';
import type { Law } from './clock.js';

/** By law: outcome → the grounds of which one is required; none = a ground is refused. */
export const OUTCOMES = {
  '2008': {
    'already-public': [],
    granted: [],
    'partly-granted': [],
    refused: ['state-secret', 'trade-secret', 'privacy', 'safety-stability', 'not-government-information', 'other-law'],
    'other-agency': [],
    'not-existing': [],
    'amend-supplement': [],
    'other-channel': [],
  },
  '2019': {
    granted: [],
    'partly-granted': [],
    refused: [
      'state-secret',
      'forbidden-by-law',
      'safety-stability',
      'third-party-rights',
      'internal-affairs',
      'process-information',
      'enforcement-file',
      'inquiry-matter',
    ],
    unavailable: ['not-held', 'needs-creation', 'still-unclear'],
    'not-processed': ['petition', 'repeated', 'published-material', 'excessive', 'confirm-again'],
    otherwise: ['not-supplemented', 'fee-unpaid', 'other'],
  },
} as const satisfies Readonly<Record<Law, Readonly<Record<string, readonly string[]>>>>;

const BY_LAW: Readonly<Record<Law, Readonly<Record<string, readonly string[]>>>> = OUTCOMES;

/** Every outcome and every ground of either text, for the readers of messages. */
export const ALL_OUTCOMES: readonly string[] = [...new Set(Object.values(BY_LAW).flatMap((outcomes) => Object.keys(outcomes)))];
export const ALL_GROUNDS: readonly string[] = [...new Set(Object.values(BY_LAW).flatMap((outcomes) => Object.values(outcomes).flat()))];

/** 告知作出更改补充 of the 2008 text: an answer that leaves the application open. */
export function closes(outcome: string): boolean {
  return outcome !== 'amend-supplement';
}

/** Its outcomes, each with the grounds of which it needs one. */
function answersOf(law: Law): string {
  return Object.entries(BY_LAW[law])
    .map(([outcome, grounds]) => (grounds.length === 0 ? outcome : `${outcome} (with data.ground ${grounds.join(', ')})`))
    .join(', ');
}

/** `wrong-law`, `ground-required`, `ground-not-allowed`; null where the answer is one of this text. */
export function refuseOutcome(law: Law, outcome: string, ground: string | undefined): Refused | null {
  const grounds = Object.hasOwn(BY_LAW[law], outcome) ? BY_LAW[law][outcome] : undefined;
  const ofThisText = ground === undefined || Object.values(BY_LAW[law]).some((some) => some.includes(ground));
  if (grounds === undefined || !ofThisText) {
    return refuse(
      'wrong-law',
      `${grounds === undefined ? `data.outcome ${outcome}` : `data.ground ${ground}`} is no answer of the ${law} text, which governs this application; it has ${answersOf(law)}.`,
      'Use the outcomes and grounds of the text the application was received under.',
      { law, outcomes: BY_LAW[law] },
    );
  }
  if (ground === undefined && grounds.length > 0) {
    return refuse(
      'ground-required',
      `data.ground is missing: the outcome ${outcome} needs one of ${grounds.join(', ')}.`,
      'Name the main ground.',
      { grounds },
    );
  }
  if (ground !== undefined && !grounds.includes(ground)) {
    return refuse(
      'ground-not-allowed',
      `data.ground ${ground} does not go with the outcome ${outcome}, which has ${grounds.length === 0 ? 'none' : grounds.join(', ')}.`,
      'Leave the ground out, or correct the outcome.',
      {
        grounds,
      },
    );
  }
  return null;
}
