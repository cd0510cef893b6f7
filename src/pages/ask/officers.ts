/** Who acts for an agency, and what one of them did. */
import { GetOfficer, GetOfficers } from '../../read-models/officers/officers.query.js';
import { officersPage } from '../addresses.js';
import type { Shown } from '../views/layout.js';
import { officerPageOf, officersPageOf } from '../views/officers.js';
import type { Visit } from '../visit.js';
import { agencyAsked, agencyOf, crumbsTo } from './asked.js';

export async function officers(visit: Visit): Promise<Shown> {
  const { door, visitor, words, query } = visit;
  const code = agencyOf(visit);
  const agency = await agencyAsked(visit);
  const after = query['after'];
  const found = await door.queries.execute(new GetOfficers(code, after === undefined ? {} : { after }));
  // Who may read only is shown roles, and no names.
  const named = visitor.holds(code, ['act', 'audit']);
  return officersPageOf({ words, agency: code, found, named, crumbs: crumbsTo(visit, agency, [{ text: words('officers') }]) });
}

export async function officer(visit: Visit): Promise<Shown> {
  const { door, words, params } = visit;
  const code = agencyOf(visit);
  const actor = params['actor'] ?? '';
  const agency = await agencyAsked(visit);
  const found = await door.queries.execute(new GetOfficer(code, actor));
  const crumbs = crumbsTo(visit, agency, [{ text: words('officers'), href: officersPage(code) }, { text: found.actor }]);
  return officerPageOf({ words, agency: code, found, crumbs });
}
