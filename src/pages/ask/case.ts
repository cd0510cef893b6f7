/** A case: its trail, and whom it waits for. No sealed text is asked for: those are given one by one, and noted. */
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { isSealedKind } from '../../events/sealed-fields.js';
import type { CaseRef } from '../../domain/identifiers.js';
import { GetCase, GetTrail, ListAccesses } from '../../privacy/handlers.js';
import type { Access } from '../../privacy/personal-data-service.js';
import { isErased } from '../views/cases/reveal.js';
import type { Shown } from '../views/layout.js';
import { casePageOf } from '../views/case.js';
import type { Visit } from '../visit.js';
import { agencyAsked, agencyOf, caseNameOf, crumbsTo } from './asked.js';

export async function caseOf(visit: Visit): Promise<Shown> {
  const { door, words, query, visitor } = visit;
  const code = agencyOf(visit);
  const name = caseNameOf(visit);
  const ref = readCaseRef(name);
  const agency = await agencyAsked(visit);
  // As to who is no officer: titles and opinions that are sealed stay so on a page.
  const asked = { asOf: query['asOf'], officer: null };
  const found = await door.queries.execute(new GetCase(code, ref, asked));
  const trail = await door.queries.execute(new GetTrail(code, ref, asked));
  return casePageOf({
    words,
    agency: code,
    found,
    trail,
    provable: visitor.holds(code, ['audit']),
    revealable: visitor.holds(code, ['act']) && isSealedKind(ref.kind) && !isErased(trail),
    accesses: await accessesOf(visit, code, ref),
    crumbs: crumbsTo(visit, agency, [{ text: `${words.kind(ref.kind)} ${ref.number}` }]),
  });
}

/** Who asked for its sealed texts, as of now, for who audits the agency; null where that is not for who looks. */
async function accessesOf({ door, visitor, query }: Visit, agency: string, ref: CaseRef): Promise<readonly Access[] | null> {
  if (!visitor.holds(agency, ['audit']) || !isSealedKind(ref.kind) || query['asOf'] !== undefined) return null;
  return (await door.queries.execute(new ListAccesses(agency, ref))).accesses;
}
