/** Agencies one above the other, as the log holds them. */
import { agencyRules } from '../../domain/agency/rules.js';
import { profileOn, type Agency } from '../../domain/agency/state.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { CaseRef } from '../../domain/identifiers.js';
import { viewOf, type LoadedCase } from './case-store.js';

/** Gives a case: as last known here, or anew from the log. */
export type Load = (agency: string, ref: CaseRef) => Promise<LoadedCase>;

/** null where it is not registered. */
export async function agencyOf(code: string, load: Load): Promise<Agency | null> {
  return viewOf(agencyRules, await load(code, { kind: 'agency', number: code }));
}

/** The agency and every agency above it on that day, nearest first. A circle is walked once. */
export async function lineOf(agency: Agency, on: CalendarDate, load: Load): Promise<string[]> {
  const line = [agency.code];
  for (let above: Agency | null = agency; above !== null;) {
    const { parent }: { parent: string | null } = profileOn(above, on);
    if (parent === null || line.includes(parent)) break;
    line.push(parent);
    above = await agencyOf(parent, load);
  }
  return line;
}
