/** Who may keep an answer, and for how long. */
import { FOR_EVER } from '../wire/for-ever.js';
import type { Asker } from '../access/caller.js';
import { keptBy } from '../access/caller.js';
import { saidOn } from '../description/said-headers.js';

export const CACHE_CONTROL = saidOn('Cache-Control', 'who may keep the answer, and for how long');

/** For `Cache-Control`: kept, and asked about each time. */
export function checkedEachTime(asker: Asker): string {
  const who = keptBy(asker);
  return who === undefined ? 'no-cache' : `${who}, no-cache`;
}

/** For `Cache-Control`: kept and never asked about again. */
export function keptForEver(asker: Asker): string {
  return `${keptBy(asker) ?? 'public'}, ${FOR_EVER}`;
}
