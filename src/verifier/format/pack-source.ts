/**
 * Where the bytes of a pack come from. With the check of a signature it is all of the verifier that differs between
 * Node and a browser.
 */
export interface PackSource {
  /** What findings call the file. */
  readonly name: string;
  /** In bytes. */
  size(): Promise<number>;
  /** Fewer than `count` bytes where the file ends before. */
  read(at: number, count: number): Promise<Buffer>;
  /** Unpacks the deflate stream (RFC 1951) that begins at byte `at`. */
  inflate(at: number): Inflated;
}

/** What comes out of a stream, piece by piece in bounded memory. */
export interface Inflated {
  /** The next piece, at least one byte; null behind the last. Errors: `BadArchive`, those of the file system. */
  next(): Promise<Buffer | null>;
  /** How many packed bytes it took: behind the last piece, where the stream ended. */
  readonly taken: number;
  /** CRC-32 (RFC 1952) of a piece behind one that had the checksum `before`, 0 for none. */
  crc32(piece: Buffer, before: number): number;
  close(): void;
}
