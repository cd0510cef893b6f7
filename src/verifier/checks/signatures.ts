/**
 * What the auditor brings along, held against the pack: keys, witnesses, an earlier checkpoint. What he does not bring
 * stays unverified, and is said.
 */
import { parseCheckpoint } from '../../ledger/checkpoint.js';
import { InvalidNote, openNoteBy, parseNote, type ClaimCheck, type VerifierKey } from '../../ledger/signed-note.js';
import type { CheckpointsCheck } from './checkpoints-check.js';
import type { Findings } from '../findings.js';
import type { Tree } from '../tree.js';

export interface Brought {
  /** The ledger's keys as the auditor knows them; none = those of the pack, which prove nothing by themselves. */
  readonly keys: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  /** How many of the witnesses must have signed; 0 = none need. */
  readonly minWitnesses: number;
  /** A checkpoint of this ledger that the auditor kept, as a signed note. */
  readonly previousCheckpoint: string | null;
  /** Verifies a signature: Node does it at once, a browser in its time. */
  readonly holds: ClaimCheck;
}

/** The auditor's own checkpoint: this history continues it. */
export async function checkPrevious(
  { keys, previousCheckpoint: note, holds }: Brought,
  origin: string | null,
  tree: Tree,
  findings: Findings,
): Promise<void> {
  if (note === null) return;
  const wrong = (where: string, message: string): void => findings.error('previous-checkpoint', where, message);
  try {
    const { text } = keys.length > 0 ? await openNoteBy(note, keys, holds) : parseNote(note);
    const checkpoint = parseCheckpoint(text);
    const { size, root } = checkpoint;
    const where = `previous checkpoint of ${size}`;
    if (checkpoint.origin !== origin) wrong(where, `属于另一账本 (it is of ${checkpoint.origin})`);
    else if (size > tree.size)
      wrong(where, `账本短于此检查点 (the pack has only ${tree.size} entries: the log was put back, or the pack is older)`);
    else if (!tree.root(size).equals(root))
      wrong(where, '账本与此检查点不一致 (the history was changed since: its root at that size is another)');
  } catch (error) {
    if (!(error instanceof InvalidNote)) throw error;
    wrong('previous checkpoint', `无法核验 (cannot be verified): ${error.message}`);
  }
}

/** Who signed how much of the `size` entries; gives what remains unverified. */
export function checkSignatures(brought: Brought, checkpoints: CheckpointsCheck, size: number, findings: Findings): string[] {
  const notVerified = checkLedgerKeys(brought, checkpoints, size, findings);
  const { witnesses, minWitnesses, previousCheckpoint } = brought;
  const witnessed = checkpoints.lastWitnessed;
  if (minWitnesses > 0 && witnessed === null)
    findings.error(
      'not-witnessed',
      'checkpoints/',
      `见证少于 ${minWitnesses} 个 (no checkpoint has cosignatures of ${minWitnesses} given witnesses)`,
    );
  else if (minWitnesses > 0 && witnessed !== null && witnessed.size < size)
    findings.warning('unwitnessed-tail', `index ${witnessed.size}`, '其后的事件未见证 (events behind the last witnessed checkpoint)');
  if (witnesses.length === 0)
    notVerified.push(
      '未给出见证方密钥 (--witness): 经营者可重签改写后的账本 no witness given: an operator can re-sign a rewritten history',
    );
  if (previousCheckpoint === null)
    notVerified.push(
      '未给出以往检查点 (--previous-checkpoint): 未与您以前所见核对 no earlier checkpoint given: not compared with what you saw before',
    );
  return notVerified;
}

function checkLedgerKeys({ keys }: Brought, checkpoints: CheckpointsCheck, size: number, findings: Findings): string[] {
  const signed = checkpoints.lastSigned;
  // With keys of his own the auditor asks whether it is signed; without them nobody can say.
  const say = (rule: string, where: string, message: string): void =>
    keys.length > 0 ? findings.error(rule, where, message) : findings.warning(rule, where, message);
  if (signed === null) say('not-signed', 'checkpoints/', '没有以已知密钥签名的检查点 (no checkpoint is signed by a known key)');
  else if (signed.size < size)
    say('unsigned-tail', `index ${signed.size}`, `其后的 ${size - signed.size} 个事件未签名 (events behind the last signed checkpoint)`);
  if (keys.length === 0)
    return [
      '未给出密钥 (--key): 签名只对照包内自称的密钥 no key given: signatures were held against keys the pack itself names, which says nothing about who signed',
    ];
  return checkpoints.unknownSigner === 0
    ? []
    : [
        `${checkpoints.unknownSigner} 个检查点由其他密钥签名, 仅核对了根 checkpoints signed by keys that were not given: only their roots were compared`,
      ];
}
