/**
 * POSIX tar (ustar) in the one form a pack has: regular files, every field of a header follows from name and size.
 * Whatever else a header could say is an error, so no byte of an archive is without meaning.
 */
export const BLOCK = 512;
const MAX_NAME_BYTES = 100;
/** Eleven octal digits hold it. */
const MAX_SIZE = 8 ** 11 - 1;

/** An archive that is not what a pack is made of. The message says what is wrong, for people. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

/** The header of a member; `name` of at most 100 bytes of ASCII. */
export function tarHeader(name: string, size: number): Buffer {
  if (!/^[\x21-\x7e]+$/.test(name) || name.length > MAX_NAME_BYTES)
    throw new BadArchive(`not the name of a member: ${JSON.stringify(name)}`);
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_SIZE) throw new BadArchive(`not the size of a member: ${size}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void =>
    void block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  block.write(name, 0, 'latin1');
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write('0', 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  octal(0, 329, 7);
  octal(0, 337, 7);
  // The checksum is reckoned with blanks in its own place.
  block.fill(' ', 148, 156);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block[154] = 0;
  return block;
}

/** How many zero bytes follow a member of this size. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** What follows the last member. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

/** Name and size of a header; null for a block of zeros, with which the end begins. Errors: `BadArchive`. */
export function parseTarHeader(block: Buffer): { readonly name: string; readonly size: number } | null {
  if (block.every((byte) => byte === 0)) return null;
  const end = block.indexOf(0);
  const name = block.toString('latin1', 0, Math.min(end < 0 ? MAX_NAME_BYTES : end, MAX_NAME_BYTES));
  const digits = block.toString('latin1', 124, 135);
  if (!/^[0-7]{11}$/.test(digits)) throw new BadArchive('a header has no size');
  const size = Number.parseInt(digits, 8);
  if (!tarHeader(name, size).equals(block)) throw new BadArchive(`the header of ${JSON.stringify(name)} is not the one a pack has`);
  return { name, size };
}
