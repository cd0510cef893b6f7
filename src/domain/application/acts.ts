/** The acts of an application (依申请公开): what each says, and what its decision adds. */
import type { ActRow } from '../act-row.js';
import type { CalendarUsed, MadePublic, Rests, Signed } from '../facts.js';
import type { ClearedData } from '../publication/acts.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Judged, Law } from './clock.js';

export const RECEIVED_BY = ['in-person', 'fax', 'online', 'email', 'letter', 'other'] as const;
export type ReceivedBy = (typeof RECEIVED_BY)[number];

export const APPLICANT_KINDS = ['natural-person', 'business', 'research', 'public-welfare', 'legal-service', 'other'] as const;
export type ApplicantKind = (typeof APPLICANT_KINDS)[number];

export const THIRD_PARTY_ANSWERS = ['agreed', 'objected', 'silent'] as const;
export const ABANDONMENTS = ['not-supplemented', 'fee-unpaid', 'other'] as const;

/** Which outcomes and grounds go together the law of the application says (outcomes.ts). */
export interface Answer {
  readonly outcome: string;
  readonly ground?: string;
  readonly contentHash: string;
}

export interface ApplicationData {
  readonly 'application.received': {
    readonly channel: ReceivedBy;
    readonly applicant: {
      readonly kind: ApplicantKind;
      readonly name?: string;
      readonly idNumber?: string;
      readonly contact?: string;
    };
    readonly request: string;
    readonly law?: Law;
    readonly submittedOn?: CalendarDate;
    readonly confirmedOn?: CalendarDate;
  };
  readonly 'application.supplement-requested': { readonly dueOn?: CalendarDate };
  /** The act itself is all there is to say. */
  readonly 'application.supplemented': Readonly<Record<never, never>>;
  readonly 'application.third-party-consulted': { readonly party?: string };
  readonly 'application.third-party-answered': { readonly party?: string; readonly answer: (typeof THIRD_PARTY_ANSWERS)[number] };
  readonly 'application.extended': { readonly days: number; readonly reason: string; readonly approvedBy: string };
  readonly 'application.reply-drafted': Answer;
  readonly 'application.reply-revised': Answer;
  readonly 'application.cleared': ClearedData;
  readonly 'application.approved': { readonly contentHash: string };
  readonly 'application.replied': Answer;
  readonly 'application.reply-remade': Answer & { readonly orderedBy: string };
  readonly 'application.fee-charged': { readonly amountFen: number; readonly basis: string };
  readonly 'application.fee-waived': { readonly amountFen: number; readonly reason: string };
  readonly 'application.abandoned': { readonly reason: (typeof ABANDONMENTS)[number]; readonly note?: string };
  readonly 'application.withdrawn': { readonly note?: string };
}

export type ApplicationType = keyof ApplicationData;

export const APPLICATION_ACTS = {
  'application.received': { counted: true, means: 'An application 依申请公开 was received; its time is the legal receipt.' },
  'application.supplement-requested': { counted: false, means: 'The applicant was asked to supplement 补正 it.' },
  'application.supplemented': { counted: false, means: 'The supplement came; the period begins again.' },
  'application.third-party-consulted': { counted: false, means: 'A third party 第三方 was asked; the days until its answer do not count.' },
  'application.third-party-answered': { counted: false, means: 'The third party answered, or let its time pass.' },
  'application.extended': { counted: false, means: 'The period was extended 延期, once.' },
  'application.reply-drafted': { counted: false, means: 'An answer was drafted.' },
  'application.reply-revised': { counted: false, means: 'Another version of the answer.' },
  'application.cleared': { counted: false, means: 'One step of the chain reviewed the answer.' },
  'application.approved': { counted: false, means: 'The approver signed the answer.' },
  'application.replied': { counted: true, means: 'The applicant was answered 答复; every outcome but `amend-supplement` closes the case.' },
  'application.reply-remade': { counted: true, means: 'A new answer that a decision ordered; it is not counted again.' },
  'application.fee-charged': { counted: true, means: 'A fee 收费 was charged.' },
  'application.fee-waived': { counted: true, means: 'A fee was waived 减免.' },
  'application.abandoned': { counted: true, means: 'Closed without an answer, because the applicant did not do his part.' },
  'application.withdrawn': { counted: true, means: 'The applicant took it back.' },
} as const satisfies { readonly [T in ApplicationType]: ActRow };

/** What an application was received as: every later act that counts says it again. */
export type ReceivedAs = { readonly kind: ApplicantKind; readonly law: Law; readonly channel: ReceivedBy };

/** A close: the dates it is judged by, from which on time (按时), 延期 and late follow. */
export type CloseFacts = ReceivedAs &
  Pick<Judged, 'ordinaryEnd' | 'lawfulEnd' | 'provisional'> & { readonly receivedOn: CalendarDate; readonly calendar: CalendarUsed | null };

export interface ApplicationFacts {
  readonly 'application.received': Rests & ReceivedAs;
  readonly 'application.supplement-requested': Rests;
  readonly 'application.supplemented': Rests;
  readonly 'application.third-party-consulted': Rests;
  /** Its basis is the consultation it answers. */
  readonly 'application.third-party-answered': Rests;
  readonly 'application.extended': Rests & { readonly ordinaryEnd: CalendarDate | null; readonly calendar: CalendarUsed | null };
  readonly 'application.reply-drafted': Rests;
  readonly 'application.reply-revised': Rests;
  readonly 'application.cleared': Signed;
  readonly 'application.approved': Signed;
  /** An answer that leaves the application open is not judged. */
  readonly 'application.replied': MadePublic & (ReceivedAs | CloseFacts);
  readonly 'application.reply-remade': MadePublic & Pick<ReceivedAs, 'kind' | 'law'>;
  readonly 'application.fee-charged': Rests;
  readonly 'application.fee-waived': Rests;
  readonly 'application.abandoned': Rests & CloseFacts;
  readonly 'application.withdrawn': Rests & CloseFacts;
}
