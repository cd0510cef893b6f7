/**
 * A witness (C2SP tlog-witness): signs a checkpoint of a ledger only when it has been shown that it continues the one
 * it signed last. Each request is decided, and what it leads to is on the disk, before the next is looked at, so no two
 * can pass one another; and before the signature leaves. A crash before the commit leaves nothing that anybody saw; one
 * behind it leaves a state that is ahead of what was answered, never behind.
 */
import { hash } from 'node:crypto';
import { isFalseOfNothing, readCheckpoint, type Checkpoint } from '../ledger/checkpoint.js';
import { parseAddCheckpoint, SIZE_TYPE, type AddCheckpoint } from '../ledger/cosigning.js';
import { verifyConsistency } from '../ledger/merkle.js';
import {
  addSignature,
  InvalidNote,
  openNote,
  parseNote,
  withSignaturesOf,
  type SignerKey,
  type VerifierKey,
} from '../ledger/signed-note.js';
import type { WitnessState } from './state.js';

export const TEXT = 'text/plain; charset=utf-8';

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** The methods there are, of an answer 405. */
  readonly allow?: readonly string[];
}

export interface WitnessParts {
  readonly state: WitnessState;
  /** Its own, of type `cosignature`. Each signs every checkpoint: during a rotation the old key and the new one. */
  readonly keys: readonly SignerKey[];
  /** The keys of the ledgers it is a witness of; the name of a key is the origin of its ledger. */
  readonly logs: readonly VerifierKey[];
  /** ms */
  readonly now: () => number;
}

/** A request that is refused, with the status the specification has for it. */
class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly size: number | null = null,
  ) {
    super(message);
  }
}

export class Witness {
  readonly #parts: WitnessParts;
  /** Origins by the name under which their checkpoints are read. */
  readonly #byHash: ReadonlyMap<string, string>;

  constructor(parts: WitnessParts) {
    this.#parts = parts;
    this.#byHash = new Map(parts.logs.map(({ name }) => [hash('sha256', name, 'hex'), name]));
  }

  /** `POST add-checkpoint`. Throws only where the state cannot be written; nothing was signed then. */
  addCheckpoint(body: Uint8Array): Answer {
    try {
      return { status: 200, type: TEXT, body: this.#cosign(read(body)) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.size !== null) return { status: error.status, type: SIZE_TYPE, body: `${error.size}\n` };
      return { status: error.status, type: TEXT, body: `${error.message}\n` };
    }
  }

  /** The lines of the cosignatures. */
  #cosign({ old, proof, note, checkpoint }: Request): string {
    const { state, keys, logs, now } = this.#parts;
    const { origin, size, root } = checkpoint;
    const trusted = logs.filter(({ name }) => name === origin);
    if (trusted.length === 0) throw new Refused(404, `this witness does not know the ledger ${origin}`);
    const signed = verified(note, trusted);
    if (old > size) throw new Refused(400, `the old size ${old} is more than ${size}`);
    const last = state.last(origin);
    if (old !== (last?.size ?? 0)) throw new Refused(409, 'another size was signed last', last?.size ?? 0);
    if (!continues(last, { old, proof, checkpoint }))
      throw new Refused(422, `this witness was not shown that ${size} entries continue the ${old} it signed`);
    // A cosignature says that up to its time nothing larger was seen: its time must not go back.
    const time = Math.max(Math.floor(now() / 1000), last?.time ?? 0);
    const cosigned = keys.reduce((under, key) => addSignature(under, key, time * 1000), signed);
    state.save({ origin, size, root, time, note: cosigned });
    return cosigned.slice(signed.length);
  }

  /**
   * `GET <origin hash>/checkpoint`: what was signed last of the ledger whose origin has this SHA-256, in lower-case
   * hexadecimal; null = nothing.
   */
  checkpoint(originHash: string): string | null {
    const origin = this.#byHash.get(originHash);
    return origin === undefined ? null : (this.#parts.state.last(origin)?.note ?? null);
  }

  /** For each ledger it is a witness of: what was signed last, and where its checkpoint is read. */
  known(): readonly { readonly origin: string; readonly path: string; readonly size: number | null; readonly time: number | null }[] {
    return [...this.#byHash].map(([name, origin]) => {
      const last = this.#parts.state.last(origin);
      return { origin, path: `/${name}/checkpoint`, size: last?.size ?? null, time: last?.time ?? null };
    });
  }
}

interface Request extends Omit<AddCheckpoint, 'checkpoint'> {
  readonly note: string;
  readonly checkpoint: Checkpoint;
}

function read(body: Uint8Array): Request {
  try {
    const { old, proof, checkpoint: note } = parseAddCheckpoint(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    return { old, proof, note, checkpoint: readCheckpoint(unsignedText(note) ?? parseNote(note).text) };
  } catch (error) {
    if (error instanceof InvalidNote) throw new Refused(400, error.message);
    throw new Refused(400, 'the request is not UTF-8');
  }
}

/**
 * The text of a checkpoint that nobody signed, with or without the empty line before signatures; null where there is a
 * line behind one.
 */
function unsignedText(note: string): string | null {
  const text = note.endsWith('\n\n') ? note.slice(0, -1) : note;
  return text.includes('\n\n') ? null : text;
}

/** The note with the lines of the ledger's known keys, each of which verifies. */
function verified(note: string, trusted: readonly VerifierKey[]): string {
  try {
    return withSignaturesOf(
      note,
      openNote(note, trusted).by.map(({ key }) => key),
    );
  } catch (error) {
    if (error instanceof InvalidNote) throw new Refused(403, error.message);
    throw error;
  }
}

function continues(
  last: { readonly root: Buffer } | null,
  { old, proof, checkpoint }: Pick<Request, 'old' | 'proof' | 'checkpoint'>,
): boolean {
  if (isFalseOfNothing(checkpoint)) return false;
  // Every tree continues that of nothing.
  if (old === 0) return proof.length === 0;
  return last !== null && verifyConsistency(old, checkpoint.size, last.root, checkpoint.root, proof);
}
