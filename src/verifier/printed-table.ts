/** A table as `disclosure table --json` prints it and a pack holds it, and its hash. */
import type { PrintedTable as CompareTable } from './calculator/compare.js';
import { canonicalJson, sha256 } from '../ledger/canonical-json.js';

export interface PrintedTable {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly view: string;
  readonly asOf: { readonly index: number; readonly recordedAt: string };
  readonly hash: string;
  readonly rows: CompareTable['rows'];
  /** The hash that everything in it gives; the one it bears may be another. */
  readonly computedHash: string;
  readonly rolledUp: boolean;
}

/** Reads a table out of JSON. Throws where it is none. */
export function readTable(value: unknown): PrintedTable {
  if (!isObject(value)) throw new Error('a table is an object');
  const { agency, year, form, view, asOf, hash, rows, members } = value;
  if (typeof agency !== 'string' || typeof form !== 'string' || typeof view !== 'string' || typeof hash !== 'string')
    throw new Error('agency, form, view or hash is missing');
  if (!Number.isSafeInteger(year) || !isObject(asOf) || !Array.isArray(rows)) throw new Error('year, asOf or rows is missing');
  if (!rows.every(isRow)) throw new Error('a row has neither code nor values');
  const { index, recordedAt } = asOf;
  if (!Number.isSafeInteger(index) || typeof recordedAt !== 'string') throw new Error('asOf has neither index nor time');
  return {
    agency,
    year: year as number,
    form,
    view,
    asOf: { index: index as number, recordedAt },
    hash,
    rows: rows as CompareTable['rows'],
    computedHash: tableHash(value),
    rolledUp: members !== undefined,
  };
}

function isRow(row: unknown): boolean {
  if (!isObject(row) || typeof row['code'] !== 'string') return false;
  const { value, cells } = row;
  return isObject(cells) ? Object.values(cells).every(isValue) : isValue(value);
}

function isValue(printed: unknown): boolean {
  return printed === null || typeof printed === 'string';
}

/** `sha256:` of the RFC 8785 form of everything but `hash`, `view`, `stale` and `asOf.position`. */
export function tableHash(table: Readonly<Record<string, unknown>>): string {
  const { hash: _hash, view: _view, stale: _stale, asOf, ...content } = table;
  const { index, recordedAt } = asOf as Readonly<Record<string, unknown>>;
  return sha256(canonicalJson({ ...content, asOf: { index, recordedAt } }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
