/** A pack as a file of Node. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { codeOf, messageOf } from '../../encoding/unknown-values.js';
import type { Inflated, PackSource } from './pack-source.js';
import { BadArchive } from './tar.js';

const READ_BYTES = 512 * 1024;

/** Errors of its methods: those of the file system. */
export function nodeSource(path: string): PackSource {
  const opened = async <T>(use: (file: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> => {
    const file = await open(path);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  };
  return {
    name: path,
    size: () => opened(async (file) => (await file.stat()).size),
    read: (at, count) =>
      opened(async (file) => {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, at);
        return buffer.subarray(0, bytesRead);
      }),
    inflate: (at) => inflated(path, at),
  };
}

function inflated(path: string, start: number): Inflated {
  const inflate = createInflateRaw({ chunkSize: READ_BYTES });
  // An error of the file comes out of the other end.
  pipeline(createReadStream(path, { start, highWaterMark: READ_BYTES }), inflate, () => undefined);
  const pieces: AsyncIterator<Buffer, undefined> = inflate[Symbol.asyncIterator]();
  return {
    next: async () => {
      try {
        return (await pieces.next()).value ?? null;
      } catch (error) {
        throw codeOf(error)?.startsWith('Z_') === true ? new BadArchive(`the file is damaged or cut off: ${messageOf(error)}`) : error;
      }
    },
    get taken() {
      return inflate.bytesWritten;
    },
    crc32,
    close: () => void inflate.destroy(),
  };
}
