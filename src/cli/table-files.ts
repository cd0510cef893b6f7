/** Tables in files: JSON as it is published, and the CSV that this program writes. */
import { readFileSync } from 'node:fs';
import { findForm } from '../statistics/forms/registry.js';
import { NotATable, readPublishedTable, readTable, type PublishedTable } from '../statistics/published-table.js';

export interface NamedTable {
  /** As named on the command line. */
  readonly file: string;
  readonly table: PublishedTable;
}

/** `otherwise` reads JSON of another shape than a published table's. Errors: `NotATable`, with the name of the file. */
export async function readTableFile(file: string, otherwise?: (value: unknown) => PublishedTable): Promise<NamedTable> {
  const text = readFileSync(file, 'utf8');
  try {
    return { file, table: looksLikeJson(text) ? readPublishedTable(text, findForm, otherwise) : await readCsv(text) };
  } catch (error) {
    if (error instanceof NotATable) throw new NotATable(error.code, `${file}: ${error.message}`, error.hint);
    throw error;
  }
}

function looksLikeJson(text: string): boolean {
  return /^[\uFEFF\s]*[{[]/.test(text);
}

/** Its reader is loaded for who has such a file. What is neither is refused as no JSON. */
async function readCsv(text: string): Promise<PublishedTable> {
  const { isTableCsv, tableInCsv } = await import('../tables/representations/read-csv.js');
  return isTableCsv(text) ? readTable(tableInCsv(text), findForm) : readPublishedTable(text, findForm);
}
