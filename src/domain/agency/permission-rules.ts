/** Who grants and ends permissions. */
import type { CommandOf, FactsByType } from '../acts.js';
import type { DecisionContext } from '../case.js';
import { accept, refuse, type Decision, type Refused } from '../decider.js';
import { administers, attestationRequired, type SenderFacts } from './attestation.js';
import { conflictOf, grantOf, isSameCaller, type PermissionType } from './permissions.js';
import { administratorRole, type Agency } from './state.js';

type PermissionCommand = CommandOf<PermissionType>;

export function decidePermission(
  agency: Agency,
  command: PermissionCommand,
  context: DecisionContext,
): Decision<FactsByType[PermissionType]> {
  const refused = refuseGranter(agency, command, context);
  if (refused !== null) return refused;
  return command.type === 'agency.permission-granted' ? decideGrant(agency, command, context) : decideEnd(agency, command, context);
}

/**
 * A permission is an act of somebody who is known: an administrator here or above, with a token of his own, or an
 * operator.
 */
function refuseGranter(agency: Agency, command: PermissionCommand, { sender, above = [] }: DecisionContext): Refused | null {
  if (sender?.caller == null || (!sender.operator && sender.attestation !== 'own-token')) return attestationRequired(command.type);
  if (isSameCaller(sender.caller, command.data.caller)) {
    return refuse('self-assignment', 'Nobody changes a permission of his own.', 'Another administrator or operator does it.');
  }
  // The same name above is the same officer only where the caller is bound to it there too.
  const fromAbove = (one: Agency): boolean => administers(one, command, sender) && sender.actsAs?.(one.code, command.actor) !== false;
  if (sender.operator || administers(agency, command, sender) || above.some(fromAbove)) return null;
  return refuse(
    'not-administrator',
    `${command.actor} is no administrator of ${agency.code} or of an agency above it on ${command.on}.`,
    'An administrator of the agency or above it, or an operator, does this.',
  );
}

function decideGrant(
  agency: Agency,
  command: CommandOf<'agency.permission-granted'>,
  { sender, grantsAround = [] }: DecisionContext,
): Decision<FactsByType[PermissionType]> {
  const { permission, actor, sources, from, until } = command.data;
  if (permission === 'act' && actor === undefined)
    return badField('data.actor', 'data.actor must name the one officer the caller acts as.');
  if (permission !== 'act' && actor !== undefined) return badField('data.actor', `data.actor has no place beside ${permission}.`);
  if (permission !== 'emit' && sources !== undefined) return badField('data.sources', `data.sources has no place beside ${permission}.`);
  if (from !== undefined && until !== undefined && until < from) return badField('data.until', 'data.until must not be before data.from.');
  // Days before its recording are none of its days: a name is free again once nobody holds it.
  const today = sender?.today ?? null;
  const wanted = { ...grantOf(command), from: from === undefined || (today !== null && from < today) ? today : from };
  const others = agency.grants.filter((grant) => grant.permission !== permission || !isSameCaller(grant.caller, wanted.caller));
  const taken = conflictOf(wanted, [...others, ...grantsAround]);
  if (taken !== undefined) {
    return refuse(
      'name-taken',
      taken.actor === actor ? `Another caller acts as ${actor}.` : `This caller acts as ${taken.actor} already.`,
      'One caller has one name in an agency, and one name one caller, on each day; end the other permission first.',
    );
  }
  return accept({ basis: [], role: roleOf(sender) });
}

function decideEnd(
  agency: Agency,
  { data: { caller, permission } }: CommandOf<'agency.permission-ended'>,
  { sender }: DecisionContext,
): Decision<FactsByType[PermissionType]> {
  const held = agency.grants.some((grant) => grant.permission === permission && isSameCaller(grant.caller, caller));
  if (held) return accept({ basis: [], role: roleOf(sender) });
  return refuse(
    'not-granted',
    `${caller.subject} does not hold ${permission} in ${agency.code}.`,
    'Only a permission that is granted can end.',
  );
}

/** An operator acts in no role of the agency. */
function roleOf(sender: SenderFacts | undefined): string | null {
  return sender?.operator === true ? null : administratorRole;
}

function badField(field: string, problem: string): Refused {
  return refuse('invalid-data', problem, 'Correct the fields named in details and send the message again.', {
    problems: [{ field, problem }],
  });
}
