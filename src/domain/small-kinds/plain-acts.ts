/**
 * Acts that stand for themselves: nothing comes before them and nothing rests on them. Each is what its message says
 * and one row of `PLAIN_ACTS`; their rules (plain-rules.ts) are made of the rows.
 */
import type { ActRow } from '../act-row.js';
import type { Rests } from '../facts.js';
import type { CheckedData } from '../publication/acts.js';

export const MEDIA = ['paper', 'electronic'] as const;

interface TitleData {
  readonly title: string;
}

export interface PlainData {
  readonly 'press-conference.held': TitleData & { readonly chiefAttended: boolean };
  /** `of`: the case it interprets. */
  readonly 'interpretation.published': TitleData & { readonly of?: string };
  readonly 'meeting.held': TitleData;
  readonly 'training.held': TitleData & { readonly trainees: number };
  readonly 'delivery.made': { readonly place: string; readonly medium: (typeof MEDIA)[number]; readonly items: number };
  readonly 'site.checked': CheckedData;
}

export type PlainType = keyof PlainData;

export type PlainFacts = { readonly [T in PlainType]: Rests };

interface PlainRow<Field> extends ActRow {
  /** Where the case stands after the act. */
  readonly state: string;
  /** The field that then is the title of the case; null for none. */
  readonly title: Field | null;
}

export const PLAIN_ACTS = {
  'press-conference.held': { counted: true, state: 'held', title: 'title', means: 'A press conference 新闻发布会 was held.' },
  'interpretation.published': { counted: true, state: 'published', title: 'title', means: 'An interpretation 政策解读 was published.' },
  'meeting.held': { counted: true, state: 'held', title: 'title', means: 'A meeting 工作会议 on disclosure was held.' },
  'training.held': { counted: true, state: 'held', title: 'title', means: 'A training 培训 was held.' },
  'delivery.made': { counted: true, state: 'made', title: 'place', means: 'Copies were delivered to a public place 查阅点.' },
  'site.checked': { counted: false, state: 'checked', title: null, means: 'The daily check of a whole site or account.' },
} as const satisfies { readonly [T in PlainType]: PlainRow<keyof PlainData[T]> };

/**
 * Kinds of which several acts may stand in one case: a site is checked day after day, a delivery may go in several
 * parts.
 */
export const REPEATED_KINDS: readonly string[] = ['delivery', 'site'];
