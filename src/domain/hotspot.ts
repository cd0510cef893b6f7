/** A hot topic of public concern (热点或重大舆情), answered by one or more means. The case is the topic; a topic counts once, in the year of its first answer. */
import { changedFirsts, type Act, type CaseRules, type Command } from './case.js';
import { accept, type Decision } from './decider.js';
import type { CalendarDate, Instant } from './values.js';

// ---- events -------------------------------------------------------------------------------------------------------------------------

export const MEANS = ['press-conference', 'interpretation', 'weibo-wechat', 'other'] as const;
export type Means = (typeof MEANS)[number];
export type HotspotType = 'hotspot.answered';

// ---- state --------------------------------------------------------------------------------------------------------------------------

export interface Hotspot {
  readonly topic: string | null;
  readonly answers: readonly { readonly means: Means; readonly instant: Instant; readonly on: CalendarDate }[];
}

// ---- evolve -------------------------------------------------------------------------------------------------------------------------

function evolve(view: Hotspot, act: Pick<Command, 'data' | 'instant' | 'on'>): Hotspot {
  const { topic, means } = act.data as { topic: string; means: Means };
  return { topic, answers: [...view.answers, { means, instant: act.instant, on: act.on }] };
}

/** Slot `answer` for the topic, `answer:<means>` for each means it was answered by. */
function firsts(view: Hotspot): ReadonlyMap<string, CalendarDate> {
  const slots = new Map<string, CalendarDate>();
  for (const { means, on } of [...view.answers].sort((a, b) => a.instant - b.instant)) {
    if (!slots.has('answer')) slots.set('answer', on);
    if (!slots.has(`answer:${means}`)) slots.set(`answer:${means}`, on);
  }
  return slots;
}

// ---- decide -------------------------------------------------------------------------------------------------------------------------

function decide(view: Hotspot, command: Command): Decision {
  return accept({ basis: [], role: null, firsts: changedFirsts(firsts(view), firsts(evolve(view, command))) });
}

export const hotspotRules: CaseRules<Hotspot> = {
  kind: 'hotspot',
  types: ['hotspot.answered' satisfies HotspotType],
  initial: { topic: null, answers: [] },
  evolve: (view: Hotspot, act: Act) => evolve(view, act),
  decide,
  firsts,
  describe: (view) => ({ state: view.answers.length === 0 ? 'unknown' : 'answered', title: view.topic }),
  standingAfter: (_before, act) => ({ state: 'answered', title: act.data['topic'] as string }),
};
