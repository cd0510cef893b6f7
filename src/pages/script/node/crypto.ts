/**
 * What the ledger's sources ask of `node:crypto`, for a browser: the build puts this file in its place, so that a
 * browser checks by the very sources that the service and the verifier check by. It checks and signs nothing. The
 * libraries need no `crypto.subtle`, which a page has over TLS and on the loopback only, and which makes all wait.
 */
import { hashes, verify as verifyEd25519 } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { Buffer } from 'buffer';

hashes.sha512 = sha512;

/** The end of SubjectPublicKeyInfo of an Ed25519 key (RFC 8410, section 4). */
const KEY_BYTES = 32;

type Encoding = 'hex' | 'base64';

class Digest {
  readonly #state = sha256.create();

  update(data: string | Uint8Array): this {
    this.#state.update(typeof data === 'string' ? Buffer.from(data) : data);
    return this;
  }

  digest(): Buffer;
  digest(encoding: Encoding): string;
  digest(encoding?: Encoding): Buffer | string {
    const bytes = Buffer.from(this.#state.digest());
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }
}

export function createHash(algorithm: string): Digest {
  if (algorithm !== 'sha256') throw new Error(`no such algorithm here: ${algorithm}`);
  return new Digest();
}

export function hash(algorithm: string, data: string | Uint8Array, encoding: Encoding): string {
  return createHash(algorithm).update(data).digest(encoding);
}

interface PublicKey {
  readonly asymmetricKeyType: 'ed25519';
  /** As it was given: SubjectPublicKeyInfo in DER. */
  export(): Buffer;
}

/** Of an Ed25519 key as SubjectPublicKeyInfo in DER. */
export function createPublicKey({ key }: { readonly key: Buffer }): PublicKey {
  return { asymmetricKeyType: 'ed25519', export: () => key };
}

/** As OpenSSL has it: by RFC 8032, not by the wider rules of ZIP 215. */
export function verify(_algorithm: null, data: Uint8Array, key: PublicKey, signature: Uint8Array): boolean {
  try {
    return verifyEd25519(signature, data, key.export().subarray(-KEY_BYTES), { zip215: false });
  } catch {
    // A key or a signature that is no point of the curve signs nothing.
    return false;
  }
}

function signsNothing(): never {
  throw new Error('nothing is signed in a browser');
}

export { signsNothing as createPrivateKey, signsNothing as generateKeyPairSync, signsNothing as sign };
