/** How a CSV is written, where its bytes do not tell. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'gb18030'] as const;
export type CsvEncoding = (typeof ENCODINGS)[number];

export interface CsvForm {
  readonly encoding?: CsvEncoding | undefined;
  readonly delimiter?: string | undefined;
}
