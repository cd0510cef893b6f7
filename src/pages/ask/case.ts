/** A case: its trail, and whom it waits for. No sealed text is asked for: those are given one by one, and noted. */
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { GetCase, GetTrail } from '../../privacy/handlers.js';
import type { Shown } from '../views/layout.js';
import { casePageOf } from '../views/case.js';
import type { Visit } from '../visit.js';
import { agencyAsked, agencyOf, crumbsTo } from './asked.js';

export async function caseOf(visit: Visit): Promise<Shown> {
  const { door, words, params, query, visitor } = visit;
  const code = agencyOf(visit);
  const name = `${params['kind'] ?? ''}/${params['number'] ?? ''}`;
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
    crumbs: crumbsTo(visit, agency, [{ text: `${words.kind(ref.kind)} ${ref.number}` }]),
  });
}
