/** Files that the build puts beside the program: the verifier in one file, and the specification of packs. */
import { readFileSync } from 'node:fs';
import { builtFile } from '../config/package-files.js';

/** Errors: those of the file system, where the program was not built as a whole. */
export function readBuilt(name: 'verifier.mjs' | 'audit-pack.md' | 'counting.md'): Buffer {
  return readFileSync(builtFile(name));
}
