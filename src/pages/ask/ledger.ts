/** The ledger: its last checkpoint, its witnesses, the proof of an event, and the check of a proof that is pasted. */
import { readCheckpoint, type Checkpoint } from '../../ledger/checkpoint.js';
import { verifyConsistency } from '../../ledger/merkle.js';
import { checkProofFile, proofText } from '../../ledger/proof-check.js';
import { formatVerifierKey, parseNote } from '../../ledger/signed-note.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { GetCheckpoint, GetConsistency, GetLedgerKeys, GetProofFile, GetWitnesses } from '../../signing/handlers.js';
import type { Shown } from '../views/layout.js';
import { ledgerPage, type CheckedProof } from '../views/ledger.js';
import type { Visit } from '../visit.js';

export async function ledger(visit: Visit): Promise<Shown> {
  const event = visit.query['event'];
  return shown(visit, event === undefined ? null : await ofEvent(visit, event));
}

export async function checkProof(visit: Visit): Promise<Shown> {
  return shown(visit, await checked(visit, proofText(visit.body['proof'] ?? '')));
}

async function shown({ door, words, formToken }: Visit, proof: CheckedProof | null): Promise<Shown> {
  await door.readModels.caughtUp();
  const witnesses = await door.queries.execute(new GetWitnesses());
  const note = witnesses.checkpoint === null ? null : await door.queries.execute(new GetCheckpoint());
  const keys = await door.queries.execute(new GetLedgerKeys());
  return ledgerPage({ words, formToken, note, keys: keys.map(formatVerifierKey), witnesses, proof });
}

/** Errors: `not-permitted`, `unknown-event`. */
async function ofEvent(visit: Visit, eventId: string): Promise<CheckedProof> {
  const { door, visitor } = visit;
  await door.readModels.caughtUp();
  if (!visitor.seesProof(eventId))
    throw new QueryProblem('not-permitted', 'The caller lacks audit for this.', 'Of an event: audit in its agency.');
  try {
    return await checked(visit, await door.queries.execute(new GetProofFile(eventId)));
  } catch (error) {
    // Where nothing is signed, or not yet up to this event, there is no proof and nothing is wrong.
    if (error instanceof QueryProblem && error.code === 'no-checkpoint') return { text: '', holds: false, why: error.message };
    throw error;
  }
}

/** Whether what the file proves is in this ledger as it is signed now. */
async function checked({ door }: Visit, text: string): Promise<CheckedProof> {
  const keys = await door.queries.execute(new GetLedgerKeys());
  const found = checkProofFile(text, keys.length === 0 ? null : keys);
  if (!found.holds) return { text, ...found };
  const { index, entry, checkpoint } = found;
  const why = await whyNotOurs(door, checkpoint);
  return why === null ? { text, holds: true, why: null, index, size: checkpoint.size, entry } : { text, holds: false, why };
}

/** null where this ledger grew out of that checkpoint. */
async function whyNotOurs(door: Visit['door'], { origin, size, root }: Checkpoint): Promise<string | null> {
  const ours = readCheckpoint(parseNote(await door.queries.execute(new GetCheckpoint())).text);
  if (origin !== ours.origin) return `The checkpoint is of ${origin}; this ledger is ${ours.origin}.`;
  if (size > ours.size) return `The checkpoint is of ${size} events; the last one of this ledger is of ${ours.size}.`;
  const { proof } = size === ours.size ? { proof: [] } : await door.queries.execute(new GetConsistency(size, ours.size));
  const hashes = proof.map((hash) => Buffer.from(hash, 'base64'));
  return verifyConsistency(size, ours.size, root, ours.root, hashes) ? null : 'The checkpoint is none of this ledger.';
}
