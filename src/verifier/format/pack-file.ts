/**
 * Reads a pack member by member, in bounded memory, and nothing to disk. Whatever cannot be read is a `BadArchive` with
 * what is wrong.
 */
import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { sure } from '../../encoding/unknown-values.js';
import { GZIP_HEADER, MAX_LINE_BYTES, MAX_LINES, MAX_LINES_BYTES, MAX_WHOLE_BYTES, type MemberRecord } from './layout.js';
import type { Inflated, PackSource } from './pack-source.js';
import { BadArchive, BLOCK, padding, parseTarHeader } from './tar.js';

/** What ends a member of gzip (RFC 1952): CRC-32 and length of what was packed, modulo 2^32, little-endian. */
const TRAILER_BYTES = 8;

/** A member while it is read: one of the ways to read it is used, once. */
export interface Member {
  readonly name: string;
  /** The whole as text. */
  text(): Promise<string>;
  bytes(): Promise<Buffer>;
  /** Its lines, some at a time, without the newlines. */
  lines(): AsyncGenerator<readonly string[]>;
}

/**
 * The members of the file in order, and a record of each that was read. Errors: `BadArchive`, those of the file system.
 */
export class PackFile {
  readonly #source: PackSource;
  /** Of the members read so far. */
  readonly records: MemberRecord[] = [];
  #inflated: Inflated | null = null;
  #rest: Buffer = Buffer.alloc(0);
  /** Of what came out so far. */
  #crc = 0;
  #length = 0;

  constructor(source: PackSource) {
    this.#source = source;
  }

  /** gzip is taken apart here and not by zlib, which joins several members and passes over what it does not know. */
  async *members(): AsyncGenerator<Member> {
    await this.#checkStart();
    const inflated = this.#source.inflate(GZIP_HEADER.length);
    this.#inflated = inflated;
    try {
      yield* this.#walk();
      await this.#checkEnd(inflated);
    } finally {
      inflated.close();
    }
  }

  async *#walk(): AsyncGenerator<Member> {
    for (;;) {
      const header = parseTarHeader(await this.#exactly(BLOCK));
      if (header === null) return;
      const { name, size } = header;
      const digest = createHash('sha256');
      let left = size;
      let lines: number | undefined;
      const body = async function* (this: PackFile): AsyncGenerator<Buffer> {
        while (left > 0) {
          const part = await this.#some(left);
          left -= part.length;
          digest.update(part);
          yield part;
        }
      }.bind(this);
      yield {
        name,
        bytes: async () => whole(name, size, body()),
        text: async () => textOf(name, await whole(name, size, body())),
        lines: async function* () {
          lines = 0;
          for await (const some of linesOf(name, size, body())) {
            lines += some.length;
            yield some;
          }
        },
      };
      // What the reader left unread.
      for (const rest = body(); (await rest.next()).done !== true;);
      await this.#checkPadding(name, size);
      this.records.push({ name, bytes: size, sha256: digestText(digest), ...(lines === undefined ? {} : { lines }) });
    }
  }

  async #checkPadding(name: string, size: number): Promise<void> {
    if ((await this.#exactly(padding(size))).some((byte) => byte !== 0)) throw new BadArchive(`there is something behind ${name}`);
  }

  /** Whether it begins as a pack does. */
  async #checkStart(): Promise<void> {
    const start = await this.#source.read(0, GZIP_HEADER.length);
    if (!start.equals(GZIP_HEADER)) throw new BadArchive('the file does not begin as a pack does');
  }

  /**
   * Behind the first block of zeros: one more, and nothing else; behind that the end of the one member of gzip, and of
   * the file.
   */
  async #checkEnd(inflated: Inflated): Promise<void> {
    if (parseTarHeader(await this.#exactly(BLOCK)) !== null || this.#rest.length > 0 || (await this.#next()) !== null)
      throw new BadArchive('there is something behind the end of the archive');
    const bytes = await this.#source.size();
    const end = GZIP_HEADER.length + inflated.taken + TRAILER_BYTES;
    if (end > bytes) throw new BadArchive('the file is cut off');
    if (end < bytes) throw new BadArchive('there is something behind the end of the file: a pack is one member of gzip');
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4);
    if (!(await this.#source.read(end - TRAILER_BYTES, TRAILER_BYTES)).equals(trailer))
      throw new BadArchive('the file is damaged: its checksum or its length is another');
  }

  async #next(): Promise<Buffer | null> {
    const inflated = sure(this.#inflated);
    const next = await inflated.next();
    if (next === null) return null;
    this.#crc = inflated.crc32(next, this.#crc);
    this.#length += next.length;
    return next;
  }

  /** At least one byte, at most `most`. */
  async #some(most: number): Promise<Buffer> {
    if (this.#rest.length === 0) {
      const next = await this.#next();
      if (next === null) throw new BadArchive('the file is cut off');
      this.#rest = next;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async #exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = count; left > 0;) {
      const part = await this.#some(left);
      left -= part.length;
      parts.push(part);
    }
    const [only, ...more] = parts;
    return only !== undefined && more.length === 0 ? only : Buffer.concat(parts);
  }
}

function digestText(digest: Hash): string {
  return `sha256:${digest.digest('hex')}`;
}

async function whole(name: string, size: number, body: AsyncIterable<Buffer>): Promise<Buffer> {
  if (size > MAX_WHOLE_BYTES) throw new BadArchive(`${name} has ${size} bytes, more than ${MAX_WHOLE_BYTES}`);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}

function textOf(name: string, bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new BadArchive(`${name} is not UTF-8`);
  return bytes.toString();
}

const NEWLINE = 10;

async function* linesOf(name: string, size: number, body: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  if (size > MAX_LINES_BYTES) throw new BadArchive(`${name} has ${size} bytes, more than ${MAX_LINES_BYTES}`);
  let begun: Buffer[] = [];
  let length = 0;
  let count = 0;
  for await (const part of body) {
    const end = part.lastIndexOf(NEWLINE);
    // Where parts end is nothing that a pack says: what is too long is so in whatever parts it comes.
    if (length + (end < 0 ? part.length : part.indexOf(NEWLINE)) > MAX_LINE_BYTES)
      throw new BadArchive(`${name} has a line of more than ${MAX_LINE_BYTES} bytes`);
    if (end < 0) {
      begun.push(part);
      length += part.length;
      continue;
    }
    const lines = textOf(name, Buffer.concat([...begun, part.subarray(0, end)])).split('\n');
    begun = [part.subarray(end + 1)];
    length = part.length - end - 1;
    count += lines.length;
    if (count > MAX_LINES) throw new BadArchive(`${name} has more than ${MAX_LINES} lines`);
    yield lines;
  }
  if (length > 0) throw new BadArchive(`${name} does not end with a newline`);
}
