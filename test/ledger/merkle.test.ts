/** RFC 6962: known vectors, every proof of every small tree, and no proof that was tampered with. */
import { createHash } from 'node:crypto';
import {
  consistencyProof,
  EMPTY_ROOT,
  Frontier,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type HashReader,
} from '../../src/ledger/merkle.js';

/**
 * The eight entries and the roots of the trees of the first 1 to 8 of them, as the implementations of Certificate
 * Transparency test them.
 */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const hex = (hashes: readonly Uint8Array[]): string[] => hashes.map((bytes) => Buffer.from(bytes).toString('hex'));
const bytes = (hashes: readonly string[]): Buffer[] => hashes.map((text) => Buffer.from(text, 'hex'));

const sha = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** MTH of section 2.1, as it is written there. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Buffer.from([1]), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** Complete subtrees straight from the leaves; insists that only those of the first `size` leaves are asked for. */
function readerOf(leaves: readonly Buffer[], size = leaves.length): HashReader {
  return (level, index) => {
    const [from, to] = [index * 2 ** level, (index + 1) * 2 ** level];
    if (!Number.isInteger(level) || !Number.isInteger(index) || to > size) throw new Error(`asked for (${level}, ${index}) of ${size}`);
    return naiveRoot(leaves.slice(from, to));
  };
}

const LEAVES = Array.from({ length: 65 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
const TREE_ROOTS = Array.from({ length: 66 }, (_, size) => naiveRoot(LEAVES.slice(0, size)));
const root = (size: number): Buffer => TREE_ROOTS[size] as Buffer;

/**
 * Everything that is nearly the proof: a bit of each byte, a hash too few, too many, twice, in other order, too short,
 * too long.
 */
function* tampered(proof: readonly Buffer[]): Generator<Buffer[]> {
  for (let at = 0; at < proof.length; at += 1) {
    const one = proof[at] as Buffer;
    const changed = (by: Buffer): Buffer[] => proof.map((hash, other) => (other === at ? by : hash));
    for (let byte = 0; byte < one.length; byte += 1) {
      const flipped = Buffer.from(one);
      flipped[byte] = (flipped[byte] as number) ^ (1 << (byte % 8));
      yield changed(flipped);
    }
    yield changed(one.subarray(1));
    yield changed(one.subarray(0, 31));
    yield changed(Buffer.concat([one, Buffer.alloc(1)]));
    yield [...proof.slice(0, at), ...proof.slice(at + 1)];
    yield [...proof.slice(0, at + 1), one, ...proof.slice(at + 1)];
    if (at > 0) yield [...proof.slice(0, at - 1), one, proof[at - 1] as Buffer, ...proof.slice(at + 1)];
  }
  yield [...proof, Buffer.alloc(32)];
  yield [Buffer.alloc(32), ...proof];
}

describe('known vectors', () => {
  test('the tree without leaves, leaves and nodes', () => {
    expect(hex([EMPTY_ROOT])).toEqual(['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']);
    expect(hex([leafHash('')])).toEqual(['6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d']);
    expect(hex([leafHash('L123456')])).toEqual(['395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56']);
    expect(hex([nodeHash(sha(Buffer.from('a')), sha(Buffer.from('b')))])).toEqual(
      hex([sha(Buffer.from([1]), sha(Buffer.from('a')), sha(Buffer.from('b')))]),
    );
  });

  test('roots of 1 to 8 entries match', () => {
    // Roots of the first 1 to 8 of the eight entries.
    const frontier = new Frontier();
    const leaves = ENTRIES.map((entry) => leafHash(entry));
    expect(frontier.root()).toEqual(EMPTY_ROOT);
    leaves.forEach((leaf, index) => {
      frontier.append(leaf);
      expect(frontier.size).toBe(index + 1);
      expect(hex([frontier.root()])).toEqual([ROOTS[index]]);
      expect(hex([rootOf(index + 1, readerOf(leaves, index + 1))])).toEqual([ROOTS[index]]);
    });
  });

  const leaves = ENTRIES.map((entry) => leafHash(entry));

  test.each<[number, number, string[]]>([
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('leaf %i in the tree of %i', (index, size, proof) => {
    expect(hex(inclusionProof(index, size, readerOf(leaves, size)))).toEqual(proof);
    expect(verifyInclusion(leaves[index] as Buffer, index, size, bytes(proof), Buffer.from(ROOTS[size - 1] as string, 'hex'))).toBe(true);
  });

  test.each<[number, number, string[]]>([
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('tree of %i to tree of %i', (from, to, proof) => {
    // From the tree of … to that of ….
    expect(hex(consistencyProof(from, to, readerOf(leaves, to)))).toEqual(proof);
    const [older, newer] = [ROOTS[from - 1], ROOTS[to - 1]].map((text) => Buffer.from(text as string, 'hex')) as [Buffer, Buffer];
    expect(verifyConsistency(from, to, older, newer, bytes(proof))).toBe(true);
  });

  test('section 2.1.3: proofs of the tree of seven', () => {
    // The example of section 2.1.3: the proofs of the tree of seven, by the names of its nodes.
    const d = LEAVES.slice(0, 7);
    const [a, b, c, dd, e, f, j] = d as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
    const [g, h, i] = [nodeHash(a, b), nodeHash(c, dd), nodeHash(e, f)];
    const [k, l] = [nodeHash(g, h), nodeHash(i, j)];
    const read = readerOf(d);
    expect(inclusionProof(0, 7, read)).toEqual([b, h, l]);
    expect(inclusionProof(3, 7, read)).toEqual([c, g, l]);
    expect(inclusionProof(4, 7, read)).toEqual([f, j, k]);
    expect(inclusionProof(6, 7, read)).toEqual([i, k]);
    expect(consistencyProof(3, 7, read)).toEqual([c, dd, g, l]);
    expect(consistencyProof(4, 7, read)).toEqual([l]);
    expect(consistencyProof(6, 7, read)).toEqual([i, j, k]);
  });
});

describe('every tree of up to 64 leaves', () => {
  test('the frontier has the root of the definition', () => {
    const frontier = new Frontier();
    for (let size = 1; size <= 64; size += 1) {
      frontier.append(LEAVES[size - 1] as Buffer);
      expect(frontier.root().equals(root(size))).toBe(true);
      expect(rootOf(size, readerOf(LEAVES, size)).equals(root(size))).toBe(true);
    }
  });

  test('each leaf is proved in place, nowhere else', () => {
    // Each leaf is proved in each tree, and nowhere else.
    for (let size = 1; size <= 64; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(index, size, readerOf(LEAVES, size));
        const leaf = LEAVES[index] as Buffer;
        if (!verifyInclusion(leaf, index, size, proof, root(size))) throw new Error(`leaf ${index} of ${size}`);
        const wrong = [
          verifyInclusion(LEAVES[index + 1] as Buffer, index, size, proof, root(size)),
          verifyInclusion(leaf, index, size, proof, root(size + 1)),
          ...Array.from({ length: size + 1 }, (_, other) => other !== index && verifyInclusion(leaf, other, size, proof, root(size))),
        ];
        if (wrong.includes(true)) throw new Error(`leaf ${index} of ${size} was proved where it is not`);
      }
    }
  });

  test('each tree continues its smaller ones, no other', () => {
    // Each tree continues each smaller one, and no other.
    for (let to = 1; to <= 64; to += 1) {
      for (let from = 0; from <= to; from += 1) {
        const proof = consistencyProof(from, to, readerOf(LEAVES, to));
        if (!verifyConsistency(from, to, root(from), root(to), proof)) throw new Error(`${from} to ${to}`);
        const wrong = [
          from > 0 && from < to && verifyConsistency(from, to, root(from), root(from), proof),
          from > 0 && verifyConsistency(from, to, root(from), root(to + 1), proof),
          verifyConsistency(from, to, root(from + 1), root(to), proof),
          from > 1 && verifyConsistency(from - 1, to, root(from), root(to), proof),
          from < to && verifyConsistency(from + 1, to, root(from), root(to), proof),
        ];
        if (wrong.includes(true)) throw new Error(`${from} to ${to} was proved where it is not`);
      }
    }
  });
});

describe('tampered proofs are refused', () => {
  const SIZES = [1, 2, 3, 4, 5, 7, 8, 13, 31, 32, 33, 64];

  test('of inclusion', () => {
    for (const size of SIZES) {
      for (let index = 0; index < size; index += 1) {
        for (const wrong of tampered(inclusionProof(index, size, readerOf(LEAVES, size)))) {
          if (verifyInclusion(LEAVES[index] as Buffer, index, size, wrong, root(size))) throw new Error(`leaf ${index} of ${size}`);
        }
      }
    }
  });

  test('of consistency', () => {
    for (const to of SIZES) {
      for (let from = 0; from <= to; from += 1) {
        for (const wrong of tampered(consistencyProof(from, to, readerOf(LEAVES, to)))) {
          if (verifyConsistency(from, to, root(from), root(to), wrong)) throw new Error(`${from} to ${to}`);
        }
      }
    }
  });

  test('every tree continues the empty one', () => {
    // The empty tree is continued by every tree, but only the empty tree.
    expect(verifyConsistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])).toBe(true);
    expect(verifyConsistency(0, 5, EMPTY_ROOT, root(5), [])).toBe(true);
    expect(verifyConsistency(0, 5, root(5), root(5), [])).toBe(false);
    expect(verifyConsistency(0, 0, root(1), root(1), [])).toBe(false);
    expect(verifyConsistency(0, 5, EMPTY_ROOT, root(5), [root(1)])).toBe(false);
  });

  test.each([[-1], [0.5], [NaN], [2 ** 53], [Infinity]])('%p is no size or index', (value) => {
    // A size or index of … is no number of leaves.
    expect(verifyInclusion(root(1), value, 5, [], root(5))).toBe(false);
    expect(verifyInclusion(root(1), 0, value, [], root(1))).toBe(false);
    expect(verifyConsistency(value, 5, root(1), root(5), [])).toBe(false);
    expect(verifyConsistency(1, value, root(1), root(5), [])).toBe(false);
    expect(() => rootOf(value, readerOf(LEAVES))).toThrow(RangeError);
    expect(() => inclusionProof(value, 5, readerOf(LEAVES))).toThrow(RangeError);
    expect(() => consistencyProof(value, 5, readerOf(LEAVES))).toThrow(RangeError);
  });

  test('no proof behind the end, no shrinking', () => {
    // A leaf behind the end has no proof, a tree does not shrink.
    expect(() => inclusionProof(5, 5, readerOf(LEAVES))).toThrow(RangeError);
    expect(() => consistencyProof(6, 5, readerOf(LEAVES))).toThrow(RangeError);
    expect(verifyInclusion(root(1), 5, 5, [], root(1))).toBe(false);
    expect(verifyConsistency(6, 5, root(6), root(5), [])).toBe(false);
  });
});

test('sizes beyond 32 bits work', () => {
  // Sizes beyond 32 bits: a tree of equal leaves of 2^40 + 3.
  const leaf = leafHash('the same');
  const levels = [leaf];
  for (let level = 1; level <= 42; level += 1) levels.push(nodeHash(levels[level - 1] as Buffer, levels[level - 1] as Buffer));
  const read: HashReader = (level) => levels[level] as Buffer;
  const size = 2 ** 40 + 3;
  for (const index of [0, 2 ** 31, 2 ** 32 + 1, 2 ** 40 - 1, 2 ** 40, size - 1])
    expect(verifyInclusion(leaf, index, size, inclusionProof(index, size, read), rootOf(size, read))).toBe(true);
  for (const from of [1, 2 ** 31 + 5, 2 ** 33, 2 ** 40, 2 ** 40 + 2])
    expect(verifyConsistency(from, size, rootOf(from, read), rootOf(size, read), consistencyProof(from, size, read))).toBe(true);
});
