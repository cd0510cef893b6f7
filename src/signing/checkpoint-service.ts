/**
 * Cuts checkpoints: signs size and root of the tree and appends the note to the stream of checkpoints. No checkpoint
 * ever contradicts an earlier one:
 *
 * - the append has the exact revision of the last event known of that stream, so of several replicas that cut at once
 *   one wins, and the others adopt what it signed;
 * - before it signs it has read every checkpoint of the log, the ledger's read model has found each of them true of
 *   this very log, or stands still, and each bears the signature of a key that is trusted;
 * - what this process signed last is also remembered outside the log: a log put back to before that is not signed
 *   again.
 *
 * A note leaves the process only out of the log, never before it is durable there. A crash before the append leaves
 * nothing but a signature nobody has seen; a crash behind it leaves a checkpoint that the next start adopts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { v4 as uuidv4 } from 'uuid';
import { CHECKPOINT_STREAM, CHECKPOINT_TYPE, CHECKPOINT_VERSION } from '../events/catalog.js';
import { parseCheckpoint, signCheckpoint, type Checkpoint } from '../ledger/checkpoint.js';
import { rootOf } from '../ledger/merkle.js';
import { parseNote, type SignerKey, type VerifierKey } from '../ledger/signed-note.js';
import { readerOfTiles } from '../ledger/tiles.js';
import { WrongExpectedRevision, type EventLog } from '../log/event-log.js';
import { ledgerProjection, storedTiles } from '../read-models/ledger/ledger.js';
import type { ReadStore } from '../read-models/read-store.js';
import { CheckpointTrust } from './checkpoint-trust.js';
import { MustNotSign } from './must-not-sign.js';

/** What was signed last, kept where a log that is put back does not take it along. */
export interface LastSigned {
  /** The note; null before the first. */
  load(): string | null;
  save(note: string): void;
}

export interface Signer {
  readonly origin: string;
  /** Each signs every checkpoint: during a rotation the old key and the new one. */
  readonly keys: readonly SignerKey[];
  /** Other keys whose checkpoints are gone on with: earlier ones, and those of other replicas. */
  readonly trusted?: readonly VerifierKey[];
  readonly lastSigned: LastSigned;
}

/** How soon it looks again where the read models, or another replica's checkpoint, are about to arrive, ms. */
const SOON_MS = 500;
const CATCH_UP_MS = 5000;
const TRIES = 5;

export interface CheckpointParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly signer: Signer;
  readonly now: () => number;
  /** Whether the read models reached the end of the log within so many ms. */
  readonly caughtUp?: (timeout: number) => Promise<boolean>;
}

/**
 * `signed`: a new checkpoint is in the log. `unchanged`: nothing was recorded since the last. `behind`: the read models
 * have not reached the end of the stream of checkpoints. `adopted`: another replica was first.
 */
export type Cut = 'signed' | 'unchanged' | 'behind' | 'adopted';

export class CheckpointService {
  readonly #parts: CheckpointParts;
  readonly #trust: CheckpointTrust;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    const { origin, keys, trusted = [] } = parts.signer;
    this.#trust = new CheckpointTrust(parts.store.checkpoints, origin, [...keys, ...trusted]);
  }

  /** Name of the ledger in its checkpoints. */
  get origin(): string {
    return this.#parts.signer.origin;
  }

  /** Errors: `MustNotSign`, `StoreUnavailable` (the checkpoint may be in the log or not; the next cut finds out). */
  async cut(): Promise<Cut> {
    const { log, store, signer, now } = this.#parts;
    await this.#trust.verify();
    const end = store.lastInCheckpoints();
    const known = store.checkpoints.last();
    // One that the read models do not hold yet: whatever it says, it is to be found true of this log first.
    if ((await log.readStream(CHECKPOINT_STREAM, (end?.revision ?? -1) + 1, 1)).length > 0) return 'behind';
    const last = known === null ? null : parseCheckpoint(parseNote(known.note).text);
    const next = this.#head();
    if (next === 'behind' || next.size < (last?.size ?? 0)) return 'behind';
    if (!this.#trust.covers(known)) return 'behind';
    this.#check(last, next);
    // Also what another replica signed, or this one right before a crash.
    if (known !== null && signer.lastSigned.load() !== known.note) signer.lastSigned.save(known.note);
    if (next.size === (last?.size ?? 0)) return 'unchanged';
    const note = signCheckpoint(next, signer.keys, now());
    const event = {
      id: uuidv4(),
      type: CHECKPOINT_TYPE,
      version: CHECKPOINT_VERSION,
      data: { note },
      metadata: {},
    };
    try {
      await log.append(CHECKPOINT_STREAM, end?.revision ?? 'no-stream', [event]);
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return 'adopted';
      throw error;
    }
    signer.lastSigned.save(note);
    return 'signed';
  }

  /** The tree as the read store holds it, or `behind` where it has not come as far as the checkpoints beside it. */
  #head(): Checkpoint | 'behind' {
    const { store, signer } = this.#parts;
    return store.db.transaction(() => {
      const marks = store.bookmarks();
      const ledger = marks.find(({ name }) => name === ledgerProjection.name);
      const journal = marks.find(({ name }) => name === 'journal');
      if (ledger === undefined || ledger.stopped !== null)
        throw new MustNotSign(`the ledger stands still: ${ledger?.stopped?.why ?? 'it is missing'}`);
      if (ledger.position !== journal?.position) return 'behind' as const;
      const size = ledger.index + 1;
      return { origin: signer.origin, size, root: rootOf(size, readerOfTiles(storedTiles(store.db))) };
    })();
  }

  #check(last: Checkpoint | null, next: Checkpoint): void {
    const { store, signer } = this.#parts;
    const note = signer.lastSigned.load();
    if (note === null) return;
    const signed = parseCheckpoint(parseNote(note).text);
    if (signed.origin !== next.origin) throw new MustNotSign(`this folder has signed for ${signed.origin}, not for ${next.origin}`);
    if (signed.size > (last?.size ?? 0))
      throw new MustNotSign(`a checkpoint of ${signed.size} events was signed here, and the log lacks it: was an older log put back?`);
    if (!rootOf(signed.size, readerOfTiles(storedTiles(store.db))).equals(signed.root))
      throw new MustNotSign(`a checkpoint of ${signed.size} events was signed here, and this log is another one`);
  }

  /**
   * The same behind everything that is in the log by now, with what other replicas and witnesses append meanwhile read
   * and gone on from. Errors: as `cut`.
   */
  async cutNow(): Promise<Cut> {
    for (let tries = 1; ; tries += 1) {
      await this.#parts.caughtUp?.(CATCH_UP_MS);
      const cut = await this.cut();
      if ((cut !== 'behind' && cut !== 'adopted') || tries === TRIES) return cut;
    }
  }

  /**
   * Cuts every `interval` ms until `signal` aborts, soon again where it has yet to read on; what fails is heard once,
   * and tried again. `then` runs behind each.
   */
  async run(interval: number, signal: AbortSignal, notice: (line: string) => void, then: () => void = () => undefined): Promise<void> {
    for (let said = ''; !signal.aborted;) {
      let wait = interval;
      try {
        const cut = await this.cut();
        if (cut === 'behind' || cut === 'adopted') wait = Math.min(interval, SOON_MS);
        said = '';
        then();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        if (why !== said && !signal.aborted) notice(`no checkpoint was signed: ${why}`);
        said = why;
      }
      await sleep(wait, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
