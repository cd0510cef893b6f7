/**
 * HMAC-SHA256 (RFC 2104) and HKDF-SHA256 (RFC 5869) over one-shot hashes: a digest for every message, and Node's own
 * objects for them cost an import more in garbage than in hashing. Held against Node's in a test.
 */
import { hash } from 'node:crypto';

const BLOCK = 64;
/** Where short data are laid behind their key: hashing is synchronous, so one is enough. */
const SCRATCH = Buffer.allocUnsafe(8192);

export class Hmac {
  /** Bytes that one takes. */
  static readonly BYTES = 2 * BLOCK + 32;

  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /**
   * `key` has at most 64 bytes. `memory`, of `BYTES`, is where it lives: a piece of Node's pool unless it is given,
   * which is cheapest for one that is soon dropped (a buffer of its own is what garbage collection takes longest over),
   * and keeps 8 KiB alive for one that is not.
   */
  constructor(key: Uint8Array, memory = Buffer.allocUnsafe(Hmac.BYTES)) {
    this.#inner = memory.subarray(0, BLOCK).fill(0x36);
    this.#outer = memory.subarray(BLOCK, Hmac.BYTES).fill(0x5c);
    for (let at = 0; at < key.length; at += 1) {
      const byte = key[at] as number;
      this.#inner[at] = 0x36 ^ byte;
      this.#outer[at] = 0x5c ^ byte;
    }
  }

  #ofInner(data: Uint8Array | string): Buffer {
    const text = typeof data === 'string';
    // A UTF-16 unit takes at most three bytes: cheaper than measuring the text first. What is longer has a block of its
    // own.
    const most = BLOCK + (text ? data.length * 3 : data.length);
    const block = most <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(most);
    block.set(this.#inner);
    const length = text ? block.write(data, BLOCK, 'utf8') : (block.set(data, BLOCK), data.length);
    this.#outer.write(hash('sha256', block.subarray(0, BLOCK + length), 'binary'), BLOCK, 'latin1');
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

const EXTRACTING = new Hmac(Buffer.alloc(32));

/** `count` keys of 32 bytes out of one, without salt. `info` is ASCII. */
export function hkdf(key: Uint8Array, info: string, count: number): Buffer[] {
  const expanding = new Hmac(EXTRACTING.digest(key));
  const keys: Buffer[] = [];
  // Previous key, info, counter, in latin1: a byte a character.
  let before = '';
  for (let at = 1; at <= count; at += 1) {
    const next = expanding.digest(Buffer.from(before + info + String.fromCharCode(at), 'latin1'));
    before = next.toString('latin1');
    keys.push(next);
  }
  return keys;
}
