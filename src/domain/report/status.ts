/** Where a report stands, for people: once published, what is written after it is a restatement on its way. */
import type { Standing } from '../facts.js';
import { NOT_STANDING } from '../facts.js';
import type { StandingTable, Told } from '../standing.js';
import type { ReportType } from './acts.js';

const wasPublic = ({ state }: Standing): boolean => state === 'published' || state === 'being-restated';

/** A text alone: there is no table yet that could be cleared. */
const TEXT_ALONE = 'text-drafted';

/** The new round of a table that is there begins like that of the table. */
function texted(before: Standing, { data: { year } }: Told): Standing {
  const alone = before.state === NOT_STANDING.state || before.state === TEXT_ALONE;
  return { state: wasPublic(before) ? 'being-restated' : alone ? TEXT_ALONE : 'compiled', title: `${year ?? ''}` };
}

export const REPORT_STANDING: StandingTable<ReportType> = {
  'report.compiled': (before, { data: { year } }) => ({ state: wasPublic(before) ? 'being-restated' : 'compiled', title: `${year ?? ''}` }),
  'report.text-drafted': texted,
  'report.text-revised': texted,
  'report.cleared': (before, { data }) => {
    if (wasPublic(before) || before.state === 'returned') return before;
    return { ...before, state: data.verdict === 'returned' ? 'returned' : 'in-clearance' };
  },
  'report.approved': (before) => (wasPublic(before) ? before : { ...before, state: 'approved' }),
  'report.published': (before) => ({ ...before, state: 'published' }),
};
