/**
 * Writes the members of a pack one after the other into a file: gzip of a tar whose every byte follows from its
 * members.
 */
import { hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { canonicalJson } from '../../encoding/canonical-json.js';
import { GZIP_HEADER, type MemberRecord } from '../../verifier/format/layout.js';
import { padding, tarHeader, TAR_END } from '../../verifier/format/tar.js';
import type { TakenLines } from './line-bytes.js';

/** What zlib says of time and system gives way to what a pack says. */
function withHeader(): Transform {
  let written = 0;
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      if (written >= GZIP_HEADER.length) {
        done(null, part);
        return;
      }
      const bytes = Buffer.from(part);
      GZIP_HEADER.copy(bytes, 0, written);
      written += part.length;
      done(null, bytes);
    },
  });
}

export class PackWriter {
  readonly #file: string;
  readonly #partial: string;
  readonly #gzip = createGzip();
  readonly #done: Promise<void>;
  readonly #records: MemberRecord[] = [];
  /** The last member is packed: never rejects. */
  #packed: Promise<void> = Promise.resolve();

  /** Nothing stands under the name of the file until `finish`: a crash leaves `FILE.<process>.partial`. */
  constructor(file: string) {
    this.#file = file;
    this.#partial = `${file}.${process.pid}.partial`;
    const output = createWriteStream(this.#partial, { flags: 'wx' });
    const framed = withHeader();
    this.#gzip.pipe(framed).pipe(output);
    // An error of the disk must reach whoever writes into the other end.
    output.on('error', (error) => this.#gzip.destroy(error));
    this.#done = Promise.all([finished(output), finished(this.#gzip)]).then(() => undefined);
    this.#done.catch(() => undefined);
  }

  /** Errors: those of the file system. */
  async add(name: string, content: string | Buffer): Promise<void> {
    await this.#add(name, Buffer.from(content));
  }

  /** A member of lines. Its bytes are packed when the next member is added. */
  async addLines(name: string, { bytes, lines }: TakenLines): Promise<void> {
    await this.#add(name, bytes, lines);
  }

  async addJson(name: string, value: unknown): Promise<void> {
    await this.#add(name, Buffer.from(canonicalJson(value)));
  }

  async #add(name: string, bytes: Buffer, lines?: number): Promise<void> {
    this.#records.push({
      name,
      bytes: bytes.length,
      sha256: `sha256:${hash('sha256', bytes, 'hex')}`,
      ...(lines === undefined ? {} : { lines }),
    });
    const before = this.#packed;
    for (const part of [tarHeader(name, bytes.length), bytes, Buffer.alloc(padding(bytes.length))])
      if (part.length > 0) await this.#write(part);
    await Promise.race([before, this.#done]);
  }

  /** Packed by another core, beside whatever is made next. */
  async #write(bytes: Buffer): Promise<void> {
    if (this.#gzip.destroyed) await this.#done;
    this.#packed = new Promise((resolve) => this.#gzip.write(bytes, () => resolve()));
  }

  /** Lists the members, closes, makes durable, gives the file its name. The number of bytes. */
  async finish(): Promise<number> {
    await this.addJson('members.json', this.#records.slice());
    await this.#write(TAR_END);
    this.#gzip.end();
    await this.#done;
    const file = await open(this.#partial, 'r+');
    const { size } = await file.stat();
    await file.sync();
    await file.close();
    await rename(this.#partial, this.#file);
    const folder = await open(dirname(this.#file), 'r');
    // Windows has no such thing as a folder made durable.
    await folder.sync().catch(() => undefined);
    await folder.close();
    return size;
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    this.#gzip.destroy();
    await this.#done.catch(() => undefined);
    await rm(this.#partial, { force: true });
  }
}
