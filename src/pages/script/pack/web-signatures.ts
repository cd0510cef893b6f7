/** Signatures by WebCrypto; where a browser has none, or no Ed25519, by the library that stands in for Node's. */
import { isTrue, type Claim } from '../../../ledger/signed-note.js';

const ED25519 = 'Ed25519';

/** Whether a claim is true. */
export async function holdsHere(claim: Claim): Promise<boolean> {
  // A page without TLS, but on the loopback, has no `subtle`.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  const key = subtle === undefined ? null : await keyOf(subtle, claim);
  if (key === null) return isTrue(claim);
  return subtle.verify(ED25519, key, Uint8Array.from(claim.signature), Uint8Array.from(claim.signed));
}

/** null where this browser knows no such keys. */
async function keyOf(subtle: SubtleCrypto, { key }: Claim): Promise<CryptoKey | null> {
  const bytes = Uint8Array.from(key.publicKey.export({ format: 'der', type: 'spki' }));
  try {
    return await subtle.importKey('spki', bytes, ED25519, false, ['verify']);
  } catch {
    return null;
  }
}
