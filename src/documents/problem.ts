/** Why a file is not read as a report, or a spreadsheet. */
export type DocumentCode =
  /** None of the kinds that are read, or damaged. */
  | 'not-a-document'
  /** Larger than a report is, or larger once it is unpacked. */
  | 'document-too-large'
  /** Holds what a report needs not: declarations of entities, macros, a password. */
  | 'unsafe-document'
  /** Holds no text, as a scanned PDF does. */
  | 'no-text'
  /** Has no sheet of the name that is asked for. */
  | 'no-such-sheet'
  /** Has no row with the heads that are asked for. */
  | 'no-such-head';

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

const REPORT_ALONE = 'Give the report alone, or its text.';

export function tooLarge(what: string, hint = REPORT_ALONE): DocumentProblem {
  return new DocumentProblem('document-too-large', what, hint);
}
