/** The agencies a visitor sees. */
import { ListAgencies } from '../../read-models/agencies/agencies.query.js';
import type { Shown } from '../views/layout.js';
import { agenciesPage } from '../views/agencies.js';
import type { Visit } from '../visit.js';

export async function agencies({ door, visitor, words, query }: Visit): Promise<Shown> {
  await door.readModels.caughtUp();
  const sees = visitor.identified && !visitor.operator ? (agency: string) => visitor.holds(agency, ['read', 'act', 'audit']) : undefined;
  const after = query['after'];
  const found = await door.queries.execute(new ListAgencies({ ...(after === undefined ? {} : { after }), ...(sees && { sees }) }));
  return agenciesPage(found, words);
}
