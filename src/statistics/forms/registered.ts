/**
 * A form with what stands beside it. The form itself goes into packs under a digest that their verifier knows; what is
 * said of it here is in no digest and may be said better at any time.
 */
import type { Rule } from '../checks.js';
import type { Form, FormRow, Selector } from '../form.js';
import type { SectionHeads } from '../heads.js';

/** What acts contribute and the form counts in no cell; with `years`, both inclusive, only there. */
export interface Absent extends Selector {
  readonly years?: readonly [number, number];
}

export interface RegisteredForm {
  readonly form: Form;
  /** Printed over its columns; none where every row prints one value. */
  readonly heads: readonly SectionHeads[];
  /**
   * Counted nowhere on purpose. What is neither in a cell nor here was forgotten: `test/statistics/registry.test.ts`
   * says so.
   */
  readonly absent: readonly Absent[];
  /** Cells that take the same contributions though neither is part of the other, as the form prints them. */
  readonly twice?: readonly (readonly [string, string])[];
  readonly variant?: Variant;
}

/** What a variant is made of. */
export interface Variant {
  readonly of: RegisteredForm;
  readonly differences: Differences;
}

/** Where a variant differs from its form. Codes are the variant's own, but for those that are dropped or renumbered. */
export interface Differences {
  readonly id: string;
  /** Where labels, order and rules come from. */
  readonly basis: string;
  readonly title?: string;
  /** Codes of rows that it does not print: they leave every total and rule. */
  readonly dropped?: readonly string[];
  /** Code in the form → code in the variant, in rows, totals and rules. */
  readonly renumbered?: Readonly<Record<string, string>>;
  /** Code → label. */
  readonly relabelled?: Readonly<Record<string, string>>;
  readonly added?: readonly AddedRow[];
  readonly rules?: readonly Rule[];
  /**
   * What its dropped rows counted, or its added rows leave. Of a measure that an added row counts nothing else is
   * absent.
   */
  readonly absent?: readonly Absent[];
}

export interface AddedRow {
  readonly row: FormRow;
  /** The row it stands behind. */
  readonly after: string;
  /** The total it is part of. */
  readonly in?: string;
}

/** No figures of any form: findings name them. */
export const FINDINGS: readonly Absent[] = [
  { measure: 'application.late' },
  { measure: 'act.without-review' },
  { measure: 'chain.changed' },
];

/** Begun and not ended. */
export const BALANCES: readonly Absent[] = [
  { measure: 'application.open' },
  { measure: 'reconsideration.pending' },
  { measure: 'lawsuit.pending' },
];
