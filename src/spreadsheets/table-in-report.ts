/** The table that a report prints itself: the annex of the form of 2014, or the tables of parts two, three and four. */
import { agencyOfReport, yearOfReport } from '../prose/table-in-file.js';
import { simplified } from '../prose/rules/traditional.js';
import { rowsOf } from '../statistics/form.js';
import { publishedTable, type PublishedTable } from '../statistics/published-table.js';
import { bestForm } from './form-in-grid.js';
import type { Grid } from './table-cells.js';

export interface TableInReport {
  readonly table: PublishedTable;
  /** Labels of the form that the report does not print: their cells hold nothing against a number. */
  readonly missing: readonly string[];
}

/** Of ten rows of a form one may be missing, or be called otherwise. With more of them it is another table. */
const ROWS_TO_ONE_MISSING = 10;

/** null where the report prints no table of a form of its year, or does not say its year. */
export function tableInReport(text: string, grid: Grid): TableInReport | null {
  const year = yearOfReport(text);
  const best =
    year === null
      ? null
      : bestForm(
          grid.map((row) => row.map(simplified)),
          year,
        );
  if (year === null || best === null) return null;
  const { form, found } = best;
  if (found.missing.length * ROWS_TO_ONE_MISSING > rowsOf(form, year).length) return null;
  const table = publishedTable({ form, year, cells: found.cells });
  return { table: { ...table, agency: agencyOfReport(text) }, missing: found.missing };
}
