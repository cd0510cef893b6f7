/**
 * Every type of stored event with its current version: versions are only added, and what is stored is read for ever.
 * The types of acts are those of domain/acts.ts. Stored types carry no prefix; the public contract prints them with
 * `disclosure.`.
 */
import { ACTS, type ActType } from '../domain/acts.js';

const PUBLIC_PREFIX = 'disclosure.';

/**
 * Types whose stored shape has changed, with their current version; every other type is in version 1, in which it
 * begins.
 */
export const LATER_VERSIONS: Readonly<Partial<Record<StoredType, number>>> = {
  /** v2: `derived.profile` says what the defaults of that time were, so that they may change. */
  'agency.registered': 2,
  /**
   * v2: read by the second reader of printed values (statistics/amount.ts), which takes a sign, a unit and a remark; v1
   * are plain numbers.
   */
  'agency.figure-declared': 2,
  /**
   * v2 of every kind with a key: digests are keyed, `data.sealed` stands for the sealed fields (see sealed-fields.ts);
   * releases and corrections: `derived.document`.
   */
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
  /** v2: of a case with a key; what is signed may be a text too; publications: `derived.text`. */
  'report.compiled': 2,
  'report.cleared': 2,
  'report.approved': 2,
  'report.published': 2,
  /** v2: `derived.printed` names the reader of its printed values; v1 are read by the first, for ever. */
  'table.declared': 2,
  /** v2 on cases with a key, as above. */
  'record.voided': 2,
};

/**
 * What the service itself keeps, each on a stream of its own outside every case: who asked for sealed texts, before
 * anything is given; refused messages, sealed.
 */
const OWN_TYPES = ['access.granted', 'access.refused', 'refusal.kept', 'refusal.repeated', 'refusal.settled'] as const;

/**
 * The stream of signed checkpoints: beside the ledger, not in it. Its events have no index, no leaf and no part in any
 * figure, whatever their type says.
 */
export const CHECKPOINT_STREAM = 'checkpoints';
export const CHECKPOINT_TYPE = 'checkpoint.signed';
export const CHECKPOINT_VERSION = 1;
/** In the same stream, behind the checkpoint it is of: what a witness signed under it. */
export const COSIGNED_TYPE = 'checkpoint.cosigned';
export const COSIGNED_VERSION = 1;

export type OwnType = (typeof OWN_TYPES)[number];
export type RefusalEventType = Extract<OwnType, `refusal.${string}`>;
export type AccessEventType = Extract<OwnType, `access.${string}`>;
export type StoredType = ActType | OwnType;

const OWN: ReadonlySet<string> = new Set(OWN_TYPES);

export function isStoredType(type: string): type is StoredType {
  return isActType(type) || OWN.has(type);
}

/** Types that come in from outside: every type but those of what the service itself keeps. */
export function isActType(type: string): type is ActType {
  return Object.hasOwn(ACTS, type);
}

export const ACT_TYPES: readonly ActType[] = Object.keys(ACTS).filter(isActType);
export const STORED_TYPES: readonly StoredType[] = [...ACT_TYPES, ...OWN_TYPES];

export function currentVersion(type: StoredType): number {
  return LATER_VERSIONS[type] ?? 1;
}

/** The kind of case an act of the type stands in: the word before its point; `*` for those on any case. */
export function kindOf(type: StoredType): string {
  const kind = type.slice(0, type.indexOf('.'));
  return kind === 'record' ? '*' : kind;
}

export function publicType(type: string): string {
  return PUBLIC_PREFIX + type;
}

/** The type without `disclosure.`, known or not; null where it does not begin so. */
export function withoutPrefix(type: string): string | null {
  return type.startsWith(PUBLIC_PREFIX) ? type.slice(PUBLIC_PREFIX.length) : null;
}

/** The type without `disclosure.`, whether it has it or not. */
export function bareType(type: string): string {
  return withoutPrefix(type) ?? type;
}
