/** A list as a sheet: a line of heads, then a line for each of its elements. */
import type { Sheet, SheetRow } from '../sheets/sheet.js';

export interface ListColumn<T> {
  readonly head: string;
  /** In characters. */
  readonly width: number;
  readonly of: (element: T) => string;
}

export function listSheet<T>(name: string, columns: readonly ListColumn<T>[], elements: Iterable<T> | AsyncIterable<T>): Sheet {
  return { name, widths: columns.map(({ width }) => width), headRows: 1, merges: [], rows: rowsOf(columns, elements) };
}

async function* rowsOf<T>(columns: readonly ListColumn<T>[], elements: Iterable<T> | AsyncIterable<T>): AsyncGenerator<SheetRow> {
  yield columns.map(({ head }) => ({ text: head, look: 'head' }));
  for await (const element of elements) yield columns.map(({ of }) => ({ text: of(element), look: 'text' }));
}
