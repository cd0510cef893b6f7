/** Agencies by name, and their cases by number, public title or document number, as far as a visitor sees cases. */
import { ListAgencies } from '../../read-models/agencies/agencies.query.js';
import { GetCases } from '../../read-models/cases/case-list.query.js';
import { FindByTitle } from '../../read-models/cases/case-titles.query.js';
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { CASE_STATES } from '../../domain/states.js';
import { GetCase } from '../../privacy/handlers.js';
import type { Shown } from '../views/layout.js';
import { searchPage, type FoundCase } from '../views/search.js';
import type { Visit } from '../visit.js';

/** Cases found by their titles in one agency. */
const LIMIT = 50;
/** Agencies that are looked through; who sees more names one. */
const AGENCIES_AT_MOST = 200;

export async function search(visit: Visit): Promise<Shown> {
  const { door, visitor, words, query } = visit;
  await door.readModels.caughtUp();
  const sees = (agency: string): boolean => visitor.holds(agency, ['act', 'audit']);
  const { agencies } = await door.queries.execute(new ListAgencies({ limit: AGENCIES_AT_MOST, sees }));
  const codes = agencies.map(({ agency }) => agency).filter((agency) => query['agency'] === undefined || query['agency'] === agency);
  const asked = query['q']?.trim() ?? '';
  const found = asked === '' ? null : (await Promise.all(codes.map((agency) => inAgency(visit, agency, asked)))).flat();
  const named = asked === '' ? [] : agencies.filter(({ agency, name }) => agency === asked || name.includes(asked));
  return searchPage({ words, asked, agency: query['agency'], agencies, named, found });
}

async function inAgency(visit: Visit, agency: string, asked: string): Promise<FoundCase[]> {
  const { cases } = await visit.door.queries.execute(new GetCases({ agency, documentNumber: asked }));
  const titled = await visit.door.queries.execute(new FindByTitle(agency, asked, LIMIT));
  const byNumber = await Promise.all(namesFor(asked).map((name) => caseNamed(visit, agency, name)));
  const byTitle = titled.map((one) => ({ agency, case: `${one.kind}/${one.number}`, ...one }));
  const all = [...cases.map((one) => ({ agency, ...one })), ...byNumber.flat(), ...byTitle];
  return [...new Map(all.map((one) => [one.case, one])).values()];
}

/** `kind/number`, or the number under each kind. */
function namesFor(asked: string): string[] {
  return asked.includes('/') ? [asked] : Object.keys(CASE_STATES).map((kind) => `${kind}/${asked}`);
}

async function caseNamed({ door }: Visit, agency: string, name: string): Promise<FoundCase[]> {
  try {
    const found = await door.queries.execute(new GetCase(agency, readCaseRef(name), { officer: null }));
    return [{ agency, case: found.case, kind: found.kind, number: found.number, title: found.title, state: found.state }];
  } catch (error) {
    // What is no number, and what no case has, is not found.
    if (error instanceof QueryProblem && error.code === 'unknown-case') return [];
    throw error;
  }
}
