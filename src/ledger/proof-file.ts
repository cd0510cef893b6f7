/**
 * Proof files (C2SP tlog-proof, `.tlog-proof`): an index, the proof of inclusion and a checkpoint in one text that can
 * be checked without the service. In ours the extra line holds the entry itself, so that the file says what it proves:
 * whoever checks it hashes that entry and trusts nothing else of the line.
 */
import { sure } from '../encoding/unknown-values.js';
import { parseCheckpoint } from './checkpoint.js';
import { HASH_BYTES } from './merkle.js';
import { fromBase64, InvalidNote, parseNote } from './signed-note.js';

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 entries is as high. */
const MAX_HASHES = 64;

export interface ProofFile {
  readonly index: number;
  /** From the leaf's sibling up. */
  readonly proof: readonly Buffer[];
  /** The signed note. */
  readonly checkpoint: string;
  /** UTF-8 text of the entry; null where the file has no extra line. */
  readonly entry: string | null;
}

export function formatProofFile({ index, proof, checkpoint, entry }: ProofFile): string {
  const extra = entry === null ? [] : [`extra ${Buffer.from(entry).toString('base64')}`];
  return [FIRST_LINE, ...extra, `index ${index}`, ...proof.map((hash) => hash.toString('base64')), '', checkpoint].join('\n');
}

/**
 * Takes a proof file apart; verifies neither proof nor signatures, only that index and checkpoint fit each other.
 * Errors: `InvalidNote`.
 */
export function parseProofFile(text: string): ProofFile {
  const blank = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, Math.max(blank, 0)).split('\n');
  if (blank < 0 || first !== FIRST_LINE) throw new InvalidNote(`a proof begins with ${FIRST_LINE}`);
  const extra = lines[0]?.startsWith('extra ') === true ? fromBase64(sure(lines.shift()).slice('extra '.length)) : undefined;
  if (extra === null) throw new InvalidNote('the extra line is not base64');
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? [];
  const index = digits === undefined ? NaN : Number(digits);
  if (!Number.isSafeInteger(index)) throw new InvalidNote('the proof has no index');
  if (lines.length > MAX_HASHES) throw new InvalidNote('the proof is too long');
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) throw new InvalidNote('a line of the proof is no hash');
    return hash;
  });
  const checkpoint = text.slice(blank + 2);
  if (parseCheckpoint(parseNote(checkpoint).text).size <= index) throw new InvalidNote('the checkpoint does not reach the entry');
  return { index, proof, checkpoint, entry: extra === undefined ? null : readText(extra) };
}

function readText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidNote('the extra line is not a text');
  }
}
