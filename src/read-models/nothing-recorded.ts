/** Years of which nothing is recorded. */
import { hasActs } from './agencies/agency-reader.js';
import type { Figures, Scope } from './figures/figures.js';

/**
 * Nothing is recorded of the year: no act of the agency's work is dated in it, no figure and no table is declared for
 * it, and nothing is open. A table of such a year says so (`nothing-recorded`), and a roll-up calls the member missing.
 */
export function isMissing(figures: Figures, scope: Scope): boolean {
  return !hasRecords(figures, scope) && !figures.anyBalance(scope);
}

function hasRecords(figures: Figures, scope: Scope): boolean {
  return hasActs(figures, scope) || figures.paper(scope) !== null || figures.anyDeclared(scope);
}

/** Years of which something is recorded, in their order; what is open from an earlier year makes none. */
export function recordedYears(figures: Figures, { agencyId, index }: Omit<Scope, 'year'>): number[] {
  const named = figures
    .prepare<unknown[], number>(
      `SELECT year FROM agency_years WHERE agency_id = @agencyId AND idx <= @index
       UNION SELECT year FROM declarations WHERE agency_id = @agencyId
       UNION SELECT year FROM papers WHERE agency_id = @agencyId ORDER BY year`,
    )
    .pluck()
    .all({ agencyId, index });
  return named.filter((year) => hasRecords(figures, { agencyId, year, index }));
}
