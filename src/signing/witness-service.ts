/**
 * Asks the witnesses of the ledger to sign each checkpoint, and keeps what they signed in the log. Each is asked on its
 * own: one that is down, slow or refuses changes nothing for the others, nor for anything else, and is asked again,
 * less and less often. A crash between a witness's answer and the append leaves a witness that is ahead: asked again,
 * it says which size it knows, and signs that once more.
 */
import { v4 as uuidv4 } from 'uuid';
import { sure } from '../encoding/unknown-values.js';
import { formatInstant } from '../time/instant.js';
import { CHECKPOINT_STREAM, COSIGNED_TYPE, COSIGNED_VERSION } from '../events/catalog.js';
import { parseCheckpoint, type Checkpoint } from '../ledger/checkpoint.js';
import { cosignedData, formatAddCheckpoint, parseSize } from '../ledger/cosigning.js';
import { consistencyProof } from '../ledger/merkle.js';
import {
  formatSignature,
  formatVerifierKey,
  InvalidNote,
  openNote,
  parseNote,
  withSignaturesOf,
  type VerifierKey,
} from '../ledger/signed-note.js';
import { readerOfTiles } from '../ledger/tiles.js';
import { WrongExpectedRevision, type EventLog } from '../log/event-log.js';
import type { SignedCheckpoint } from '../read-models/ledger/checkpoints.js';
import { storedTiles } from '../read-models/ledger/ledger.js';
import type { ReadStore } from '../read-models/read-store.js';
import { signaturesOf, type CheckpointTrust, type Signatures } from './checkpoint-trust.js';
import { lastCosignatureBy } from './cosignatures.js';

export interface WitnessAddress {
  /** Where it takes checkpoints, without a slash at the end. */
  readonly url: string;
  /** At least one; several while it changes its key. */
  readonly keys: readonly VerifierKey[];
}

export interface WitnessParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  /** Whether the read models reached the end of the log within so many ms. */
  readonly caughtUp: (timeout: number) => Promise<boolean>;
  readonly witnesses: readonly WitnessAddress[];
  readonly now: () => number;
  /** Hears what an operator should know. */
  readonly notice: (line: string) => void;
  /** How long a witness may take to answer, ms; default 10 s. */
  readonly deadline?: number;
  /** The first wait behind a failure, ms; default 1 s. */
  readonly retry?: number;
}

export interface WitnessStatus {
  readonly name: string;
  readonly url: string;
  /** Verifier keys, a line each. */
  readonly keys: readonly string[];
  /** The last checkpoint it signed, and when that came into the log, ms; 0 and null before the first. */
  readonly size: number;
  readonly signedAt: number | null;
  /**
   * Events of the last checkpoint that it has not signed for, and seconds since the first checkpoint it has not signed.
   */
  readonly lagEvents: number;
  readonly lagSeconds: number;
  /** Why it did not sign when it was last asked; null where it did, or was not asked yet. */
  readonly failing: string | null;
}

const DEADLINE_MS = 10_000;
const RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;
const CATCH_UP_MS = 5000;
/** A witness says which size it knows, and another replica may have shown it one meanwhile. */
const QUESTIONS = 3;
const APPENDS = 10;
/** Of an answer: more than sixteen signatures of any kind. */
const MAX_ANSWER_BYTES = 128 * 1024;

interface Known {
  readonly store: ReadStore;
  readonly witnesses: WitnessService | null;
  readonly trust: CheckpointTrust | null;
}

/** What an auditor is told of the witnesses. */
export interface Witnesses {
  /**
   * The last checkpoint that was signed, RFC 3339; null before the first. `signatures` are those of every checkpoint.
   */
  readonly checkpoint: { readonly size: number; readonly signedAt: string; readonly signatures: Signatures } | null;
  readonly witnesses: readonly (Omit<WitnessStatus, 'signedAt'> & { readonly signedAt: string | null })[];
}

/** `witnesses` null where nothing is signed here. */
export async function witnessesOf({ store, witnesses, trust }: Known): Promise<Witnesses> {
  const signatures = await signaturesOf(trust);
  const last = store.checkpoints.last();
  return {
    checkpoint: last === null ? null : { size: last.size, signedAt: formatInstant(last.recordedAt), signatures },
    witnesses: (witnesses?.status() ?? []).map((status) => ({
      ...status,
      signedAt: status.signedAt === null ? null : formatInstant(status.signedAt),
    })),
  };
}

/** A witness did not sign. The message says why, for people. */
class NotSigned extends Error {}

interface Turn {
  /** Size that it signed and that is in the log, as far as this process knows. */
  signed: number;
  /** Size that it says it knows. */
  known: number | null;
  failing: string | null;
}

export class WitnessService {
  readonly #parts: WitnessParts;
  readonly #turns: ReadonlyMap<WitnessAddress, Turn>;
  readonly #sleeping = new Set<() => void>();
  /** How often it was woken: who was asking meanwhile asks again. */
  #woken = 0;
  /** Appends one behind the other: each needs the revision of the last. */
  #appending: Promise<unknown> = Promise.resolve();

  constructor(parts: WitnessParts) {
    this.#parts = parts;
    this.#turns = new Map(parts.witnesses.map((witness) => [witness, { signed: 0, known: null, failing: null }]));
  }

  /** There may be a new checkpoint: those that wait for one are asked. */
  wake(): void {
    this.#woken += 1;
    for (const wake of [...this.#sleeping]) wake();
  }

  /** Asks until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#parts.witnesses.map((witness) => this.#follow(witness, signal)));
  }

  async #follow(witness: WitnessAddress, signal: AbortSignal): Promise<void> {
    const first = this.#parts.retry ?? RETRY_MS;
    for (let wait = first; !signal.aborted;) {
      const woken = this.#woken;
      if (await this.ask(witness, signal)) {
        wait = first;
        if (woken === this.#woken) await this.#sleep(null, signal);
      } else {
        await this.#sleep(wait, signal);
        wait = Math.min(2 * wait, MAX_RETRY_MS);
      }
    }
  }

  /** Until there may be a new checkpoint; behind a failure for `ms`, whatever comes. */
  #sleep(ms: number | null, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#sleeping.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = ms === null ? undefined : setTimeout(end, ms).unref();
      if (ms === null) this.#sleeping.add(end);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  /** Asks one for the last checkpoint, where it has not signed it. True when nothing is left to ask of it. */
  async ask(witness: WitnessAddress, signal?: AbortSignal): Promise<boolean> {
    const turn = sure(this.#turns.get(witness));
    const name = nameOf(witness);
    try {
      // A checkpoint that was just signed is in the log before it is in the read models.
      await this.#parts.caughtUp(CATCH_UP_MS);
      const last = this.#parts.store.checkpoints.last();
      if (last === null || last.size <= this.#signed(witness)) return true;
      await this.#obtain(witness, turn, last, signal);
      if (turn.failing !== null) this.#parts.notice(`witness ${name} signs again`);
      turn.failing = null;
      return true;
    } catch (error) {
      if (signal?.aborted === true) return false;
      const why = error instanceof Error ? error.message : String(error);
      if (why !== turn.failing) this.#parts.notice(`witness ${name} did not sign: ${why}`);
      turn.failing = why;
      return false;
    }
  }

  #signed(witness: WitnessAddress): number {
    return Math.max(this.#lastBy(witness)?.size ?? 0, this.#turns.get(witness)?.signed ?? 0);
  }

  #lastBy({ keys }: WitnessAddress): { readonly size: number; readonly recordedAt: number } | null {
    const { checkpoints } = this.#parts.store;
    return keys.map((key) => lastCosignatureBy(checkpoints, key)).reduce((a, b) => ((b?.size ?? -1) > (a?.size ?? -1) ? b : a), null);
  }

  async #obtain(witness: WitnessAddress, turn: Turn, last: SignedCheckpoint, signal?: AbortSignal): Promise<void> {
    const { text } = parseNote(last.note);
    const checkpoint = parseCheckpoint(text);
    for (let question = 0; question < QUESTIONS; question += 1) {
      const old = turn.known ?? this.#signed(witness);
      const body = formatAddCheckpoint({ old, proof: this.#proof(old, last.size), checkpoint: last.note });
      const { status, answer } = await this.#post(witness, body, signal);
      if (status === 200) {
        turn.known = last.size;
        await this.#keep(witness, checkpoint, cosignatures(text, answer, witness));
        turn.signed = last.size;
        return;
      }
      if (status !== 409) throw new NotSigned(`it answered ${status}: ${answer.slice(0, 200).trim()}`);
      turn.known = this.#knownSize(answer, old, last.size);
    }
    throw new NotSigned('it says another size each time it is asked');
  }

  /** The size that a witness says it knows. Throws where the ledger cannot go on from there. */
  #knownSize(answer: string, old: number, size: number): number {
    const known = parseSize(answer.replace(/\n$/, ''));
    if (known === null) throw new NotSigned('it said which size it knows, but not in digits');
    if (known === old) throw new NotSigned(`it knows another ledger of ${old} events under this name`);
    if (known > size)
      throw new NotSigned(`it has signed a checkpoint of ${known} events, and the last one here is of ${size}: was an older log put back?`);
    return known;
  }

  #proof(from: number, to: number): Buffer[] {
    const { db } = this.#parts.store;
    return db.transaction(() => consistencyProof(from, to, readerOfTiles(storedTiles(db))))();
  }

  async #post({ url }: WitnessAddress, body: string, signal?: AbortSignal): Promise<{ readonly status: number; readonly answer: string }> {
    const deadline = AbortSignal.timeout(this.#parts.deadline ?? DEADLINE_MS);
    try {
      const response = await fetch(`${url}/add-checkpoint`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        redirect: 'manual',
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      });
      return { status: response.status, answer: await readAtMost(response, MAX_ANSWER_BYTES) };
    } catch (error) {
      if (error instanceof NotSigned) throw error;
      const { name, message, cause } = error as Error & { readonly cause?: { readonly code?: string; readonly message?: string } };
      throw new NotSigned(
        name === 'TimeoutError' ? 'it did not answer in time' : `it cannot be reached: ${cause?.code ?? cause?.message ?? message}`,
      );
    }
  }

  /** Into the log, unless another replica was told the same: of one key there is one cosignature for a size. */
  #keep(witness: WitnessAddress, { size, root }: Checkpoint, lines: readonly string[]): Promise<void> {
    const { log, store, caughtUp } = this.#parts;
    const event = {
      id: uuidv4(),
      type: COSIGNED_TYPE,
      version: COSIGNED_VERSION,
      data: cosignedData({ size, root, cosignatures: lines }),
      metadata: {},
    };
    const append = async (): Promise<void> => {
      for (let tries = 0; tries < APPENDS; tries += 1) {
        if ((this.#lastBy(witness)?.size ?? 0) >= size) return;
        try {
          await log.append(CHECKPOINT_STREAM, store.lastInCheckpoints()?.revision ?? 'no-stream', [event]);
          return;
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
          await caughtUp(CATCH_UP_MS);
        }
      }
      throw new NotSigned('what it signed could not be put into the log: others append all the time');
    };
    const appended = this.#appending.then(append);
    this.#appending = appended.catch(() => undefined);
    return appended;
  }

  status(): WitnessStatus[] {
    const { store, witnesses, now } = this.#parts;
    const last = store.checkpoints.last();
    return witnesses.map((witness) => {
      const by = this.#lastBy(witness);
      const size = by?.size ?? 0;
      const missing = store.checkpoints.firstAbove(size);
      return {
        name: nameOf(witness),
        url: witness.url,
        keys: witness.keys.map(formatVerifierKey),
        size,
        signedAt: by?.recordedAt ?? null,
        lagEvents: Math.max(0, (last?.size ?? 0) - size),
        lagSeconds: missing === null ? 0 : Math.max(0, (now() - missing.recordedAt) / 1000),
        failing: this.#turns.get(witness)?.failing ?? null,
      };
    });
  }
}

function nameOf({ keys, url }: WitnessAddress): string {
  return keys[0]?.name ?? url;
}

/** The lines of an answer that keys of this witness made, each of which verifies. Throws where there is none. */
function cosignatures(text: string, answer: string, { keys }: WitnessAddress): string[] {
  try {
    const note = `${text}\n${answer}`;
    const known = openNote(note, keys).by.map(({ key }) => key);
    return parseNote(withSignaturesOf(note, known)).signatures.map(formatSignature);
  } catch (error) {
    if (error instanceof InvalidNote) throw new NotSigned(`what it answered is not its signature: ${error.message}`);
    throw error;
  }
}

async function readAtMost(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > limit) throw new NotSigned(`it answered with more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
