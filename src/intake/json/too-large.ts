/**
 * A message too large to be read as one: what its outermost object says of its name, a slice at a time, and nothing
 * else of it.
 */
import { isText } from '../messages/fields.js';
import { JsonScanner } from './json-scanner.js';
import { SLICE_BYTES, type Sliced } from './slices.js';

export interface Named {
  readonly source: string | null;
  readonly id: string | null;
  readonly type: string | null;
}

const NOBODY: Named = { source: null, id: null, type: null };
const WANTED: ReadonlySet<string> = new Set(['source', 'id', 'type']);
/** A name or text with each character escaped is six times as long. */
const LONGEST_NAME = 6 * 'source'.length + 2;
const LONGEST_TEXT = 6 * 512 + 2;

/** Names that can be read; one that is given twice is nobody's, and of what is no JSON nothing is known. */
export function* nameOf(bytes: Uint8Array): Sliced<Named> {
  const found = new Map<string, unknown>();
  const twice = new Set<string>();
  const scanner = new JsonScanner(bytes, ({ name, start, end }) => {
    if (name === null || name[1] - name[0] > LONGEST_NAME) return;
    const key = parsed(bytes.subarray(...name));
    if (typeof key !== 'string' || !WANTED.has(key)) return;
    if (found.has(key)) twice.add(key);
    found.set(key, end - start <= LONGEST_TEXT ? parsed(bytes.subarray(start, end)) : null);
  });
  for (let read = scanner.read(SLICE_BYTES); read !== 'json'; read = scanner.read(SLICE_BYTES)) {
    if (read === 'malformed') return NOBODY;
    yield;
  }
  const textOf = (key: string): string | null => {
    const value = twice.has(key) ? null : found.get(key);
    return isText(value, 512) ? value : null;
  };
  const nobody = twice.has('source') || twice.has('id');
  return { source: nobody ? null : textOf('source'), id: nobody ? null : textOf('id'), type: textOf('type') };
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
