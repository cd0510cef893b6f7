/** What the thread that commits to the embedded log and the thread that began it say to each other. */
import type { Committed, ToCommit } from '../sqlite-commits.js';

/** What the thread is begun with. */
export interface Begun {
  readonly file: string;
}

/** A group to commit; null = end. One group at a time: the next one goes behind the answer. */
export type ToThread = readonly ToCommit[] | null;

/** What became of each append of the group, in its order; or why SQLite stored none of them. */
export type FromThread = { readonly committed: readonly Committed[] } | { readonly message: string; readonly code: string };
