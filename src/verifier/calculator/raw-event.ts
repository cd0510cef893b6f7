/**
 * A stored event as the second calculator takes it, and what it reads of it: the envelope and what the message itself
 * said. What a decision added (`data.derived`) and what is sealed (`data.sealed`) are never looked at; docs/counting.md
 * is the specification.
 */

/** In log order. `data` and `metadata` as stored; `type` without prefix. */
export interface RawEvent {
  /** 0-based ordinal in the ledger. */
  readonly index: number;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  readonly version: number;
  readonly occurredAt: string | null;
  readonly recordedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An event that cannot be counted; the figures of a log that holds one are not known. */
export class Uncountable extends Error {
  override readonly name = 'Uncountable';
  constructor(
    readonly index: number,
    readonly type: string,
    readonly why: string,
  ) {
    super(`event ${index} (${type}): ${why}`);
  }
}

/**
 * Every type there is, by the versions whose shape is known here. Later versions of sealed kinds only move personal
 * data out of the clear.
 */
export const KNOWN_VERSIONS: Readonly<Record<string, number>> = {
  'agency.registered': 2,
  'agency.changed': 1,
  'agency.clearance-chain-set': 1,
  'agency.permission-granted': 1,
  'agency.permission-ended': 1,
  'agency.role-assigned': 1,
  'agency.role-ended': 1,
  'agency.figure-declared': 2,
  'publication.drafted': 2,
  'publication.revised': 2,
  'publication.cleared': 2,
  'publication.approved': 2,
  'publication.rejected': 2,
  'publication.released': 2,
  'publication.checked': 2,
  'publication.corrected': 2,
  'publication.withdrawn': 2,
  'application.received': 2,
  'application.supplement-requested': 2,
  'application.supplemented': 2,
  'application.third-party-consulted': 2,
  'application.third-party-answered': 2,
  'application.extended': 2,
  'application.reply-drafted': 2,
  'application.reply-revised': 2,
  'application.cleared': 2,
  'application.approved': 2,
  'application.replied': 2,
  'application.reply-remade': 2,
  'application.fee-charged': 2,
  'application.fee-waived': 2,
  'application.abandoned': 2,
  'application.withdrawn': 2,
  'reconsideration.filed': 2,
  'reconsideration.decided': 2,
  'lawsuit.filed': 2,
  'lawsuit.decided': 2,
  'complaint.received': 2,
  'complaint.decided': 2,
  'site.checked': 1,
  'normative-document.issued': 1,
  'normative-document.repealed': 1,
  'hotspot.answered': 1,
  'press-conference.held': 1,
  'interpretation.published': 1,
  'delivery.made': 1,
  'meeting.held': 1,
  'training.held': 1,
  'calendar.announced': 1,
  'table.declared': 2,
  'record.voided': 2,
  'record.erased': 1,
  'report.compiled': 2,
  'report.text-drafted': 1,
  'report.text-revised': 1,
  'report.cleared': 2,
  'report.approved': 2,
  'report.published': 2,
  'access.granted': 1,
  'access.refused': 1,
  'refusal.kept': 1,
  'refusal.repeated': 1,
  'refusal.settled': 1,
};

/** Streams that belong to no case: they have an index and a leaf, and no part in any figure. */
const BESIDE_THE_ACTS = /^(refusal|access)\./;

export function isAct(type: string): boolean {
  return !BESIDE_THE_ACTS.test(type);
}

const VERSIONS = new Map(Object.entries(KNOWN_VERSIONS));

export function requireKnown({ index, type, version }: RawEvent): void {
  const highest = VERSIONS.get(type);
  if (highest === undefined) throw new Uncountable(index, type, 'no rule says how this type counts');
  if (!Number.isInteger(version) || version < 1 || version > highest)
    throw new Uncountable(index, type, `stored in version ${version}; versions 1 to ${highest} are known`);
}

/** A text that counting needs; the event is uncountable without it. */
export function textOf(event: RawEvent, value: unknown, field: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Uncountable(event.index, event.type, `${field} is missing`);
}

export function optionalText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function wholeNumber(event: RawEvent, value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Uncountable(event.index, event.type, `${field} is no whole number`);
}
