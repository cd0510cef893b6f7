/**
 * Tiles (C2SP tlog-tiles): the tree cut into pieces of up to 256 hashes side by side, as a web server of files can give
 * them. Tile (level, n) holds the complete subtrees (8 × level, 256n) to (8 × level, 256n + 255); what lies between two
 * levels is hashed again from the lower one. A tile only grows, and never changes once it is full; a tile that is not
 * full yet is partial.
 */
import { HASH_BYTES, nodeHash, rootOf, type HashReader } from './merkle.js';

export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
const MAX_LEVEL = 63;
/** What the length of an entry in a bundle is written in. */
const MAX_ENTRY_BYTES = 0xffff;

export interface TileName {
  /** `entries`: a bundle of the entries themselves. */
  readonly level: number | 'entries';
  readonly n: number;
  /** 1 to 256 hashes; fewer than 256 in a partial tile. */
  readonly width: number;
}

/** `tile/0/x001/x234/067`, and `….p/5` for a partial tile. */
export function tilePath({ level, n, width }: TileName): string {
  const groups = [String(n % 1000).padStart(3, '0')];
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile a path names; null for any path that `tilePath` does not write. */
export function parseTilePath(path: string): TileName | null {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return null;
  const [, level = '', groups = '', width] = match;
  const tile: TileName = {
    level: level === 'entries' ? level : Number(level),
    n: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const known = tile.level === 'entries' || tile.level <= MAX_LEVEL;
  return known && Number.isSafeInteger(tile.n) && tile.width >= 1 && tilePath(tile) === path ? tile : null;
}

/** How many hashes a tile has in the tree of `size` entries: 0 to 256. */
export function tileWidth(level: number | 'entries', n: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, hashes - n * TILE_WIDTH));
}

/** Every tile of hashes of the tree of `size` entries, partial ones as wide as they are in it. */
export function* tilesOf(size: number): Generator<TileName & { readonly level: number }> {
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
    for (let n = 0; n * TILE_WIDTH < hashes; n += 1) yield { level, n, width: tileWidth(level, n, size) };
  }
}

/** A bundle of entries, each behind its length in two bytes. Throws where an entry is longer than that can say. */
export function entryBundle(entries: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const bytes = Buffer.from(entry);
    if (bytes.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry has ${bytes.length} bytes`);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

/** The hash above `count` hashes side by side, a power of two of them, in `hashes` from `from` (in hashes) on. */
function above(hashes: Uint8Array, from: number, count: number): Buffer {
  let row = Buffer.from(hashes.subarray(from * HASH_BYTES, (from + count) * HASH_BYTES));
  for (let width = count; width > 1; width /= 2) {
    const next = Buffer.alloc((width / 2) * HASH_BYTES);
    for (let at = 0; at < width; at += 2)
      next.set(
        nodeHash(row.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES), row.subarray((at + 1) * HASH_BYTES, (at + 2) * HASH_BYTES)),
        (at / 2) * HASH_BYTES,
      );
    row = next;
  }
  return row;
}

/**
 * Reads complete subtrees out of tiles; `tile` gives the bytes of one, as wide as it is known, and is asked once for
 * each. Throws where they do not reach.
 */
export function readerOfTiles(tile: (level: number, n: number) => Uint8Array | undefined): HashReader {
  const known = new Map<string, Uint8Array | undefined>();
  const get = (level: number, n: number): Uint8Array | undefined => {
    const name = `${level}/${n}`;
    if (!known.has(name)) known.set(name, tile(level, n));
    return known.get(name);
  };
  return (level, index) => {
    const row = Math.floor(level / TILE_HEIGHT);
    const count = 2 ** (level % TILE_HEIGHT);
    const from = (index * count) % TILE_WIDTH;
    const bytes = get(row, Math.floor((index * count) / TILE_WIDTH));
    if (bytes === undefined || bytes.length < (from + count) * HASH_BYTES)
      throw new Error(`the tree lacks subtree ${index} of level ${level}`);
    return above(bytes, from, count);
  };
}

/** A copy in memory of its own: in the pool of Node it would keep what lasts a moment beside it for as long. */
function lasting(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}

/** A tile with the hashes it has so far. */
export interface Tile {
  readonly level: number;
  readonly n: number;
  readonly hashes: Buffer;
}

interface Growing {
  readonly bytes: Buffer;
  n: number;
  width: number;
  changed: boolean;
}

/**
 * Grows a tree by its tiles: keeps the last tile of each level, gives those that changed. A leaf costs one hash more
 * than its own.
 */
export class TileWriter {
  readonly #levels: Growing[] = [];
  /** Full since the last `take`. */
  #full: Tile[] = [];

  /**
   * Goes on behind a tree of `size` entries, whose partial tiles `tile` gives. Throws where they are not as wide as
   * that size has them.
   */
  constructor(size = 0, tile: (level: number, n: number) => Uint8Array | undefined = () => undefined) {
    for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
      const n = Math.floor(hashes / TILE_WIDTH);
      const width = hashes % TILE_WIDTH;
      const growing = this.#level(level);
      growing.n = n;
      growing.width = width;
      if (width === 0) continue;
      const stored = tile(level, n);
      if (stored?.length !== width * HASH_BYTES) throw new Error(`tile ${n} of level ${level} is not ${width} hashes wide`);
      growing.bytes.set(stored);
    }
  }

  /** `leaf`: its bytes, or these in lower-case hexadecimal. */
  append(leaf: string | Uint8Array): void {
    const growing = this.#level(0);
    if (typeof leaf === 'string') growing.bytes.write(leaf, growing.width * HASH_BYTES, 'hex');
    else growing.bytes.set(leaf, growing.width * HASH_BYTES);
    this.#grown(growing, 0);
  }

  #grown(growing: Growing, level: number): void {
    growing.width += 1;
    growing.changed = true;
    if (growing.width < TILE_WIDTH) return;
    const hashes = lasting(growing.bytes);
    this.#full.push({ level, n: growing.n, hashes });
    growing.n += 1;
    growing.width = 0;
    growing.changed = false;
    const parent = this.#level(level + 1);
    parent.bytes.set(above(hashes, 0, TILE_WIDTH), parent.width * HASH_BYTES);
    this.#grown(parent, level + 1);
  }

  #level(level: number): Growing {
    return (this.#levels[level] ??= { bytes: Buffer.alloc(TILE_WIDTH * HASH_BYTES), n: 0, width: 0, changed: false });
  }

  /** Every tile that changed since it was last asked, as it is now. */
  take(): Tile[] {
    const tiles = this.#full;
    this.#full = [];
    this.#levels.forEach((growing, level) => {
      if (!growing.changed) return;
      growing.changed = false;
      tiles.push({ level, n: growing.n, hashes: lasting(growing.bytes.subarray(0, growing.width * HASH_BYTES)) });
    });
    return tiles;
  }
}

/** Complete subtrees remembered from one root to the next; there is at most one of each size in a tree. */
const REMEMBERED = 4096;

/**
 * Roots of a tree that grows, at any size it has reached. A complete subtree never changes: it is hashed once for all
 * roots that stand on it.
 */
export class Roots {
  readonly #tile: (level: number, n: number) => Buffer | undefined;
  readonly #known = new Map<string, Buffer>();

  constructor(tile: (level: number, n: number) => Buffer | undefined) {
    this.#tile = tile;
  }

  /** Of the first `size` entries. Throws where tiles are missing. */
  root(size: number): Buffer {
    if (this.#known.size > REMEMBERED) this.#known.clear();
    const read = readerOfTiles(this.#tile);
    return rootOf(size, (level, index) => {
      const name = `${level}/${index}`;
      const hash = this.#known.get(name) ?? read(level, index);
      this.#known.set(name, hash);
      return hash;
    });
  }

  /** Forgets what it read: the tiles may be those of another tree from now on. */
  reset(): void {
    this.#known.clear();
  }
}
