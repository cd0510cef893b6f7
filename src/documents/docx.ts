/** A DOCX as text: of the archive the one part that holds it. */
import { openArchive, partOf, type ArchiveKind } from './archive.js';
import { Lines } from './lines.js';
import { MAX_UNPACKED } from './problem.js';
import { readXml } from './xml.js';

const DOCX: ArchiveKind = { name: 'DOCX', unsafe: [{ part: /(?:^|\/)vbaProject\.bin$/i, holds: 'macros' }] };
const TEXT_PART = 'word/document.xml';

/** Errors: `DocumentProblem`. */
export async function textOfDocx(bytes: Buffer): Promise<string> {
  const archive = await openArchive(bytes, DOCX);
  const reader = new WordReader();
  await readXml(archive, partOf(archive, TEXT_PART, MAX_UNPACKED), {
    open: (name) => reader.open(name),
    text: (text) => reader.text(text),
    close: (name) => reader.close(name),
  });
  return reader.lines.text();
}

/** Paragraphs as lines, rows of tables as lines with bars; what was deleted under review is no text. */
class WordReader {
  readonly lines = new Lines();
  #inText = false;
  #rows = 0;

  open(name: string): void {
    if (name === 'w:t') this.#inText = true;
    if (name === 'w:tab') this.lines.add(' ');
    if (name === 'w:br' && this.#rows === 0) this.lines.end();
    if (name === 'w:tr') this.#rows += 1;
  }

  text(text: string): void {
    if (this.#inText) this.lines.add(text);
  }

  close(name: string): void {
    if (name === 'w:t') this.#inText = false;
    if (name === 'w:tc') this.lines.add(' | ');
    if (name === 'w:tr') this.#rows = Math.max(0, this.#rows - 1);
    if ((name === 'w:p' || name === 'w:tr') && this.#rows === 0) this.lines.end();
  }
}
