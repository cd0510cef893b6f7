/** A pack as a file that somebody chose in a browser. Nothing of it goes anywhere. */
import { buf } from 'crc-32';
import { Z_BUF_ERROR, Z_NO_FLUSH, Z_OK, Z_STREAM_END, zlibInflate, zlibInflateInit2, ZStream } from 'pako';
import type { Inflated, PackSource } from '../../../verifier/format/pack-source.js';
import { BadArchive } from '../../../verifier/format/tar.js';

const READ_BYTES = 64 * 1024;
const PIECE_BYTES = 512 * 1024;
/** Deflate without a wrapper, of a window of any size. */
const RAW = -15;

/** `onRead` hears how many bytes were read so far. Errors of its methods: with a code, as those of a file system. */
export function blobSource(file: File, onRead: (bytes: number) => void): PackSource {
  const read = async (at: number, count: number): Promise<Buffer> => {
    try {
      return Buffer.from(await file.slice(at, at + count).arrayBuffer());
    } catch (error) {
      throw Object.assign(new Error('the file cannot be read, or was changed', { cause: error }), { code: 'EIO' });
    }
  };
  return {
    name: file.name,
    size: async () => file.size,
    read,
    inflate: (at) =>
      new BlobInflated(at, async (from) => {
        onRead(from);
        return read(from, READ_BYTES);
      }),
  };
}

/**
 * The browser's own DecompressionStream does not say where a stream ended, and what stands behind it must be found:
 * so it is zlib itself in JavaScript, which Node has too.
 */
class BlobInflated implements Inflated {
  readonly #stream = new ZStream();
  readonly #read: (at: number) => Promise<Buffer>;
  #at: number;
  #ended = false;

  constructor(at: number, read: (at: number) => Promise<Buffer>) {
    this.#at = at;
    this.#read = read;
    this.#stream.input = new Uint8Array(0);
    zlibInflateInit2(this.#stream, RAW);
  }

  get taken(): number {
    return this.#stream.total_in;
  }

  async next(): Promise<Buffer | null> {
    const stream = this.#stream;
    const piece = new Uint8Array(PIECE_BYTES);
    stream.output = piece;
    stream.next_out = 0;
    stream.avail_out = PIECE_BYTES;
    while (!this.#ended) {
      const status = zlibInflate(stream, Z_NO_FLUSH);
      this.#ended = status === Z_STREAM_END;
      // Without progress for want of bytes it says Z_BUF_ERROR, which is no error yet.
      if (!this.#ended && status !== Z_OK && status !== Z_BUF_ERROR) throw damaged(stream.msg);
      if (stream.next_out > 0) break;
      if (!this.#ended && stream.avail_in === 0) await this.#more();
    }
    return stream.next_out === 0 ? null : Buffer.from(piece.buffer, 0, stream.next_out);
  }

  async #more(): Promise<void> {
    const bytes = await this.#read(this.#at);
    if (bytes.length === 0) throw damaged('unexpected end of file');
    this.#at += bytes.length;
    this.#stream.input = bytes;
    this.#stream.next_in = 0;
    this.#stream.avail_in = bytes.length;
  }

  crc32(piece: Buffer, before: number): number {
    return buf(piece, before) >>> 0;
  }

  close(): void {
    this.#ended = true;
  }
}

const damaged = (why: string): BadArchive => new BadArchive(`the file is damaged or cut off: ${why}`);
