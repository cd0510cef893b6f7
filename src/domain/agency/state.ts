/**
 * What an agency's stream says at a moment: who holds which role, which clearance chain is in force. Read by every
 * decision.
 */
import type { ActOf } from '../acts.js';
import { isSameName, isSameOffice, isSoundName } from '../names.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Instant } from '../../time/instant.js';
import type { AgencyType, ClearanceChain, Reporting } from './acts.js';
import { evolveGrants, type Grant } from './permissions.js';

/** The role that sets up an agency; the officer named at registration holds it from then on. */
export const administratorRole = 'administrator';

export interface ChainSetting extends ClearanceChain {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
}

export interface RoleChange {
  readonly actor: string;
  readonly role: string;
  readonly kind: 'assigned' | 'ended';
  readonly on: CalendarDate;
  readonly instant: Instant;
}

export interface AgencyProfile {
  /** First day this holds, in Asia/Shanghai. */
  readonly from: CalendarDate;
  readonly name: string;
  readonly parent: string | null;
  readonly reporting: Reporting;
  /** Forms the agency reports on, one per span of years. */
  readonly forms: readonly string[];
}

/** What changes from a day on; the rest goes on as it was. */
export interface ProfileChange {
  readonly from: CalendarDate;
  readonly changes: Partial<Omit<AgencyProfile, 'from'>>;
}

export interface DeclaredFigure {
  readonly eventId: string;
  readonly year: number;
  readonly form: string;
  readonly cell: string;
  readonly value: string;
}

/** An agency as far as its profile goes. */
export interface Profiles {
  readonly code: string;
  readonly registered: AgencyProfile;
  /** In the order of recording. */
  readonly changes: readonly ProfileChange[];
}

export interface Agency extends Profiles {
  readonly registeredAt: { readonly instant: Instant; readonly at: string };
  readonly chains: readonly ChainSetting[];
  readonly roles: readonly RoleChange[];
  readonly figures: readonly DeclaredFigure[];
  /** As last recorded, whatever their days. */
  readonly grants: readonly Grant[];
}

/** null before its registration. */
export type AgencyView = Agency | null;

export function evolveAgency(view: AgencyView, act: ActOf<AgencyType>): AgencyView {
  if (view === null) {
    if (act.type !== 'agency.registered') throw new Error(`${act.type} before agency.registered in the stored history`);
    return {
      code: act.agency,
      registeredAt: { instant: act.instant, at: act.at },
      registered: registeredProfile(act),
      changes: [],
      chains: [],
      roles: [{ actor: act.data.administrator, role: administratorRole, kind: 'assigned', on: act.on, instant: act.instant }],
      figures: [],
      grants: [],
    };
  }
  switch (act.type) {
    case 'agency.registered':
      throw new Error('agency.registered twice in the stored history');
    case 'agency.changed':
      return { ...view, changes: [...view.changes, profileChange(act)] };
    case 'agency.clearance-chain-set': {
      const { steps, approver = null, attested } = act.data;
      const said = { steps, approver, ...(attested === undefined ? {} : { attested }) };
      return { ...view, chains: [...view.chains, { ...said, eventId: act.eventId, instant: act.instant, at: act.at }] };
    }
    case 'agency.role-assigned':
    case 'agency.role-ended': {
      const { actor, role } = act.data;
      const kind = act.type === 'agency.role-assigned' ? 'assigned' : 'ended';
      return { ...view, roles: [...view.roles, { actor, role, kind, on: act.on, instant: act.instant }] };
    }
    case 'agency.permission-granted':
    case 'agency.permission-ended':
      return { ...view, grants: evolveGrants(view.grants, act) };
    case 'agency.figure-declared':
      return { ...view, figures: [...view.figures, { eventId: act.eventId, ...act.data }] };
  }
}

/** What a registration says, and what was decided of what it left open. */
export function registeredProfile({ data, derived, on }: Pick<ActOf<'agency.registered'>, 'data' | 'derived' | 'on'>): AgencyProfile {
  const { reporting, forms } = derived.profile;
  return { from: on, name: data.name, parent: data.parent ?? null, reporting, forms };
}

export function profileChange({ data, on }: Pick<ActOf<'agency.changed'>, 'data' | 'on'>): ProfileChange {
  const { from, ...changes } = data;
  // Absent in what was recorded before it was required.
  return { from: from ?? on, changes };
}

/** The chain in force at this instant: the last set not after it; of two at the same instant the later recorded. */
export function chainAt<C extends Pick<ChainSetting, 'instant'>>(agency: { readonly chains: readonly C[] }, instant: Instant): C | null {
  let found: C | null = null;
  for (const chain of agency.chains) {
    if (chain.instant <= instant && (found === null || chain.instant >= found.instant)) found = chain;
  }
  return found;
}

/**
 * Whether the actor holds the role on that day: asked by decisions alone. A role holds on its first and on its last
 * day.
 */
export function holdsRole(agency: Pick<Agency, 'roles'>, actor: string, role: string, on: CalendarDate): boolean {
  return holdsByChanges(
    agency.roles.filter((change) => isSameOffice(change.role, role) && isSameName(change.actor, actor, 'person')),
    on,
  );
}

/** The same question of the changes of one actor and role, in any order. */
export function holdsByChanges(changes: readonly Pick<RoleChange, 'kind' | 'on' | 'instant'>[], on: CalendarDate): boolean {
  let since: CalendarDate | null = null;
  for (const change of [...changes].sort((a, b) => a.instant - b.instant)) {
    if (change.kind === 'assigned') {
      since ??= change.on;
      continue;
    }
    if (since !== null && since <= on && on <= change.on) return true;
    since = null;
  }
  return since !== null && since <= on;
}

/** Everybody who holds the role on that day, as stored, by name. */
export function holdersOn({ roles }: Pick<Agency, 'roles'>, role: string, on: CalendarDate): string[] {
  const byActor = new Map<string, RoleChange[]>();
  for (const change of roles) {
    if (!isSameOffice(change.role, role)) continue;
    const own = byActor.get(change.actor) ?? [];
    own.push(change);
    byActor.set(change.actor, own);
  }
  // Two names of the one spelling there is are one only if they are equal.
  const doubtful = [...byActor.keys()].filter((actor) => !isSoundName(actor, 'person'));
  return [...byActor.keys()]
    .filter((actor) => {
      const others = doubtful.includes(actor) ? [...byActor.keys()] : [actor, ...doubtful];
      const same = others.filter((other) => isSameName(other, actor, 'person')).flatMap((other) => byActor.get(other) ?? []);
      return holdsByChanges(same, on);
    })
    .sort();
}

/** Days on which a role is held, both inclusive; `until` null = it was not ended. */
export interface RoleSpan {
  readonly role: string;
  readonly from: CalendarDate;
  readonly until: CalendarDate | null;
}

/** The spans of one actor and role, from its changes in any order. */
export function spansOf(changes: readonly Pick<RoleChange, 'role' | 'kind' | 'on' | 'instant'>[]): RoleSpan[] {
  const spans: RoleSpan[] = [];
  let open: Pick<RoleChange, 'role' | 'on'> | null = null;
  for (const change of [...changes].sort((a, b) => a.instant - b.instant)) {
    if (change.kind === 'assigned') open ??= change;
    else if (open !== null) {
      spans.push({ role: open.role, from: open.on, until: change.on });
      open = null;
    }
  }
  if (open !== null) spans.push({ role: open.role, from: open.on, until: null });
  return spans;
}

/**
 * The profile in force on a day: the registration with every change from then or earlier, in the order of their days.
 */
export function profileOn(agency: Profiles, on: CalendarDate): AgencyProfile {
  const due = agency.changes.filter(({ from }) => from <= on).sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return due.reduce<AgencyProfile>((profile, { from, changes }) => ({ ...profile, ...changes, from }), agency.registered);
}
