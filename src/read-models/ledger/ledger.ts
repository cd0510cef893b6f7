/**
 * The Merkle tree over every stored event, in log order, kept as tiles: the leaf of an event has its index. The runner
 * writes tiles and bookmark in the transaction of every other row, so a crash leaves a tree that ends where the
 * bookmark stands. A tile that is not full is one row that grows: its bytes follow from the number of events alone,
 * however they were cut into transactions.
 */
import type Database from 'better-sqlite3';
import { COSIGNED_TYPE, STORED_TYPES } from '../../events/catalog.js';
import { parseCheckpoint } from '../../ledger/checkpoint.js';
import { readCosigned } from '../../ledger/cosigning.js';
import { leafText } from '../../ledger/leaf.js';
import { HASH_BYTES, leafHashHex } from '../../ledger/merkle.js';
import { parseNote } from '../../ledger/signed-note.js';
import { Roots, tilesOf, TileWriter } from '../../ledger/tiles.js';
import type { StoredEvent } from '../../log/event-log.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';
import type { LeavesAhead } from './leaves-ahead.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tiles (
    level INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, n)
  ) STRICT;
`;

/** Reads the hashes of a tile as far as they are stored; undefined where there are none. */
export type StoredTile = (level: number, n: number) => Buffer | undefined;

export function storedTiles(db: Database.Database): StoredTile {
  const select = db.prepare<unknown[], Buffer>('SELECT hashes FROM tiles WHERE level = ? AND n = ?').pluck();
  return (level, n) => select.get(level, n);
}

class LedgerApplier implements Applier {
  readonly #tile: StoredTile;
  readonly #put: Database.Statement;
  /**
   * The tree up to the last event applied, also what is not flushed yet; null until the first event since the rows may
   * have changed.
   */
  #tree: { readonly writer: TileWriter; size: number } | null = null;

  /** There may be a checkpoint a minute for years. */
  readonly #roots: Roots;

  readonly #ahead: LeavesAhead | null;

  constructor(db: Database.Database, ahead: LeavesAhead | null) {
    this.#ahead = ahead;
    this.#tile = storedTiles(db);
    this.#roots = new Roots(this.#tile);
    this.#put = db.prepare('INSERT INTO tiles (level, n, hashes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET hashes = excluded.hashes');
  }

  apply(event: ProjectedEvent): void {
    const { index, stored } = event;
    // Throws where the stored tiles do not end right before this event.
    this.#tree ??= { writer: new TileWriter(index, this.#tile), size: index };
    if (this.#tree.size !== index) throw new Error(`leaf ${index} does not follow ${this.#tree.size} others`);
    this.#tree.writer.append(this.#ahead?.of(event) ?? leafHashHex(leafText(stored)));
    this.#tree.size += 1;
  }

  /**
   * The log must say what was signed of it, by the ledger or under it by a witness: where it does not, the ledger
   * stands still rather than go on from a history that was changed.
   */
  checkpoint(stored: StoredEvent): void {
    this.flush();
    const { revision } = stored;
    const { size, root } = signedOf(stored);
    let found: Buffer | null = null;
    try {
      found = this.#roots.root(size);
    } catch {
      // the log ends before it
    }
    if (found === null) throw standsTooEarly(revision, size);
    if (!found.equals(root))
      throw new Error(
        `checkpoint ${revision} says that the root of ${size} events is ${root.toString('base64')}; it is ${found.toString('base64')}`,
      );
  }

  flush(): void {
    for (const { level, n, hashes } of this.#tree?.writer.take() ?? []) this.#put.run(level, n, hashes);
  }

  reset(): void {
    this.#tree = null;
    this.#roots.reset();
  }
}

function signedOf({ type, data }: StoredEvent): { readonly size: number; readonly root: Buffer } {
  return type === COSIGNED_TYPE ? readCosigned(data) : parseCheckpoint(parseNote(String(data['note'])).text);
}

function standsTooEarly(revision: number, size: number): Error {
  return new Error(`checkpoint ${revision} is of ${size} events, which do not all stand before it in the log`);
}

/** Puts in the tiles of a tree of at least `size` leaves, as `apply` would have written them. */
export function putTiles(db: Database.Database, size: number, tile: StoredTile): void {
  const put = db.prepare('INSERT INTO tiles (level, n, hashes) VALUES (?, ?, ?)');
  db.transaction(() => {
    for (const { level, n, width } of tilesOf(size)) put.run(level, n, tile(level, n)?.subarray(0, width * HASH_BYTES));
  })();
}

/** The ledger without its tree: it stands still only at a checkpoint of more events than stand before it. */
class LeafCounter implements Applier {
  #size = 0;
  #flushed = 0;

  apply({ index }: ProjectedEvent): void {
    this.#size = index + 1;
  }

  checkpoint(stored: StoredEvent): void {
    const { size } = signedOf(stored);
    if (size > this.#size) throw standsTooEarly(stored.revision, size);
  }

  flush(): void {
    this.#flushed = this.#size;
  }

  reset(): void {
    this.#size = this.#flushed;
  }
}

export const ledgerProjection: Projection = {
  name: 'ledger',
  version: 1,
  figures: [],
  schema: SCHEMA,
  tables: { tiles: 'level, n' },
  everything: true,
  handles: STORED_TYPES,
  ignores: [],
  open: (db) => new LedgerApplier(db, null),
};

/** The same with leaves that a thread hashes ahead. */
export function ledgerHashedAhead(ahead: LeavesAhead): Projection {
  return { ...ledgerProjection, open: (db) => new LedgerApplier(db, ahead) };
}

/**
 * The same for a copy whose tiles come from elsewhere: no leaf is hashed a second time. Who has the tree compares the
 * checkpoints with it.
 */
export const untiledLedgerProjection: Projection = { ...ledgerProjection, open: () => new LeafCounter() };
