/** The acts of the small kinds of case, and those on any case: what each says, and what its decision adds. */
import type { ActRow } from '../act-row.js';
import type { FigureChange } from '../agency/acts.js';
import type { FirstChange, Rests, Standing } from '../facts.js';
import type { Rank } from '../publication/acts.js';
import type { CalendarDate } from '../../time/calendar-date.js';

// ---- what follows an answer or a publication ------------------------------------------------------------------------

export const RESULTS = ['upheld', 'corrected', 'other'] as const;
export const ROUTES = ['direct', 'after-reconsideration'] as const;
export const COURT_ROLES = ['defendant', 'co-defendant-reviewer'] as const;
export type Route = (typeof ROUTES)[number];
export type CourtRole = (typeof COURT_ROLES)[number];

/** At most one of the two, as `kind/number`. */
interface About {
  readonly application?: string;
  readonly publication?: string;
}

interface DecidedData {
  readonly result: (typeof RESULTS)[number];
  readonly note?: string;
}

export interface RemedyData {
  readonly 'reconsideration.filed': About & { readonly caseNumber?: string };
  readonly 'reconsideration.decided': DecidedData;
  readonly 'lawsuit.filed': About & {
    readonly route: Route;
    readonly role?: CourtRole;
    readonly court?: string;
    readonly caseNumber?: string;
  };
  readonly 'lawsuit.decided': DecidedData;
  readonly 'complaint.received': About & { readonly topic: string };
  readonly 'complaint.decided': DecidedData;
}

export type RemedyType = keyof RemedyData;

export const REMEDY_ACTS = {
  'reconsideration.filed': { counted: true, means: 'An administrative reconsideration 行政复议 was filed.' },
  'reconsideration.decided': { counted: true, means: 'It was decided.' },
  'lawsuit.filed': { counted: true, means: 'An administrative lawsuit 行政诉讼 was filed.' },
  'lawsuit.decided': { counted: true, means: 'It was decided.' },
  'complaint.received': { counted: false, means: 'A complaint 举报投诉 was received.' },
  'complaint.decided': { counted: true, means: 'It was decided.' },
} as const satisfies { readonly [T in RemedyType]: ActRow };

/** Of lawsuits only. */
export type InCourt = { readonly route?: Route; readonly courtRole?: CourtRole };
type FiledFacts = Rests & InCourt;
type DecidedFacts = Rests & InCourt & { readonly filedOn: CalendarDate };

export interface RemedyFacts {
  readonly 'reconsideration.filed': FiledFacts;
  readonly 'reconsideration.decided': DecidedFacts;
  readonly 'lawsuit.filed': FiledFacts;
  readonly 'lawsuit.decided': DecidedFacts;
  readonly 'complaint.received': FiledFacts;
  readonly 'complaint.decided': DecidedFacts;
}

// ---- documents, topics, calendars, declared tables ------------------------------------------------------------------

export const MEANS = ['press-conference', 'interpretation', 'weibo-wechat', 'other'] as const;
export type Means = (typeof MEANS)[number];

interface DocumentData {
  readonly documentNumber: string;
  readonly title: string;
  readonly rank?: Rank;
}

export interface SmallData {
  readonly 'normative-document.issued': DocumentData;
  readonly 'normative-document.repealed': DocumentData;
  readonly 'hotspot.answered': { readonly topic: string; readonly means: Means };
  readonly 'calendar.announced': {
    readonly year: number;
    readonly off: readonly CalendarDate[];
    readonly worked: readonly CalendarDate[];
    /** The notice it follows. */
    readonly notice: string;
  };
  readonly 'table.declared': {
    readonly year: number;
    readonly form: string;
    /** By the name of the cell: the value as printed, with its own unit if it prints one; null where it is blank. */
    readonly cells: Readonly<Record<string, string | null>>;
    readonly evidence: string;
  };
}

export type SmallType = keyof SmallData;

export const SMALL_ACTS = {
  'normative-document.issued': { counted: true, means: 'A normative document 规范性文件 was issued.' },
  'normative-document.repealed': { counted: true, means: 'It was repealed 废止.' },
  'hotspot.answered': { counted: true, means: 'A hot topic 热点 was answered by one means.' },
  'calendar.announced': { counted: false, means: 'The working days of a year 节假日安排, for the agency and those below it.' },
  'table.declared': { counted: true, means: 'The table of a year known from paper only.' },
} as const satisfies { readonly [T in SmallType]: ActRow };

/** Which declaration of a whole table stands, by the event id, before and after an act. */
export interface TableChange {
  readonly year: number;
  readonly was: string | null;
  readonly is: string | null;
}

export interface SmallFacts {
  readonly 'normative-document.issued': Rests & { readonly rank: Rank };
  readonly 'normative-document.repealed': Rests & { readonly rank: Rank };
  readonly 'hotspot.answered': Rests & { readonly firsts: readonly FirstChange[] };
  readonly 'calendar.announced': Rests & { readonly replaces: string | null };
  /** `printed`: by which reader its printed values are read, for ever. */
  readonly 'table.declared': Rests & { readonly table: TableChange; readonly printed: 1 | 2 };
}

// ---- on any case ----------------------------------------------------------------------------------------------------

export interface RecordData {
  readonly 'record.voided': {
    /** The message of this case that is taken back; `source` defaults to that of the void itself. */
    readonly message: { readonly id: string; readonly source?: string };
    readonly reason: string;
    readonly approvedBy: string;
  };
  readonly 'record.erased': { readonly reason: string; readonly approvedBy: string };
}

export type RecordType = keyof RecordData;

export const RECORD_ACTS = {
  'record.voided': { counted: true, means: 'An act of this case is taken back 撤销.' },
  'record.erased': { counted: false, means: 'The sealed texts of this case are unreadable 销毁 for good.' },
} as const satisfies { readonly [T in RecordType]: ActRow };

/** What a void of some kinds says beside: the rank of the item, the figure or table left in force. */
export type VoidFacts = { readonly rank?: Rank | null; readonly figure?: FigureChange; readonly table?: TableChange };

export interface RecordFacts {
  /** `leaves`: where the case stands without the act. A void rests on nothing, and is done in no role. */
  readonly 'record.voided': VoidFacts & {
    readonly voided: { readonly eventId: string; readonly type: string; readonly on: CalendarDate; readonly actor: string };
    readonly firsts: readonly FirstChange[];
    readonly leaves: Standing;
    readonly basis?: undefined;
    readonly role?: undefined;
  };
  readonly 'record.erased': Rests;
}
