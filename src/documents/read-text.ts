/** What the reader of one kind of document finds, and whether that is a text at all. */
import { DocumentProblem } from './problem.js';
import type { Rows } from './table-rows.js';

export interface ReadText {
  /** Paragraphs are lines; rows of tables lines with `|`. */
  readonly text: string;
  /** Of all its tables in their order; of plain text and PDF its lines, cut into cells where they show any. */
  readonly rows: Rows;
  /** Pages with pictures, as far as the document knows its pages; 1 of one that knows none. */
  readonly pictured: number;
}

/** Chinese characters of a page with a picture, below which they are its title, its number or the mark of a scanner. */
const CAPTION = 40;

/** Errors: `no-text` of a scan, and of a document that shows its report as pictures. */
export function checkText({ text, pictured }: ReadText, kind: string): void {
  if (!/\p{L}/u.test(text)) throw new DocumentProblem('no-text', `the ${kind} holds no text: it may be a scan`, MAKE_TEXT);
  const characters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  if (characters < CAPTION * pictured)
    throw new DocumentProblem('no-text', `the ${kind} shows pictures and ${characters} characters of text: it may be a scan`, MAKE_TEXT);
}

const MAKE_TEXT = 'Give the DOCX it was made from, or recognise its text (OCR), compare it with the pages and give that.';
