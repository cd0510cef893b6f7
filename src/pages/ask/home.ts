/** What an agency's officers see first: the year at a glance, what waits for whom, what is due, what moved. */
import { REMEDIES } from '../../domain/small-kinds/remedy.js';
import type { AgencyDescription } from '../../read-models/agencies/agency-lister.js';
import { GetCases } from '../../read-models/cases/case-list.query.js';
import type { ListedCase } from '../../read-models/cases/case-list.js';
import { GetReopened } from '../../read-models/cases/reopened.query.js';
import { GetDeadlines } from '../../read-models/deadlines/deadlines.query.js';
import { GetYearSummary } from '../../read-models/trail/year-summary.query.js';
import { ListYears } from '../../tables/handlers.js';
import type { YearMark } from '../../tables/table-list.js';
import type { Person } from '../session/sessions.js';
import type { Shown } from '../views/layout.js';
import { homePage, type Moved } from '../views/home.js';
import type { Visit } from '../visit.js';
import { agencyAsked, toAgencies } from './asked.js';
import { differenceOf } from './difference.js';

/** Cases read of each state. */
const LIMIT = 20;

/** States in which a case waits for an officer of the agency. */
const OPEN: readonly (readonly [kind: string, state: string])[] = [
  ...['drafted', 'in-clearance', 'returned', 'approved', 'released-under-revision'].map((state) => ['publication', state] as const),
  ...['received', 'amendment-requested', 'reply-drafted', 'in-clearance', 'returned', 'approved', 'being-answered-again'].map(
    (state) => ['application', state] as const,
  ),
  ...['text-drafted', 'compiled', 'in-clearance', 'returned', 'approved', 'being-restated'].map((state) => ['report', state] as const),
  ...REMEDIES.map((kind) => [kind, 'pending'] as const),
];

export async function home(visit: Visit): Promise<Shown> {
  const { door, visitor, words } = visit;
  const agency = await agencyAsked(visit);
  const code = agency.agency;
  const years = await door.queries.execute(new ListYears(code));
  const year = years.at(-1)?.year;
  const mayCases = visitor.holds(code, ['act', 'audit']);
  const waiting = mayCases ? await waitingCases(visit, code) : [];
  const isMine = mineOf(visit, agency);
  return homePage({
    words,
    agency,
    years,
    summary: year === undefined ? null : await door.queries.execute(new GetYearSummary(code, year)),
    cases: mayCases ? { mine: waiting.filter(isMine), others: waiting.filter((one) => !isMine(one)) } : null,
    deadlines: mayCases ? await door.queries.execute(new GetDeadlines({ agency: code })) : null,
    moved: await movedSince(visit, code, years),
    crumbs: [toAgencies(visit), { text: agency.name }],
  });
}

async function waitingCases({ door }: Visit, agency: string): Promise<ListedCase[]> {
  const lists = await Promise.all(OPEN.map(([kind, state]) => door.queries.execute(new GetCases({ agency, kind, state, limit: LIMIT }))));
  const reopened = await door.queries.execute(new GetReopened(agency, LIMIT));
  return [...lists.flatMap(({ cases }) => cases), ...reopened].filter(({ waitsFor }) => waitsFor.length > 0);
}

/** Acts that each person of the try-out does; an auditor does none. */
const ACTS_OF: Readonly<Record<Person, RegExp>> = {
  clerk: /\.(released|revised|replied|reply-drafted|reply-revised|supplemented|third-party-answered|published|decided)$/,
  reviewer: /\.cleared$/,
  leader: /\.approved$/,
  auditor: /^$/,
};

/** Whether a case waits for who looks: by the name he acts under, in the try-out by what the person does. */
function mineOf({ visitor, session }: Visit, { agency }: AgencyDescription): (one: ListedCase) => boolean {
  const name = visitor.officerIn(agency);
  if (name != null) return ({ waitsFor }) => waitsFor.some(({ holders }) => holders?.includes(name) === true);
  if (session === null || !('person' in session)) return () => false;
  const acts = ACTS_OF[session.person];
  return ({ waitsFor }) => waitsFor.some(({ act }) => acts.test(act));
}

/** Of each year that is no longer as it was published, what differs. */
async function movedSince(visit: Visit, agency: string, years: readonly YearMark[]): Promise<Moved[]> {
  const moved = years.filter(({ differs }) => differs === true);
  return Promise.all(moved.map(async ({ year }) => ({ year, ...(await differenceOf(visit, { agency, year })) })));
}
