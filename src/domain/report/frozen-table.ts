/**
 * A yearly table on its way into a report: computed outside the domain, which only holds it against what the act says
 * of it.
 */

/** What a table says of itself; `left` and `right` are decimal strings. */
export interface TableFinding {
  readonly rule: string;
  readonly severity: string;
  readonly cells: readonly string[];
}

/** The whole table as it is printed as JSON, with `hash` over it. It is stored as it is and never computed again. */
export type FrozenTable = Readonly<Record<string, unknown>> & {
  readonly hash: string;
  readonly policy: string;
  readonly findings: readonly TableFinding[];
};

/**
 * The table of a compilation and the hash of its form as data, rules included; or why there is none: its index lies
 * behind the last one recorded (-1 before the first), the agency was not registered by then, no event can hold the
 * table (`bytes` of `limit`).
 */
export type Compiling =
  | { readonly table: FrozenTable; readonly formHash: string }
  | { readonly lastIndex: number }
  | { readonly unregistered: true }
  | { readonly bytes: number; readonly limit: number };
