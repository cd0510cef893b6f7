/**
 * What a decision on a permission needs beside its agency: the agencies above, and the names that others act under
 * around it.
 */
import type { Command } from '../../domain/acts.js';
import { agencyRules } from '../../domain/agency/rules.js';
import type { Grant } from '../../domain/agency/permissions.js';
import { profileOn, type Agency } from '../../domain/agency/state.js';
import type { DecisionContext } from '../../domain/case.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import { agencyOf, lineOf, type Load } from './agency-line.js';
import { viewOf } from './case-store.js';

export interface HierarchySource {
  /**
   * Codes of the agencies below, vertical ones and what is below them left out, as the log had them when this was
   * asked. Errors: `StoreUnavailable` where the read models do not come so far in time.
   */
  below(agency: string, on: CalendarDate): Promise<readonly string[]>;
}

export type PermissionFacts = Pick<DecisionContext, 'above' | 'grantsAround'>;

/** By the parents of `today`. */
export async function permissionFacts(
  command: Command,
  agency: Agency,
  { load, hierarchy, today }: { readonly load: Load; readonly hierarchy: HierarchySource; readonly today: CalendarDate },
): Promise<PermissionFacts> {
  const [, ...codes] = await lineOf(agency, today, load);
  const above: Agency[] = [];
  for (const code of codes) {
    const one = await agencyOf(code, load);
    if (one !== null) above.push(one);
  }
  if (command.type !== 'agency.permission-granted' || command.data.permission !== 'act') return { above };
  const around: Grant[] = reachedFrom(agency, above, today);
  for (const code of command.data.below === true ? await hierarchy.below(agency.code, today) : []) {
    const view = viewOf(agencyRules, await load(code, { kind: 'agency', number: code }));
    around.push(...(view?.grants ?? []));
  }
  return { above, grantsAround: around };
}

/** Grants from above that reach the agency: with `below`, and not through a vertical one. */
function reachedFrom(agency: Agency, above: readonly Agency[], today: CalendarDate): Grant[] {
  const isVertical = (one: Agency): boolean => profileOn(one, today).reporting === 'vertical';
  const barrier = [agency, ...above].findIndex(isVertical);
  const reaching = barrier < 0 ? above : above.slice(0, barrier);
  return reaching.flatMap(({ grants }) => grants.filter(({ below }) => below));
}
