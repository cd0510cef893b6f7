/**
 * How a text could still be in a file: as it is, in other encodings, or as an unkeyed hash that a guess could be tested
 * against.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Trace {
  readonly how: string;
  readonly bytes: Buffer;
}

const escaped = (text: string): string =>
  [...text]
    .map((unit) =>
      unit.charCodeAt(0) < 128
        ? unit
        : unit
            .split('')
            .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`)
            .join(''),
    )
    .join('');

/**
 * The part of its base64 that is the same whatever stands before and after it, for each of the three places it may
 * begin at.
 */
function base64Of(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((shift) => {
    const written = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return written.slice(shift === 0 ? 0 : shift + 1, (shift + bytes.length) % 3 === 0 ? undefined : -1);
  });
}

/** Every way of writing the text itself; what two of them write alike is looked for once. */
export function writings(text: string): Trace[] {
  const named = (how: string, written: string, encoding: BufferEncoding = 'utf8'): Trace => ({
    how,
    bytes: Buffer.from(written, encoding),
  });
  const hex = Buffer.from(text).toString('hex');
  const all = [
    named('UTF-8', text),
    named('JSON', JSON.stringify(text).slice(1, -1)),
    named('UTF-16', text, 'utf16le'),
    { how: 'UTF-16 BE', bytes: Buffer.from(text, 'utf16le').swap16() },
    named('hex', hex),
    named('HEX', hex.toUpperCase()),
    named('JSON escapes', escaped(text)),
    named('percent-encoded', encodeURIComponent(text)),
    ...base64Of(text).map((written, shift) => named(`base64 +${shift}`, written)),
    ...base64Of(text).map((written, shift) => named(`base64url +${shift}`, written.replaceAll('+', '-').replaceAll('/', '_'))),
  ];
  return [...new Map(all.map((trace) => [trace.bytes.toString('latin1'), trace] as const).reverse()).values()].reverse();
}

/** Every unkeyed hash of the text that somebody might keep, as bytes and written. */
export function hashes(text: string): Trace[] {
  return ['sha256', 'sha1', 'sha512', 'md5'].flatMap((algorithm) => {
    const bytes = createHash(algorithm).update(text, 'utf8').digest();
    return [
      { how: algorithm, bytes },
      { how: `${algorithm} hex`, bytes: Buffer.from(bytes.toString('hex')) },
      { how: `${algorithm} base64`, bytes: Buffer.from(bytes.toString('base64').replace(/=+$/, '')) },
    ];
  });
}

/** Without the zeros at its end: databases make their files larger than what they hold. */
function withoutZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

/** The files of folders, with what is in them. */
export function filesIn(...folders: readonly string[]): { readonly name: string; readonly bytes: Buffer }[] {
  return folders.flatMap((folder) =>
    existsSync(folder)
      ? (readdirSync(folder, { recursive: true }) as string[])
          .map((name) => join(folder, name))
          .filter((name) => statSync(name).isFile())
          .map((name) => ({ name, bytes: withoutZeros(readFileSync(name)) }))
      : [],
  );
}

/** Where a trace of what is stands; empty where there is none. */
export function found(
  what: string,
  traces: readonly Trace[],
  files: readonly { readonly name: string; readonly bytes: Buffer }[],
): string[] {
  return files.flatMap(({ name, bytes }) =>
    traces.filter((trace) => bytes.includes(trace.bytes)).map(({ how }) => `${what}: ${how} in ${name}`),
  );
}
