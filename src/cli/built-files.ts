/** Files that the build puts beside the program: the verifier in one file, and the specification of packs. */
import { readFileSync } from 'node:fs';

/** Errors: those of the file system, where the program was not built as a whole. */
export function builtFile(name: 'verifier.mjs' | 'audit-pack.md' | 'counting.md'): Buffer {
  return readFileSync(new URL(`../${name}`, import.meta.url));
}
