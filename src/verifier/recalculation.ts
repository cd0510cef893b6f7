/** How a second calculator is asked; the verifier needs no more of it. */
import type { PackEvent } from './layout.js';

export interface Recalculation {
  /** In the order of the ledger, each event once. Throws on an event it has no rule for. */
  add(event: PackEvent): void;
  /** Every cell of a table as of the index, as the form prints it. Throws where it knows neither agency nor form. */
  table(question: {
    readonly agency: string;
    readonly year: number;
    readonly form: string;
    readonly view: 'live' | 'paper';
    readonly at: number;
  }): { readonly cells: Readonly<Record<string, string | null>> };
}

/** A year of the working calendar, as `calendars.json` has it. */
export interface CalendarYear {
  readonly year: number;
  /** Weekdays off, and weekend days worked. */
  readonly off: readonly string[];
  readonly worked: readonly string[];
  /** The notice it comes from. */
  readonly notice: string;
}

/** null while there is none: cells are then not recomputed, and the verification says so. */
export function secondCalculator(_calendars: readonly CalendarYear[]): Recalculation | null {
  return null;
}
