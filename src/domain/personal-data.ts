/** Who may see what is sealed in a case: those who review and sign for the agency. */
import { administratorRole, chainAt, holdsRole, type Agency } from './agency-facts.js';
import { dateInShanghai, type Instant } from './values.js';

/** Whether the actor holds, on the day of `instant`, a role of the chain in force, its approver's, or that of an administrator. */
export function maySeeSealed(agency: Agency, actor: string, instant: Instant): boolean {
  const chain = chainAt(agency, instant);
  const roles = [
    administratorRole,
    ...(chain?.steps ?? []).map(({ role }) => role),
    ...(chain?.approver == null ? [] : [chain.approver.role]),
  ];
  return roles.some((role) => holdsRole(agency, actor, role, dateInShanghai(instant)));
}
