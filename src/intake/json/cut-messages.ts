/**
 * Cuts a body into its messages, a slice at a time: an array of a batch into its elements, NDJSON into its lines.
 * Messages stay bytes.
 */
import { JsonScanner } from './json-scanner.js';
import { SLICE_BYTES, type Sliced } from './slices.js';

export type CutArray =
  | {
      readonly ok: true;
      readonly elements: readonly Uint8Array[];
      /** All of them, also those above the limit, which are not given. */ readonly count: number;
    }
  | { readonly ok: false; readonly why: 'malformed' | 'no-array' };

/**
 * The elements of an array, at most so many. The whole body is read: where it is no JSON anywhere, nothing of it is a
 * message.
 */
export function* cutArray(body: Uint8Array, most: number): Sliced<CutArray> {
  const elements: Uint8Array[] = [];
  let count = 0;
  const scanner: JsonScanner = new JsonScanner(body, ({ start, end }) => {
    if (scanner.root !== 'array') return;
    count += 1;
    if (count <= most) elements.push(body.subarray(start, end));
  });
  for (;;) {
    const read = scanner.read(SLICE_BYTES);
    if (read === 'malformed') return { ok: false, why: 'malformed' };
    if (read === 'json') return scanner.root === 'array' ? { ok: true, elements, count } : { ok: false, why: 'no-array' };
    yield;
  }
}

const LINE_FEED = 0x0a;

/**
 * The lines that hold something, null when there are more than `most`; a carriage return before the line feed is no
 * part of a line.
 */
export function* cutLines(body: Uint8Array, most: number): Sliced<readonly Uint8Array[] | null> {
  const lines: Uint8Array[] = [];
  let start = 0;
  /** Nothing in the line so far. */
  let blank = true;
  for (let from = 0; from < body.length; from += SLICE_BYTES) {
    if (from > 0) yield;
    const stop = Math.min(body.length, from + SLICE_BYTES);
    for (let at = from; at < stop; at += 1) {
      const byte = body[at] as number;
      if (byte !== LINE_FEED) {
        blank &&= isBlankByte(byte);
        continue;
      }
      if (!blank) lines.push(body.subarray(start, at));
      if (lines.length > most) return null;
      start = at + 1;
      blank = true;
    }
  }
  if (!blank) lines.push(body.subarray(start));
  return lines.length > most ? null : lines;
}

/** Only spaces, tabs and carriage returns. */
export function isBlank(line: Uint8Array): boolean {
  return line.every(isBlankByte);
}

function isBlankByte(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
