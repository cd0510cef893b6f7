/**
 * How a ledger and its witnesses talk (C2SP tlog-witness, add-checkpoint) and what the ledger keeps of it. A witness
 * signs a checkpoint only when it has been shown that it continues the one it signed before; what it signed stands in
 * the log as `checkpoint.cosigned`, `{size, root, cosignatures}`.
 */
import { HASH_BYTES } from './merkle.js';
import { fromBase64, InvalidNote, parseNote } from './signed-note.js';

/** At most so many lines of proof: a tree of 2^63 entries needs no more. */
export const MAX_PROOF_LINES = 63;
/** The type of the answer that says which size a witness knows. */
export const SIZE_TYPE = 'text/x.tlog.size';

export interface AddCheckpoint {
  /** The size that the witness signed last, as the ledger believes. */
  readonly old: number;
  /** RFC 6962 consistency proof from there. */
  readonly proof: readonly Buffer[];
  /** The signed note. */
  readonly checkpoint: string;
}

export function formatAddCheckpoint({ old, proof, checkpoint }: AddCheckpoint): string {
  return `${[`old ${old}`, ...proof.map((hash) => hash.toString('base64'))].join('\n')}\n\n${checkpoint}`;
}

/** Takes a request apart; verifies nothing of it, and leaves the note as it is. Errors: `InvalidNote`. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const blank = body.indexOf('\n\n');
  if (blank < 0) throw new InvalidNote('a request is an old size, lines of proof, an empty line and a checkpoint');
  const [first, ...lines] = body.slice(0, blank).split('\n');
  const old = parseSize(/^old (.*)$/.exec(first ?? '')?.[1] ?? '');
  if (old === null) throw new InvalidNote('a request begins with "old" and a number of entries');
  if (lines.length > MAX_PROOF_LINES) throw new InvalidNote(`a proof has at most ${MAX_PROOF_LINES} lines`);
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) throw new InvalidNote('a line of the proof is no hash');
    return hash;
  });
  return { old, proof, checkpoint: body.slice(blank + 2) };
}

/** A number of entries in decimal, without zeros before it; null for anything else. */
export function parseSize(text: string): number | null {
  const size = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(size) ? size : null;
}

/** What one or more witnesses signed under a checkpoint, as its event holds it. */
export interface Cosigned {
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Buffer;
  /** The lines of their signatures, each without its newline. */
  readonly cosignatures: readonly string[];
}

export function cosignedData({ size, root, cosignatures }: Cosigned): Readonly<Record<string, unknown>> {
  return { size, root: root.toString('base64'), cosignatures: [...cosignatures] };
}

const isLine = (line: unknown): line is string => typeof line === 'string' && !line.includes('\n');

/** Reads the data of a `checkpoint.cosigned`; verifies no signature. Errors: `InvalidNote`. */
export function readCosigned(data: Readonly<Record<string, unknown>>): Cosigned {
  const { size, root: encoded, cosignatures: lines } = data;
  const root = typeof encoded === 'string' ? fromBase64(encoded) : null;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new InvalidNote('the size of a cosignature is no number of entries');
  if (root?.length !== HASH_BYTES) throw new InvalidNote('the root of a cosignature is no hash');
  const cosignatures = Array.isArray(lines) ? lines.filter(isLine) : [];
  if (!Array.isArray(lines) || lines.length === 0 || cosignatures.length < lines.length)
    throw new InvalidNote('a cosignature is one or more lines');
  parseNote(`-\n\n${cosignatures.join('\n')}\n`);
  return { size, root, cosignatures };
}

/** A note with the lines of others under its own, none of them twice. */
export function withCosignatures(note: string, lines: readonly string[]): string {
  const there = new Set(note.split('\n'));
  return (
    note +
    [...new Set(lines)]
      .filter((line) => !there.has(line))
      .map((line) => `${line}\n`)
      .join('')
  );
}
