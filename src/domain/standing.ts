/**
 * Where a case stands after each of its acts, told once per kind: a table from type to step. The types of the kind are
 * its keys.
 */
import type { ActOf, CaseActType } from './acts.js';
import type { Standing } from './facts.js';

/** Of each type: where the case stands after an act of it, from where it stood before and that act alone. */
export type StandingTable<T extends CaseActType> = {
  readonly [K in T]: (before: Standing, act: Pick<ActOf<K>, 'type' | 'data' | 'derived'>) => Standing;
};

export interface Stands<T extends CaseActType> {
  readonly types: readonly T[];
  standingAfter(before: Standing, act: ActOf<T>): Standing;
}

/** Errors: `standingAfter` throws on an act of another kind, which no case of this one holds. */
export function standingBy<T extends CaseActType>(table: StandingTable<T>): Stands<T> {
  const steps: Readonly<Partial<StandingTable<T>>> = table;
  return {
    types: Object.keys(table) as T[],
    standingAfter(before, act) {
      const step = steps[act.type];
      if (step === undefined) throw new Error(`an act ${act.type} moves no case of this kind`);
      return step(before, act);
    },
  };
}
