/** A yearly report (年度报告) as its standing acts leave it. */
import type { ActOf } from '../acts.js';
import { openRound, withApproval, withClearing, type Round } from '../clearance.js';
import type { ReportType } from './acts.js';

/** The table compiled last. */
export interface Compilation {
  readonly eventId: string;
  readonly form: string;
  readonly tableHash: string;
}

/** The text written last; `parts` are missing where nobody can open them. */
export interface WrittenText {
  readonly form: string;
  readonly textHash: string;
  readonly parts?: Readonly<Record<string, string>>;
}

export interface RecordedReport {
  readonly year: number;
  /** Everyone who compiled a table, or wrote a text, of any version. */
  readonly drafters: readonly string[];
  /** null while there is only a text. */
  readonly compiled: Compilation | null;
  /** null while nobody wrote one. */
  readonly text: WrittenText | null;
  /** The last compilation or text opened it; its hash is that of this act. */
  readonly round: Round;
  /** The round that was published last, by the act that opened it; null before the first publication. */
  readonly published: { readonly opener: string; readonly at: string } | null;
}

export type Report = { readonly status: 'unknown' } | ({ readonly status: 'recorded' } & RecordedReport);

/** Whether the last round is public: nothing was written since. */
export function isPublished({ round, published }: RecordedReport): boolean {
  return published?.opener === round.opener.eventId;
}

const NOTHING = { drafters: [], compiled: null, text: null, published: null } as const;

export function evolveReport(view: Report, act: ActOf<ReportType>): Report {
  switch (act.type) {
    case 'report.compiled': {
      const { form, tableHash } = act.data;
      return { ...written(view, act, tableHash), compiled: { eventId: act.eventId, form, tableHash } };
    }
    case 'report.text-drafted':
    case 'report.text-revised': {
      const { form, textHash, parts } = act.data;
      return { ...written(view, act, textHash), text: { form, textHash, ...(parts === undefined ? {} : { parts }) } };
    }
    case 'report.cleared':
      return { ...required(view, act), round: withClearing(required(view, act).round, act) };
    case 'report.approved':
      return { ...required(view, act), round: withApproval(required(view, act).round, act) };
    case 'report.published': {
      const known = required(view, act);
      return { ...known, published: { opener: known.round.opener.eventId, at: act.at } };
    }
  }
}

type Recorded = Extract<Report, { status: 'recorded' }>;

/** Another version of the table or of the text: a new round, and its author is a drafter. */
function written(view: Report, act: ActOf<'report.compiled' | 'report.text-drafted' | 'report.text-revised'>, hash: string): Recorded {
  const before = view.status === 'unknown' ? NOTHING : view;
  const drafters = [...new Set([...before.drafters, act.actor])];
  return { ...before, status: 'recorded', year: act.data.year, drafters, round: openRound(act, hash) };
}

function required(view: Report, { type }: ActOf<ReportType>): Recorded {
  if (view.status === 'unknown') throw new Error(`${type} before report.compiled in the stored history`);
  return view;
}
