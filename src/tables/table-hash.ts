/**
 * The hashes of a table: what is signed of it, and what a frozen one is held against when it is read; and that of the
 * form it is in.
 */
import { canonicalJson, sha256 } from '../encoding/canonical-json.js';
import type { Form } from '../statistics/form.js';
import type { TableRow } from '../statistics/table.js';
import type { PlainTable } from './table.js';

type Hashed = Omit<PlainTable, 'hash'>;

/**
 * `sha256:` of the RFC 8785 form of everything in a table but `hash`, `view`, `stale`, `columns`, `published`,
 * `contentHash`, `asOf.position` and each row's `section`: what is left out says where a table stands and how it is
 * printed, and may be added to an old one without another hash.
 */
export function tableHash(table: Hashed): string {
  const { index, recordedAt } = table.asOf;
  return sha256(canonicalJson({ ...contentOf(table), asOf: { index, recordedAt } }));
}

/** The same without `asOf`: equal for two moments between which nothing in the table changed. */
export function contentHash(table: Hashed): string {
  return sha256(canonicalJson(contentOf(table)));
}

const LEFT_OUT: ReadonlySet<string> = new Set(['hash', 'view', 'stale', 'columns', 'published', 'contentHash', 'asOf']);

function contentOf(table: Hashed): Record<string, unknown> {
  const content = Object.fromEntries(Object.entries(table).filter(([name]) => !LEFT_OUT.has(name)));
  return { ...content, rows: table.rows.map(withoutSection) };
}

function withoutSection({ section: _section, ...row }: TableRow): unknown {
  return row;
}

/**
 * `sha256:` of the RFC 8785 form of a form as data: rows, cells, what they count, rules between them. Another one means
 * that the form was changed since.
 */
export function formHash(form: Form): string {
  return sha256(canonicalJson(form));
}
