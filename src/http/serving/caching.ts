/** Who may keep an answer, and for how long. */
import type { Asker } from '../access/caller.js';
import { keptBy } from '../access/caller.js';

/** Under this address it never changes: a year is the longest that RFC 9111's caches are asked to keep anything. */
const FOR_EVER = 'max-age=31536000, immutable';

/** For `Cache-Control`: kept, and asked about each time. */
export function checkedEachTime(asker: Asker): string {
  const who = keptBy(asker);
  return who === undefined ? 'no-cache' : `${who}, no-cache`;
}

/** For `Cache-Control`: kept and never asked about again. */
export function keptForEver(asker: Asker): string {
  return `${keptBy(asker) ?? 'public'}, ${FOR_EVER}`;
}
