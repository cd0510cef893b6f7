/** A yearly report (年度报告) as its standing acts leave it. */
import type { ActOf } from '../acts.js';
import { openRound, withApproval, withClearing, type Round } from '../clearance.js';
import type { ReportType } from './acts.js';

export interface CompiledReport {
  readonly year: number;
  /** Everyone who compiled any version. */
  readonly drafters: readonly string[];
  /** The last compilation on its way; its hash is that of the table. */
  readonly round: Round;
  /** The compilation that was published last; null before the first publication. */
  readonly published: { readonly compiled: string; readonly at: string } | null;
}

export type Report = { readonly status: 'unknown' } | ({ readonly status: 'recorded' } & CompiledReport);

export function evolveReport(view: Report, act: ActOf<ReportType>): Report {
  if (act.type === 'report.compiled') {
    const { year, tableHash } = act.data;
    const [drafters, published] = view.status === 'unknown' ? [[], null] : [view.drafters, view.published];
    return { status: 'recorded', year, drafters: [...new Set([...drafters, act.actor])], round: openRound(act, tableHash), published };
  }
  if (view.status === 'unknown') throw new Error(`${act.type} before report.compiled in the stored history`);
  switch (act.type) {
    case 'report.cleared':
      return { ...view, round: withClearing(view.round, act) };
    case 'report.approved':
      return { ...view, round: withApproval(view.round, act) };
    case 'report.published':
      return { ...view, published: { compiled: view.round.opener.eventId, at: act.at } };
  }
}
