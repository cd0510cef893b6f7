/**
 * Sealing: a text that only the holder of its key can read, and that reads back only in the place it was sealed for.
 * AES-256-GCM, named in the value.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, KeyObject, randomBytes } from 'node:crypto';

/** As stored in an event. Every part base64; `alg` says how, so that other algorithms can come beside. */
export interface Sealed {
  readonly alg: 'A256GCM';
  readonly iv: string;
  readonly tag: string;
  readonly text: string;
}

const TAG_BYTES = 16;

/** `place` (such as the stream) is authenticated with the text: a sealed value moved elsewhere does not open. */
export function seal(key: Buffer, place: string, text: string): Sealed {
  return sealWithIv(key, randomBytes(12), place, text);
}

/** As Node's ciphers take it: out of plain bytes each of them makes a key by a way ten times as long. */
export type CipherKey = Buffer | KeyObject;

const prepared = (key: CipherKey): KeyObject => (key instanceof KeyObject ? key : createSecretKey(key));

/** With an initial value of 12 bytes that this key never had before, unless for the same place and text. */
export function sealWithIv(key: CipherKey, iv: Buffer, place: string, text: string): Sealed {
  const cipher = createCipheriv('aes-256-gcm', prepared(key), iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place, 'utf8'));
  // A stream cipher: all of the text comes out at once, and nothing at the end.
  const sealed = cipher.update(text, 'utf8').toString('base64');
  cipher.final();
  return { alg: 'A256GCM', iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text: sealed };
}

/** The text, or null where key, place or bytes are not those it was sealed with. */
export function unseal(key: CipherKey, place: string, sealed: Sealed): string | null {
  try {
    if (sealed.alg !== 'A256GCM') return null;
    // The length is demanded: Node would take a tag shortened to four bytes, which can be guessed.
    const decipher = createDecipheriv('aes-256-gcm', prepared(key), Buffer.from(sealed.iv, 'base64'), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place, 'utf8'));
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(sealed.text, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

/** A keyed digest: equal texts can be recognised by whoever holds the key, and guessed by nobody else. */
export function keyedDigest(key: Buffer, text: string): Buffer {
  return createHmac('sha256', createSecretKey(key)).update(text, 'utf8').digest();
}
