/** The form that a printed table is of. */
import { serves, type Form } from '../statistics/form.js';
import { findForm, FORMS } from '../statistics/forms/registry.js';
import { cellsInGrid, type FoundCells, type Grid } from './table-cells.js';

export interface Fit {
  readonly form: Form;
  readonly found: FoundCells;
}

/** The form named, else the one that serves the year and of whose rows fewest are missing; null where there is none. */
export function bestForm(grid: Grid, year: number, named?: string): Fit | null {
  const forms = named === undefined ? FORMS.filter((form) => serves(form, year)) : [findForm(named)];
  const fits = forms.flatMap((form): Fit[] => (form === undefined ? [] : [{ form, found: cellsInGrid(grid, form, year) }]));
  const [best] = fits.toSorted((one, other) => one.found.missing.length - other.found.missing.length);
  return best ?? null;
}
