/**
 * The tree over the entries as they are read, kept as tiles: what a pack's tiles, checkpoints and root are compared
 * with.
 */
import { Roots, TileWriter, type TileName } from '../ledger/tiles.js';

/** How often full tiles are taken over, in entries. */
const TAKE = 65_536;

export class Tree {
  readonly #writer = new TileWriter();
  readonly #tiles = new Map<string, Buffer>();
  readonly #roots = new Roots((level, n) => this.tile({ level, n, width: 0 }));
  #size = 0;
  #taken = 0;

  get size(): number {
    return this.#size;
  }

  /** `leaf` in lower-case hexadecimal. */
  append(leaf: string): void {
    this.#writer.append(leaf);
    this.#size += 1;
    if (this.#size - this.#taken >= TAKE) this.#take();
  }

  #take(): void {
    for (const { level, n, hashes } of this.#writer.take()) this.#tiles.set(`${level}/${n}`, hashes);
    this.#taken = this.#size;
  }

  /** The bytes of a tile of the whole tree; undefined where it has none of that name and width. */
  tile({ level, n }: TileName): Buffer | undefined {
    if (this.#taken < this.#size) this.#take();
    return this.#tiles.get(`${level}/${n}`);
  }

  /** The root of the first `size` entries, which are there. */
  root(size: number = this.#size): Buffer {
    return this.#roots.root(size);
  }
}
