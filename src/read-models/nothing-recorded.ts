/** Years of which nothing is recorded. */
import { hasActs } from './agencies/agency-reader.js';
import type { Figures, Scope } from './figures/figures.js';

/**
 * Nothing is recorded of the year: no act of the agency's work is dated in it, no figure and no table is declared for
 * it, and nothing is open. A table of such a year says so (`nothing-recorded`), and a roll-up calls the member missing.
 */
export function isMissing(figures: Figures, scope: Scope): boolean {
  return !hasActs(figures, scope) && figures.paper(scope) === null && !figures.anyDeclared(scope) && !figures.anyBalance(scope);
}
