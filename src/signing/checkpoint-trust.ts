/**
 * Whose checkpoints a ledger goes on with. Each checkpoint of the log, also those of other replicas and of years ago,
 * must bear the signature of a key that this service was told to trust: its own, and the others in
 * `DISCLOSURE_LEDGER_VKEYS`. Each is verified once for as long as the process lives.
 */
import { setImmediate } from 'node:timers/promises';
import { openCheckpoint, parseCheckpoint } from '../ledger/checkpoint.js';
import { InvalidNote, parseNote, type VerifierKey } from '../ledger/signed-note.js';
import type { CheckpointRows, SignedCheckpoint } from '../read-models/ledger/checkpoints.js';
import { MustNotSign } from './must-not-sign.js';

/** What can be said of the signatures under the checkpoints of the log. */
export interface Signatures {
  /** `refused`: one is not signed by a key that is trusted. `not-verified`: this service was told of no key. */
  readonly status: 'verified' | 'refused' | 'not-verified';
  readonly why: string | null;
}

/** Of every checkpoint that the read models hold. */
export async function signaturesOf(trust: CheckpointTrust | null): Promise<Signatures> {
  if (trust === null)
    return { status: 'not-verified', why: 'no key of the ledger is configured: DISCLOSURE_LEDGER_KEY or DISCLOSURE_LEDGER_VKEYS' };
  try {
    await trust.verify();
    return { status: 'verified', why: null };
  } catch (error) {
    if (error instanceof MustNotSign) return { status: 'refused', why: error.message };
    throw error;
  }
}

/** Verified between two turns of the event loop: a few ms. */
const SLICE = 50;

export class CheckpointTrust {
  readonly #rows: CheckpointRows;
  readonly #origin: string;
  readonly #keys: readonly VerifierKey[];
  /** The last one verified, and so all before it. */
  #verified: SignedCheckpoint | null = null;

  constructor(rows: CheckpointRows, origin: string, keys: readonly VerifierKey[]) {
    this.#rows = rows;
    this.#origin = origin;
    this.#keys = keys;
  }

  /** Those of the ledger: a checkpoint bears the signature of one of them. */
  get keys(): readonly VerifierKey[] {
    return this.#keys;
  }

  /** Verifies every checkpoint that the read models hold and that was not verified before. Errors: `MustNotSign`. */
  async verify(): Promise<void> {
    const known = this.#verified;
    // Read models that were built anew from another log hold other checkpoints under the same revisions.
    if (known !== null && this.#rows.behind(known.revision - 1, 1)[0]?.note !== known.note) this.#verified = null;
    for (;;) {
      const slice = this.#rows.behind(this.#verified?.revision ?? -1, SLICE);
      for (const checkpoint of slice) {
        this.#check(checkpoint);
        this.#verified = checkpoint;
      }
      if (slice.length < SLICE) return;
      await setImmediate();
    }
  }

  /** Whether this one, and all before it, were verified. */
  covers(checkpoint: SignedCheckpoint | null): boolean {
    return checkpoint === null || (this.#verified !== null && checkpoint.revision <= this.#verified.revision);
  }

  #check({ revision, note }: SignedCheckpoint): void {
    const { origin, size } = parseCheckpoint(parseNote(note).text);
    if (origin !== this.#origin) throw new MustNotSign(`the ledger is named ${origin}; a key of ${this.#origin} cannot go on with it`);
    try {
      openCheckpoint(note, this.#origin, this.#keys);
    } catch (error) {
      if (!(error instanceof InvalidNote)) throw error;
      throw new MustNotSign(
        `checkpoint ${revision} of ${size} events is not signed by a key that is trusted (${error.message}); ` +
          'give the verifier key of an earlier key, or of another replica, in DISCLOSURE_LEDGER_VKEYS if it is one of the ledger',
      );
    }
  }
}
