/**
 * The formats of C2SP once more, written from their specifications and for clearness only: what the ledger writes is
 * read by this, and the other way round. Nothing here is shared with src/.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

const EM_DASH = '\u2014';

export interface Vkey {
  readonly name: string;
  readonly keyId: Buffer;
  readonly type: number;
  readonly raw: Buffer;
}

/** SHA-256(key name || 0x0A || signature type || public key)[:4] */
export function keyId(name: string, type: number, raw: Buffer): Buffer {
  return createHash('sha256')
    .update(name)
    .update(Buffer.from([0x0a, type]))
    .update(raw)
    .digest()
    .subarray(0, 4);
}

export function readVkey(vkey: string): Vkey {
  const parts = vkey.split('+');
  const name = parts[0] as string;
  // The base64 may hold plus signs of its own.
  const material = Buffer.from(parts.slice(2).join('+'), 'base64');
  const key = { name, keyId: Buffer.from(parts[1] as string, 'hex'), type: material[0] as number, raw: material.subarray(1) };
  if (!keyId(name, key.type, key.raw).equals(key.keyId)) throw new Error('the id is not that of the key');
  return key;
}

function publicKey(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]), format: 'der', type: 'spki' });
}

/** The lines under the text: which of them verify under the key. */
export function verifies(note: string, key: Vkey): boolean {
  const end = note.lastIndexOf('\n\n') + 1;
  const text = note.slice(0, end);
  for (const line of note.slice(end + 1).split('\n')) {
    const prefix = `${EM_DASH} ${key.name} `;
    if (!line.startsWith(prefix)) continue;
    const blob = Buffer.from(line.slice(prefix.length), 'base64');
    if (!blob.subarray(0, 4).equals(key.keyId)) continue;
    if (key.type === 0x01) return verify(null, Buffer.from(text, 'utf8'), publicKey(key.raw), blob.subarray(4));
    if (key.type === 0x04) {
      const message = `cosignature/v1\ntime ${blob.readBigUInt64BE(4)}\n${text}`;
      return verify(null, Buffer.from(message, 'utf8'), publicKey(key.raw), blob.subarray(12));
    }
  }
  return false;
}

/** A signature line of type 0x01 by a seed. */
export function signedLine(text: string, name: string, seed: Buffer): { readonly line: string; readonly vkey: string } {
  const secret = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  const id = keyId(name, 1, raw);
  const blob = Buffer.concat([id, sign(null, Buffer.from(text, 'utf8'), secret)]);
  return {
    line: `${EM_DASH} ${name} ${blob.toString('base64')}\n`,
    vkey: `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.from([1]), raw]).toString('base64')}`,
  };
}

/** MTH of RFC 6962 over leaf hashes. */
export function mth(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k << 1 < leaves.length) k <<= 1;
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(mth(leaves.slice(0, k)))
    .update(mth(leaves.slice(k)))
    .digest();
}

/** The root that a leaf and its audit path lead to, by the recursion of RFC 6962, section 2.1.1, read backwards. */
export function rootBy(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer {
  if (size === 1) {
    if (path.length > 0) throw new Error('the path is too long');
    return leaf;
  }
  let k = 1;
  while (k << 1 < size) k <<= 1;
  const rest = path.slice(0, -1);
  const last = path.at(-1);
  if (last === undefined) throw new Error('the path is too short');
  const [left, right] = index < k ? [rootBy(leaf, index, k, rest), last] : [last, rootBy(leaf, index - k, size - k, rest)];
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest();
}

/**
 * Tile (level, n) of a tree of these leaves: MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]) for each i
 * that the tree holds whole.
 */
export function tileOf(leaves: readonly Buffer[], level: number, n: number): Buffer {
  const span = 256 ** level;
  const hashes: Buffer[] = [];
  for (let i = 0; i < 256; i += 1) {
    const from = (n * 256 + i) * span;
    if (from + span > leaves.length) break;
    hashes.push(mth(leaves.slice(from, from + span)));
  }
  return Buffer.concat(hashes);
}
