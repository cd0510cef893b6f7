/**
 * How the sealed fields of an event (`SEALED_FIELDS` of domain/acts.ts) are taken out of it and put back: personal data
 * of applications and of what follows them, what a publication says of itself before its release, and the text of a
 * report before its publication. All of an event's sealed fields are one value, `data.sealed`; everything that counting
 * needs stays clear beside it.
 */
import { SEALED_FIELDS } from '../domain/acts.js';
import { isObject, membersOf } from '../encoding/unknown-values.js';

export type Plain = Readonly<Record<string, unknown>>;

/** Kinds of case that have a key. Every event of them has a keyed digest, whether or not it holds a field to seal. */
const SEALED_KINDS: ReadonlySet<string> = new Set(['publication', 'application', 'reconsideration', 'lawsuit', 'complaint', 'report']);

export function isSealedKind(kind: string): boolean {
  return SEALED_KINDS.has(kind);
}

function hasSealedFields(type: string): type is keyof typeof SEALED_FIELDS {
  return Object.hasOwn(SEALED_FIELDS, type);
}

/** Of a report only its texts: its tables, and why one of its acts was taken back, were never sealed. */
function sealsFields(type: string, kind: string): boolean {
  return isSealedKind(kind) && (kind !== 'report' || type !== 'record.voided');
}

/** Data without its sealed fields, and these alone; null where there are none. */
export function splitSealed(type: string, kind: string, data: object): { readonly clear: Plain; readonly sealed: Plain | null } {
  const said: Plain = { ...data };
  const fields = sealsFields(type, kind) && hasSealedFields(type) ? SEALED_FIELDS[type] : undefined;
  if (fields === undefined || !fields.some((field) => isGiven(field, said))) return { clear: said, sealed: null };
  const clear: Record<string, unknown> = { ...said };
  const sealed: Record<string, unknown> = {};
  for (const field of fields) move(field, clear, sealed);
  return { clear, sealed };
}

function isGiven(field: string, data: Plain): boolean {
  const dot = field.indexOf('.');
  if (dot < 0) return data[field] !== undefined;
  return membersOf(data[field.slice(0, dot)])[field.slice(dot + 1)] !== undefined;
}

function move(field: string, from: Record<string, unknown>, to: Record<string, unknown>): void {
  const dot = field.indexOf('.');
  const name = dot < 0 ? field : field.slice(0, dot);
  const value = from[name];
  if (value === undefined) return;
  if (dot < 0) {
    to[name] = value;
    delete from[name];
    return;
  }
  const inner = field.slice(dot + 1);
  const { [inner]: found, ...rest } = membersOf(value);
  if (found === undefined) return;
  from[name] = rest;
  to[name] = { ...membersOf(to[name]), [inner]: found };
}

/** Data with its sealed fields put back where they were. */
export function mergeSealed(clear: Plain, sealed: Plain): Plain {
  const merged: Record<string, unknown> = { ...clear };
  for (const [name, value] of Object.entries(sealed)) {
    merged[name] = isObject(value) ? { ...membersOf(clear[name]), ...value } : value;
  }
  return merged;
}
