/** The hash of a table: what is signed of it, and what a frozen one is held against when it is read. */
import { canonicalJson, sha256 } from '../ledger/canonical-json.js';
import type { Table } from './table-reader.js';

/** `sha256:` of the RFC 8785 form of everything in a table but `hash`, `view`, `stale` and `asOf.position`. */
export function tableHash({ asOf, ...table }: Omit<Table, 'hash'> & { readonly hash?: string }): string {
  const { hash: _hash, view: _view, stale: _stale, ...content } = table;
  return sha256(canonicalJson({ ...content, asOf: { index: asOf.index, recordedAt: asOf.recordedAt } }));
}
