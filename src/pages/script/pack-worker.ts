/** A worker that verifies one pack, by the sources of verify.mjs. Its page ends it, whatever it does. */
import { keyLines } from '../../ledger/signed-note.js';
import { messageOf } from '../../encoding/unknown-values.js';
import { readKeys } from '../../verifier/brought.js';
import { verifyPack, type Verification } from '../../verifier/verify-pack.js';
import { blobSource } from './pack/blob-source.js';
import type { PackAnswer, PackQuestion } from './pack/exchange.js';
import { holdsHere } from './pack/web-signatures.js';

/** `sha256:` and the digest of verify.mjs of this build, which the build puts in. */
declare const VERIFIER_DIGEST: string;

/** So many bytes are read between two words about it. */
const STEP_BYTES = 256 * 1024;

addEventListener('message', ({ data }: MessageEvent<PackQuestion>) => void answer(data));

async function answer(question: PackQuestion): Promise<void> {
  try {
    say({ kind: 'found', found: await verified(question) });
  } catch (error) {
    say({ kind: 'refused', why: messageOf(error) });
  }
}

async function verified({ file, keys, witnesses, previousCheckpoint }: PackQuestion): Promise<Verification> {
  const brought = readKeys(keyLines(witnesses), 'cosignature');
  let said = 0;
  const onRead = (bytes: number): void => {
    if (bytes - said < STEP_BYTES) return;
    said = bytes;
    say({ kind: 'read', bytes });
  };
  return verifyPack({
    pack: blobSource(file, onRead),
    keys: readKeys(keyLines(keys), 'ed25519'),
    witnesses: brought,
    minWitnesses: brought.length,
    previousCheckpoint: previousCheckpoint === '' ? null : previousCheckpoint,
    self: VERIFIER_DIGEST,
    holds: holdsHere,
  });
}

function say(what: PackAnswer): void {
  postMessage(what);
}
