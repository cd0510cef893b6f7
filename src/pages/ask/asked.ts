/** What the pages read of an address. */
import { GetAgency } from '../../read-models/agencies/agencies.query.js';
import type { AgencyDescription } from '../../read-models/agencies/agency-lister.js';
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

/**
 * The agency of an address, once the read models are at the end of the log, and at the moment that is asked for.
 * Errors: `not-reached`, `unknown-agency`.
 */
export async function agencyAsked(visit: Visit): Promise<AgencyDescription> {
  const { door, query } = visit;
  await door.readModels.caughtUp();
  await door.readModels.waitForMoment(query['asOf']);
  return door.queries.execute(new GetAgency(agencyOf(visit)));
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
