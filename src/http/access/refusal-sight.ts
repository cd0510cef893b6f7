/** Whose refusals an asker sees: with `act` and `audit` those of the agency, with `emit` what it sent itself. */
import type { Permission } from '../../domain/agency/acts.js';
import type { RefusalSight } from '../../recording/refusal-list.js';
import { callerOf } from '../../recording/sender.js';
import type { Asker } from './caller.js';

/** Any of these shows some. */
export const REFUSALS_OF: readonly Permission[] = ['emit', 'act', 'audit'];
const OF_ALL: readonly Permission[] = ['act', 'audit'];

/** undefined where nobody is identified, and everybody sees everything. */
export function refusalSight({ identity, rights, sender }: Asker): RefusalSight | undefined {
  const caller = callerOf(sender);
  if (!identity || rights === null || caller === null) return undefined;
  const holds = (agency: string, permission: Permission): boolean => rights.in(agency, permission) !== null;
  return {
    caller,
    onlyOwn: !OF_ALL.some((permission) => rights.anywhere(permission)),
    sees: (agency, own) => {
      // What names no agency is for who audits the whole ledger.
      if (agency === null) return rights.whole;
      return OF_ALL.some((permission) => holds(agency, permission)) || (own && holds(agency, 'emit'));
    },
  };
}
