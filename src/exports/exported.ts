/** What can be written into a file, and in which formats. */

export const FORMATS = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
} as const;

export type Format = keyof typeof FORMATS;

/** Every kind with its formats, in the order in which they are told. */
export const EXPORTS = {
  table: ['xlsx', 'docx', 'csv', 'html', 'pdf'],
  report: ['docx', 'html', 'pdf'],
  catalogue: ['xlsx', 'csv'],
  register: ['xlsx', 'csv'],
  cases: ['xlsx', 'csv'],
  trail: ['xlsx', 'csv'],
} as const satisfies Readonly<Record<string, readonly Format[]>>;

export type ExportKind = keyof typeof EXPORTS;

export function isExportKind(text: string): text is ExportKind {
  return Object.hasOwn(EXPORTS, text);
}

export function isFormat(text: string): text is Format {
  return Object.hasOwn(FORMATS, text);
}

/** A file on its way: its bytes come once. */
export interface ExportedFile {
  /** Such as `370828-commerce-2017-table.xlsx`: letters of ASCII, digits, `-`, `.` and what a case number may hold. */
  readonly name: string;
  readonly mediaType: string;
  /** The last event of the ledger in it; null before the first. */
  readonly index: number | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}
