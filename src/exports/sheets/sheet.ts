/** One sheet of a spreadsheet, whatever format it is written in. */

/** How a cell looks: `text` is what a list holds, the others are of printed tables. */
export type Look = 'title' | 'block' | 'head' | 'label' | 'value' | 'note' | 'text';

export interface SheetCell {
  /** Exactly: neither a formula nor a number is made of it, but where `number` says so. */
  readonly text: string;
  readonly look: Look;
  /** The text is a decimal number, which a spreadsheet may add up. */
  readonly number?: boolean;
  /** Levels of indentation. */
  readonly indent?: number;
}

/** The columns and rows that one cell covers, both counted from 0; the last ones are in it. */
export interface Merge {
  readonly from: { readonly row: number; readonly column: number };
  readonly to: { readonly row: number; readonly column: number };
}

/** null: nothing is there, or it is covered by another cell. */
export type SheetRow = readonly (SheetCell | null)[];

export interface Sheet {
  readonly name: string;
  /** In characters, by column. */
  readonly widths: readonly number[];
  /** Rows at the top that stay in sight, and are printed on each page. */
  readonly headRows: number;
  readonly merges: readonly Merge[];
  readonly rows: Iterable<SheetRow> | AsyncIterable<SheetRow>;
}
