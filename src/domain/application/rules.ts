/**
 * The rules of an application (依申请公开): received, supplemented, third parties consulted, extended, a reply drafted,
 * cleared, approved and sent, or abandoned or withdrawn; fees; and the answer made again after a decision. 《政府信息公开条例》
 * 2008 art. 20–28, 2019 art. 29–42. One closing act per application.
 */
import type { CommandOf, FactsByType } from '../acts.js';
import type { Agency } from '../agency/state.js';
import { alreadyExists, outOfOrder, refuseClosed, unknownAgency, unknownCase, type CaseRules, type DecisionContext } from '../case.js';
import {
  decideApproved,
  decideCleared,
  isEmptyChain,
  refuseOtherContent,
  refuseReturned,
  requireChain,
  returnedBefore,
  type Signing,
} from '../clearance.js';
import { accept, found, refuse, type Decision, type Found, type Refused } from '../decider.js';
import { isSameName, isSameOffice } from '../names.js';
import { standingBy } from '../standing.js';
import type { WorkCalendar } from '../../time/working-days.js';
import type { ApplicationType, CloseFacts } from './acts.js';
import { clockOn, judgeClose, lawOn, matchAnswer, PERIODS, type ClockAct, type Close } from './clock.js';
import { closes, refuseOutcome } from './outcomes.js';
import { evolveApplication, NO_APPLICATION, refuseErasure, type AnswerRound, type Application, type Receipt } from './state.js';
import { APPLICATION_STANDING } from './status.js';

type Command = CommandOf<ApplicationType>;
type DecisionOn<T extends ApplicationType> = Decision<FactsByType[T]>;
/** An act that says what is answered, or would be. */
type Answering = CommandOf<'application.reply-drafted' | 'application.reply-revised' | 'application.replied' | 'application.reply-remade'>;

const CLOSING: ReadonlySet<ApplicationType> = new Set(['application.abandoned', 'application.withdrawn']);
const FEES: ReadonlySet<ApplicationType> = new Set(['application.fee-charged', 'application.fee-waived']);
/** After the close these belong to an answer made again. */
const OF_A_ROUND: ReadonlySet<ApplicationType> = new Set(['application.reply-revised', 'application.cleared', 'application.approved']);

/** An application with its receipt. */
type Known = Application & { readonly received: Receipt };

function isKnown(view: Application): view is Known {
  return view.received !== null;
}

function decide(view: Application, command: Command, context: DecisionContext): DecisionOn<ApplicationType> {
  if (command.type === 'application.received') return view.received === null ? decideReceived(command) : alreadyExists(command);
  if (!isKnown(view)) return unknownCase(command);
  const { received } = view;
  const { agency } = context;
  if (agency === null) return unknownAgency(command);
  const refused = refuseByClose(view, command, context);
  if (refused !== null) return refused;
  if (command.instant < received.instant) return outOfOrder(command, 'Nothing of an application is dated before its receipt', received);
  switch (command.type) {
    case 'application.fee-charged':
    case 'application.fee-waived':
      return accept({ basis: [], role: null });
    case 'application.supplement-requested':
    case 'application.third-party-consulted':
      return accept({ basis: [received.eventId], role: null });
    case 'application.supplemented':
      return decideSupplemented(view, command);
    case 'application.third-party-answered':
      return decideAnswered(view, command);
    case 'application.extended':
      return decideExtended(view, command, context);
    case 'application.reply-drafted':
      return decideDrafted(view, command);
    case 'application.reply-revised':
      return decideRevised(view, command);
    case 'application.cleared':
      return view.round === null ? nothingDrafted(command) : decideCleared(signingOf(view, view.round, { command, agency }), command);
    case 'application.approved':
      return view.round === null ? nothingDrafted(command) : decideApproved(signingOf(view, view.round, { command, agency }), command);
    case 'application.replied':
      return decideReplied(view, command, { ...context, agency });
    case 'application.reply-remade':
      return decideRemade(view, command, { ...context, agency });
    case 'application.abandoned':
    case 'application.withdrawn':
      return decideEnded(view, command, context);
  }
}

interface SigningAct {
  readonly command: CommandOf<'application.cleared' | 'application.approved'>;
  readonly agency: Agency;
}

function signingOf({ drafters }: Known, round: AnswerRound, { command, agency }: SigningAct): Signing {
  return { round, drafters, agency, changed: refuseOtherContent(round.contentHash, command.data.contentHash) };
}

/** The context of an act of an agency that is registered. */
type Within = DecisionContext & { readonly agency: Agency };

function decideReceived(command: CommandOf<'application.received'>): DecisionOn<'application.received'> {
  const { channel, applicant, law, submittedOn } = command.data;
  if (submittedOn !== undefined && submittedOn > command.on)
    return outOfOrder(command, 'An application is not received before it was submitted', { at: submittedOn });
  return accept({ basis: [], role: null, channel, kind: applicant.kind, law: law ?? lawOn(command.on) });
}

/**
 * What a recorded close still lets through: fees, an answer made again, and the round that leads to it once a decision
 * about this application is known.
 */
function refuseByClose(application: Known, command: Command, context: DecisionContext): Refused | null {
  const { type } = command;
  const { closed, round } = application;
  if (closed === null) return null;
  const late = command.instant < closed.instant;
  if (!late && (type === 'application.reply-remade' || FEES.has(type))) return null;
  if (!late && OF_A_ROUND.has(type) && round !== null) return null;
  if (!late && type === 'application.reply-drafted' && (context.decisions ?? []).some(({ instant }) => instant <= command.instant))
    return null;
  const again = CLOSING.has(type) || (command.type === 'application.replied' && closes(command.data.outcome));
  return refuseClosed({ ...closed, code: 'not-open' }, command, again);
}

/**
 * A supplement answers every request made before it and not answered yet, in the order of their times: as the clock
 * reads them.
 */
function decideSupplemented(
  { received, clock }: Known,
  command: CommandOf<'application.supplemented'>,
): DecisionOn<'application.supplemented'> {
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

function decideAnswered(
  { clock }: Known,
  command: CommandOf<'application.third-party-answered'>,
): DecisionOn<'application.third-party-answered'> {
  const party = command.data.party ?? null;
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

function decideExtended(
  application: Known,
  command: CommandOf<'application.extended'>,
  context: DecisionContext,
): DecisionOn<'application.extended'> {
  const { received, clock } = application;
  const { days, approvedBy } = command.data;
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

function decideDrafted(application: Known, command: CommandOf<'application.reply-drafted'>): DecisionOn<'application.reply-drafted'> {
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

function decideRevised(
  { received, round }: Known,
  command: CommandOf<'application.reply-revised'>,
): DecisionOn<'application.reply-revised'> {
  if (round === null) return nothingDrafted(command);
  if (command.instant < round.opener.instant)
    return outOfOrder(command, 'A revision is not dated before the version it revises', round.opener);
  const refused = refuseAnswer(received, command);
  if (refused !== null) return refused;
  return accept({ basis: [round.opener.eventId, ...returnedBefore(round, command)], role: null });
}

function nothingDrafted(command: Command): Refused {
  return refuse('out-of-order', `No answer is drafted that ${command.type} could follow.`, 'Record application.reply-drafted first.');
}

function refuseAnswer({ law }: Receipt, { data }: Answering): Refused | null {
  return refuseOutcome(law, data.outcome, data.ground);
}

/** What is sent: the approved version word for word, or under an empty chain whatever is answered. */
function requireSigned(
  { received, round }: Known,
  command: Answering,
  agency: Agency,
): Found<{ readonly basis: readonly string[]; readonly approval: string | null }> {
  const required = requireChain(agency, command.instant);
  if (!required.ok) return required;
  const { outcome, ground = null, contentHash } = command.data;
  const same = round !== null && round.outcome === outcome && round.ground === ground && round.contentHash === contentHash;
  const approval = round?.approval ?? null;
  if (isEmptyChain(required.value)) {
    if (!same || approval === null || command.instant < approval.instant) return found({ basis: [received.eventId], approval: null });
    return found({ basis: [approval.eventId], approval: approval.eventId });
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
  return found({ basis: [approval.eventId], approval: approval.eventId });
}

function decideReplied(application: Known, command: CommandOf<'application.replied'>, context: Within): DecisionOn<'application.replied'> {
  const { received, amendment } = application;
  const refused = refuseAnswer(received, command);
  if (refused !== null) return refused;
  const signed = requireSigned(application, command, context.agency);
  if (!signed.ok) return signed;
  const { kind, law, channel } = received;
  const after = amendment === null || amendment.instant > command.instant ? [] : [amendment.eventId];
  if (!closes(command.data.outcome)) {
    return accept({ ...signed.value, basis: [...signed.value.basis, ...after], role: null, kind, law, channel });
  }
  return accept({
    ...judged(application, command, { context, how: 'reply' }),
    approval: signed.value.approval,
    basis: [...new Set([...signed.value.basis, received.eventId, ...after, ...clockBasis(application, command)])],
    role: null,
  });
}

/** An answer made again after a decision: through the chain, never counted. */
function decideRemade(
  application: Known,
  command: CommandOf<'application.reply-remade'>,
  context: Within,
): DecisionOn<'application.reply-remade'> {
  const { received, closed, remade } = application;
  const { orderedBy } = command.data;
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
  const signed = requireSigned(application, command, context.agency);
  if (!signed.ok) return signed;
  return accept({
    approval: signed.value.approval,
    basis: [
      ...new Set([...signed.value.basis, closed.eventId, ...(remade === null || remade.instant > command.instant ? [] : [remade.eventId])]),
    ],
    role: null,
    law: received.law,
    kind: received.kind,
  });
}

/** An end without an answer. */
function decideEnded(
  application: Known,
  command: CommandOf<'application.abandoned' | 'application.withdrawn'>,
  context: DecisionContext,
): DecisionOn<'application.abandoned' | 'application.withdrawn'> {
  return accept({
    ...judged(application, command, { context, how: command.type === 'application.abandoned' ? 'abandonment' : 'withdrawal' }),
    basis: [application.received.eventId, ...clockBasis(application, command)],
    role: null,
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
function judged(
  application: Known,
  command: Command,
  { context, how }: { readonly context: DecisionContext; readonly how: Close },
): CloseFacts {
  const { kind, law, channel, on: receivedOn } = application.received;
  const before = clockBefore(application, command);
  const { ordinaryEnd, lawfulEnd, provisional } = judgeClose(calendarOf(context), law, before, command.on, how);
  return { kind, law, channel, receivedOn, ordinaryEnd, lawfulEnd, provisional, calendar: context.calendarUsed ?? null };
}

function calendarOf({ calendar }: DecisionContext): WorkCalendar {
  if (calendar === undefined) throw new Error('this decision needs a calendar of working days');
  return calendar;
}

export const applicationRules: CaseRules<Application, ApplicationType> = {
  kind: 'application',
  ...standingBy(APPLICATION_STANDING),
  initial: NO_APPLICATION,
  evolve: evolveApplication,
  decide,
  refuseErasure,
};
