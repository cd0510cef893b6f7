/**
 * The check of a proof file by itself: the entry is under the root of its checkpoint, and a key of the ledger signed
 * that. Whether the ledger as it is now grew out of the checkpoint is another question, which needs the ledger.
 */
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { leafHash, verifyInclusion } from './merkle.js';
import { parseProofFile } from './proof-file.js';
import { InvalidNote, openNote, parseNote, type VerifierKey } from './signed-note.js';

export type ProofChecked =
  | { readonly holds: false; readonly why: string }
  | { readonly holds: true; readonly index: number; readonly entry: string; readonly checkpoint: Checkpoint };

/** `keys`: the ledger's; null where none is known, which leaves the signature unchecked. `why` is for people. */
export function checkProofFile(text: string, keys: readonly VerifierKey[] | null): ProofChecked {
  try {
    const { index, proof, checkpoint: note, entry } = parseProofFile(text);
    const checkpoint = parseCheckpoint((keys === null ? parseNote(note) : openNote(note, keys)).text);
    if (entry === null) return { holds: false, why: 'The file does not hold the entry that it proves.' };
    const isUnder = verifyInclusion(leafHash(entry), index, checkpoint.size, proof, checkpoint.root);
    return isUnder
      ? { holds: true, index, entry, checkpoint }
      : { holds: false, why: 'The entry is not under the root of its checkpoint.' };
  } catch (error) {
    if (error instanceof InvalidNote) return { holds: false, why: error.message };
    throw error;
  }
}

/** Line ends of any system, and one at the end: what a browser sends of a field, or an editor made of a file. */
export function proofText(given: string): string {
  return given.replaceAll('\r\n', '\n').replace(/\n*$/, '\n');
}
