/** What the pages read of an address. */
import { QueryProblem } from '../../read-models/query-problem.js';
import { readYear } from '../../time/year.js';
import { agencyPage, AGENCIES } from '../addresses.js';
import type { Crumb } from '../views/layout.js';
import type { Visit } from '../visit.js';

/** Errors: `bad-year`. */
export function yearOf({ params }: Visit): number {
  return readYearIn(params['year'] ?? '');
}

/** Errors: `bad-year`. */
export function readYearIn(text: string): number {
  const year = readYear(text);
  if (year === null) throw new QueryProblem('bad-year', `"${text}" is no year.`, 'Give a year of four digits.');
  return year;
}

export function agencyOf({ params }: Visit): string {
  return params['agency'] ?? '';
}

/** `kind/number`, of a page of a case. */
export function caseNameOf({ params }: Visit): string {
  return `${params['kind'] ?? ''}/${params['number'] ?? ''}`;
}

export const toAgencies = ({ words }: Pick<Visit, 'words'>): Crumb => ({ text: words('agencies'), href: AGENCIES });

/** From the list of agencies to the agency; what follows is the page's own. */
export function crumbsTo(visit: Visit, agency: { readonly agency: string; readonly name: string }, rest: readonly Crumb[]): Crumb[] {
  return [toAgencies(visit), { text: agency.name, href: agencyPage(agency.agency) }, ...rest];
}
