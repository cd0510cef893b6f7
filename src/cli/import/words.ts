/** What the thread of a large import and the thread that began it say to each other. */
import type { Failure } from '../render/failure.js';
import type { ImportProgress, ImportResult } from './record-files.js';
import type { MapOptions, RowsTold } from './record-rows.js';

/** What the thread is begun with: the files, `-` being its own standard input. */
export interface Begun {
  readonly files: readonly string[];
  /** The files are spreadsheets. */
  readonly mapped?: MapOptions;
}

/** What came of the messages, and of the rows that they were made of. */
export interface Done {
  readonly result: ImportResult;
  readonly rows?: RowsTold;
}

/** How far it is, and in the end what came of it, or why nothing more did. */
export type Told = ImportProgress | { readonly done: Done } | { readonly failed: Failure };
