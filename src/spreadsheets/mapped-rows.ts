/** The rows of a spreadsheet as messages: heads, sums and blank rows are none. */
import type { SheetRow } from '../documents/sheets/cell.js';
import { openSheet } from '../documents/sheets/open-sheet.js';
import { shownText } from '../documents/sheets/shown.js';
import { findHeader, LOOKED_AT, repeats, type Header } from './header.js';
import type { Mapping } from './mapping.js';
import { rowReader, type RowMessages } from './row-messages.js';
import { bare } from './values.js';

export interface MappedRow {
  /** 1-based, as a spreadsheet numbers it. */
  readonly line: number;
  /** As they are shown. */
  readonly cells: readonly string[];
  readonly made: RowMessages;
}

export interface MappedSheet {
  /** The rows of its heads, as they are shown. */
  readonly heads: readonly (readonly string[])[];
  readonly rows: AsyncIterable<MappedRow>;
}

/** What is heard of a sheet while it is read. */
export interface SheetListener {
  /** How many bytes of the file were read. */
  readonly read: (bytes: number) => void;
  /** A row that is no act: a sum, or a note below the table. */
  readonly skipped: (line: number, text: string) => void;
}

/** Sums; a cell that only begins so is none. */
const SUMS = /^(?:合计|小计|总计|累计)[:：]?$/;

/** Errors: `DocumentProblem`, also while rows are read; `MappingProblem`. */
export async function mappedSheet(file: string, mapping: Mapping, listener: SheetListener): Promise<MappedSheet> {
  const read = rowReader(mapping);
  const rows = openSheet(file, mapping, listener.read);
  const first = await firstRows(rows, Math.max(LOOKED_AT, mapping.header?.row ?? 0));
  const header = await headerIn(first, mapping, rows);
  const acts = actsIn(after(header, first, rows), { header, mapping, listener });
  return { heads: header.rows.map(shown), rows: mapped(acts, (row) => read(row, header.places)) };
}

async function headerIn(first: readonly SheetRow[], { columns = [], header }: Mapping, rows: AsyncGenerator<SheetRow>): Promise<Header> {
  try {
    return findHeader(first, columns, header);
  } catch (error) {
    await rows.return(undefined);
    throw error;
  }
}

async function firstRows(rows: AsyncGenerator<SheetRow>, most: number): Promise<SheetRow[]> {
  const first: SheetRow[] = [];
  while (first.length < most) {
    const next = await rows.next();
    if (next.done === true) break;
    first.push(next.value);
  }
  return first;
}

async function* after({ rows: heads }: Header, first: readonly SheetRow[], rows: AsyncIterable<SheetRow>): AsyncGenerator<SheetRow> {
  const last = heads.at(-1)?.line ?? 0;
  yield* first.filter(({ line }) => line > last);
  yield* rows;
}

interface Acts {
  readonly header: Header;
  readonly mapping: Mapping;
  readonly listener: SheetListener;
}

async function* actsIn(rows: AsyncIterable<SheetRow>, { header, mapping: { skip = [] }, listener }: Acts): AsyncGenerator<SheetRow> {
  const notes = skip.map(bare);
  for await (const row of rows) {
    const first = bare(shown(row).find((text) => text.trim() !== '') ?? '');
    if (first === '') continue;
    if (SUMS.test(first) || notes.some((note) => first.startsWith(note)) || repeats(row, header)) listener.skipped(row.line, first);
    else yield row;
  }
}

async function* mapped(rows: AsyncIterable<SheetRow>, read: (row: SheetRow) => RowMessages): AsyncGenerator<MappedRow> {
  for await (const row of rows) yield { line: row.line, cells: shown(row), made: read(row) };
}

function shown({ cells }: SheetRow): string[] {
  return cells.map(shownText);
}
