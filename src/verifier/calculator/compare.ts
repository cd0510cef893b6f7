/** A printed table against what the second calculator makes of the log. */
import type { Calculator, View } from './calculator.js';

/** What is read of the JSON of a table (`disclosure table --json`). */
export interface PrintedTable {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly view?: string;
  /** null before the first event. */
  readonly asOf: { readonly index: number | null };
  readonly rows: readonly {
    readonly code: string;
    readonly value?: string | null;
    readonly cells?: Readonly<Record<string, string | null>>;
  }[];
}

/** A cell in which they differ; absent = it has no such cell. */
export interface Difference {
  readonly cell: string;
  readonly printed: string | null | undefined;
  readonly recomputed: string | null | undefined;
}

/**
 * Every cell of either that the other does not have with the same text, in the order of the printed table. Errors: as
 * `Calculator.table`.
 */
export function compareTable(calculator: Calculator, table: PrintedTable): Difference[] {
  const { agency, year, form, asOf } = table;
  const view: View = table.view === 'paper' ? 'paper' : 'live';
  return differing(table, calculator.table({ agency, year, form, view, at: asOf.index ?? -1 }).cells);
}

/** The same of cells that were computed elsewhere: of a roll-up. */
export function differing(table: Pick<PrintedTable, 'rows'>, cells: Readonly<Record<string, string | null>>): Difference[] {
  const recomputed = new Map(Object.entries(cells));
  const printed = new Map(table.rows.flatMap(cellsOf));
  return [...new Set([...printed.keys(), ...recomputed.keys()])]
    .map((cell): Difference => ({ cell, printed: printed.get(cell), recomputed: recomputed.get(cell) }))
    .filter((difference) => difference.printed !== difference.recomputed);
}

function cellsOf({ code, value, cells }: PrintedTable['rows'][number]): [string, string | null | undefined][] {
  if (cells === undefined) return [[code, value]];
  return Object.entries(cells).map(([column, one]) => [`${code}:${column}`, one]);
}
