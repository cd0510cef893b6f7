/**
 * HMAC-SHA256 (RFC 2104) and HKDF-SHA256 (RFC 5869) over one-shot hashes: a digest for every message, and Node's own objects for them cost an import more
 * in garbage than in hashing. Held against Node's in a test.
 */
import { hash } from 'node:crypto';

const BLOCK = 64;

export class Hmac {
  // From the pool, and digests as strings of bytes: a buffer of its own for each of these is what garbage collection takes longest over.
  readonly #inner = Buffer.allocUnsafe(BLOCK).fill(0x36);
  readonly #outer = Buffer.allocUnsafe(BLOCK + 32).fill(0x5c);

  /** `key` has at most 64 bytes. */
  constructor(key: Uint8Array) {
    for (const [at, byte] of key.entries()) {
      this.#inner[at] = 0x36 ^ byte;
      this.#outer[at] = 0x5c ^ byte;
    }
  }

  #ofInner(data: Uint8Array | string): Buffer {
    const length = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
    const block = Buffer.allocUnsafe(BLOCK + length);
    this.#inner.copy(block);
    if (typeof data === 'string') block.write(data, BLOCK, 'utf8');
    else block.set(data, BLOCK);
    this.#outer.write(hash('sha256', block, 'binary'), BLOCK, 'latin1');
    return this.#outer;
  }

  /** Of bytes, or of a text in UTF-8. */
  digest(data: Uint8Array | string): Buffer {
    return Buffer.from(hash('sha256', this.#ofInner(data), 'binary'), 'latin1');
  }

  hex(data: Uint8Array | string): string {
    return hash('sha256', this.#ofInner(data), 'hex');
  }
}

const NOTHING = Buffer.alloc(0);
const NO_SALT = Buffer.alloc(32);

/** `count` keys of 32 bytes out of one, without salt. */
export function hkdf(key: Uint8Array, info: string, count: number): Buffer[] {
  const expanding = new Hmac(new Hmac(NO_SALT).digest(key));
  const keys: Buffer[] = [];
  for (let at = 1; at <= count; at += 1)
    keys.push(expanding.digest(Buffer.concat([keys.at(-1) ?? NOTHING, Buffer.from(info), Buffer.from([at])])));
  return keys;
}
