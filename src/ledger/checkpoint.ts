/**
 * Checkpoints (C2SP tlog-checkpoint): the size and the root of the tree under the name of the ledger, as a signed note.
 */
import { EMPTY_ROOT, HASH_BYTES } from './merkle.js';
import { fromBase64, InvalidNote, openNote, parseNote, signNote, type SignerKey, type Verified, type VerifierKey } from './signed-note.js';

export interface Checkpoint {
  /**
   * Names the ledger among all others: an address without scheme, such as `ledger.example.gov.cn/disclosure`. The keys
   * of the ledger bear it too.
   */
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** RFC 6962 root of that many entries, 32 bytes. */
  readonly root: Buffer;
}

/** The text of a checkpoint, which is what is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  if (origin === '' || /[\n\0]/.test(origin)) throw new InvalidNote('a ledger needs a name of one line');
  if (!Number.isSafeInteger(size) || size < 0) throw new InvalidNote(`not a number of entries: ${size}`);
  if (root.length !== HASH_BYTES) throw new InvalidNote('a root has 32 bytes');
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Reads the text of a checkpoint; further lines are allowed and mean nothing here. Errors: `InvalidNote`. */
export function parseCheckpoint(text: string): Checkpoint {
  const checkpoint = readCheckpoint(text);
  if (isFalseOfNothing(checkpoint)) throw new InvalidNote('the root of no entries is another');
  return checkpoint;
}

/** Whether it claims another root for no entries than the one there is. */
export function isFalseOfNothing({ size, root }: Checkpoint): boolean {
  return size === 0 && !root.equals(EMPTY_ROOT);
}

/** Reads what the text says, also of a tree that cannot be. Errors: `InvalidNote`. */
export function readCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin, digits, encoded] = lines;
  const isText = lines.pop() === '' && lines.length >= 3 && !lines.includes('');
  if (!isText || origin === undefined || digits === undefined || encoded === undefined)
    throw new InvalidNote('a checkpoint has three lines');
  const size = /^(0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : NaN;
  if (!Number.isSafeInteger(size)) throw new InvalidNote('the size of the checkpoint is no number of entries');
  const root = fromBase64(encoded);
  if (root?.length !== HASH_BYTES) throw new InvalidNote('the root of the checkpoint is no hash');
  return { origin, size, root };
}

/** A checkpoint signed by each of `keys`: during a rotation by the old and the new one. `now` in ms. */
export function signCheckpoint(checkpoint: Checkpoint, keys: readonly SignerKey[], now: number): string {
  return signNote(checkpointText(checkpoint), keys, now);
}

/**
 * A checkpoint of the ledger `origin` that one of `keys` signed as the ledger, not only as a witness; `by` has
 * everybody of `keys` who signed. Errors: `InvalidNote`.
 */
export function openCheckpoint(
  note: string,
  origin: string,
  keys: readonly VerifierKey[],
): { readonly checkpoint: Checkpoint; readonly by: readonly Verified[] } {
  const { text, by } = openNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin) throw new InvalidNote(`a checkpoint of ${checkpoint.origin}, not of ${origin}`);
  if (!by.some(({ key }) => key.type === 'ed25519' && key.name === origin))
    throw new InvalidNote('no key of the ledger signed the checkpoint');
  return { checkpoint, by };
}

/**
 * The same for a note of whichever ledger it names: that one of `keys` which bears its name signed it as the ledger.
 * `keys` may hold those of several ledgers, old ones, and witnesses. Errors: `InvalidNote`.
 */
export function verifyCheckpointNote(note: string, keys: readonly VerifierKey[]): ReturnType<typeof openCheckpoint> {
  return openCheckpoint(note, parseCheckpoint(parseNote(note).text).origin, keys);
}
