/** Writes an exported file to a disk or a stream, and says what was written. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportedFile } from './exported.js';

export interface WrittenFile {
  /** As it was named; `-` for a stream. */
  readonly file: string;
  readonly bytes: number;
  /** `sha256:` and 64 hexadecimal digits, of the bytes. */
  readonly sha256: string;
  /** The last event of the ledger in it; null before the first. */
  readonly index: number | null;
}

/**
 * Under its name the file is whole or as it was before: what is written stands beside it until then. Errors: those of
 * the file system, and of what is exported.
 */
export async function writeFile(exported: ExportedFile, file: string): Promise<WrittenFile> {
  const part = `${file}.${process.pid}.part`;
  try {
    const written = await writeStream(exported, createWriteStream(part), file);
    await rename(part, file);
    return written;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** As fast as the stream takes it. */
export async function writeStream({ bytes, index }: ExportedFile, to: Writable, file = '-'): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let size = 0;
  await pipeline(
    bytes,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    to,
    // Standard output stays open.
    { end: file !== '-' },
  );
  return { file, bytes: size, sha256: `sha256:${hash.digest('hex')}`, index };
}
