/** The items that a year counts, each with the first release it counts by, its category and who signed it. */
import { chainAt } from '../../domain/agency/state.js';
import { chainsOf, type SetChain } from '../agencies/agency-setup.js';
import type { Figures, Scope } from '../figures/figures.js';

export interface ReleasedItem {
  /** Index of its first release. */
  readonly index: number;
  /** `01` to `12`, of the first release in Asia/Shanghai. */
  readonly month: string;
  /** As its draft names it; null where it names none. */
  readonly category: string | null;
  /** Units of the chain by which the released version was approved, each once; empty where nobody reviewed it. */
  readonly units: readonly string[];
}

interface Row {
  readonly index: number;
  readonly on: string;
  readonly category: string | null;
  /** Of the approval that the release rests on; null without one. */
  readonly approvedIdx: number | null;
  readonly approvedInstant: number | null;
}

/**
 * An item counts where its contributions say so. Its first release is the earliest standing one, of two at the same
 * instant the one recorded first.
 */
const ITEMS = `WITH counted AS (
    SELECT stream_id FROM contributions WHERE agency_id = @agencyId AND year = @year AND key_id IN (SELECT value FROM json_each(@keys)) AND idx <= @index
    GROUP BY stream_id HAVING SUM(amount) > 0),
  firsts AS (
    SELECT c.stream_id, (SELECT a.idx FROM slot_acts a WHERE a.stream_id = c.stream_id AND a.slot = 'release' AND a.idx <= @index
      AND (a.ended_idx IS NULL OR a.ended_idx > @index) ORDER BY a.instant, a.idx LIMIT 1) AS idx FROM counted c)
  SELECT f.idx AS "index", t.on_day AS "on", k.category, p.idx AS approvedIdx, p.instant AS approvedInstant
  FROM firsts f JOIN trail t ON t.stream_id = f.stream_id AND t.idx = f.idx
  LEFT JOIN item_categories k ON k.stream_id = f.stream_id AND k.idx <= @index AND (k.voided_idx IS NULL OR k.voided_idx > @index)
  LEFT JOIN events e ON t.detail ->> '$.unreviewed' IS NULL AND e.event_id = unhex(t.detail ->> '$.basis[0]', '-') AND e.stream_id = f.stream_id
  LEFT JOIN trail p ON p.stream_id = f.stream_id AND p.idx = e.idx
  ORDER BY f.idx`;

/** In the order of the log. */
export function releasedItems(figures: Figures, scope: Scope): ReleasedItem[] {
  const keys = JSON.stringify(figures.keys({ measure: 'item.first-released' }));
  const unitsAt = signingUnits(figures, scope);
  const rows = figures.prepare<unknown[], Row>(ITEMS).all({ ...scope, keys });
  return rows.map(({ index, on, category, approvedIdx, approvedInstant }) => ({
    index,
    month: on.slice(5, 7),
    category,
    units: approvedIdx === null || approvedInstant === null ? [] : unitsAt(approvedIdx, approvedInstant),
  }));
}

/**
 * The units of the chain an approval was judged by: the one in force at its time, of those recorded before it. Every
 * step of it has passed, so its units are those that signed.
 */
function signingUnits(figures: Figures, { agencyId }: Scope): (index: number, instant: number) => readonly string[] {
  const set = figures.prepare<unknown[], number>('SELECT DISTINCT idx FROM agency_chains WHERE agency_id = ? ORDER BY idx').pluck();
  const settings = set.all(agencyId);
  const known = new Map<number, readonly SetChain[]>();
  return (index, instant) => {
    const last = settings.findLast((idx) => idx < index) ?? -1;
    const chains = known.get(last) ?? chainsOf(figures, agencyId, last);
    known.set(last, chains);
    const chain = chainAt({ chains }, instant);
    return chain === null
      ? []
      : [...new Set([...chain.steps, ...(chain.approver === null ? [] : [chain.approver])].map(({ unit }) => unit))];
  };
}
