/**
 * Every type of stored event with its current version: versions are only added, and what is stored is read for ever. The types of acts are those of
 * domain/acts.ts; one that is missing here does not compile. Stored types carry no prefix; the public contract prints them with `disclosure.`.
 */
import type { ActType } from '../domain/acts.js';

export const PUBLIC_PREFIX = 'disclosure.';

export const CATALOG = {
  /** v2: `derived.profile` says what the defaults of that time were, so that they may change. */
  'agency.registered': { kind: 'agency', version: 2 },
  'agency.changed': { kind: 'agency', version: 1 },
  'agency.clearance-chain-set': { kind: 'agency', version: 1 },
  'agency.role-assigned': { kind: 'agency', version: 1 },
  'agency.role-ended': { kind: 'agency', version: 1 },
  /** v2: read by the second reader of printed values (statistics/amount.ts), which takes a sign, a unit and a remark; v1 are plain numbers. */
  'agency.figure-declared': { kind: 'agency', version: 2 },
  /** v2 of every kind with a key: digests are keyed, `data.sealed` stands for the sealed fields (see sealed-fields.ts); releases and corrections: `derived.document`. */
  'publication.drafted': { kind: 'publication', version: 2 },
  'publication.revised': { kind: 'publication', version: 2 },
  'publication.cleared': { kind: 'publication', version: 2 },
  'publication.approved': { kind: 'publication', version: 2 },
  'publication.rejected': { kind: 'publication', version: 2 },
  'publication.released': { kind: 'publication', version: 2 },
  'publication.checked': { kind: 'publication', version: 2 },
  'publication.corrected': { kind: 'publication', version: 2 },
  'publication.withdrawn': { kind: 'publication', version: 2 },
  'application.received': { kind: 'application', version: 2 },
  'application.supplement-requested': { kind: 'application', version: 2 },
  'application.supplemented': { kind: 'application', version: 2 },
  'application.third-party-consulted': { kind: 'application', version: 2 },
  'application.third-party-answered': { kind: 'application', version: 2 },
  'application.extended': { kind: 'application', version: 2 },
  'application.reply-drafted': { kind: 'application', version: 2 },
  'application.reply-revised': { kind: 'application', version: 2 },
  'application.cleared': { kind: 'application', version: 2 },
  'application.approved': { kind: 'application', version: 2 },
  'application.replied': { kind: 'application', version: 2 },
  'application.reply-remade': { kind: 'application', version: 2 },
  'application.fee-charged': { kind: 'application', version: 2 },
  'application.fee-waived': { kind: 'application', version: 2 },
  'application.abandoned': { kind: 'application', version: 2 },
  'application.withdrawn': { kind: 'application', version: 2 },
  'reconsideration.filed': { kind: 'reconsideration', version: 2 },
  'reconsideration.decided': { kind: 'reconsideration', version: 2 },
  'lawsuit.filed': { kind: 'lawsuit', version: 2 },
  'lawsuit.decided': { kind: 'lawsuit', version: 2 },
  'complaint.received': { kind: 'complaint', version: 2 },
  'complaint.decided': { kind: 'complaint', version: 2 },
  'site.checked': { kind: 'site', version: 1 },
  'normative-document.issued': { kind: 'normative-document', version: 1 },
  'normative-document.repealed': { kind: 'normative-document', version: 1 },
  'hotspot.answered': { kind: 'hotspot', version: 1 },
  'press-conference.held': { kind: 'press-conference', version: 1 },
  'interpretation.published': { kind: 'interpretation', version: 1 },
  'delivery.made': { kind: 'delivery', version: 1 },
  'meeting.held': { kind: 'meeting', version: 1 },
  'training.held': { kind: 'training', version: 1 },
  'calendar.announced': { kind: 'calendar', version: 1 },
  /** v2: `derived.printed` names the reader of its printed values; v1 are read by the first, for ever. */
  'table.declared': { kind: 'table', version: 2 },
  'report.compiled': { kind: 'report', version: 1 },
  'report.cleared': { kind: 'report', version: 1 },
  'report.approved': { kind: 'report', version: 1 },
  'report.published': { kind: 'report', version: 1 },
  /** On any case: takes back an act of it. */
  'record.voided': { kind: '*', version: 2 },
  /** On a case with sealed fields: its key is destroyed. */
  'record.erased': { kind: '*', version: 1 },
  /** On a stream of its own, outside every case: somebody asked to see sealed texts of a case. Stored before anything is given. */
  'access.granted': { kind: 'access', version: 1 },
  'access.refused': { kind: 'access', version: 1 },
  /** On a stream of its own, outside every case: a message that was refused, kept sealed. */
  'refusal.kept': { kind: 'refusal', version: 1 },
  'refusal.repeated': { kind: 'refusal', version: 1 },
  'refusal.settled': { kind: 'refusal', version: 1 },
} as const satisfies Readonly<Record<StoredType, { readonly kind: string; readonly version: number }>>;

/**
 * The stream of signed checkpoints: beside the ledger, not in it. Its events have no index, no leaf and no part in any figure, whatever their type says.
 */
export const CHECKPOINT_STREAM = 'checkpoints';
export const CHECKPOINT_TYPE = 'checkpoint.signed';
export const CHECKPOINT_VERSION = 1;
/** In the same stream, behind the checkpoint it is of: what a witness signed under it. */
export const COSIGNED_TYPE = 'checkpoint.cosigned';
export const COSIGNED_VERSION = 1;

/** What the service itself keeps: a message that was refused, somebody who asked to see sealed texts. */
export type RefusalEventType = `refusal.${'kept' | 'repeated' | 'settled'}`;
export type AccessEventType = `access.${'granted' | 'refused'}`;
export type StoredType = ActType | RefusalEventType | AccessEventType;

export function isStoredType(type: string): type is StoredType {
  return Object.hasOwn(CATALOG, type);
}

/** Types that come in from outside: every type but those of what the service itself keeps. */
export function isActType(type: string): type is ActType {
  return isStoredType(type) && CATALOG[type].kind !== 'refusal' && CATALOG[type].kind !== 'access';
}

export const STORED_TYPES: readonly StoredType[] = Object.keys(CATALOG).filter(isStoredType);
export const ACT_TYPES: readonly ActType[] = STORED_TYPES.filter(isActType);

export function currentVersion(type: StoredType): number {
  return CATALOG[type].version;
}

export function publicType(type: string): string {
  return PUBLIC_PREFIX + type;
}
