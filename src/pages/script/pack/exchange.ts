/** What a page and the worker that verifies a pack say to each other. */
import type { Verification } from '../../../verifier/verify-pack.js';

/** Asked once; the worker is ended behind its answer. */
export interface PackQuestion {
  readonly file: File;
  /** Keys of the ledger and of witnesses, as they were typed, one a line. */
  readonly keys: string;
  readonly witnesses: string;
  /** Empty for none. */
  readonly previousCheckpoint: string;
}

export type PackAnswer =
  | { readonly kind: 'read'; readonly bytes: number }
  | { readonly kind: 'found'; readonly found: Verification }
  /** Nothing was verified: a key is none, or the file cannot be read. */
  | { readonly kind: 'refused'; readonly why: string };
