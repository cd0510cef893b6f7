/** RFC 8785 canonical JSON and digests of it: one text per value, whoever writes it. */
import canonicalize from 'canonicalize';
import { hash } from 'node:crypto';

/** Half of a surrogate pair, as JSON.stringify writes it: RFC 8785 (3.2.2.2) has no text for it. */
const HALF_PAIR = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** RFC 8785 text of a JSON value. Throws on what JSON cannot say (NaN, a BigInt, a circle, half of a surrogate pair). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  if (text.includes('\\ud') && HALF_PAIR.test(text)) throw new TypeError('half of a surrogate pair');
  return text;
}

/** `sha256:` and the lower-case hexadecimal SHA-256 of UTF-8 text. */
export function sha256(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`;
}
