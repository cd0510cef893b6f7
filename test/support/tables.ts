/** Real published tables, each with what a checker must report and where it must stay silent. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellsIn } from '../../src/statistics/form.js';
import { findForm } from '../../src/statistics/forms/registry.js';
import { readPublishedTable, type PublishedTable } from '../../src/statistics/published-table.js';

export interface Fixture {
  readonly id: string;
  readonly year: number;
  readonly form: string;
  readonly source: { readonly title: string; readonly url: string; readonly published: string; readonly found_in: string };
  readonly cells: Readonly<Record<string, string | null>>;
  readonly expected: readonly { readonly rule: string; readonly cells: readonly string[]; readonly with?: string }[];
  readonly quiet: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly rows?: readonly { readonly row: string; readonly label: string; readonly unit: string | null }[];
}

export const FIXTURES = join(__dirname, '../fixtures/tables');

export const fixtures: readonly Fixture[] = readdirSync(FIXTURES)
  .sort()
  .map((file) => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as Fixture);

export function fixture(id: string): Fixture {
  const found = fixtures.find((table) => table.id === id);
  if (found === undefined) throw new Error(`no fixture ${id}`);
  return found;
}

/** What the form prints for the year, of what the fixture says. */
export function printedCells({ form: id, year, cells }: Fixture): Record<string, string | null> {
  const form = findForm(id);
  return Object.fromEntries(form === undefined ? [] : cellsIn(form, year).map(({ cell }) => [cell, cells[cell] ?? null]));
}

/** Through the reader that `disclosure check` uses. */
export function published(table: { year: number; form: string; cells: Readonly<Record<string, unknown>> }): PublishedTable {
  return readPublishedTable(JSON.stringify(table), findForm);
}
