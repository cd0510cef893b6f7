/** What opens the sealed texts of events. */
import type { Opener } from '../../events/envelope.js';
import type { CaseKeys } from '../../sealing/case-keys.js';

/** Opens with the keys at hand. */
export function openerOf(keys: CaseKeys): Opener {
  return (place, { alg, ...sealed }, key) => (alg === 'A256GCM' ? (keys.find(key)?.open(place, { alg, ...sealed }) ?? null) : null);
}
