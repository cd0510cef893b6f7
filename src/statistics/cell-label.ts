/** What people call a cell: the label of its row and the head over its column, as the form prints them. */
import { rowsOf } from './form.js';
import { findForm, headsOf } from './forms/registry.js';
import { sectionOf, type Head } from './heads.js';
import { headOf } from './prose/figures.js';

/** The head over a cell `row:column`; undefined where none is. */
export function headOver(form: string, cell: string): Head | undefined {
  const [code = '', key] = cell.split(':');
  return sectionOf(headsOf(form), code)?.columns.find((column) => column.key === key);
}

/** `row · head` in the words of the form, or of a figure that only prose has; null for what the year does not print. */
export function labelOf(of: { readonly form: string; readonly year: number }, cell: string): string | null {
  const prose = headOf(cell);
  if (prose !== null) return prose.label;
  const form = findForm(of.form);
  const [code = ''] = cell.split(':');
  const row = form === undefined ? undefined : rowsOf(form, of.year).find((one) => one.code === code);
  if (row === undefined) return null;
  const head = headOver(of.form, cell)?.label;
  return head === undefined ? row.label : `${row.label} · ${head}`;
}
