/** The acts of a publication (主动公开): what each says, and what its decision adds. */
import type { ActRow } from '../act-row.js';
import type { FirstChange, MadePublic, Rests, Signed } from '../facts.js';
import type { CalendarDate } from '../../time/calendar-date.js';

export const CHANNELS = ['website', 'weibo', 'wechat', 'gazette', 'bulletin-board', 'press-conference', 'other'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Rank of a normative document: 规章 or (行政)规范性文件. */
export const RANKS = ['rules', 'normative'] as const;
export type Rank = (typeof RANKS)[number];

export const ATTRIBUTES = ['proactive', 'on-request', 'withheld'] as const;

export const VERDICTS = ['passed', 'returned', 'escalated'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const CHECK_FINDINGS = ['ok', 'fault'] as const;

/** A step of the chain, of a publication or of an answer. */
export interface ClearedData {
  readonly step: string;
  readonly verdict: Verdict;
  readonly contentHash: string;
  readonly opinion?: string;
}

/** A check, of an item or of a whole site. */
export interface CheckedData {
  readonly finding: (typeof CHECK_FINDINGS)[number];
  readonly note?: string;
}

export interface PublicationData {
  readonly 'publication.drafted': {
    readonly title: string;
    readonly contentHash: string;
    readonly documentNumber?: string;
    readonly indexNumber?: string;
    readonly category?: string;
    readonly normative?: Rank;
    readonly formedOn?: CalendarDate;
    readonly attribute?: (typeof ATTRIBUTES)[number];
  };
  readonly 'publication.revised': { readonly contentHash: string; readonly title?: string };
  readonly 'publication.cleared': ClearedData;
  readonly 'publication.approved': { readonly contentHash: string; readonly channels?: readonly Channel[] };
  readonly 'publication.rejected': { readonly reason: string };
  readonly 'publication.released': { readonly channel: Channel; readonly contentHash: string; readonly url?: string };
  readonly 'publication.checked': CheckedData;
  readonly 'publication.corrected': { readonly contentHash: string; readonly reason: string };
  /** `channel`: from that channel only, which closes nothing. */
  readonly 'publication.withdrawn': { readonly reason: string; readonly channel?: Channel };
}

export type PublicationType = keyof PublicationData;

export const PUBLICATION_ACTS = {
  'publication.drafted': { counted: false, means: 'An item 信息 is drafted; its first version goes into review.' },
  'publication.revised': { counted: false, means: 'Another version; it opens a new round of review.' },
  'publication.cleared': { counted: false, means: 'One step of the chain reviewed 保密审查 the version.' },
  'publication.approved': { counted: false, means: 'The approver signed 签发 the version.' },
  'publication.rejected': { counted: false, means: 'The item is not published 不予公开.' },
  'publication.released': { counted: true, means: 'The item is published 公开 on one channel.' },
  'publication.checked': { counted: false, means: 'Somebody looked whether the released item is in order.' },
  'publication.corrected': { counted: true, means: 'The released item was replaced by an approved version.' },
  'publication.withdrawn': { counted: false, means: 'The item, or one channel of it, was taken down.' },
} as const satisfies { readonly [T in PublicationType]: ActRow };

/** What a release or a correction makes public of an item beside its content. */
export interface PublicDocument {
  readonly title: string;
  readonly documentNumber?: string;
  readonly indexNumber?: string;
}

export interface PublicationFacts {
  readonly 'publication.drafted': Rests;
  readonly 'publication.revised': Rests;
  readonly 'publication.cleared': Signed;
  readonly 'publication.approved': Signed;
  readonly 'publication.rejected': Rests;
  /** `document` is absent where the title was erased. */
  readonly 'publication.released': MadePublic & {
    readonly rank: Rank | null;
    readonly documentNumber: string | null;
    readonly document?: PublicDocument;
    readonly firsts: readonly FirstChange[];
  };
  readonly 'publication.checked': Rests;
  readonly 'publication.corrected': MadePublic & { readonly document?: PublicDocument };
  readonly 'publication.withdrawn': Rests;
}
