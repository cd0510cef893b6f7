/**
 * An XLSX row by row. Read with yauzl and htmlparser2, as a DOCX is: the readers of spreadsheets that are kept up hold
 * a sheet whole, and none bounds its shared strings.
 */
import { notOfKind, openArchive, partOf, unsafe, type Archive, type ArchiveKind } from '../archive.js';
import { DocumentProblem } from '../problem.js';
import { readingXml } from '../xml.js';
import type { SheetRow } from './cell.js';
import { RowReader } from './xlsx-rows.js';
import { sharedStrings, sheetsOf, stylesOf, type NamedSheet } from './xlsx-parts.js';

const XLSX: ArchiveKind = {
  name: 'XLSX',
  unsafe: [
    { part: /(?:^|\/)vbaProject\.bin$/i, holds: 'macros' },
    { part: /^xl\/(?:macrosheets|dialogsheets)\//i, holds: 'macros' },
    { part: /^xl\/externalLinks\//i, holds: 'links to other files' },
    { part: /^xl\/connections\.xml$/i, holds: 'connections to other data' },
  ],
};

/** Bytes of a sheet once it is unpacked. It is never held whole. */
const MAX_SHEET = 512 * 1024 * 1024;

/** A part of a file that was read, from 0 to 1. */
type Heard = (share: number) => void;

export interface SheetName {
  readonly sheet?: string | undefined;
  readonly every?: boolean;
}

/**
 * The rows that hold something, of the sheet of this name; without one of the first that is shown, or of `every` one.
 * Errors: `DocumentProblem`, also after rows were given.
 */
export async function* rowsOfXlsx(file: string, name: SheetName, heard: Heard): AsyncGenerator<SheetRow> {
  const archive = await openArchive(file, XLSX);
  try {
    const book = await sheetsOf(archive);
    const found = chosen(book.sheets, name);
    const [strings, styles] = [await sharedStrings(archive), await stylesOf(archive)];
    for (const [at, { part }] of found.entries()) {
      if (!part.startsWith('xl/')) throw unsafe(archive.kind, 'its sheet stands in another file');
      const reader = new RowReader(strings, styles, book.days);
      yield* rowsOf(archive, part, { reader, heard: (share) => heard((at + share) / found.length) });
    }
  } finally {
    archive.close();
  }
}

async function* rowsOf(
  archive: Archive,
  name: string,
  { reader, heard }: { readonly reader: RowReader; readonly heard: Heard },
): AsyncGenerator<SheetRow> {
  const part = partOf(archive, name, MAX_SHEET);
  let bytes = 0;
  for await (const packet of readingXml(archive, part, reader)) {
    yield* reader.take();
    bytes += packet;
    heard(bytes / part.uncompressedSize);
  }
  yield* reader.take();
  if (!reader.isSheet) throw notOfKind(archive.kind);
}

function chosen(sheets: readonly NamedSheet[], { sheet: name, every = false }: SheetName): readonly NamedSheet[] {
  const shown = sheets.filter(({ hidden }) => !hidden);
  if (name === undefined) return every ? shown : shown.slice(0, 1);
  const found = sheets.filter((sheet) => sheet.name === name);
  if (found.length > 0) return found.slice(0, 1);
  const names = sheets.map((sheet) => sheet.name).join(', ');
  throw new DocumentProblem('no-such-sheet', `it has no sheet ${name}`, `It has: ${names}. Name one in "sheet" of the mapping.`);
}
