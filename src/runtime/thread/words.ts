/** What the thread of the read models and the thread that began it say to each other. */
import type { Config } from '../../config/config.js';
import type { Erased } from '../../read-models/accesses/accesses.js';
import type { RunnerStatus } from '../../read-models/follower.js';

/** What it is begun with. */
export interface Begun {
  readonly config: Config;
}

/** How far it is, said behind each commit and whenever anything of it changes. */
export interface State {
  readonly kind: 'state';
  readonly status: RunnerStatus;
  /** As the runner's `reachedPosition`. */
  readonly reachedPosition: string | null;
  /** Why the read store can be trusted no more. */
  readonly damage: string | null;
  /** Applied since the last state. */
  readonly erased: readonly Erased[];
}

/** `notice`: a line for an operator. */
export type FromThread = State | { readonly kind: 'notice'; readonly line: string };

/** `look`: the log may hold more. `damage`: somebody found that the read store is not whole. `stop`: end. */
export type ToThread = { readonly kind: 'look' | 'stop' } | { readonly kind: 'damage'; readonly damage: string };
