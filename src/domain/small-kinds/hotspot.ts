/**
 * A hot topic of public concern (热点或重大舆情), answered by one or more means. The case is the topic; a topic counts once,
 * in the year of its first answer.
 */
import type { CommandOf, FactsByType } from '../acts.js';
import type { CaseRules } from '../case.js';
import { accept, type Decision } from '../decider.js';
import { changedFirsts, type Firsts } from '../facts.js';
import type { Means } from './acts.js';
import { standingBy } from '../standing.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Instant } from '../../time/instant.js';

type Command = CommandOf<'hotspot.answered'>;

// ---- state ----------------------------------------------------------------------------------------------------------

export interface Hotspot {
  readonly topic: string | null;
  readonly answers: readonly { readonly means: Means; readonly instant: Instant; readonly on: CalendarDate }[];
}

// ---- evolve ---------------------------------------------------------------------------------------------------------

function evolve(view: Hotspot, act: Pick<Command, 'data' | 'instant' | 'on'>): Hotspot {
  const { topic, means } = act.data;
  return { topic, answers: [...view.answers, { means, instant: act.instant, on: act.on }] };
}

/** Slot `answer` for the topic, `answer:<means>` for each means it was answered by. */
function firsts(view: Hotspot): Firsts {
  const slots = new Map<string, CalendarDate>();
  for (const { means, on } of [...view.answers].sort((a, b) => a.instant - b.instant)) {
    if (!slots.has('answer')) slots.set('answer', on);
    if (!slots.has(`answer:${means}`)) slots.set(`answer:${means}`, on);
  }
  return slots;
}

// ---- decide ---------------------------------------------------------------------------------------------------------

function decide(view: Hotspot, command: Command): Decision<FactsByType['hotspot.answered']> {
  return accept({ basis: [], role: null, firsts: changedFirsts(firsts(view), firsts(evolve(view, command))) });
}

export const hotspotRules: CaseRules<Hotspot, 'hotspot.answered'> = {
  kind: 'hotspot',
  ...standingBy({ 'hotspot.answered': (_before, { data }) => ({ state: 'answered', title: data.topic ?? null }) }),
  initial: { topic: null, answers: [] },
  evolve,
  decide,
  firsts,
};
