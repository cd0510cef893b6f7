/**
 * The rules of an application (依申请公开): received, supplemented, third parties consulted, extended, a reply drafted, cleared, approved and sent, or abandoned or
 * withdrawn; fees; and the answer made again after a decision. 《政府信息公开条例》 2008 art. 20–28, 2019 art. 29–42. One closing act per application.
 */
import type { Agency } from '../agency/state.js';
import {
  evolveApplication,
  NO_APPLICATION,
  refuseErasure,
  type Answer,
  type Application,
  type ApplicationType,
  type Receipt,
} from './state.js';
import {
  alreadyExists,
  NOT_STANDING,
  outOfOrder,
  refuseClosed,
  unknownCase,
  type Act,
  type CaseRules,
  type Command,
  type DecisionContext,
  type Standing,
} from '../case.js';
import { decideApproved, decideCleared, isEmptyChain, refuseReturned, requireChain, returnedBefore, returnedBy } from '../clearance.js';
import { clockOn, judgeClose, lawOn, matchAnswer, PERIODS, type ClockAct, type Law } from './clock.js';
import { accept, refuse, type Decision, type Derived } from '../decider.js';
import { isSameName, isSameOffice } from '../names.js';
import { closes, refuseOutcome } from './outcomes.js';
import type { CalendarDate } from '../values.js';
import type { WorkCalendar } from '../working-days.js';

// ---- decide -------------------------------------------------------------------------------------------------------------------------

const CLOSING: ReadonlySet<ApplicationType> = new Set(['application.abandoned', 'application.withdrawn']);
const FEES: ReadonlySet<ApplicationType> = new Set(['application.fee-charged', 'application.fee-waived']);
/** After the close these belong to an answer made again. */
const OF_A_ROUND: ReadonlySet<ApplicationType> = new Set(['application.reply-revised', 'application.cleared', 'application.approved']);

/** An application with its receipt. */
type Known = Application & { readonly received: Receipt };

function decide(view: Application, command: Command, context: DecisionContext): Decision {
  const type = command.type as ApplicationType;
  if (type === 'application.received') return view.received === null ? decideReceived(command) : alreadyExists(command);
  if (view.received === null) return unknownCase(command);
  const application = view as Known;
  const { received } = application;
  const agency = context.agency as Agency;
  const refused = refuseByClose(application, command, context);
  if (refused !== null) return refused;
  if (command.instant < received.instant) return outOfOrder(command, 'Nothing of an application is dated before its receipt', received);
  switch (type) {
    case 'application.fee-charged':
    case 'application.fee-waived':
      return accept({ basis: [], role: null });
    case 'application.supplement-requested':
    case 'application.third-party-consulted':
      return accept({ basis: [received.eventId], role: null });
    case 'application.supplemented':
      return decideSupplemented(application, command);
    case 'application.third-party-answered':
      return decideAnswered(application, command);
    case 'application.extended':
      return decideExtended(application, command, context);
    case 'application.reply-drafted':
      return decideDrafted(application, command);
    case 'application.reply-revised':
      return decideRevised(application, command);
    case 'application.cleared':
      return application.round === null ? nothingDrafted(command) : decideCleared(application.round, view.drafters, agency, command);
    case 'application.approved':
      return application.round === null ? nothingDrafted(command) : decideApproved(application.round, view.drafters, agency, command);
    case 'application.replied':
      return decideReplied(application, command, context);
    case 'application.reply-remade':
      return decideRemade(application, command, context);
    case 'application.abandoned':
    case 'application.withdrawn':
      return accept({
        ...judged(application, command, context, type === 'application.abandoned' ? 'abandonment' : 'withdrawal'),
        basis: [received.eventId, ...clockBasis(application, command)],
        role: null,
      });
  }
}

function decideReceived(command: Command): Decision {
  const { channel, applicant, law, submittedOn } = command.data as {
    channel: string;
    applicant: { kind: string };
    law?: Law;
    submittedOn?: CalendarDate;
  };
  if (submittedOn !== undefined && submittedOn > command.on)
    return outOfOrder(command, 'An application is not received before it was submitted', { at: submittedOn });
  return accept({ basis: [], role: null, channel, kind: applicant.kind, law: law ?? lawOn(command.on) });
}

/** What a recorded close still lets through: fees, an answer made again, and the round that leads to it once a decision about this application is known. */
function refuseByClose(application: Known, command: Command, context: DecisionContext): ReturnType<typeof refuse> | null {
  const type = command.type as ApplicationType;
  const { closed, round } = application;
  if (closed === null) return null;
  const late = command.instant < closed.instant;
  if (!late && (type === 'application.reply-remade' || FEES.has(type))) return null;
  if (!late && OF_A_ROUND.has(type) && round !== null) return null;
  if (!late && type === 'application.reply-drafted' && (context.decisions ?? []).some(({ instant }) => instant <= command.instant))
    return null;
  const again = CLOSING.has(type) || (type === 'application.replied' && closes(command.data['outcome'] as string));
  return refuseClosed({ ...closed, code: 'not-open' }, command, again);
}

/** A supplement answers every request made before it and not answered yet, in the order of their times: as the clock reads them. */
function decideSupplemented({ received, clock }: Known, command: Command): Decision {
  const inTime = [...clock].sort((a, b) => a.instant - b.instant);
  const last = inTime.findLastIndex(({ type }) => type === 'supplemented');
  const open = inTime.slice(last + 1).filter(({ type }) => type === 'supplement-requested');
  const [earliest] = open;
  if (earliest === undefined) {
    return refuse('no-open-supplement', 'No supplement is awaited.', 'Record application.supplement-requested first.');
  }
  const requests = open.filter(({ instant }) => instant <= command.instant);
  if (requests.length === 0)
    return refuse('out-of-order', 'A supplement is not dated before it was asked for.', 'Correct the time of the act.', {
      notBefore: earliest.on,
    });
  return accept({ basis: [received.eventId, ...requests.map(({ eventId }) => eventId)], role: null });
}

function decideAnswered({ clock }: Known, command: Command): Decision {
  const party = (command.data['party'] as string | undefined) ?? null;
  const answered = new Set(clock.flatMap((act) => (act.type === 'answered' ? [act.of] : [])));
  const open = clock
    .filter((act) => act.type === 'consulted')
    .filter(({ eventId }) => !answered.has(eventId))
    .sort((a, b) => a.instant - b.instant);
  const begun = open.filter(({ instant }) => instant <= command.instant);
  if (party === null && begun.length > 1) {
    return refuse('invalid-data', 'data.party is required while more than one consultation is open.', 'Name the party that answered.');
  }
  const consultation = matchAnswer(begun, party, isSameOffice);
  if (consultation === null) {
    const later = matchAnswer(open, party, isSameOffice) ?? (party === null ? open[0] : undefined);
    if (later !== undefined)
      return refuse('out-of-order', 'An answer is not dated before the consultation.', 'Correct the time of the act.', {
        notBefore: later.on,
      });
    return refuse(
      'no-open-consultation',
      party === null ? 'No consultation is open.' : 'No consultation of this party is open.',
      'Record application.third-party-consulted first, or correct the party.',
    );
  }
  return accept({ basis: [consultation.eventId], role: null });
}

function decideExtended(application: Known, command: Command, context: DecisionContext): Decision {
  const { received, clock } = application;
  const { days, approvedBy } = command.data as { days: number; approvedBy: string };
  if (clock.some(({ type }) => type === 'extended'))
    return refuse(
      'already-extended',
      'This application was extended before.',
      'An application is extended once; void the extension first.',
    );
  const { extension } = PERIODS[received.law];
  if (days > extension) {
    return refuse('extension-too-long', `An extension is at most ${extension} working days.`, 'Correct the number of days.', {
      atMost: extension,
      law: received.law,
    });
  }
  if (isSameName(approvedBy, command.actor, 'person'))
    return refuse('approver-not-independent', 'An extension is approved by somebody else.', 'Name who agreed to it.');
  const { ordinaryEnd } = clockOn(calendarOf(context), received.law, clockBefore(application, command), command.on);
  if (ordinaryEnd !== null && command.on > ordinaryEnd) {
    return refuse(
      'extension-too-late',
      `The ordinary period ended on ${ordinaryEnd}.`,
      'An extension is decided before the ordinary end.',
      {
        ordinaryEnd,
      },
    );
  }
  return accept({ basis: [received.eventId], role: null, ordinaryEnd, calendar: context.calendarUsed ?? null });
}

function decideDrafted(application: Known, command: Command): Decision {
  const { received, round, amendment, closed, remade } = application;
  if (round !== null) return alreadyExists(command);
  const refused = refuseAnswer(received, command);
  if (refused !== null) return refused;
  if (amendment !== null && command.instant < amendment.instant)
    return outOfOrder(command, 'A new draft is not dated before the answer that asked for a changed application', amendment);
  if (remade !== null && command.instant < remade.instant)
    return outOfOrder(command, 'A new draft is not dated before the answer made again that was sent last', remade);
  const after = [amendment, closed, remade].flatMap((act) => (act === null ? [] : [act.eventId]));
  return accept({ basis: [received.eventId, ...after], role: null });
}

function decideRevised({ received, round }: Known, command: Command): Decision {
  if (round === null) return nothingDrafted(command);
  if (command.instant < round.opener.instant)
    return outOfOrder(command, 'A revision is not dated before the version it revises', round.opener);
  const refused = refuseAnswer(received, command);
  if (refused !== null) return refused;
  return accept({ basis: [round.opener.eventId, ...returnedBefore(round, command)], role: null });
}

function nothingDrafted(command: Command): ReturnType<typeof refuse> {
  return refuse('out-of-order', `No answer is drafted that ${command.type} could follow.`, 'Record application.reply-drafted first.');
}

function refuseAnswer({ law }: Receipt, { data }: Command): ReturnType<typeof refuse> | null {
  return refuseOutcome(law, data['outcome'] as string, data['ground'] as string | undefined);
}

/** What is sent: the approved version word for word, or under an empty chain whatever is answered. */
function requireSigned(
  { received, round }: Known,
  command: Command,
  agency: Agency,
): { readonly basis: string[]; readonly approval: string | null } | ReturnType<typeof refuse> {
  const required = requireChain(agency, command.instant);
  if ('refused' in required) return required.refused;
  const { outcome, ground = null, contentHash } = command.data as unknown as Answer;
  const same = round !== null && round.outcome === outcome && round.ground === ground && round.contentHash === contentHash;
  const approval = round?.approval ?? null;
  if (isEmptyChain(required.chain)) {
    if (!same || approval === null || command.instant < approval.instant) return { basis: [received.eventId], approval: null };
    return { basis: [approval.eventId], approval: approval.eventId };
  }
  if (round === null || approval === null) {
    const returned = round === null ? null : refuseReturned(round);
    if (returned !== null) return returned;
    return refuse(
      'not-approved',
      'This answer is not approved.',
      'Draft it, have every step of the chain clear it and the approver approve it first.',
    );
  }
  if (command.instant < approval.instant) return outOfOrder(command, 'An answer is not sent before its approval', approval);
  if (!same) {
    return refuse(
      'content-changed',
      'The answer is not the approved one.',
      'Repeat outcome, ground and hash of the approved draft, or revise it.',
      {
        expected: { outcome: round.outcome, ground: round.ground, contentHash: round.contentHash },
        actual: { outcome, ground, contentHash },
      },
    );
  }
  return { basis: [approval.eventId], approval: approval.eventId };
}

function decideReplied(application: Known, command: Command, context: DecisionContext): Decision {
  const { received, amendment } = application;
  const refused = refuseAnswer(received, command);
  if (refused !== null) return refused;
  const signed = requireSigned(application, command, context.agency as Agency);
  if ('ok' in signed) return signed;
  const { kind, law, channel } = received;
  const after = amendment === null || amendment.instant > command.instant ? [] : [amendment.eventId];
  if (!closes(command.data['outcome'] as string)) {
    return accept({ ...signed, basis: [...signed.basis, ...after], role: null, kind, law, channel });
  }
  return accept({
    ...judged(application, command, context, 'reply'),
    approval: signed.approval,
    basis: [...new Set([...signed.basis, received.eventId, ...after, ...clockBasis(application, command)])],
    role: null,
  });
}

/** An answer made again after a decision: through the chain, never counted. */
function decideRemade(application: Known, command: Command, context: DecisionContext): Decision {
  const { received, closed, remade } = application;
  const orderedBy = command.data['orderedBy'] as string;
  if (closed === null) {
    return refuse('out-of-order', 'This application was not answered yet.', 'Send the first answer as application.replied.');
  }
  const decision = (context.decisions ?? []).find((one) => one.case === orderedBy);
  if (decision === undefined) {
    return refuse(
      'wrong-reference',
      `${orderedBy} is no decided reconsideration, lawsuit or complaint about this application.`,
      'Name the decided case that ordered the new answer; it must name this application.',
      { reference: orderedBy },
    );
  }
  if (command.instant < decision.instant)
    return outOfOrder(command, 'A new answer is not dated before the decision that ordered it', decision);
  const refused = refuseAnswer(received, command);
  if (refused !== null) return refused;
  const signed = requireSigned(application, command, context.agency as Agency);
  if ('ok' in signed) return signed;
  return accept({
    approval: signed.approval,
    basis: [
      ...new Set([...signed.basis, closed.eventId, ...(remade === null || remade.instant > command.instant ? [] : [remade.eventId])]),
    ],
    role: null,
    law: received.law,
    kind: received.kind,
  });
}

/** A close depends on every extension, consultation and supplement before it. */
function clockBasis(application: Known, command: Command): string[] {
  return clockBefore(application, command).flatMap(({ type, eventId }) => (type === 'received' ? [] : [eventId]));
}

/** What moves the clock of an act: what happened later, on the same day too, does not. */
function clockBefore({ clock }: Known, command: Command): readonly ClockAct[] {
  return clock.filter(({ instant }) => instant <= command.instant);
}

/** The dates a close is judged by and what it counts as: facts, from which on time, 延期 and late follow. */
function judged(application: Known, command: Command, context: DecisionContext, how: 'reply' | 'abandonment' | 'withdrawal'): Derived {
  const { kind, law, channel, on: receivedOn } = application.received;
  const before = clockBefore(application, command);
  const { ordinaryEnd, lawfulEnd, provisional } = judgeClose(calendarOf(context), law, before, command.on, how);
  return { kind, law, channel, receivedOn, ordinaryEnd, lawfulEnd, provisional, calendar: context.calendarUsed ?? null };
}

function calendarOf({ calendar }: DecisionContext): WorkCalendar {
  if (calendar === undefined) throw new Error('this decision needs a calendar of working days');
  return calendar;
}

// ---- for people ---------------------------------------------------------------------------------------------------------------------

/** Where the answer stands; what is waited for is the clock's to say. */
function describe({ received, round, amendment, closed, remade }: Application): Standing {
  if (received === null) return NOT_STANDING;
  const state = (() => {
    if (closed !== null) return round !== null ? 'being-answered-again' : remade !== null ? 'answered-again' : closed.how;
    if (round === null) return amendment === null ? 'received' : 'amendment-requested';
    if (returnedBy(round) !== undefined) return 'returned';
    if (round.approval !== null) return 'approved';
    return round.clearings.length > 0 ? 'in-clearance' : 'reply-drafted';
  })();
  return { state, title: null };
}

const OPEN_STATES: ReadonlySet<string> = new Set([
  'received',
  'amendment-requested',
  'reply-drafted',
  'in-clearance',
  'returned',
  'approved',
]);

function standingAfter(before: Standing, act: Pick<Act, 'type' | 'data'>): Standing {
  const open = OPEN_STATES.has(before.state);
  switch (act.type as ApplicationType) {
    case 'application.received':
      return { state: 'received', title: null };
    case 'application.reply-drafted':
    case 'application.reply-revised':
      return { ...before, state: open ? 'reply-drafted' : 'being-answered-again' };
    case 'application.cleared':
      if (!open || before.state === 'returned') return before;
      return { ...before, state: act.data['verdict'] === 'returned' ? 'returned' : 'in-clearance' };
    case 'application.approved':
      return open ? { ...before, state: 'approved' } : before;
    case 'application.replied':
      return { ...before, state: closes(act.data['outcome'] as string) ? 'replied' : 'amendment-requested' };
    case 'application.abandoned':
      return { ...before, state: 'abandoned' };
    case 'application.withdrawn':
      return { ...before, state: 'withdrawn' };
    case 'application.reply-remade':
      return { ...before, state: 'answered-again' };
    case 'application.supplement-requested':
    case 'application.supplemented':
    case 'application.third-party-consulted':
    case 'application.third-party-answered':
    case 'application.extended':
    case 'application.fee-charged':
    case 'application.fee-waived':
      return before;
  }
}

export const applicationRules: CaseRules<Application> = {
  kind: 'application',
  types: [
    'application.received',
    'application.supplement-requested',
    'application.supplemented',
    'application.third-party-consulted',
    'application.third-party-answered',
    'application.extended',
    'application.reply-drafted',
    'application.reply-revised',
    'application.cleared',
    'application.approved',
    'application.replied',
    'application.reply-remade',
    'application.fee-charged',
    'application.fee-waived',
    'application.abandoned',
    'application.withdrawn',
  ],
  initial: NO_APPLICATION,
  evolve: evolveApplication,
  decide,
  refuseErasure,
  describe,
  standingAfter,
};
