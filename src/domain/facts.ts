/**
 * What a decision adds to an act before it is stored: the facts counting needs from earlier events. Facts and dates,
 * never verdicts, so that a later counting policy can read old events anew. What each type adds stands beside its data,
 * in the acts of its kind.
 */
import type { CalendarDate } from '../time/calendar-date.js';

/** Every act but a void: the events it rests on, and the role of the chain it was done in. */
export type Rests = {
  readonly basis: readonly string[];
  readonly role: string | null;
};

/** A step passed or a version approved: also the unit the chain names. */
export type Signed = Rests & { readonly unit: string };

/** Made public or sent: the approval it rests on, null where there was none to wait for. */
export type MadePublic = Rests & { readonly approval: string | null };

/**
 * Something of a case that counts once, on the earliest of several acts: the first release of an item, the first answer
 * to a topic. `was` and `is` are the dates before and after this event; an event carries one of these only where they
 * differ.
 */
export interface FirstChange {
  readonly slot: string;
  readonly was: CalendarDate | null;
  readonly is: CalendarDate | null;
}

/** The date of the first act per slot. */
export type Firsts = ReadonlyMap<string, CalendarDate>;

/** The slots whose first act differs between two states of a case. */
export function changedFirsts(before: Firsts | undefined, after: Firsts | undefined): FirstChange[] {
  const changes: FirstChange[] = [];
  for (const slot of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
    const was = before?.get(slot) ?? null;
    const is = after?.get(slot) ?? null;
    if (was !== is) changes.push({ slot, was, is });
  }
  return changes;
}

/** Where a case stands, for people: a stable word and a title; `unknown` before its first act. */
export interface Standing {
  readonly state: string;
  readonly title: string | null;
}

export const NOT_STANDING: Standing = { state: 'unknown', title: null };

/**
 * Kept with what was decided by it: the version of the built-in years, and the announcements that stand in place of
 * them.
 */
export interface CalendarUsed {
  readonly builtIn: string;
  readonly announced: readonly { readonly year: number; readonly eventId: string }[];
}
