/** Why a file is not read as a report. */
export type DocumentCode =
  /** None of the kinds that are read, or damaged. */
  | 'not-a-document'
  /** Larger than a report is, or larger once it is unpacked. */
  | 'document-too-large'
  /** Holds what a report needs not: declarations of entities, macros, a password. */
  | 'unsafe-document'
  /** Holds no text, as a scanned PDF does. */
  | 'no-text';

export class DocumentProblem extends Error {
  override readonly name = 'DocumentProblem';
  constructor(
    readonly code: DocumentCode,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** Bytes of a file. A report with its pictures is far below. */
export const MAX_FILE = 32 * 1024 * 1024;
/** Bytes of text a file may unpack to, and characters that are kept of it. */
export const MAX_UNPACKED = 32 * 1024 * 1024;
export const MAX_TEXT = 4 * 1024 * 1024;

export function tooLarge(what: string): DocumentProblem {
  return new DocumentProblem('document-too-large', what, 'Give the report alone, or its text.');
}
