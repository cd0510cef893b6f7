/** The addresses of the pages, as links name them: parts of an address are encoded here and nowhere else. */

const part = encodeURIComponent;

/** What stands behind the `?`; what is undefined is left out. */
export type Asked = Readonly<Record<string, string | undefined>>;

export function withAsked(path: string, asked: Asked): string {
  const given = Object.entries(asked).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export const AGENCIES = '/agencies';
export const LEDGER = '/ledger';
export const REFUSALS = '/refusals';
export const SEARCH = '/search';
export const SIGN_IN = '/sign-in';
export const SIGN_OUT = '/sign-out';

export const agencyPage = (agency: string): string => `${AGENCIES}/${part(agency)}`;
export const applicationsPage = (agency: string, asked: Asked = {}): string => withAsked(`${agencyPage(agency)}/applications`, asked);
export const officersPage = (agency: string): string => `${agencyPage(agency)}/officers`;
export const officerPage = (agency: string, actor: string): string => `${officersPage(agency)}/${part(actor)}`;
export const reportPage = (agency: string, year: number): string => `${agencyPage(agency)}/reports/${year}`;
export const statisticsPageAt = (agency: string, year: number): string => `${agencyPage(agency)}/statistics/${year}`;
export const tablePage = (agency: string, year: number, asked: Asked = {}): string =>
  withAsked(`${agencyPage(agency)}/tables/${year}`, asked);

/** A cell of a table, under the same view and as of the same moment as the table it is named in. */
export const cellPage = (of: { readonly agency: string; readonly year: number; readonly cell: string }, asked: Asked = {}): string =>
  withAsked(`${agencyPage(of.agency)}/tables/${of.year}/cells/${part(of.cell)}`, asked);

/** `name` as answers name a case: `kind/number`. */
export function casePage(agency: string, name: string): string {
  const [kind = '', number = ''] = splitOnce(name);
  return `${agencyPage(agency)}/cases/${part(kind)}/${part(number)}`;
}

/** Tells of what is newer than a page of the agency, or of one case of it: `kind/number`. */
export const livePage = (agency: string, name?: string): string => withAsked(`${agencyPage(agency)}/live`, { case: name });

/** Where the sealed texts of a case are asked for. */
export const revealPage = (agency: string, name: string): string => `${casePage(agency, name)}/reveal`;

export const proofPage = (eventId: string): string => withAsked(LEDGER, { event: eventId });

function splitOnce(name: string): [string, string] {
  const at = name.indexOf('/');
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
}

/**
 * Where somebody goes on after signing in: a page of this service, else the list of agencies. A browser reads `//host`
 * and `/\host` as another host, and takes tabs and line ends out first.
 */
export function ownPage(asked: string | undefined): string {
  return asked !== undefined && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(asked) ? asked : AGENCIES;
}
