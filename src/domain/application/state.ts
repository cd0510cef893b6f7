/** An application (依申请公开) as its standing acts leave it. */
import type { ActOf, CommandOf } from '../acts.js';
import { basisOf, outOfOrder } from '../case.js';
import { openRound, withApproval, withClearing, type Round } from '../clearance.js';
import { refuse, type Refused } from '../decider.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Instant } from '../../time/instant.js';
import type { ApplicationType, ReceivedAs } from './acts.js';
import type { ClockAct } from './clock.js';
import { closes } from './outcomes.js';

interface Moment {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
}

export interface Receipt extends Moment, ReceivedAs {
  readonly on: CalendarDate;
}

/** One version of an answer on its way through the chain. */
export interface AnswerRound extends Round {
  readonly outcome: string;
  readonly ground: string | null;
}

export interface Close extends Moment {
  readonly how: 'replied' | 'abandoned' | 'withdrawn';
}

export interface Application {
  readonly received: Receipt | null;
  /** Everything the clock runs by, in the order of recording. */
  readonly clock: readonly ClockAct[];
  readonly drafters: readonly string[];
  /** The version under way; null before a draft and again once it was sent. */
  readonly round: AnswerRound | null;
  /** The last answer that asked for a changed application and is not followed by a draft yet. */
  readonly amendment: Moment | null;
  readonly closed: Close | null;
  /** The last answer made again. */
  readonly remade: Moment | null;
}

export const NO_APPLICATION: Application = {
  received: null,
  clock: [],
  drafters: [],
  round: null,
  amendment: null,
  closed: null,
  remade: null,
};

type ClockType = Extract<
  ApplicationType,
  | 'application.received'
  | 'application.supplement-requested'
  | 'application.supplemented'
  | 'application.third-party-consulted'
  | 'application.third-party-answered'
  | 'application.extended'
>;

function clockAct(act: ActOf<ClockType>): ClockAct {
  const { eventId, on, instant } = act;
  switch (act.type) {
    case 'application.received':
      return { eventId, on, instant, type: 'received' };
    case 'application.supplement-requested':
      return { eventId, on, instant, type: 'supplement-requested' };
    case 'application.supplemented':
      return { eventId, on, instant, type: 'supplemented' };
    case 'application.third-party-consulted':
      return { eventId, on, instant, type: 'consulted', party: act.data.party ?? null };
    case 'application.third-party-answered':
      return { eventId, on, instant, type: 'answered', party: act.data.party ?? null, of: basisOf(act)[0] };
    case 'application.extended':
      return { eventId, on, instant, type: 'extended', days: act.data.days };
  }
}

export function evolveApplication(view: Application, act: ActOf<ApplicationType>): Application {
  // A fee rests on nothing: it stays when everything before it was taken back.
  if (act.type === 'application.fee-charged' || act.type === 'application.fee-waived') return view;
  if (act.type === 'application.received') {
    const { channel, kind, law } = act.derived;
    return { ...view, received: { ...momentOf(act), on: act.on, channel, kind, law }, clock: [clockAct(act)] };
  }
  if (view.received === null) throw new Error(`${act.type} before application.received in the stored history`);
  switch (act.type) {
    case 'application.supplement-requested':
    case 'application.supplemented':
    case 'application.third-party-consulted':
    case 'application.third-party-answered':
    case 'application.extended':
      return { ...view, clock: [...view.clock, clockAct(act)] };
    case 'application.reply-drafted':
    case 'application.reply-revised': {
      const { outcome, ground = null, contentHash } = act.data;
      return {
        ...view,
        drafters: [...new Set([...view.drafters, act.actor])],
        round: { ...openRound(act, contentHash), outcome, ground },
        amendment: null,
      };
    }
    case 'application.cleared':
      return view.round === null ? view : { ...view, round: withClearing(view.round, act) };
    case 'application.approved':
      return view.round === null ? view : { ...view, round: withApproval(view.round, act) };
    case 'application.replied':
      if (!closes(act.data.outcome)) return { ...view, round: null, amendment: momentOf(act) };
      return { ...view, round: null, amendment: null, closed: { ...momentOf(act), how: 'replied' } };
    case 'application.abandoned':
      return { ...view, round: null, amendment: null, closed: { ...momentOf(act), how: 'abandoned' } };
    case 'application.withdrawn':
      return { ...view, round: null, amendment: null, closed: { ...momentOf(act), how: 'withdrawn' } };
    case 'application.reply-remade':
      return { ...view, round: null, remade: momentOf(act) };
  }
}

function momentOf({ eventId, instant, at }: Moment): Moment {
  return { eventId, instant, at };
}

/** An application that is not answered yet needs what it says. */
export function refuseErasure({ received, closed }: Application, command: CommandOf<'record.erased'>): Refused | null {
  if (closed !== null)
    return command.instant < closed.instant ? outOfOrder(command, 'An erasure is not dated before the close', closed) : null;
  return received === null
    ? null
    : refuse('out-of-order', 'This application is still open.', 'Close it first: what it asks for is needed.');
}
