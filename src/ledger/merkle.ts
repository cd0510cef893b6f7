/**
 * The Merkle tree of RFC 6962, section 2.1, over SHA-256: hashes, roots, proofs that an entry is in it and that it only
 * grew, and their verification. Pure.
 *
 * A *complete subtree* is named by its level and its index: level 0 are the leaves, and (level, index) covers the
 * 2^level leaves from index × 2^level on. The tree of any size is made of complete subtrees, and these never change as
 * it grows. Sizes and indexes are whole numbers below 2^53: no operators of 32 bits.
 */
import { hash } from 'node:crypto';

export const HASH_BYTES = 32;

/** The root of no leaves: the hash of nothing. */
export const EMPTY_ROOT: Buffer = Buffer.from(hash('sha256', '', 'hex'), 'hex');

/** The hash of a complete subtree; asked only for those that the tree holds. Throws where it is missing. */
export type HashReader = (level: number, index: number) => Buffer;

/** The leaf of an entry: SHA-256 of 0x00 and the entry. Text counts as UTF-8. */
export function leafHash(entry: string | Uint8Array): Buffer {
  return Buffer.from(leafHashHex(entry), 'hex');
}

/** The same in lower-case hexadecimal, which is how Node gives it soonest. */
export function leafHashHex(entry: string | Uint8Array): string {
  return typeof entry === 'string' ? hash('sha256', `\0${entry}`, 'hex') : hash('sha256', Buffer.concat([LEAF_PREFIX, entry]), 'hex');
}

const LEAF_PREFIX = Buffer.from([0]);
/** 0x01, left, right. Filled anew for every hash. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** The node above two: SHA-256 of 0x01, left and right. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) throw new RangeError('a hash has 32 bytes');
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return Buffer.from(hash('sha256', node, 'hex'), 'hex');
}

/** The tree as it grows: the roots of its complete subtrees from the largest on, at most one of each size. */
export class Frontier {
  readonly #subtrees: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    let top = leaf;
    for (let left = this.#size; left % 2 === 1; left = (left - 1) / 2) top = nodeHash(this.#subtrees.pop() as Buffer, top);
    this.#subtrees.push(top);
    this.#size += 1;
  }

  root(): Buffer {
    if (this.#size === 0) return EMPTY_ROOT;
    return this.#subtrees.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The root of the first `size` leaves. */
export function rootOf(size: number, read: HashReader): Buffer {
  checkSize(size);
  return size === 0 ? EMPTY_ROOT : rangeHash(0, size, read);
}

/**
 * PATH(index, D[0:size]), section 2.1.1: the hashes beside the way from the leaf to the root, from below. Throws unless
 * index < size.
 */
export function inclusionProof(index: number, size: number, read: HashReader): Buffer[] {
  checkSize(size);
  checkSize(index);
  if (index >= size) throw new RangeError(`leaf ${index} is not among ${size}`);
  const path: Buffer[] = [];
  for (let [start, end] = [0, size]; end - start > 1;) {
    const middle = start + powerBelow(end - start);
    if (index < middle) {
      path.push(rangeHash(middle, end, read));
      end = middle;
    } else {
      path.push(rangeHash(start, middle, read));
      start = middle;
    }
  }
  return path.reverse();
}

/**
 * PROOF(from, D[0:to]), section 2.1.2: what leads from the smaller root to the larger one, from below. Empty where both
 * are one, and from the tree without leaves, which every tree continues. Throws unless from ≤ to.
 */
export function consistencyProof(from: number, to: number, read: HashReader): Buffer[] {
  checkSize(from);
  checkSize(to);
  if (from > to) throw new RangeError(`a tree of ${from} leaves does not grow to ${to}`);
  if (from === 0) return [];
  const path: Buffer[] = [];
  let [start, end] = [0, to];
  // Down to the part that ends where the smaller tree ends.
  while (from < end) {
    const middle = start + powerBelow(end - start);
    if (from <= middle) {
      path.push(rangeHash(middle, end, read));
      end = middle;
    } else {
      path.push(rangeHash(start, middle, read));
      start = middle;
    }
  }
  // Whoever verifies knows this part where it is the whole smaller tree.
  if (start > 0) path.push(rangeHash(start, end, read));
  return path.reverse();
}

/**
 * Whether `leaf` stands at `index` in the tree of `size` leaves with this root (RFC 9162, section 2.1.3.2). False for
 * anything malformed.
 */
export function verifyInclusion(leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[], root: Uint8Array): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [place, last] = [index, size - 1];
  let found: Uint8Array = leaf;
  for (const beside of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      found = nodeHash(beside, found);
      // At the right edge the levels without a sibling are passed over.
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, half(last)];
    } else {
      found = nodeHash(found, beside);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && equal(found, root);
}

/**
 * Whether the tree of `to` leaves continues the one of `from` leaves (RFC 9162, section 2.1.4.2). False for anything
 * malformed.
 */
export function verifyConsistency(
  from: number,
  to: number,
  fromRoot: Uint8Array,
  toRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(from) || !isSize(to) || from > to || !areHashes([fromRoot, toRoot, ...proof])) return false;
  if (from === to || from === 0) {
    const same = from === to ? equal(fromRoot, toRoot) : equal(fromRoot, EMPTY_ROOT);
    return same && proof.length === 0 && (to > 0 || equal(toRoot, EMPTY_ROOT));
  }
  let [place, last] = [from - 1, to - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  // A smaller tree that is one complete subtree begins the way itself.
  const [first, ...rest] = place === 0 ? [fromRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [older, newer] = [first, first];
  for (const beside of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      older = nodeHash(beside, older);
      newer = nodeHash(beside, newer);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, half(last)];
    } else {
      newer = nodeHash(newer, beside);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && equal(older, fromRoot) && equal(newer, toRoot);
}

/**
 * MTH(D[start:end]); `start` is a multiple of the largest power of two that the range holds, as in every range of the
 * tree.
 */
function rangeHash(start: number, end: number, read: HashReader): Buffer {
  const length = end - start;
  const below = length === 1 ? 1 : powerBelow(length);
  // One complete subtree: half of it is the largest power below it.
  if (length === 1 || below * 2 === length) return read(Math.log2(length), start / length);
  return nodeHash(rangeHash(start, start + below, read), rangeHash(start + below, end, read));
}

/** The largest power of two smaller than `length`, which is at least 2. */
function powerBelow(length: number): number {
  let power = 1;
  while (power * 2 < length) power *= 2;
  return power;
}

const half = (value: number): number => Math.floor(value / 2);

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function checkSize(value: number): void {
  if (!isSize(value)) throw new RangeError(`not a number of leaves: ${value}`);
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every(({ length }) => length === HASH_BYTES);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
