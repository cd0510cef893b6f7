/** What an application (依申请公开) is made of: its acts, the state folded from them. The rules are in application.ts. */
import { basisOf, outOfOrder, type Act, type Command } from '../case.js';
import { openRound, withApproval, withClearing, type Round } from '../clearance.js';
import type { ClockAct, Law } from './clock.js';
import { refuse } from '../decider.js';
import { closes } from './outcomes.js';
import type { CalendarDate, Instant } from '../values.js';

// ---- events -------------------------------------------------------------------------------------------------------------------------

export const RECEIVED_BY = ['in-person', 'fax', 'online', 'email', 'letter', 'other'] as const;
export const APPLICANT_KINDS = ['natural-person', 'business', 'research', 'public-welfare', 'legal-service', 'other'] as const;
export const THIRD_PARTY_ANSWERS = ['agreed', 'objected', 'silent'] as const;
export const ABANDONMENTS = ['not-supplemented', 'fee-unpaid', 'other'] as const;

export type ApplicationType =
  | 'application.received'
  | 'application.supplement-requested'
  | 'application.supplemented'
  | 'application.third-party-consulted'
  | 'application.third-party-answered'
  | 'application.extended'
  | 'application.reply-drafted'
  | 'application.reply-revised'
  | 'application.cleared'
  | 'application.approved'
  | 'application.replied'
  | 'application.reply-remade'
  | 'application.fee-charged'
  | 'application.fee-waived'
  | 'application.abandoned'
  | 'application.withdrawn';

export interface Answer {
  readonly outcome: string;
  readonly ground?: string;
  readonly contentHash: string;
}

// ---- state --------------------------------------------------------------------------------------------------------------------------

export interface Receipt {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
  readonly on: CalendarDate;
  readonly channel: string;
  readonly kind: string;
  readonly law: Law;
}

/** One version of an answer on its way through the chain. */
export interface AnswerRound extends Round {
  readonly outcome: string;
  readonly ground: string | null;
}

export interface Close {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
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
  readonly amendment: { readonly eventId: string; readonly instant: Instant; readonly at: string } | null;
  readonly closed: Close | null;
  /** The last answer made again. */
  readonly remade: { readonly eventId: string; readonly instant: Instant; readonly at: string } | null;
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

// ---- evolve -------------------------------------------------------------------------------------------------------------------------

type ClockType = Extract<
  ApplicationType,
  | 'application.received'
  | 'application.supplement-requested'
  | 'application.supplemented'
  | 'application.third-party-consulted'
  | 'application.third-party-answered'
  | 'application.extended'
>;

function clockAct(act: Act): ClockAct {
  const { eventId, on, instant } = act;
  const party = (act.data['party'] as string | undefined) ?? null;
  switch (act.type as ClockType) {
    case 'application.received':
      return { eventId, on, instant, type: 'received' };
    case 'application.supplement-requested':
      return { eventId, on, instant, type: 'supplement-requested' };
    case 'application.supplemented':
      return { eventId, on, instant, type: 'supplemented' };
    case 'application.third-party-consulted':
      return { eventId, on, instant, type: 'consulted', party };
    case 'application.third-party-answered':
      return { eventId, on, instant, type: 'answered', party, of: basisOf(act)[0] as string };
    case 'application.extended':
      return { eventId, on, instant, type: 'extended', days: act.data['days'] as number };
  }
}

export function evolveApplication(view: Application, act: Act): Application {
  const type = act.type as ApplicationType;
  // A fee rests on nothing: it stays when everything before it was taken back.
  if (type === 'application.fee-charged' || type === 'application.fee-waived') return view;
  if (type === 'application.received') {
    const { channel, kind, law } = act.derived as { channel: string; kind: string; law: Law };
    const received = { eventId: act.eventId, instant: act.instant, at: act.at, on: act.on, channel, kind, law };
    return { ...view, received, clock: [clockAct(act)] };
  }
  if (view.received === null) throw new Error(`${type} before application.received in the stored history`);
  switch (type) {
    case 'application.supplement-requested':
    case 'application.supplemented':
    case 'application.third-party-consulted':
    case 'application.third-party-answered':
    case 'application.extended':
      return { ...view, clock: [...view.clock, clockAct(act)] };
    case 'application.reply-drafted':
    case 'application.reply-revised': {
      const { outcome, ground, contentHash } = act.data as unknown as Answer;
      return {
        ...view,
        drafters: [...new Set([...view.drafters, act.actor])],
        round: { ...openRound(act, contentHash), outcome, ground: ground ?? null },
        amendment: null,
      };
    }
    case 'application.cleared':
      return view.round === null ? view : { ...view, round: { ...view.round, ...withClearing(view.round, act) } };
    case 'application.approved':
      return view.round === null ? view : { ...view, round: { ...view.round, ...withApproval(view.round, act) } };
    case 'application.replied': {
      if (!closes(act.data['outcome'] as string))
        return { ...view, round: null, amendment: { eventId: act.eventId, instant: act.instant, at: act.at } };
      return { ...view, round: null, amendment: null, closed: close(act, 'replied') };
    }
    case 'application.abandoned':
      return { ...view, round: null, amendment: null, closed: close(act, 'abandoned') };
    case 'application.withdrawn':
      return { ...view, round: null, amendment: null, closed: close(act, 'withdrawn') };
    case 'application.reply-remade':
      return { ...view, round: null, remade: { eventId: act.eventId, instant: act.instant, at: act.at } };
  }
}

function close(act: Act, how: Close['how']): Close {
  return { eventId: act.eventId, instant: act.instant, at: act.at, how };
}

// ---- erasure ----------------------------------------------------------------------------------------------------------------------

/** An application that is not answered yet needs what it says. */
export function refuseErasure({ received, closed }: Application, command: Command): ReturnType<typeof refuse> | null {
  if (closed !== null)
    return command.instant < closed.instant ? outOfOrder(command, 'An erasure is not dated before the close', closed) : null;
  return received === null
    ? null
    : refuse('out-of-order', 'This application is still open.', 'Close it first: what it asks for is needed.');
}
