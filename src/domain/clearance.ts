/**
 * The review and sign-off chain (保密审查与审批), shared by every case that goes through it: a round opens with a version of the content,
 * each step of the agency's chain is passed by a holder of its role, the approver signs the same hash. One person drafts, another clears,
 * a third approves. A new version opens a new round and nothing of the old one counts.
 */
import { chainAt, holdsRole, type Agency, type ClearanceChain } from './agency/state.js';
import { accept, refuse, type Decision } from './decider.js';
import { outOfOrder, type Act, type Command } from './case.js';
import { isAmong, isSameName, isSameOffice } from './names.js';
import type { Instant } from './values.js';

export interface Clearing {
  readonly eventId: string;
  readonly step: string;
  readonly actor: string;
  readonly verdict: 'passed' | 'returned' | 'escalated';
  readonly instant: Instant;
  readonly at: string;
}

export interface Approval {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
  readonly channels: readonly string[] | null;
}

/** One version of the content on its way through the chain. */
export interface Round {
  readonly contentHash: string;
  /** The draft or revision that opened it. */
  readonly opener: { readonly eventId: string; readonly instant: Instant; readonly at: string };
  readonly clearings: readonly Clearing[];
  readonly approval: Approval | null;
}

export function openRound(act: Act, contentHash: string): Round {
  return { contentHash, opener: { eventId: act.eventId, instant: act.instant, at: act.at }, clearings: [], approval: null };
}

export function withClearing(round: Round, act: Act): Round {
  const { step, verdict } = act.data as { step: string; verdict: Clearing['verdict'] };
  return {
    ...round,
    clearings: [...round.clearings, { eventId: act.eventId, step, verdict, actor: act.actor, instant: act.instant, at: act.at }],
  };
}

export function withApproval(round: Round, act: Act): Round {
  const channels = (act.data['channels'] as readonly string[] | undefined) ?? null;
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
export function requireChain(agency: Agency, instant: Instant): { chain: ClearanceChain } | { refused: ReturnType<typeof refuse> } {
  const chain = chainAt(agency, instant);
  if (chain !== null) return { chain };
  return {
    refused: refuse(
      'no-clearance-chain',
      `Agency ${agency.code} had no clearance chain at that time.`,
      'An administrator sets one with agency.clearance-chain-set; an explicitly empty chain lets acts pass, shown as not reviewed.',
    ),
  };
}

export function isEmptyChain(chain: ClearanceChain): boolean {
  return chain.steps.length === 0;
}

/** After a return only a revision follows, or of a publication a rejection. */
export function refuseReturned(round: Round): ReturnType<typeof refuse> | null {
  const returned = returnedBy(round);
  return returned === undefined
    ? null
    : refuse(
        'returned',
        `Step ${returned.step} returned this version on ${returned.at}.`,
        'Only a new version follows a return: a revision, of a report another compilation; a publication may be rejected as well.',
      );
}

export function refuseOtherContent(expected: string, actual: unknown): ReturnType<typeof refuse> | null {
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

/** What holds the hash an act signs against the version under review; a report signs the hash of its table. */
export type RefuseOther = (round: Round, command: Command) => ReturnType<typeof refuse> | null;

const refuseChanged: RefuseOther = (round, command) => refuseOtherContent(round.contentHash, command.data['contentHash']);

/** A step of the chain: passed, returned or escalated. */
export function decideCleared(
  round: Round,
  drafters: readonly string[],
  agency: Agency,
  command: Command,
  refuseOther: RefuseOther = refuseChanged,
): Decision {
  const { step } = command.data as { step: string };
  const required = requireChain(agency, command.instant);
  if ('refused' in required) return required.refused;
  const link = required.chain.steps.find((candidate) => isSameOffice(candidate.step, step));
  if (link === undefined) {
    return refuse('unknown-step', `The chain in force has no step ${step}.`, 'Use a step of the chain in force at the time of the act.', {
      steps: required.chain.steps.map((candidate) => candidate.step),
    });
  }
  const refused = refuseReturned(round);
  if (refused !== null) return refused;
  if (round.approval !== null) {
    return refuse('already-approved', `This version was approved on ${round.approval.at}.`, 'A new version opens a new round.');
  }
  if (command.instant < round.opener.instant)
    return outOfOrder(command, 'A clearance is not dated before the version it clears', round.opener);
  const changed = refuseOther(round, command);
  if (changed !== null) return changed;
  if (isAmong(command.actor, drafters, 'person')) {
    return refuse(
      'drafter-cannot-clear',
      `${command.actor} drafted, revised or compiled it.`,
      'Somebody who wrote no version of it clears it.',
    );
  }
  if (!holdsRole(agency, command.actor, link.role, command.on)) {
    return refuse(
      'missing-role',
      `${command.actor} does not hold the role ${link.role} on ${command.on}.`,
      'An administrator assigns roles with agency.role-assigned.',
      { role: link.role },
    );
  }
  if (
    command.data['verdict'] === 'passed' &&
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
export function decideApproved(
  round: Round,
  drafters: readonly string[],
  agency: Agency,
  command: Command,
  refuseOther: RefuseOther = refuseChanged,
): Decision {
  const required = requireChain(agency, command.instant);
  if ('refused' in required) return required.refused;
  const { chain } = required;
  const refused = refuseReturned(round);
  if (refused !== null) return refused;
  if (round.approval !== null) {
    return refuse(
      'already-approved',
      `This version was approved on ${round.approval.at}.`,
      'Nothing to do; a new version opens a new round.',
    );
  }
  if (chain.approver === null) {
    return refuse(
      'missing-role',
      'The chain in force is empty: nobody approves, and nothing waits for it.',
      'Release, reply or publish directly; the act will show as not reviewed.',
    );
  }
  if (command.instant < round.opener.instant)
    return outOfOrder(command, 'An approval is not dated before the version it approves', round.opener);
  const changed = refuseOther(round, command);
  if (changed !== null) return changed;
  const concerned = [...drafters, ...round.clearings.map(({ actor }) => actor)];
  if (isAmong(command.actor, concerned, 'person')) {
    return refuse(
      'approver-not-independent',
      `${command.actor} drafted or cleared this version.`,
      'The approver neither wrote any version nor cleared this one.',
    );
  }
  if (!holdsRole(agency, command.actor, chain.approver.role, command.on)) {
    return refuse(
      'missing-role',
      `${command.actor} does not hold the role ${chain.approver.role} on ${command.on}.`,
      'An administrator assigns roles with agency.role-assigned.',
      { role: chain.approver.role },
    );
  }
  const passes = chain.steps.map(({ step }) => earliestPass(round, step));
  const missing = chain.steps.filter((_, index) => passes[index] === undefined).map(({ step }) => step);
  if (missing.length > 0) {
    return refuse(
      'step-missing',
      `Not yet passed in this round: ${missing.join(', ')}.`,
      'Every step of the chain passes this very version before it is approved.',
      { missing },
    );
  }
  const late = passes.find((pass) => pass !== undefined && command.instant < pass.instant);
  if (late !== undefined) return outOfOrder(command, `An approval is not dated before the clearances it rests on: ${late.step}`, late);
  return accept({
    basis: [round.opener.eventId, ...passes.map((pass) => (pass as Clearing).eventId)],
    role: chain.approver.role,
    unit: chain.approver.unit,
  });
}
