/**
 * The table of a form as it is printed: blocks of rows of cells, merged as on paper. Pages and files are drawn from it
 * alone, so none of them knows a form.
 *
 * A row lists the cells that begin in it, from left to right. What an earlier row covers with `rowspan` is not listed
 * again, as in HTML.
 */

interface Placed {
  /** Columns and rows of the grid that it covers, at least 1. */
  readonly colspan: number;
  readonly rowspan: number;
  readonly align: 'start' | 'centre';
  /** Levels of indentation, 0 and more. */
  readonly indent: number;
}

/** What stands in a head: `scope` says which cells it is the head of, in the words of HTML. */
export interface HeadCell extends Placed {
  readonly kind: 'head';
  /** As printed; empty where the form leaves the place blank. */
  readonly text: string;
  readonly scope: 'col' | 'colgroup' | 'row' | 'rowgroup';
}

/** The unit of a row; empty in a heading. */
export interface UnitCell extends Placed {
  readonly kind: 'unit';
  readonly text: string;
}

/** The place of a value. */
export interface ValueCell extends Placed {
  readonly kind: 'value';
  /** `row` or `row:column`; null in the row of a heading, which prints no value. */
  readonly cell: string | null;
}

export type LayoutCell = HeadCell | UnitCell | ValueCell;

export interface LayoutBlock {
  /** Stable name: `2`, `3`, `4` for the parts of a report; `table` where the form is one table. */
  readonly section: string;
  /** Printed over the block; null where nothing is. */
  readonly title: string | null;
  /** Rows at the top that are printed again where the block goes on on another page. */
  readonly headRows: number;
  /** By column of the grid its part of the width, in percent: they add up to 100. */
  readonly widths: readonly number[];
  /** It begins on a new page, which all of it fits upright at 9 pt. */
  readonly newPage: boolean;
  readonly rows: readonly (readonly LayoutCell[])[];
}

export interface TableLayout {
  readonly form: string;
  readonly year: number;
  /** What the table is called, behind name and year of the agency. */
  readonly title: string;
  readonly blocks: readonly LayoutBlock[];
  /** Printed below the last block, each a line. */
  readonly notes: readonly string[];
  /** What is signed and filled in by hand at the foot; empty where the form has no such line. */
  readonly signatures: readonly string[];
}

export function head(text: string, scope: HeadCell['scope'], placed: Partial<Placed> = {}): HeadCell {
  const align = scope === 'row' ? 'start' : 'centre';
  return { kind: 'head', text, scope, colspan: 1, rowspan: 1, align, indent: 0, ...placed };
}

export function unit(text: string): UnitCell {
  return { kind: 'unit', text, colspan: 1, rowspan: 1, align: 'centre', indent: 0 };
}

export function value(cell: string | null, colspan = 1): ValueCell {
  return { kind: 'value', cell, colspan, rowspan: 1, align: 'centre', indent: 0 };
}

/** A grid of a label and so many values of equal width; the label has `label` percent. */
export function widthsBeside(label: readonly number[], values: number): number[] {
  const left = 100 - label.reduce((sum, width) => sum + width, 0);
  return [...label, ...Array.from({ length: values }, () => left / values)];
}
