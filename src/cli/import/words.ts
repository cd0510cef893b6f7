/** What the thread of a large import and the thread that began it say to each other. */
import type { Failure } from '../render/failure.js';
import type { ImportProgress, ImportResult } from './record-files.js';

/** What the thread is begun with: the files, `-` being its own standard input. */
export interface Begun {
  readonly files: readonly string[];
}

/** How far it is, and in the end what came of it, or why nothing more did. */
export type Told = ImportProgress | { readonly done: ImportResult } | { readonly failed: Failure };
