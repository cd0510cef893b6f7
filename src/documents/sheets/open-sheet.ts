/** A sheet of rows, told by the bytes of its file and not by its name: XLSX or CSV. */
import { open, stat } from 'node:fs/promises';
import { DocumentProblem } from '../problem.js';
import type { SheetRow } from './cell.js';
import type { CsvForm } from './csv-form.js';

export interface SheetChoice extends CsvForm {
  /** Of an XLSX; without one the first that is shown. */
  readonly sheet?: string | undefined;
}

const ZIP = '504b0304';
/** What Excel wrote before 2007, and what it writes under a password. */
const COMPOUND = 'd0cf11e0';

/**
 * What reads a kind is loaded for who has such a file. `heard`: bytes of the file that were read. Errors:
 * `DocumentProblem`, those of the file system.
 */
export async function* openSheet(file: string, choice: SheetChoice, heard: (bytes: number) => void): AsyncGenerator<SheetRow> {
  const kind = await firstBytes(file);
  if (kind === COMPOUND)
    throw new DocumentProblem(
      'not-a-document',
      'it is an XLS of before 2007, or has a password',
      'Save it in the form XLSX, without a password.',
    );
  if (kind === ZIP) {
    const { size } = await stat(file);
    const { rowsOfXlsx } = await import('./xlsx.js');
    yield* rowsOfXlsx(file, choice.sheet, (share) => heard(Math.floor(share * size)));
  } else {
    const { rowsOfCsv } = await import('./csv.js');
    yield* rowsOfCsv(file, choice, heard);
  }
}

async function firstBytes(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead).toString('hex');
  } finally {
    await handle.close();
  }
}
