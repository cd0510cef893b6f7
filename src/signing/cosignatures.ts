/**
 * Which lines of witnesses in the log are theirs: anybody who can append may have put one there, and it counts only
 * where its key made it.
 */
import { isSignedBy, parseNote, type VerifierKey } from '../ledger/signed-note.js';
import type { CheckpointRows, SignedCheckpoint, StoredCosignature } from '../read-models/ledger/checkpoints.js';

export function isCosignature({ note }: SignedCheckpoint, line: string, key: VerifierKey): boolean {
  return isSignedBy(`${parseNote(note).text}\n${line}\n`, key);
}

/** What a key signed of the largest size; null before the first. */
export function lastCosignatureBy(rows: CheckpointRows, key: VerifierKey): StoredCosignature | null {
  for (let row = rows.lastBy(key); row !== null; row = rows.lastBy(key, row.size)) {
    const signed = rows.of(row.size);
    if (signed !== null && isCosignature(signed, row.line, key)) return row;
  }
  return null;
}
