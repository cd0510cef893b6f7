/**
 * Histories that a ledger might show a witness, with the trees and proofs of them. Proofs are the program's own, roots
 * those of the other implementation.
 */
import { createHash } from 'node:crypto';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { formatAddCheckpoint } from '../../src/ledger/cosigning.js';
import { consistencyProof } from '../../src/ledger/merkle.js';
import type { SignerKey } from '../../src/ledger/signed-note.js';
import { mth } from '../ledger/c2sp.js';

export const leafOf = (text: string): Buffer => createHash('sha256').update('\0').update(text).digest();

/** Leaves that agree with `trunk` up to `from` and differ in each behind it. */
export function forkOf(trunk: readonly Buffer[], from: number, name: string): Buffer[] {
  return trunk.map((leaf, index) => (index < from ? leaf : leafOf(`${name} ${index}`)));
}

export function proofOf(leaves: readonly Buffer[], from: number, to: number): Buffer[] {
  return consistencyProof(from, to, (level, index) => mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));
}

export function noteOf(leaves: readonly Buffer[], size: number, key: SignerKey): string {
  return signCheckpoint({ origin: key.name, size, root: mth(leaves.slice(0, size)) }, [key], 0);
}

/** A request as an honest ledger of these leaves makes it. */
export function requestOf(leaves: readonly Buffer[], old: number, size: number, key: SignerKey): string {
  return formatAddCheckpoint({ old, proof: old > size ? [] : proofOf(leaves, old, size), checkpoint: noteOf(leaves, size, key) });
}
