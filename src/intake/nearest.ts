/** The name that a misspelt one was meant for. */
import { closest, distance } from 'fastest-levenshtein';

/** Letters that may differ: one in three. */
const SHARE = 3;

/** null where none of them is near. */
export function nearest(name: string, names: readonly string[]): string | null {
  // Looking costs the product of the lengths, and no name is so long.
  if (names.length === 0 || name.length > 100) return null;
  const found = closest(name.toLowerCase(), names);
  return distance(name.toLowerCase(), found.toLowerCase()) <= Math.max(1, Math.ceil(found.length / SHARE)) ? found : null;
}
