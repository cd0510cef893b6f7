/** Cells of a form that say something else than before. */
import type { JSX } from 'preact';
import type { Change } from '../../../read-models/figures/changes.js';
import { labelOf } from '../../../statistics/cell-label.js';
import { cellPage } from '../../addresses.js';
import { CellLink, DataTable } from '../parts.js';

/** Where a cell stands: one code is another row in another form. */
export interface InForm {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  /** Absent = now. */
  readonly asOf?: string | undefined;
}

/** A cell by its label in that form. */
export function CellIn({ of, cell }: { readonly of: InForm; readonly cell: string }): JSX.Element {
  const { agency, year, form, asOf } = of;
  return <CellLink href={cellPage({ agency, year, cell }, { form, asOf })} cell={cell} label={labelOf({ form, year }, cell)} />;
}

export interface ChangedView {
  readonly caption: string;
  /** Heads of the cell, of what it said before and of what it says now. */
  readonly heads: readonly [cell: string, before: string, now: string];
  readonly of: InForm;
  readonly changes: readonly Change[];
}

export function Changed({ caption, heads: [cell, before, now], of, changes }: ChangedView): JSX.Element {
  return (
    <DataTable
      caption={caption}
      columns={[{ head: cell }, { head: before, numeric: true }, { head: now, numeric: true }]}
      rows={changes.map((change) => [<CellIn of={of} cell={change.cell} />, change.published ?? '–', change.live ?? '–'])}
    />
  );
}
