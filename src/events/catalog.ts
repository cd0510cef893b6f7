/**
 * Every type of stored event with its current version: versions are only added, and what is stored is read for ever. The types of acts are those of
 * domain/acts.ts; one that is missing here does not compile. Stored types carry no prefix; the public contract prints them with `disclosure.`.
 */
import type { ActType } from '../domain/acts.js';

export const PUBLIC_PREFIX = 'disclosure.';

interface CatalogEntry {
  /** Kind of case it belongs to; `*` = any. */
  readonly kind: string;
  /** The current one. */
  readonly version: number;
  /** What happened, in one line: docs/contract/messages.md prints it. */
  readonly means: string;
}

export const CATALOG = {
  /** v2: `derived.profile` says what the defaults of that time were, so that they may change. */
  'agency.registered': { kind: 'agency', version: 2, means: 'The agency takes part from now on, with its first administrator.' },
  'agency.changed': { kind: 'agency', version: 1, means: 'Its name, parent, way of reporting or forms are others from a day on.' },
  'agency.clearance-chain-set': {
    kind: 'agency',
    version: 1,
    means: 'Its steps of review 审查 and who approves 审批, from the time of the act on.',
  },
  'agency.role-assigned': { kind: 'agency', version: 1, means: 'An officer holds a role from that day on.' },
  'agency.role-ended': { kind: 'agency', version: 1, means: 'The officer holds it no longer after that day.' },
  /** v2: read by the second reader of printed values (statistics/amount.ts), which takes a sign, a unit and a remark; v1 are plain numbers. */
  'agency.figure-declared': { kind: 'agency', version: 2, means: 'A figure 填报数 that no act stands for: staff, budget, a base.' },
  /** v2 of every kind with a key: digests are keyed, `data.sealed` stands for the sealed fields (see sealed-fields.ts); releases and corrections: `derived.document`. */
  'publication.drafted': { kind: 'publication', version: 2, means: 'An item 信息 is drafted; its first version goes into review.' },
  'publication.revised': { kind: 'publication', version: 2, means: 'Another version; it opens a new round of review.' },
  'publication.cleared': { kind: 'publication', version: 2, means: 'One step of the chain reviewed 保密审查 the version.' },
  'publication.approved': { kind: 'publication', version: 2, means: 'The approver signed 签发 the version.' },
  'publication.rejected': { kind: 'publication', version: 2, means: 'The item is not published 不予公开.' },
  'publication.released': { kind: 'publication', version: 2, means: 'The item is published 公开 on one channel.' },
  'publication.checked': { kind: 'publication', version: 2, means: 'Somebody looked whether the released item is in order.' },
  'publication.corrected': { kind: 'publication', version: 2, means: 'The released item was replaced by an approved version.' },
  'publication.withdrawn': { kind: 'publication', version: 2, means: 'The item, or one channel of it, was taken down.' },
  'application.received': {
    kind: 'application',
    version: 2,
    means: 'An application 依申请公开 was received; its time is the legal receipt.',
  },
  'application.supplement-requested': { kind: 'application', version: 2, means: 'The applicant was asked to supplement 补正 it.' },
  'application.supplemented': { kind: 'application', version: 2, means: 'The supplement came; the period begins again.' },
  'application.third-party-consulted': {
    kind: 'application',
    version: 2,
    means: 'A third party 第三方 was asked; the days until its answer do not count.',
  },
  'application.third-party-answered': { kind: 'application', version: 2, means: 'The third party answered, or let its time pass.' },
  'application.extended': { kind: 'application', version: 2, means: 'The period was extended 延期, once.' },
  'application.reply-drafted': { kind: 'application', version: 2, means: 'An answer was drafted.' },
  'application.reply-revised': { kind: 'application', version: 2, means: 'Another version of the answer.' },
  'application.cleared': { kind: 'application', version: 2, means: 'One step of the chain reviewed the answer.' },
  'application.approved': { kind: 'application', version: 2, means: 'The approver signed the answer.' },
  'application.replied': {
    kind: 'application',
    version: 2,
    means: 'The applicant was answered 答复; every outcome but `amend-supplement` closes the case.',
  },
  'application.reply-remade': { kind: 'application', version: 2, means: 'A new answer that a decision ordered; it is not counted again.' },
  'application.fee-charged': { kind: 'application', version: 2, means: 'A fee 收费 was charged.' },
  'application.fee-waived': { kind: 'application', version: 2, means: 'A fee was waived 减免.' },
  'application.abandoned': {
    kind: 'application',
    version: 2,
    means: 'Closed without an answer, because the applicant did not do his part.',
  },
  'application.withdrawn': { kind: 'application', version: 2, means: 'The applicant took it back.' },
  'reconsideration.filed': { kind: 'reconsideration', version: 2, means: 'An administrative reconsideration 行政复议 was filed.' },
  'reconsideration.decided': { kind: 'reconsideration', version: 2, means: 'It was decided.' },
  'lawsuit.filed': { kind: 'lawsuit', version: 2, means: 'An administrative lawsuit 行政诉讼 was filed.' },
  'lawsuit.decided': { kind: 'lawsuit', version: 2, means: 'It was decided.' },
  'complaint.received': { kind: 'complaint', version: 2, means: 'A complaint 举报投诉 was received.' },
  'complaint.decided': { kind: 'complaint', version: 2, means: 'It was decided.' },
  'site.checked': { kind: 'site', version: 1, means: 'The daily check of a whole site or account.' },
  'normative-document.issued': { kind: 'normative-document', version: 1, means: 'A normative document 规范性文件 was issued.' },
  'normative-document.repealed': { kind: 'normative-document', version: 1, means: 'It was repealed 废止.' },
  'hotspot.answered': { kind: 'hotspot', version: 1, means: 'A hot topic 热点 was answered by one means.' },
  'press-conference.held': { kind: 'press-conference', version: 1, means: 'A press conference 新闻发布会 was held.' },
  'interpretation.published': { kind: 'interpretation', version: 1, means: 'An interpretation 政策解读 was published.' },
  'delivery.made': { kind: 'delivery', version: 1, means: 'Copies were delivered to a public place 查阅点.' },
  'meeting.held': { kind: 'meeting', version: 1, means: 'A meeting 工作会议 on disclosure was held.' },
  'training.held': { kind: 'training', version: 1, means: 'A training 培训 was held.' },
  'calendar.announced': {
    kind: 'calendar',
    version: 1,
    means: 'The working days of a year 节假日安排, for the agency and those below it.',
  },
  /** v2: `derived.printed` names the reader of its printed values; v1 are read by the first, for ever. */
  'table.declared': { kind: 'table', version: 2, means: 'The table of a year known from paper only.' },
  'report.compiled': { kind: 'report', version: 1, means: 'The table of a year is frozen, as of an index.' },
  'report.cleared': { kind: 'report', version: 1, means: 'One step of the chain reviewed the table.' },
  'report.approved': { kind: 'report', version: 1, means: 'The approver signed the table.' },
  'report.published': { kind: 'report', version: 1, means: 'The table, as signed, is published.' },
  /** On any case: takes back an act of it. */
  'record.voided': { kind: '*', version: 2, means: 'An act of this case is taken back 撤销.' },
  /** On a case with sealed fields: its key is destroyed. */
  'record.erased': { kind: '*', version: 1, means: 'The sealed texts of this case are unreadable 销毁 for good.' },
  /** On a stream of its own, outside every case: somebody asked to see sealed texts of a case. Stored before anything is given. */
  'access.granted': { kind: 'access', version: 1, means: 'Somebody was shown the sealed texts of a case.' },
  'access.refused': { kind: 'access', version: 1, means: 'Somebody asked for them and was not shown them.' },
  /** On a stream of its own, outside every case: a message that was refused, kept sealed. */
  'refusal.kept': { kind: 'refusal', version: 1, means: 'A message was refused, and is kept sealed.' },
  'refusal.repeated': { kind: 'refusal', version: 1, means: 'It came again.' },
  'refusal.settled': { kind: 'refusal', version: 1, means: 'It was sent again and recorded.' },
} as const satisfies Readonly<Record<StoredType, CatalogEntry>>;

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
