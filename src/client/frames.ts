/**
 * The bytes of the outbox. A frame is what one write and one flush make durable together: a head of fixed length and
 * lines of JSON. The next frame is written after the flush of the one before. So whatever is broken and has a whole
 * frame behind it was durable once, and is damage; what is broken at the end never was.
 *
 * A head is `=LENGTH CHECK HEAD\n`: bytes of the lines, their CRC-32, and the CRC-32 of the head before it; each eight
 * hexadecimal digits.
 */
import { crc32 } from 'node:zlib';

const HEAD = /^=([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{8})\n$/;
const HEAD_BYTES = 28;

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** A frame of some lines, each one JSON value without its line end. */
export function frameOf(lines: readonly string[]): Buffer {
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const start = `=${hex(body.length)} ${hex(crc32(body))} `;
  return Buffer.concat([Buffer.from(`${start}${hex(crc32(start))}\n`), body]);
}

export interface Frames {
  /** Lines of all whole frames, in order. */
  readonly lines: readonly string[];
  /** Where the whole frames end. */
  readonly end: number;
  /** What stands behind them: nothing, a last write that was cut off, or something that is no such write. */
  readonly rest: 'nothing' | 'torn' | 'damaged';
}

/** Reads frames from the start to the first that is not whole. */
export function readFrames(bytes: Buffer): Frames {
  const lines: string[] = [];
  let end = 0;
  for (let body = bodyAt(bytes, end); typeof body === 'object'; body = bodyAt(bytes, end)) {
    lines.push(...body.toString().trimEnd().split('\n'));
    end += HEAD_BYTES + body.length;
  }
  if (end === bytes.length) return { lines, end, rest: 'nothing' };
  return { lines, end, rest: isTorn(bytes, end) ? 'torn' : 'damaged' };
}

/** The lines of the frame that begins there; else what it lacks. */
function bodyAt(bytes: Buffer, at: number): Buffer | 'no-head' | 'too-short' | 'changed' {
  const head = bytes.toString('latin1', at, at + HEAD_BYTES);
  const [, length = '', check = '', own = ''] = HEAD.exec(head) ?? [];
  if (own === '' || hex(crc32(head.slice(0, 19))) !== own) return 'no-head';
  const body = bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + Number.parseInt(length, 16));
  if (body.length < Number.parseInt(length, 16)) return 'too-short';
  return hex(crc32(body)) === check ? body : 'changed';
}

/**
 * A write that was cut off: a part of a frame that ends with the file, or with zeros where the system had made the file
 * longer before the bytes came. Nothing whole stands behind it.
 */
function isTorn(bytes: Buffer, at: number): boolean {
  for (let next = bytes.indexOf('\n=', at); next >= 0; next = bytes.indexOf('\n=', next + 1))
    if (typeof bodyAt(bytes, next + 1) === 'object') return false;
  const found = bodyAt(bytes, at);
  const isPart = found === 'too-short' || bytes.length - at < HEAD_BYTES;
  return isPart || bytes.at(-1) === 0;
}
