/**
 * Where a case stands after each of its acts, told once per kind: a table from type to step. The types of the kind are
 * its keys.
 */
import type { ActType, AnyData, AnyFacts, CaseActType, Envelope } from './acts.js';
import type { Standing } from './facts.js';

/**
 * An act by what it tells of its case: as it is recorded, or as a read model kept what matters of it. A field that its
 * message has may be missing then.
 */
export interface Told extends Pick<Envelope, 'eventId' | 'actor' | 'on' | 'instant'> {
  readonly type: ActType;
  readonly data: AnyData;
  readonly derived: AnyFacts;
}

type Step = (before: Standing, act: Told) => Standing;

/** Of each type: where the case stands after an act of it, from where it stood before and that act alone. */
export type StandingTable<T extends CaseActType> = { readonly [K in T]: Step };

export interface Stands<T extends CaseActType> {
  readonly types: readonly T[];
  standingAfter(before: Standing, act: Told): Standing;
}

/** Errors: `standingAfter` throws on an act of another kind, which no case of this one holds. */
export function standingBy<T extends CaseActType>(table: StandingTable<T>): Stands<T> {
  const steps: { readonly [K in ActType]?: Step } = table;
  return {
    types: Object.keys(table) as T[],
    standingAfter(before, act) {
      const step = steps[act.type];
      if (step === undefined) throw new Error(`an act ${act.type} moves no case of this kind`);
      return step(before, act);
    },
  };
}
