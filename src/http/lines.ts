/** Lines of NDJSON as bytes: a line that is not UTF-8 must reach the reader as it is, to be refused alone. */
export const NDJSON = 'application/x-ndjson';

const LINE_FEED = 0x0a;

/** The lines that hold something, null when there are more than `most`; a carriage return before the line feed is no part of a line. */
export function splitLines(body: Uint8Array, most: number): Uint8Array[] | null {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < body.length) {
    const found = body.indexOf(LINE_FEED, start);
    const end = found < 0 ? body.length : found;
    const line = body.subarray(start, end);
    if (!isBlank(line)) lines.push(line);
    if (lines.length > most) return null;
    start = end + 1;
  }
  return lines;
}

/** Only spaces, tabs and carriage returns. */
export function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
