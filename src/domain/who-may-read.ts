/**
 * Who may see what is sealed in a case: those who review and sign for the agency, and those who handle this very
 * application.
 */
import { administratorRole, chainAt, holdsRole, type Agency } from './agency/state.js';
import { standingActs, type CaseState } from './case.js';
import { isSameName } from './names.js';
import { dateInShanghai, type Instant } from '../time/instant.js';

/** Acts that make an officer one who handles the case: nobody answers a request that he may not read. */
const HANDLING: ReadonlySet<string> = new Set(['application.received', 'application.reply-drafted', 'application.reply-revised']);

/**
 * Whether the actor received the application or drafted or revised an answer in this case, by an act that stands; or
 * holds, on the day of `instant`, a role of the chain in force, its approver's, or that of an administrator.
 */
export function maySeeSealed(agency: Agency, of: Pick<CaseState<unknown>, 'acts' | 'voided'>, { actor, instant }: Asker): boolean {
  return (
    standingActs(of).some((act) => HANDLING.has(act.type) && isSameName(actor, act.actor, 'person')) ||
    holdsRoleOfChain(agency, actor, instant)
  );
}

interface Asker {
  readonly actor: string;
  readonly instant: Instant;
}

function holdsRoleOfChain(agency: Agency, actor: string, instant: Instant): boolean {
  const chain = chainAt(agency, instant);
  const roles = [
    administratorRole,
    ...(chain?.steps ?? []).map(({ role }) => role),
    ...(chain?.approver == null ? [] : [chain.approver.role]),
  ];
  return roles.some((role) => holdsRole(agency, actor, role, dateInShanghai(instant)));
}
