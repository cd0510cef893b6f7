/** The token in the head of a request. Source: RFC 6750, section 2.1; contract, "Tokens and keys". */
import { badToken, type Unidentified } from './verdict.js';

/** Characters, which are bytes in a header. */
const MAX_TOKEN = 8 * 1024;

/**
 * The token in the values of all `Authorization` fields of a request, in the order they came. `no-token` where none
 * speaks of a bearer. Joined or dropped beforehand, two tokens could be taken for one. What is given may be any text,
 * also an empty one.
 */
export function bearerToken(authorization: readonly string[]): { readonly ok: true; readonly token: string } | Unidentified {
  const [value, ...more] = authorization;
  if (value === undefined) return noToken();
  if (more.length > 0) return badToken('twice');
  // Before anything is looked for in it: what is long is not read.
  if (value.length > MAX_TOKEN + 'Bearer '.length) return badToken('too-long');
  if (!/^bearer(?:[ \t]|$)/i.test(value)) return noToken();
  return { ok: true, token: value.slice('Bearer'.length).trim() };
}

function noToken(): Unidentified {
  return { ok: false, code: 'no-token', why: 'no-token' };
}
