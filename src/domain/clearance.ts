/**
 * The review and sign-off chain (保密审查与审批), shared by every case that goes through it: a round opens with a version of
 * the content, each step of the agency's chain is passed by a holder of its role, the approver signs the same hash. One
 * person drafts, another clears, a third approves. A new version opens a new round and nothing of the old one counts.
 * verifier/sign-off.ts tells these rules a second time, on purpose, from stored events alone: neither shares code with
 * the other.
 */
import type { ActOf, Command, CommandOf } from './acts.js';
import { chainAt, holdsRole, type Agency } from './agency/state.js';
import type { ClearanceChain } from './agency/acts.js';
import { accept, found, refuse, type Decision, type Found, type Refused } from './decider.js';
import { outOfOrder } from './case.js';
import type { Signed } from './facts.js';
import { isAmong, isSameName, isSameOffice } from './names.js';
import type { Channel, Verdict } from './publication/acts.js';
import type { Instant } from '../time/instant.js';

type ClearedType = 'publication.cleared' | 'application.cleared' | 'report.cleared';
type ApprovedType = 'publication.approved' | 'application.approved' | 'report.approved';

export interface Clearing {
  readonly eventId: string;
  readonly step: string;
  readonly actor: string;
  readonly verdict: Verdict;
  readonly instant: Instant;
  readonly at: string;
}

export interface Approval {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
  readonly channels: readonly Channel[] | null;
}

/** One version of the content on its way through the chain. */
export interface Round {
  readonly contentHash: string;
  /** The draft or revision that opened it. */
  readonly opener: { readonly eventId: string; readonly instant: Instant; readonly at: string };
  readonly clearings: readonly Clearing[];
  readonly approval: Approval | null;
}

export function openRound({ eventId, instant, at }: Round['opener'], contentHash: string): Round {
  return { contentHash, opener: { eventId, instant, at }, clearings: [], approval: null };
}

export function withClearing<R extends Round>(round: R, act: ActOf<ClearedType>): R {
  const { step, verdict } = act.data;
  return {
    ...round,
    clearings: [...round.clearings, { eventId: act.eventId, step, verdict, actor: act.actor, instant: act.instant, at: act.at }],
  };
}

export function withApproval<R extends Round>(round: R, act: ActOf<ApprovedType>): R {
  const channels = (act.type === 'publication.approved' ? act.data.channels : undefined) ?? null;
  return { ...round, approval: { eventId: act.eventId, instant: act.instant, at: act.at, channels } };
}

export function returnedBy(round: Round): Clearing | undefined {
  return round.clearings.find((clearing) => clearing.verdict === 'returned');
}

/** The return a revision answers; none where it is dated before the return and only arrived after it. */
export function returnedBefore(round: Round, command: Command): string[] {
  const returned = returnedBy(round);
  return returned === undefined || command.instant < returned.instant ? [] : [returned.eventId];
}

/** The chain at an instant, or the refusal where none was set by then. */
export function requireChain(agency: Agency, instant: Instant): Found<ClearanceChain> {
  const chain = chainAt(agency, instant);
  if (chain !== null) return found(chain);
  return refuse(
    'no-clearance-chain',
    `Agency ${agency.code} had no clearance chain at that time.`,
    'An administrator sets one with agency.clearance-chain-set; an explicitly empty chain lets acts pass, shown as not reviewed.',
  );
}

export function isEmptyChain(chain: ClearanceChain): boolean {
  return chain.steps.length === 0;
}

/** After a return only a revision follows, or of a publication a rejection. */
export function refuseReturned(round: Round): Refused | null {
  const returned = returnedBy(round);
  return returned === undefined
    ? null
    : refuse(
        'returned',
        `Step ${returned.step} returned this version on ${returned.at}.`,
        'Only a new version follows a return: a revision, of a report another compilation; a publication may be rejected as well.',
      );
}

export function refuseOtherContent(expected: string, actual: string): Refused | null {
  if (actual === expected) return null;
  return refuse(
    'content-changed',
    'The content hash is not that of the version under review.',
    'Send a revision for the new content, or the hash that was reviewed.',
    {
      expected,
      actual,
    },
  );
}

/** What somebody signs: a version of the case, in the agency whose chain it goes through. */
export interface Signing {
  readonly round: Round;
  /** Everyone who wrote any version. */
  readonly drafters: readonly string[];
  readonly agency: Agency;
  /** The refusal where the hash that is signed is not that of the version; a report signs the hash of its table. */
  readonly changed: Refused | null;
}

/** A version that was returned, or was approved already, is signed no more. */
function refuseSettled({ round }: Signing, hint: string): Refused | null {
  const returned = refuseReturned(round);
  if (returned !== null || round.approval === null) return returned;
  return refuse('already-approved', `This version was approved on ${round.approval.at}.`, hint);
}

/**
 * What is signed is the version under review, by somebody independent of it who holds the role of the chain that day.
 */
function refuseSignature({ round, agency, changed }: Signing, command: Command, rule: SignatureRule): Refused | null {
  if (command.instant < round.opener.instant) return outOfOrder(command, rule.notBefore, round.opener);
  if (changed !== null) return changed;
  if (isAmong(command.actor, rule.concerned, 'person')) return rule.notIndependent;
  if (holdsRole(agency, command.actor, rule.role, command.on)) return null;
  return refuse(
    'missing-role',
    `${command.actor} does not hold the role ${rule.role} on ${command.on}.`,
    'An administrator assigns roles with agency.role-assigned.',
    { role: rule.role },
  );
}

/** In what clearing and approving differ. */
interface SignatureRule {
  readonly role: string;
  readonly notBefore: string;
  /** Whoever may not sign, and the refusal that says why. */
  readonly concerned: readonly string[];
  readonly notIndependent: Refused;
}

/** A step of the chain: passed, returned or escalated. */
export function decideCleared(signing: Signing, command: CommandOf<ClearedType>): Decision<Signed> {
  const { round, drafters, agency } = signing;
  const { step, verdict } = command.data;
  const required = requireChain(agency, command.instant);
  if (!required.ok) return required;
  const link = required.value.steps.find((candidate) => isSameOffice(candidate.step, step));
  if (link === undefined) {
    return refuse('unknown-step', `The chain in force has no step ${step}.`, 'Use a step of the chain in force at the time of the act.', {
      steps: required.value.steps.map((candidate) => candidate.step),
    });
  }
  const refused =
    refuseSettled(signing, 'A new version opens a new round.') ??
    refuseSignature(signing, command, {
      role: link.role,
      notBefore: 'A clearance is not dated before the version it clears',
      concerned: drafters,
      notIndependent: refuse(
        'drafter-cannot-clear',
        `${command.actor} drafted, revised or compiled it.`,
        'Somebody who wrote no version of it clears it.',
      ),
    });
  if (refused !== null) return refused;
  if (
    verdict === 'passed' &&
    round.clearings.some((other) => other.verdict === 'passed' && isSameName(other.actor, command.actor, 'person'))
  ) {
    return refuse(
      'same-person-twice',
      `${command.actor} already passed a step of this round.`,
      'Each step of a round is passed by another person.',
    );
  }
  return accept({ basis: [round.opener.eventId], role: link.role, unit: link.unit });
}

/** A step may be passed by several people: the approval rests on the earliest. */
function earliestPass(round: Round, step: string): Clearing | undefined {
  const passes = round.clearings.filter((clearing) => clearing.verdict === 'passed' && isSameOffice(clearing.step, step));
  return passes.reduce<Clearing | undefined>(
    (first, pass) => (first === undefined || pass.instant < first.instant ? pass : first),
    undefined,
  );
}

/** The approval of a version that every step of the chain in force has passed. */
export function decideApproved(signing: Signing, command: CommandOf<ApprovedType>): Decision<Signed> {
  const { round, drafters, agency } = signing;
  const required = requireChain(agency, command.instant);
  if (!required.ok) return required;
  const { steps, approver } = required.value;
  const settled = refuseSettled(signing, 'Nothing to do; a new version opens a new round.');
  if (settled !== null) return settled;
  if (approver === null) {
    return refuse(
      'missing-role',
      'The chain in force is empty: nobody approves, and nothing waits for it.',
      'Release, reply or publish directly; the act will show as not reviewed.',
    );
  }
  const refused = refuseSignature(signing, command, {
    role: approver.role,
    notBefore: 'An approval is not dated before the version it approves',
    concerned: [...drafters, ...round.clearings.map(({ actor }) => actor)],
    notIndependent: refuse(
      'approver-not-independent',
      `${command.actor} drafted or cleared this version.`,
      'The approver neither wrote any version nor cleared this one.',
    ),
  });
  if (refused !== null) return refused;
  const passes = steps.map(({ step }) => earliestPass(round, step)).filter((pass) => pass !== undefined);
  const missing = steps.map(({ step }) => step).filter((step) => earliestPass(round, step) === undefined);
  if (missing.length > 0) {
    return refuse(
      'step-missing',
      `Not yet passed in this round: ${missing.join(', ')}.`,
      'Every step of the chain passes this very version before it is approved.',
      { missing },
    );
  }
  const late = passes.find((pass) => command.instant < pass.instant);
  if (late !== undefined) return outOfOrder(command, `An approval is not dated before the clearances it rests on: ${late.step}`, late);
  return accept({ basis: [round.opener.eventId, ...passes.map(({ eventId }) => eventId)], role: approver.role, unit: approver.unit });
}
