/** How an agency is set up, as of an event: its clearance chains, and who was given which role. */
import type { ClearanceChain, ClearanceStep } from '../../domain/agency/acts.js';
import type { RoleChange } from '../../domain/agency/state.js';
import type { Preparing } from '../../sqlite/statements.js';
import type { Instant } from '../../time/instant.js';

export interface SetChain extends ClearanceChain {
  readonly instant: Instant;
}

interface ChainRow {
  readonly idx: number;
  readonly place: number;
  readonly instant: number;
  readonly step: string | null;
  readonly role: string | null;
  readonly unit: string | null;
  readonly attested: number | null;
}

/** Every chain the agency set by an event index, in the order of recording. */
export function chainsOf(db: Preparing, agencyId: number, index: number): SetChain[] {
  const rows = db
    .prepare<unknown[], ChainRow>(
      'SELECT idx, place, instant, step, role, unit, attested FROM agency_chains WHERE agency_id = ? AND idx <= ? ORDER BY idx, place',
    )
    .all(agencyId, index);
  const chains: (SetChain & { readonly steps: ClearanceStep[] })[] = [];
  for (const { place, instant, step, role, unit, attested } of rows) {
    if (place > 0) chains.at(-1)?.steps.push({ step: step ?? '', role: role ?? '', unit: unit ?? '' });
    else {
      const approver = role === null ? null : { role, unit: unit ?? '' };
      chains.push({ instant, steps: [], approver, ...(attested === null ? {} : { attested: attested === 1 }) });
    }
  }
  return chains;
}

/** Every change of a role in the agency by an event index, in the order of recording. */
export function roleChangesOf(db: Preparing, agencyId: number, index: number): (RoleChange & { readonly idx: number })[] {
  return db
    .prepare<unknown[], RoleChange & { readonly idx: number }>(
      'SELECT idx, actor, role, kind, on_day AS "on", instant FROM role_changes WHERE agency_id = ? AND idx <= ?',
    )
    .all(agencyId, index)
    .sort((a, b) => a.idx - b.idx);
}
