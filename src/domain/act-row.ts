/** What the table of types (acts.ts) holds of each. */
export interface ActRow {
  /**
   * Whether an act of it changes a figure or a finding of a table; statistics/measures.ts then says how, and does not
   * compile without.
   */
  readonly counted: boolean;
  /** What happened, in one line: docs/contract/messages.md prints it. */
  readonly means: string;
}
