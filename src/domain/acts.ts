/**
 * Every type of act with what it says (`data`), what its decision adds (`derived`) and its row (`ACTS`), put together
 * from the kinds. Commands and acts are unions over it, told apart by `type`. The classes that validate messages
 * (intake/messages/data-classes.ts) and the counters (statistics/measures.ts) are held against it by the compiler; what
 * else a type needs is said by test/adding/event.test.ts.
 */
import type { ActRow } from './act-row.js';
import { AGENCY_ACTS, type AgencyData, type AgencyFacts } from './agency/acts.js';
import { APPLICATION_ACTS, type ApplicationData, type ApplicationFacts } from './application/acts.js';
import {
  RECORD_ACTS,
  REMEDY_ACTS,
  SMALL_ACTS,
  type RecordData,
  type RecordFacts,
  type RecordType,
  type RemedyData,
  type RemedyFacts,
  type SmallData,
  type SmallFacts,
} from './small-kinds/acts.js';
import { PLAIN_ACTS, type PlainData, type PlainFacts } from './small-kinds/plain-acts.js';
import { PUBLICATION_ACTS, type PublicationData, type PublicationFacts } from './publication/acts.js';
import { REPORT_ACTS, type ReportData, type ReportFacts } from './report/acts.js';
import type { CalendarDate } from '../time/calendar-date.js';
import type { CaseRef } from './identifiers.js';
import type { Instant } from '../time/instant.js';

/** Type, without the `disclosure.` prefix → what a message of it says. */
export interface DataByType
  extends AgencyData, PublicationData, ApplicationData, RemedyData, PlainData, SmallData, ReportData, RecordData {}

/** Type → what its decision adds. */
export interface FactsByType
  extends AgencyFacts, PublicationFacts, ApplicationFacts, RemedyFacts, PlainFacts, SmallFacts, ReportFacts, RecordFacts {}

export type ActType = keyof DataByType;

/** Every type by its row, in the order in which the public contract lists them. */
export const ACTS = {
  ...AGENCY_ACTS,
  ...PUBLICATION_ACTS,
  ...APPLICATION_ACTS,
  ...REMEDY_ACTS,
  ...PLAIN_ACTS,
  ...SMALL_ACTS,
  ...REPORT_ACTS,
  ...RECORD_ACTS,
} as const satisfies Readonly<Record<ActType, ActRow>>;

/** Types that count. */
export type CountedType = { [T in ActType]: (typeof ACTS)[T]['counted'] extends true ? T : never }[ActType];

/** The acts a kind of case has of its own: all but those on any case. */
export type CaseActType = Exclude<ActType, RecordType>;

/**
 * Type → its sealed fields; one of a nested object as `object.field`. A test holds it against every field that a
 * message may have.
 */
export const SEALED_FIELDS = {
  'application.received': ['applicant.name', 'applicant.idNumber', 'applicant.contact', 'request'],
  'application.third-party-consulted': ['party'],
  'application.third-party-answered': ['party'],
  'application.extended': ['reason'],
  'application.cleared': ['opinion'],
  'application.fee-waived': ['reason'],
  'application.abandoned': ['note'],
  'application.withdrawn': ['note'],
  'complaint.received': ['topic'],
  'complaint.decided': ['note'],
  'reconsideration.filed': ['caseNumber'],
  'reconsideration.decided': ['note'],
  'lawsuit.filed': ['court', 'caseNumber'],
  'lawsuit.decided': ['note'],
  'publication.drafted': ['title', 'documentNumber', 'indexNumber'],
  'publication.revised': ['title'],
  'publication.cleared': ['opinion'],
  'publication.rejected': ['reason'],
  'publication.checked': ['note'],
  'publication.corrected': ['reason'],
  'publication.withdrawn': ['reason'],
  'report.text-drafted': ['parts'],
  'report.text-revised': ['parts'],
  /** On the sealed kinds but reports. */
  'record.voided': ['reason'],
} as const satisfies { readonly [T in ActType]?: readonly FieldOf<DataByType[T]>[] };

type FieldOf<D> = { [K in keyof D & string]: K | (D[K] extends object ? `${K}.${keyof D[K] & string}` : never) }[keyof D & string];

type Sealed<T extends ActType> = T extends keyof typeof SEALED_FIELDS ? (typeof SEALED_FIELDS)[T][number] : never;

type Without<D, Fields> = { readonly [K in keyof D as K extends Fields ? never : K]: D[K] } & {
  readonly [K in keyof D as K extends Fields ? K : never]?: D[K];
};

/** The data of a recorded act: what was sealed may be erased, or not opened. */
export type RecordedData<T extends ActType> = Without<DataByType[T], Sealed<T>>;

/** What every act says of itself, whatever its type: who did what when, in which case. */
export interface Envelope {
  readonly eventId: string;
  readonly agency: string;
  readonly subject: CaseRef;
  /** The time of the act as handed in (RFC 3339). */
  readonly at: string;
  readonly instant: Instant;
  /** The day of the act in Asia/Shanghai: it decides the statistics year. */
  readonly on: CalendarDate;
  readonly actor: string;
}

/** An act as a command: what somebody did and when. `time` comes in with the act; the domain reads no clock. */
export type CommandOf<T extends ActType> = {
  [K in T]: Envelope & {
    readonly type: K;
    readonly data: DataByType[K];
    /** For `record.voided`: the event id of the message it names. */
    readonly target?: string;
  };
}[T];

export type Command = CommandOf<ActType>;

/** A recorded act as the fold sees it. */
export type ActOf<T extends ActType> = {
  [K in T]: Envelope & {
    readonly type: K;
    readonly data: RecordedData<K>;
    readonly derived: FactsByType[K];
    readonly source: string;
    readonly messageId: string;
    /** Digest of the message's content: the same message sent again has the same one. */
    readonly digest: string;
    readonly revision: number;
    /** In the log; empty while the act is on its way there. */
    readonly position: string;
  };
}[T];

export type Act = ActOf<ActType>;

/** An act or a command by its envelope, for whoever does not look into what it says. */
export interface AnyAct extends Envelope {
  readonly type: ActType;
  readonly data: object;
}

/** Each field that some member of a union has, as far as one has it: for readers of all types alike. */
type FieldsOf<U> = {
  readonly [K in U extends unknown ? keyof U : never]?: U extends unknown ? (K extends keyof U ? U[K] : never) : never;
};

export type AnyData = FieldsOf<Act['data']>;
export type AnyFacts = FieldsOf<Act['derived']>;
