/** A DOCX as text and rows of tables: of the archive the one part that holds them. */
import { openArchive, partOf, type ArchiveKind } from './archive.js';
import { Lines } from './lines.js';
import { MAX_UNPACKED } from './problem.js';
import type { ReadText } from './read-text.js';
import { TableRows } from './table-rows.js';
import { readXml } from './xml.js';

const DOCX: ArchiveKind = { name: 'DOCX', unsafe: [{ part: /(?:^|\/)vbaProject\.bin$/i, holds: 'macros' }] };
const TEXT_PART = 'word/document.xml';

/** Errors: `DocumentProblem`. */
export async function textOfDocx(bytes: Buffer): Promise<ReadText> {
  const archive = await openArchive(bytes, DOCX);
  const reader = new WordReader();
  await readXml(archive, partOf(archive, TEXT_PART, MAX_UNPACKED), {
    open: (name, attributes) => reader.open(name, attributes),
    text: (text) => reader.text(text),
    close: (name) => reader.close(name),
  });
  return { text: reader.lines.text(), rows: reader.tables.rows(), pictured: reader.hasPictures ? 1 : 0 };
}

/** Paragraphs as lines, rows of tables as lines with bars; what was deleted under review is no text. */
class WordReader {
  readonly lines = new Lines();
  readonly tables = new TableRows();
  hasPictures = false;
  #inText = false;
  #rows = 0;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'w:drawing' || name === 'w:pict') this.hasPictures = true;
    if (name === 'w:tc') this.tables.openCell();
    if (name === 'w:gridSpan') this.tables.widen(Number(attributes['w:val']));
    if (name === 'w:t') this.#inText = true;
    if (name === 'w:tab') this.lines.add(' ');
    if (name === 'w:br' && this.#rows === 0) this.lines.end();
    if (name === 'w:tr') {
      this.#rows += 1;
      this.tables.openRow();
    }
  }

  text(text: string): void {
    if (!this.#inText) return;
    this.lines.add(text);
    this.tables.text(text);
  }

  close(name: string): void {
    if (name === 'w:t') this.#inText = false;
    if (name === 'w:tc') this.lines.add(' | ');
    if (name === 'w:tr') {
      this.#rows = Math.max(0, this.#rows - 1);
      this.tables.closeRow();
    }
    if ((name === 'w:p' || name === 'w:tr') && this.#rows === 0) this.lines.end();
  }
}
