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

/**
 * The rows that hold something. `sheet`: its name; without one the first that is shown. Errors: `DocumentProblem`, also
 * after rows were given.
 */
export async function* rowsOfXlsx(file: string, sheet: string | undefined, heard: Heard): AsyncGenerator<SheetRow> {
  const archive = await openArchive(file, XLSX);
  try {
    const book = await sheetsOf(archive);
    const found = chosen(book.sheets, sheet);
    if (!found.part.startsWith('xl/')) throw unsafe(archive.kind, 'its sheet stands in another file');
    const reader = new RowReader(await sharedStrings(archive), await stylesOf(archive), book.days);
    yield* rowsOf(archive, found.part, { reader, heard });
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

function chosen(sheets: readonly NamedSheet[], name: string | undefined): NamedSheet {
  const found = name === undefined ? (sheets.find(({ hidden }) => !hidden) ?? sheets[0]) : sheets.find((sheet) => sheet.name === name);
  if (found !== undefined) return found;
  const names = sheets.map((sheet) => sheet.name).join(', ');
  throw new DocumentProblem('no-such-sheet', `it has no sheet ${name ?? ''}`, `It has: ${names}. Name one in "sheet" of the mapping.`);
}
