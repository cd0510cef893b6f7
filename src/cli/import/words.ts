/** What the thread of a large import is begun with, and what comes of it. */
import type { ImportResult } from './record-files.js';
import type { MapOptions, RowsTold } from './record-rows.js';

export interface Begun {
  /** `-` is the thread's own standard input. */
  readonly files: readonly string[];
  /** The files are spreadsheets. */
  readonly mapped?: MapOptions;
}

/** What came of the messages, and of the rows that they were made of. */
export interface Done {
  readonly result: ImportResult;
  readonly rows?: RowsTold;
}
