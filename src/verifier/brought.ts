/** What an auditor types that he brings along: keys of the ledger and of witnesses, and how many of these must sign. */
import { BadKey, parseVerifierKey, type SignatureType, type VerifierKey } from '../ledger/signed-note.js';

/** Not a question that can be answered: exit 2. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}

/** Errors: `BadUsage` for a line that is no key, or one of the other type. */
export function readKeys(lines: readonly string[], type: SignatureType): VerifierKey[] {
  return lines.map((line) => {
    try {
      const key = parseVerifierKey(line.trim());
      if (key.type !== type)
        throw new BadUsage(type === 'ed25519' ? '--key takes the key of a ledger' : '--witness takes the key of a witness');
      return key;
    } catch (error) {
      if (error instanceof BadKey) throw new BadUsage(`not a key: ${error.message}`);
      throw error;
    }
  });
}

/** How many of the `given` witnesses must have signed. Errors: `BadUsage`. */
export function readCount(text: string | undefined, given: number): number {
  if (text === undefined) return given;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(count)) throw new BadUsage('--min-witnesses is a whole number');
  if (count > given) throw new BadUsage('--min-witnesses is more than the witnesses given with --witness');
  return count;
}
