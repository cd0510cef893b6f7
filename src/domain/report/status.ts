/** Where a report stands, for people: once published, what is compiled after it is a restatement on its way. */
import type { Standing } from '../facts.js';
import type { StandingTable } from '../standing.js';
import type { ReportType } from './acts.js';

const wasPublic = ({ state }: Standing): boolean => state === 'published' || state === 'being-restated';

export const REPORT_STANDING: StandingTable<ReportType> = {
  'report.compiled': (before, { data: { year } }) => ({ state: wasPublic(before) ? 'being-restated' : 'compiled', title: `${year ?? ''}` }),
  'report.cleared': (before, { data }) => {
    if (wasPublic(before) || before.state === 'returned') return before;
    return { ...before, state: data.verdict === 'returned' ? 'returned' : 'in-clearance' };
  },
  'report.approved': (before) => (wasPublic(before) ? before : { ...before, state: 'approved' }),
  'report.published': (before) => ({ ...before, state: 'published' }),
};
