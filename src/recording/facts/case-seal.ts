/** Which key an act of a case is sealed and digested under, and how a repeat of a message is told by it. */
import type { Command } from '../../domain/acts.js';
import { isSealedKind } from '../../events/sealed-fields.js';
import { sha256 } from '../../encoding/canonical-json.js';
import { StoreUnavailable } from '../../log/event-log.js';
import type { CaseKey, CaseKeys } from '../../sealing/case-keys.js';
import type { LoadedCase } from './case-store.js';

/**
 * The key that the log names, or a new one for a case without; null for kinds without keys. What is still said of an
 * erased case nobody can read, and nobody could erase: it has a key that is kept nowhere. Errors: `StoreUnavailable`
 * where the key store lacks a key that the log names.
 */
export function keyFor(keys: CaseKeys, command: Command, { stream, state, sealKey }: LoadedCase): CaseKey | null | Promise<CaseKey> {
  if (!isSealedKind(command.subject.kind)) return null;
  if (state.erased !== null) return keys.throwaway();
  if (sealKey === null) return command.type === 'record.erased' ? keys.throwaway() : (keys.assignAtHand(stream) ?? keys.assign(stream));
  const key = keys.find(sealKey);
  if (key === null) throw missingKey(stream);
  return key;
}

/** The digest that is kept of a message: keyed wherever its content may be personal. */
export function digestUnder(key: CaseKey | null, content: string): string {
  return key === null ? sha256(content) : key.digest(content);
}

/**
 * Whether a recorded message of this case with this digest says the same. Of an erased case nobody can tell any more,
 * and every repeat is one. null without the key: the case may have been erased since it was folded.
 */
export function hasContent(keys: CaseKeys, content: string, { state, sealKey }: LoadedCase, digest: string): boolean | null {
  if (state.erased !== null) return true;
  if (!digest.startsWith('hmac-')) return digest === sha256(content);
  const key = sealKey === null ? null : keys.find(sealKey);
  return key === null ? null : key.digest(content) === digest;
}

export function missingKey(stream: string): StoreUnavailable {
  return new StoreUnavailable(
    `the key store lacks the key of ${stream}: restore keys.db from its backup, or share it with the replicas (DISCLOSURE_KEYS)`,
  );
}
