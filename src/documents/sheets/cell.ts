/** A sheet as its rows, whatever file it stood in. */
import { tooLarge, type DocumentProblem } from '../problem.js';

/** How a spreadsheet counts days: from the first of January of this year. */
export type DaySystem = 1900 | 1904;

export type SheetCell =
  | { readonly kind: 'text'; readonly text: string }
  /** `asDay`: its format shows it as a day, or a time of day. */
  | { readonly kind: 'number'; readonly text: string; readonly days: DaySystem; readonly asDay: boolean }
  /** What a formula failed with, such as `#REF!`. */
  | { readonly kind: 'error'; readonly text: string };

export interface SheetRow {
  /** 1-based, as a spreadsheet numbers it. */
  readonly line: number;
  /** From the first column on; null where the cell is blank. Those behind the last that is filled are left out. */
  readonly cells: readonly (SheetCell | null)[];
}

/** Columns and rows of a sheet at most, characters of a cell: those of a spreadsheet, of columns fewer. */
export const MAX_COLUMNS = 512;
export const MAX_ROWS = 1_048_576;
export const MAX_CELL = 32_767;

export function sheetTooLarge(what: string): DocumentProblem {
  return tooLarge(what, 'Leave out what is not needed, or split it into several files.');
}
