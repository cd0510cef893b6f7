/**
 * The public keys of an issuer that this program verifies with. Of each only what verifying needs is taken over:
 * whatever else a provider publishes, private members by mistake among it, is neither kept nor written to a file.
 */
import { isObject, membersOf } from '../../encoding/unknown-values.js';

/** The signatures taken. Never `none`, and never one under a secret: a public key would be that secret. */
export const ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** RFC 7517, section 4, and RFC 7518, section 6. */
export interface PublicKey {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly key_ops?: string[];
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** A provider has a handful, and a few more while it changes them. */
const MAX_KEYS = 100;

type Text = Readonly<Record<string, string>>;

/**
 * The keys of a JSON Web Key Set that are of a kind verified with; the others are left out. null for what is no key
 * set, or holds too many.
 */
export function readKeySet(value: unknown): PublicKey[] | null {
  const { keys } = membersOf(value);
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) return null;
  return keys.flatMap((key) => readKey(key) ?? []);
}

function readKey(value: unknown): PublicKey | null {
  if (!isObject(value)) return null;
  const numbers = numbersOf(value);
  const marks = texts(value, ['kid', 'alg', 'use'], true);
  const operations = value['key_ops'];
  if (numbers === null || marks === null || !(operations === undefined || isTextList(operations))) return null;
  return { kty: String(value['kty']), ...marks, ...(operations === undefined ? {} : { key_ops: operations }), ...numbers };
}

/** What makes the key itself; null for a kind that is not verified with. */
function numbersOf(key: Readonly<Record<string, unknown>>): Text | null {
  switch (key['kty']) {
    case 'RSA':
      return texts(key, ['n', 'e'], false);
    case 'EC':
      return key['crv'] === 'P-256' ? texts(key, ['crv', 'x', 'y'], false) : null;
    case 'OKP':
      return key['crv'] === 'Ed25519' ? texts(key, ['crv', 'x'], false) : null;
    default:
      return null;
  }
}

/** These members, which are texts; null where one is something else, or missing though it may not be. */
function texts(key: Readonly<Record<string, unknown>>, names: readonly string[], optional: boolean): Text | null {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = key[name];
    if (typeof value === 'string') found[name] = value;
    else if (value !== undefined || !optional) return null;
  }
  return found;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
