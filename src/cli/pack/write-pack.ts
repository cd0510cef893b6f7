/** The pack that `disclosure export --pack` writes, with the files that every pack carries. */
import { exportPack, type Exported } from '../../audit/pack/export-pack.js';
import { readTrustedKeys, readWitnesses } from '../../runtime/signing-keys.js';
import { readBuilt } from '../built-files.js';
import { withReader } from '../reader.js';

export interface PackWanted {
  /** The file to write. */
  readonly pack: string;
  readonly agency: string | null;
  readonly year: number | null;
  /** Up to the last event instead of the last checkpoint. */
  readonly toEnd: boolean;
}

export interface PackProgress {
  readonly entries: number;
  readonly of: number;
}

/** Errors: as `exportPack`; those of opening a ledger. */
export async function writePack(wanted: PackWanted, heard: (progress: PackProgress) => void): Promise<Exported> {
  const { pack, agency, year, toEnd } = wanted;
  const keys = { ledger: readTrustedKeys(process.env), witnesses: readWitnesses(process.env).flatMap(({ keys: known }) => known) };
  return withReader((runtime) =>
    exportPack(runtime, {
      file: pack,
      cut: agency === null && year === null ? null : { agency, year },
      toEnd,
      keys,
      files: { 'SPEC.md': readBuilt('audit-pack.md'), 'COUNTING.md': readBuilt('counting.md'), 'verify.mjs': readBuilt('verifier.mjs') },
      progress: (entries, of) => heard({ entries, of }),
    }),
  );
}
