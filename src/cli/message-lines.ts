/**
 * Lines of NDJSON files as bytes, with their numbers. A line too large for any message is cut: it is refused all the
 * same.
 */
import { createReadStream } from 'node:fs';
import type { Refusal } from '../domain/decider.js';
import { isBlank } from '../intake/json/cut-messages.js';
import { MAX_MESSAGE_BYTES } from '../intake/message.js';

export interface MessageLine {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly bytes: Uint8Array;
  /** Why there is no message: the row that was to become one could not be read. */
  readonly refused?: { readonly source: string | null; readonly refusal: Refusal };
}

const LINE_FEED = 0x0a;
/** Read at once: lines on their way keep all of it in memory. */
const CHUNK_BYTES = 64 * 1024;
/** Kept of a line: enough to know that it is too large, and to name it where the rest is not much longer. */
const KEPT_BYTES = 16 * MAX_MESSAGE_BYTES;

/** Lines that hold something, file after file; `-` is standard input. `onBytes` hears how many bytes were read. */
export async function* messageLines(files: readonly string[], onBytes: (bytes: number) => void): AsyncGenerator<MessageLine> {
  for (const file of files) {
    const input: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
    let line = 0;
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of input) {
      onBytes(chunk.length);
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        line += 1;
        const bytes = rest.length === 0 ? chunk.subarray(start, end) : Buffer.concat([rest, chunk.subarray(start, end)]);
        rest = Buffer.alloc(0);
        start = end + 1;
        if (!isBlank(bytes)) yield { file, line, bytes };
      }
      if (rest.length < KEPT_BYTES) rest = Buffer.concat([rest, chunk.subarray(start)]);
    }
    if (!isBlank(rest)) yield { file, line: line + 1, bytes: rest };
  }
}
