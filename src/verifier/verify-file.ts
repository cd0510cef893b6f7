/** Verifies a pack that lies in a file, by Node. */
import { isTrue } from '../ledger/signed-note.js';
import type { Brought } from './checks/signatures.js';
import { nodeSource } from './format/node-source.js';
import { verifyPack, type Verification } from './verify-pack.js';

export interface FileToVerify extends Omit<Brought, 'holds'> {
  readonly file: string;
  /** `sha256:` and the digest of the verifier in one file; null = not compared with the one in the pack. */
  readonly self: string | null;
}

/** Errors: those of the file system. */
export async function verifyFile({ file, ...brought }: FileToVerify): Promise<Verification> {
  return verifyPack({ ...brought, pack: nodeSource(file), holds: isTrue });
}
