/**
 * What anybody may check the ledger by: the last checkpoint, proofs that an event is under it and that one size grew to
 * another, tiles and entries. Read from the read store and, for the entries, from the log; nothing here signs.
 */
import { CHECKPOINT_STREAM } from '../events/catalog.js';
import { parseCheckpoint, type Checkpoint } from '../ledger/checkpoint.js';
import { withCosignatures } from '../ledger/cosigning.js';
import { leafText } from '../ledger/leaf.js';
import { HASH_BYTES, consistencyProof, inclusionProof } from '../ledger/merkle.js';
import { formatProofFile } from '../ledger/proof-file.js';
import { parseNote, type VerifierKey } from '../ledger/signed-note.js';
import { entryBundle, parseTilePath, readerOfTiles, TILE_WIDTH, tileWidth } from '../ledger/tiles.js';
import type { EventLog } from '../log/event-log.js';
import type { StoredCosignature } from '../read-models/ledger/checkpoints.js';
import { ledgerProjection, storedTiles } from '../read-models/ledger/ledger.js';
import type { ReadStore } from '../read-models/read-store.js';
import { isCosignature } from './cosignatures.js';
import { QueryProblem } from '../read-models/query-problem.js';
import { type EventPlace, placeOf, positionAt } from '../read-models/journal/event-place.js';
import { logPages, PAGE_EVENTS } from '../log/pages.js';

export interface EventProof {
  readonly eventId: string;
  readonly index: number;
  /** The entry: RFC 8785 text whose leaf hash is proved. */
  readonly entry: string;
  /** The size of the checkpoint. */
  readonly size: number;
  /** Base64, from the leaf's sibling up. */
  readonly proof: readonly string[];
  /** The signed note. */
  readonly checkpoint: string;
}

export interface Consistency {
  readonly from: number;
  readonly to: number;
  /** Base64, as RFC 6962 orders them. */
  readonly proof: readonly string[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Signatures under a note: as many as one may have. */
const MAX_WITNESSES = 16;
/** How many cosigned checkpoints are looked at for one that enough witnesses signed. */
const LOOKED_BACK = 1000;

const base64 = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'));

export class ProofReader {
  readonly #log: EventLog;
  readonly #store: ReadStore;
  readonly #witnesses: readonly VerifierKey[];

  /** `witnesses`: the keys of those that this service asks; none where it does not know them. */
  constructor(log: EventLog, store: ReadStore, witnesses: readonly VerifierKey[] = []) {
    this.#log = log;
    this.#store = store;
    this.#witnesses = witnesses;
  }

  /**
   * The last checkpoint, a signed note with the cosignatures of witnesses; the last that at least `witnessed` of them
   * signed. Errors: `bad-parameter`, `no-checkpoint`, `read-model-stopped`.
   */
  checkpoint(witnessed = 0): string {
    if (!Number.isSafeInteger(witnessed) || witnessed < 0 || witnessed > MAX_WITNESSES)
      throw new QueryProblem('bad-parameter', 'witnessed is no number of witnesses.', `Give a whole number from 0 to ${MAX_WITNESSES}.`);
    if (witnessed === 0) return this.#last().note;
    this.#size();
    const { checkpoints } = this.#store;
    for (const size of checkpoints.cosignedSizes(LOOKED_BACK)) {
      const lines = this.#cosignatures(size);
      const signed = checkpoints.of(size);
      if (signed !== null && new Set(lines.map(({ name }) => name)).size >= witnessed)
        return withCosignatures(
          signed.note,
          lines.map(({ line }) => line),
        );
    }
    throw new QueryProblem(
      'no-checkpoint',
      `None of the last ${LOOKED_BACK} cosigned checkpoints is signed by ${witnessed} witnesses.`,
      '/v1/ledger/witnesses says who is asked and what each signed.',
    );
  }

  /**
   * The cosignatures for a size. Of a witness whose key is known here only what verifies: anybody who can append may
   * have put a line there, and one that does not verify would spoil the note.
   */
  #cosignatures(size: number): readonly StoredCosignature[] {
    const signed = this.#store.checkpoints.of(size);
    if (signed === null) return [];
    return this.#store.checkpoints.cosignaturesOf(size).filter(({ name, keyId, line }) => {
      const key = this.#witnesses.find((known) => known.name === name && known.id === keyId);
      return key === undefined ? this.#witnesses.length === 0 : isCosignature(signed, line, key);
    });
  }

  /**
   * The proof of an event under the last checkpoint. Errors: `unknown-event`, `no-checkpoint`, `not-reached`,
   * `read-model-stopped`.
   */
  async proof(eventId: string): Promise<EventProof> {
    const place = UUID.test(eventId) ? this.#place(eventId) : undefined;
    if (place === undefined)
      throw new QueryProblem('unknown-event', `No event has the id ${eventId}.`, 'Give one of the eventIds of a receipt.');
    const { note, checkpoint } = this.#last();
    if (place.idx >= checkpoint.size)
      throw new QueryProblem(
        'not-reached',
        `The event has the index ${place.idx}, and the last checkpoint is of ${checkpoint.size} events.`,
        'Ask again behind the next checkpoint.',
      );
    const proof = this.#tree(checkpoint.size, (read) => inclusionProof(place.idx, checkpoint.size, read));
    const [stored] = await this.#log.readStream(place.stream, place.revision, 1);
    if (stored?.id !== eventId) throw new Error(`the log lacks event ${eventId}`);
    return { eventId, index: place.idx, entry: leafText(stored), size: checkpoint.size, proof: base64(proof), checkpoint: note };
  }

  /** The same as a proof file. */
  async proofFile(eventId: string): Promise<string> {
    const { proof, ...rest } = await this.proof(eventId);
    return formatProofFile({ ...rest, proof: proof.map((hash) => Buffer.from(hash, 'base64')) });
  }

  /**
   * What leads from one size to a larger one; absent = the last checkpoint's. Errors: `bad-parameter`, `no-checkpoint`,
   * `read-model-stopped`.
   */
  consistency(from: number, wanted: number | undefined): Consistency {
    const to = wanted ?? this.#last().checkpoint.size;
    const size = this.#size();
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to || to > size)
      throw new QueryProblem('bad-parameter', 'from and to are no sizes of the ledger.', `Give whole numbers 0 ≤ from ≤ to ≤ ${size}.`);
    return { from, to, proof: base64(this.#tree(to, (read) => consistencyProof(from, to, read))) };
  }

  /** The bytes of a tile or a bundle of entries by its path, `tile/…`. Errors: `unknown-tile`, `read-model-stopped`. */
  async tile(path: string): Promise<Buffer> {
    const tile = parseTilePath(path);
    const missing = new QueryProblem(
      'unknown-tile',
      'There is no such tile.',
      'Tiles are named as C2SP tlog-tiles has it, within a checkpoint.',
    );
    if (tile === null || tile.width > tileWidth(tile.level, tile.n, this.#size())) throw missing;
    if (tile.level === 'entries') return entryBundle(await this.#entries(tile.n * TILE_WIDTH, tile.width));
    const hashes = storedTiles(this.#store.db)(tile.level, tile.n);
    if (hashes === undefined || hashes.length < tile.width * HASH_BYTES) throw missing;
    return hashes.subarray(0, tile.width * HASH_BYTES);
  }

  #last(): { readonly note: string; readonly checkpoint: Checkpoint } {
    // A ledger that stands still may do so before this very checkpoint.
    this.#size();
    const last = this.#store.checkpoints.last();
    if (last === null)
      throw new QueryProblem(
        'no-checkpoint',
        'No checkpoint was signed yet.',
        'The service signs them where it has a key: DISCLOSURE_LEDGER_KEY.',
      );
    const note = withCosignatures(
      last.note,
      this.#cosignatures(last.size).map(({ line }) => line),
    );
    return { note, checkpoint: parseCheckpoint(parseNote(note).text) };
  }

  #place(eventId: string): EventPlace | undefined {
    return placeOf(this.#store.db, eventId);
  }

  /** Number of leaves in the tree. */
  #size(): number {
    const mark = this.#store.bookmarks().find(({ name }) => name === ledgerProjection.name);
    if (mark?.stopped != null)
      throw new QueryProblem(
        'read-model-stopped',
        `The ledger stands still at event ${mark.stopped.eventId}: ${mark.stopped.why}.`,
        'The log is not what was signed, or the read models are damaged: have an operator look.',
      );
    return (mark?.index ?? -1) + 1;
  }

  #tree<T>(size: number, ask: (read: ReturnType<typeof readerOfTiles>) => T): T {
    return this.#store.db.transaction(() => {
      if (this.#size() < size) throw new QueryProblem('not-reached', 'The ledger is being built.', 'Ask again.');
      return ask(readerOfTiles(storedTiles(this.#store.db)));
    })();
  }

  /**
   * The entries of `count` events from an index on; they stand in the log one behind the other, with checkpoints
   * between them.
   */
  async #entries(from: number, count: number): Promise<string[]> {
    const entries: string[] = [];
    // Checkpoints stand between them: a page of twice as many mostly holds them all.
    for await (const page of logPages(this.#log, positionAt(this.#store.db, from - 1), Math.min(2 * count, PAGE_EVENTS)))
      for (const event of page) {
        if (event.stream !== CHECKPOINT_STREAM) entries.push(leafText(event));
        if (entries.length === count) return entries;
      }
    throw new Error('the log ends before its read models');
  }
}
