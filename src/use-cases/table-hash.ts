/** The hash of a table: what is signed of it, and what a frozen one is held against when it is read; and that of the form it is in. */
import { canonicalJson, sha256 } from '../ledger/canonical-json.js';
import type { Form } from '../statistics/form.js';
import type { Table } from './table-reader.js';

/** `sha256:` of the RFC 8785 form of everything in a table but `hash`, `view`, `stale` and `asOf.position`. */
export function tableHash({ asOf, ...table }: Omit<Table, 'hash'> & { readonly hash?: string }): string {
  const { hash: _hash, view: _view, stale: _stale, ...content } = table;
  return sha256(canonicalJson({ ...content, asOf: { index: asOf.index, recordedAt: asOf.recordedAt } }));
}

/** `sha256:` of the RFC 8785 form of a form as data: rows, cells, what they count, rules between them. Another one means that the form was changed since. */
export function formHash(form: Form): string {
  return sha256(canonicalJson(form));
}
