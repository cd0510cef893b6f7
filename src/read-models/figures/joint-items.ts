/** Items that several agencies released under one document number. */
import type { JointItems } from '../../statistics/roll-up.js';
import type { Figures, Scope } from './figures.js';

/** Document numbers under which several of these agencies released an item in the year. */
export function jointItems(figures: Figures, scopes: readonly Scope[]): JointItems[] {
  const [first] = scopes;
  if (first === undefined || scopes.length === 1) return [];
  const rows = figures
    .prepare<unknown[], { mark: string; agencyId: number; case: string }>(
      `SELECT DISTINCT i.mark, i.agency_id AS agencyId, s.stream_id AS stream, n.name || ':' || s.subject AS "case"
       FROM item_marks i JOIN streams s USING (stream_id) JOIN names n ON n.name_id = i.agency_id
       WHERE i.agency_id IN (SELECT value FROM json_each(?)) AND i.mark >= 'number:' AND i.mark < 'number;'
         AND i.year = ? AND i.idx <= ? AND (i.ended_idx IS NULL OR i.ended_idx > ?) ORDER BY i.mark, s.stream_id`,
    )
    .all(JSON.stringify(scopes.map(({ agencyId }) => agencyId)), first.year, first.index, first.index);
  const byMark = new Map<string, { agencies: Set<number>; cases: string[] }>();
  for (const { mark, agencyId, case: name } of rows) {
    const group = byMark.get(mark) ?? { agencies: new Set(), cases: [] };
    group.agencies.add(agencyId);
    group.cases.push(name);
    byMark.set(mark, group);
  }
  return [...byMark]
    .filter(([, { agencies }]) => agencies.size > 1)
    .map(([mark, { cases }]) => ({ documentNumber: mark.slice('number:'.length), cases }));
}
