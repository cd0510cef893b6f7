/** A yearly table as a document of its own. */
import type { Table } from '../../tables/table.js';
import { tablePieces, type Document } from './document.js';
import { madeFrom } from './made-from.js';
import { printedTable } from './printed-table.js';

export function tableDocument(table: Table, agencyName: string): Document {
  const printed = printedTable(table, agencyName);
  return {
    title: printed.title,
    pieces: [{ kind: 'title', text: printed.title }, ...tablePieces(printed), { kind: 'note', text: madeFrom(table) }],
  };
}
