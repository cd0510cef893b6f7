/**
 * What does not stand in the log and yet decides figures or what they are called: the verifier knows it by its digest,
 * so a pack cannot bring its own. Packs of older versions stay verifiable: digests are only added. Those of forms and
 * rules stand in known-digests.ts: form `2019` has had `2.9.1:amount` with up to six decimals since its second; the
 * rules have had blank-opening, pending-lost, stock-below-flow and items-below-zero.
 */
import { KNOWN_RULES } from './known-digests.js';

/** `calendars.json` by the version it names. */
export const KNOWN_CALENDARS: Readonly<Record<string, string>> = {
  'china-2008-2026/1': 'sha256:9b616c0304a6041a60badfb2dd33ca0895614f960c9368af85b38717dea49e48',
};

export function isKnownPolicy(policy: string): boolean {
  return Object.hasOwn(KNOWN_RULES, policy);
}
