/** Tiles against the definition of the specification, the tree read out of them, and proof files. */
import { checkpointText, signCheckpoint } from '../../src/ledger/checkpoint.js';
import { Frontier, inclusionProof, leafHash, leafHashHex, rootOf, verifyConsistency, consistencyProof } from '../../src/ledger/merkle.js';
import { formatProofFile, parseProofFile, type ProofFile } from '../../src/ledger/proof-file.js';
import { generateSignerKey, InvalidNote } from '../../src/ledger/signed-note.js';
import {
  entryBundle,
  parseTilePath,
  readerOfTiles,
  tilePath,
  tilesOf,
  TileWriter,
  tileWidth,
  type Tile,
  type TileName,
} from '../../src/ledger/tiles.js';
import { mth, rootBy, tileOf } from './c2sp.js';

const COUNT = 3 * 256 + 7;
const ENTRIES = Array.from({ length: COUNT }, (_, index) => `entry ${index} 项`);
const LEAVES = ENTRIES.map((entry) => leafHash(entry));

/** As a store keeps them: the last form of each tile. */
class Kept {
  readonly tiles = new Map<string, Buffer>();
  readonly get = (level: number, n: number): Buffer | undefined => this.tiles.get(`${level}/${n}`);
  put(tiles: readonly Tile[]): void {
    for (const { level, n, hashes } of tiles) this.tiles.set(`${level}/${n}`, hashes);
  }
}

describe('names of tiles', () => {
  test.each<[TileName, string]>([
    [{ level: 0, n: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, n: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 63, n: 999, width: 1 }, 'tile/63/999.p/1'],
    [{ level: 1, n: 1000, width: 255 }, 'tile/1/x001/000.p/255'],
    [{ level: 'entries', n: 7, width: 16 }, 'tile/entries/007.p/16'],
    [{ level: 2, n: 123456789012, width: 256 }, 'tile/2/x123/x456/x789/012'],
  ])('%j is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  test.each([
    'tile/0/0',
    'tile/00/000',
    'tile/64/000',
    'tile/0/x000/001',
    'tile/0/001/234',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/data/000',
    'tile/0/../000',
    'tile/0/000/',
    ' tile/0/000',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    'tile/0/０００',
  ])('%s is none', (path) => expect(parseTilePath(path)).toBeNull());

  test('a tree of 70,000 has the specified tiles', () => {
    const tiles = [...tilesOf(70_000)];
    const count = (level: number, width: number): number => tiles.filter((tile) => tile.level === level && tile.width === width).length;
    expect([count(0, 256), count(0, 112), count(1, 256), count(1, 17), count(2, 1)]).toEqual([273, 1, 1, 1, 1]);
    expect(tiles).toHaveLength(277);
    expect([...tilesOf(256)]).toEqual([
      { level: 0, n: 0, width: 256 },
      { level: 1, n: 0, width: 1 },
    ]);
    expect([...tilesOf(0)]).toEqual([]);
    expect(tileWidth(0, 1, 256)).toBe(0);
    expect(tileWidth('entries', 1, 300)).toBe(44);
  });
});

describe('a tree kept in tiles', () => {
  test('has the defined tiles at every size', () => {
    // Has the tiles of the definition at every size, however often it is stored in between.
    for (const step of [1, 5, 256, 500, COUNT]) {
      const kept = new Kept();
      const writer = new TileWriter();
      for (let size = 0; size < COUNT;) {
        const end = Math.min(size + step, COUNT);
        for (; size < end; size += 1) writer.append(leafHashHex(ENTRIES[size] as string));
        kept.put(writer.take());
        if (step === 1 && size % 97 !== 0) continue;
        const wanted = [...tilesOf(size)];
        expect([...kept.tiles.keys()].sort()).toEqual(wanted.map(({ level, n }) => `${level}/${n}`).sort());
        for (const { level, n, width } of wanted) {
          if (!kept.get(level, n)?.equals(tileOf(LEAVES.slice(0, size), level, n))) throw new Error(`tile ${level}/${n} of ${size}`);
          expect(kept.get(level, n)?.length).toBe(32 * width);
        }
      }
      expect(writer.take()).toEqual([]);
    }
  });

  test('goes on where it was left', () => {
    // Goes on where it was left, at every size.
    const whole = new Kept();
    const writer = new TileWriter();
    for (const entry of ENTRIES) writer.append(leafHashHex(entry));
    whole.put(writer.take());
    for (const size of [0, 1, 255, 256, 257, 511, 512, 513, 768, COUNT - 1, COUNT]) {
      const kept = new Kept();
      const before = new TileWriter();
      for (const entry of ENTRIES.slice(0, size)) before.append(leafHashHex(entry));
      kept.put(before.take());
      const after = new TileWriter(size, kept.get);
      for (const entry of ENTRIES.slice(size)) after.append(leafHashHex(entry));
      kept.put(after.take());
      expect([...kept.tiles].sort()).toEqual([...whole.tiles].sort());
    }
    expect(() => new TileWriter(COUNT, () => undefined)).toThrow(/is not 7 hashes wide/);
    expect(() => new TileWriter(COUNT - 1, whole.get)).toThrow();
  });

  test('gives roots and proofs of every smaller tree', () => {
    const kept = new Kept();
    const writer = new TileWriter();
    const frontier = new Frontier();
    const roots: Buffer[] = [frontier.root()];
    for (const [index, entry] of ENTRIES.entries()) {
      writer.append(leafHashHex(entry));
      frontier.append(LEAVES[index] as Buffer);
      roots.push(frontier.root());
    }
    kept.put(writer.take());
    const read = readerOfTiles(kept.get);
    for (let size = 0; size <= COUNT; size += 1) {
      if (!rootOf(size, read).equals(roots[size] as Buffer)) throw new Error(`root of ${size}`);
      const proof = consistencyProof(size, COUNT, read);
      if (!verifyConsistency(size, COUNT, roots[size] as Buffer, roots[COUNT] as Buffer, proof)) throw new Error(`${size} to ${COUNT}`);
    }
    expect(roots[COUNT]).toEqual(mth(LEAVES));
    for (let index = 0; index < COUNT; index += 1) {
      const found = rootBy(LEAVES[index] as Buffer, index, COUNT, inclusionProof(index, COUNT, read));
      if (!found.equals(roots[COUNT] as Buffer)) throw new Error(`leaf ${index}`);
    }
    expect(() => rootOf(COUNT + 1, read)).toThrow(/lacks subtree/);
  });
});

test('the root of 65,536 equal entries is right', () => {
  // The root of 65,536 equal entries, across three levels of tiles.
  const writer = new TileWriter();
  const kept = new Kept();
  const leaf = leafHashHex('same');
  for (let index = 0; index < 65_536 + 3; index += 1) writer.append(leaf);
  kept.put(writer.take());
  const frontier = new Frontier();
  for (let index = 0; index < 65_536 + 3; index += 1) frontier.append(Buffer.from(leaf, 'hex'));
  expect(rootOf(65_536 + 3, readerOfTiles(kept.get))).toEqual(frontier.root());
  expect(kept.get(2, 0)).toHaveLength(32);
});

test('a bundle has each entry behind its length', () => {
  // A bundle has each entry behind its length in two bytes.
  expect(entryBundle(['a', '', '项'])).toEqual(Buffer.from([0, 1, 0x61, 0, 0, 0, 3, 0xe9, 0xa1, 0xb9]));
  expect(entryBundle(['x'.repeat(65_535)])).toHaveLength(65_537);
  expect(() => entryBundle(['x'.repeat(65_536)])).toThrow(RangeError);
});

describe('proof files', () => {
  const ours = generateSignerKey('ledger.example');
  const kept = new Kept();
  const writer = new TileWriter();
  for (const entry of ENTRIES) writer.append(leafHashHex(entry));
  kept.put(writer.take());
  const read = readerOfTiles(kept.get);
  const checkpoint = signCheckpoint({ origin: 'ledger.example', size: COUNT, root: rootOf(COUNT, read) }, [ours], 0);
  const file = (index: number): ProofFile => ({
    index,
    proof: inclusionProof(index, COUNT, read),
    checkpoint,
    entry: ENTRIES[index] as string,
  });

  test('are written as specified, line by line', () => {
    // Are written line by line as the specification has it.
    const text = formatProofFile(file(300));
    const lines = text.split('\n');
    expect(lines[0]).toBe('c2sp.org/tlog-proof@v1');
    expect(lines[1]).toBe(`extra ${Buffer.from('entry 300 项').toString('base64')}`);
    expect(lines[2]).toBe('index 300');
    const blank = lines.indexOf('');
    const path = lines.slice(3, blank).map((line) => Buffer.from(line, 'base64'));
    expect(lines.slice(blank + 1).join('\n')).toBe(checkpoint);
    const root = rootBy(LEAVES[300] as Buffer, 300, COUNT, path);
    expect(lines[blank + 3]).toBe(root.toString('base64'));
  });

  test('are read again, with and without the entry', () => {
    for (const index of [0, 1, 255, 256, COUNT - 1]) expect(parseProofFile(formatProofFile(file(index)))).toEqual(file(index));
    expect(parseProofFile(formatProofFile({ ...file(3), entry: null }))).toEqual({ ...file(3), entry: null });
    expect(parseProofFile(formatProofFile({ ...file(3), entry: '' })).entry).toBe('');
  });

  test('one entry needs no line of proof', () => {
    // Of a ledger of one entry there is no line of proof.
    const one = signCheckpoint({ origin: 'ledger.example', size: 1, root: leafHash('only') }, [ours], 0);
    const text = formatProofFile({ index: 0, proof: [], checkpoint: one, entry: null });
    expect(text).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${one}`);
    expect(parseProofFile(text).proof).toEqual([]);
  });

  const good = formatProofFile(file(300));

  test.each([
    ['nothing', ''],
    ['another version', good.replace('@v1', '@v2')],
    ['no index', good.replace(/index 300\n/, '')],
    ['an index with zeros before it', good.replace('index 300', 'index 0300')],
    ['an index behind the checkpoint', good.replace('index 300', `index ${COUNT}`)],
    ['an extra line that is no base64', good.replace(/extra .*/, 'extra *')],
    ['an extra line that is no text', good.replace(/extra .*/, 'extra /w==')],
    ['an extra line behind the index', good.replace(/(extra .*)\n(index .*)\n/, '$2\n$1\n')],
    ['a hash that is too short', good.replace(/(index 300\n).*/, '$1AAAA')],
    ['seventy hashes', good.replace(/(index 300\n)(.*\n)/, (_all, first: string, hash: string) => first + hash.repeat(70))],
    ['no checkpoint', good.slice(0, good.indexOf('\n\n') + 2)],
    [
      'a checkpoint that nobody signed',
      good.slice(0, good.indexOf('\n\n') + 2) + checkpointText({ origin: 'x', size: 999, root: leafHash('') }),
    ],
    ['carriage returns', good.replaceAll('\n', '\r\n')],
  ])('%s is no proof', (_what, text) => {
    expect(() => parseProofFile(text)).toThrow(InvalidNote);
  });

  test('a cut file is no other proof', () => {
    // Cut anywhere, a file is no proof or still the same one.
    for (let end = 0; end < good.length; end += 1) expect(() => parseProofFile(good.slice(0, end))).toThrow(InvalidNote);
  });
});
