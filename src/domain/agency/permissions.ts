/**
 * What callers may do in an agency: granted and ended by acts of the agency. A permission holds from its recording, on
 * its days; what was recorded before reaches nothing back. Read by whoever asks today: the time of an act plays no
 * part.
 */
import type { ActOf } from '../acts.js';
import { isSameName } from '../names.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Caller, Permission } from './acts.js';

/** A caller's permission in an agency, as last granted. */
export interface Grant {
  readonly eventId: string;
  readonly caller: Caller;
  readonly permission: Permission;
  /** The name under which the caller acts; null but with `act`. */
  readonly actor: string | null;
  /** With `emit`: the sources it may send from; null = all. */
  readonly sources: readonly string[] | null;
  readonly below: boolean;
  readonly from: CalendarDate | null;
  readonly until: CalendarDate | null;
  readonly grantedBy: string;
}

export type PermissionType = 'agency.permission-granted' | 'agency.permission-ended';
type PermissionAct = ActOf<PermissionType>;

export function isPermissionType(type: string): type is PermissionType {
  return type === 'agency.permission-granted' || type === 'agency.permission-ended';
}

export function isSameCaller(a: Caller, b: Caller): boolean {
  return a.issuer === b.issuer && a.subject === b.subject;
}

/** A caller holds each permission once: a later grant takes the place of the earlier, an end leaves none. */
export function evolveGrants(grants: readonly Grant[], act: PermissionAct): readonly Grant[] {
  const { caller, permission } = act.data;
  const others = grants.filter((grant) => grant.permission !== permission || !isSameCaller(grant.caller, caller));
  return act.type === 'agency.permission-ended' ? others : [...others, grantOf(act)];
}

export function grantOf({ eventId, data, actor }: Pick<ActOf<'agency.permission-granted'>, 'eventId' | 'data' | 'actor'>): Grant {
  const { caller, permission, actor: name = null, sources = null, below = false, from = null, until = null } = data;
  return {
    eventId,
    caller: { issuer: caller.issuer, subject: caller.subject },
    permission,
    actor: name,
    sources,
    below,
    from,
    until,
    grantedBy: actor,
  };
}

/** First and last day are inclusive. */
export function holdsOn({ from, until }: Pick<Grant, 'from' | 'until'>, on: CalendarDate): boolean {
  return (from === null || from <= on) && (until === null || on <= until);
}

type Days = Pick<Grant, 'from' | 'until'>;

function shareADay(a: Days, b: Days): boolean {
  const from = [a.from, b.from].reduce<CalendarDate | null>(
    (last, day) => (day !== null && (last === null || day > last) ? day : last),
    null,
  );
  const until = [a.until, b.until].reduce<CalendarDate | null>(
    (first, day) => (day !== null && (first === null || day < first) ? day : first),
    null,
  );
  return from === null || until === null || from <= until;
}

/**
 * The grant of `act` that stands against another: one caller has one name where it acts, and one name one caller, at a
 * time. `others` are grants that reach an agency which `wanted` reaches too.
 */
export function conflictOf(wanted: Grant, others: readonly Grant[]): Grant | undefined {
  if (wanted.actor === null) return undefined;
  const name = wanted.actor;
  return others.find(
    (other) =>
      other.actor !== null &&
      shareADay(wanted, other) &&
      isSameCaller(wanted.caller, other.caller) !== isSameName(name, other.actor, 'person'),
  );
}
