/**
 * RFC 8785 canonical JSON and digests of it: one text per value, whoever writes it. Written out by hand: every event is
 * written twice on its way.
 */
import { hash } from 'node:crypto';

/** What stands in a JSON text as it is: no control character, quote or backslash, and no half of a surrogate pair. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\ud7ff\ue000-\uffff]*$/;
/** Objects with fewer properties than this are sorted by insertion, which is faster than the general sort. */
const FEW = 24;
/**
 * Names of properties that are remembered as written; others, such as a message of a stranger may bring, are written
 * each time.
 */
const REMEMBERED_NAMES = 1000;

const names = new Map<string, string>();

/**
 * RFC 8785 text of a JSON value; properties that are undefined are left out. Throws on what JSON cannot say (NaN, a
 * BigInt, a circle, half of a surrogate pair) and on a depth that the stack cannot hold.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('not a JSON number');
      // Section 3.2.2.3 takes over how ECMAScript prints a number; -0 is 0.
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value) : members(value as Readonly<Record<string, unknown>>);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      throw new TypeError('not a JSON value');
  }
}

function list(values: readonly unknown[]): string {
  let text = '[';
  for (let at = 0; at < values.length; at += 1) {
    if (at > 0) text += ',';
    text += canonicalJson(values[at]);
  }
  return `${text}]`;
}

function members(object: Readonly<Record<string, unknown>>): string {
  let text = '{';
  for (const key of sorted(Object.keys(object))) {
    const value = object[key];
    if (value === undefined) continue;
    if (text.length > 1) text += ',';
    text += named(key) + canonicalJson(value);
  }
  return `${text}}`;
}

/** By UTF-16 code units (section 3.2.3), as ECMAScript compares strings; in place. */
function sorted(keys: string[]): string[] {
  if (keys.length >= FEW) return keys.sort();
  for (let next = 1; next < keys.length; next += 1) {
    const key = keys[next] as string;
    let at = next;
    for (; at > 0 && (keys[at - 1] as string) > key; at -= 1) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}

function named(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const text = `${quoted(key)}:`;
  if (names.size < REMEMBERED_NAMES) names.set(key, text);
  return text;
}

/** Section 3.2.2.2. */
function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError('half of a surrogate pair');
  return JSON.stringify(text);
}

/** `sha256:` and the lower-case hexadecimal SHA-256 of bytes; text counts as UTF-8. */
export function sha256(of: string | Uint8Array): string {
  return `sha256:${hash('sha256', of, 'hex')}`;
}
