/**
 * The rows of the read store against those that the log gives when every read model is built anew beside it. Reads
 * both.
 */
import { sure } from '../../encoding/unknown-values.js';
import { ReadStore } from '../../read-models/read-store.js';
import { SameRows } from '../../read-models/same-rows.js';
import type { Findings } from './findings.js';

export interface RowComparison {
  /** Held still by a transaction of the caller. */
  readonly store: ReadStore;
  /** File of the copy (rows-copy.ts). */
  readonly file: string;
  readonly findings: Findings;
  /** Tables that were compared in another way already. */
  readonly except: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

/** Findings of one table that are listed: behind them the comparison of this table ends. */
const MOST = 20;
/** The table of how far each read model is. */
export const BOOKMARKS = 'projections';

/** Rows of read models compared; null where the read store is of another version of the program. */
export function compareRows({ store, file, findings, except }: RowComparison): number | null {
  const copy = new ReadStore(file, { readonly: true });
  try {
    const [live, wanted] = [versions(store), versions(copy)];
    // A bookmark that is missing is found below, like any other row.
    if ([...live].some(([name, version]) => wanted.get(name) !== version)) return null;
    for (const { name, stopped } of store.bookmarks())
      if (stopped !== null)
        findings.add(
          'read-model-stopped',
          { table: name, eventId: stopped.eventId },
          `读模型停止 (the read model ${name} stands before this event: ${stopped.why})`,
          'warning',
        );
    const same = new SameRows(store.db, file);
    let rows = 0;
    for (const [table, order] of Object.entries({ ...ReadStore.tables(), [BOOKMARKS]: 'name' })) {
      if (except.includes(table)) continue;
      const compared = same.count(table, order) ?? compareTable(store, copy, table, order.split(', '), findings);
      // Bookmarks are no rows of a read model: `replay` counts none either.
      if (table !== BOOKMARKS) rows += compared;
    }
    return rows;
  } finally {
    copy.close();
  }
}

function versions(store: ReadStore): ReadonlyMap<string, number> {
  return new Map(store.db.prepare<unknown[], [string, number]>('SELECT name, version FROM projections').raw().all());
}

type RowRule = 'row-changed' | 'row-removed' | 'row-inserted';

/** Rows side by side that differ in one way: the first of them, the columns in which it differs, how many there are. */
interface Run {
  readonly rule: RowRule;
  readonly row: Row;
  readonly columns: readonly string[];
  count: number;
}

/** Both tables in their order, side by side. Rows that follow one another and differ in one way are one finding. */
function compareTable(store: ReadStore, copy: ReadStore, table: string, order: readonly string[], findings: Findings): number {
  const read = ({ db }: ReadStore): Iterator<Row, undefined> =>
    db.prepare<unknown[], Row>(`SELECT * FROM ${table} ORDER BY ${order.join(', ')}`).iterate();
  const [left, right] = [read(store), read(copy)];
  const runs: Run[] = [];
  let rows = 0;
  try {
    let [a, b] = [left.next().value, right.next().value];
    /** Whether the row before differed: it then belongs to the last run. */
    let inRun = false;
    while ((a !== undefined || b !== undefined) && runs.length <= MOST) {
      const sign = a === undefined ? 1 : b === undefined ? -1 : compareKeys(a, b, order);
      const columns = sign === 0 ? differing(sure(a), sure(b)) : [];
      const rule = sign < 0 ? 'row-inserted' : sign > 0 ? 'row-removed' : columns.length > 0 ? 'row-changed' : null;
      const last = runs.at(-1);
      if (rule !== null && inRun && last?.rule === rule) last.count += 1;
      else if (rule !== null) runs.push({ rule, row: sure(sign > 0 ? b : a), columns, count: 1 });
      inRun = rule !== null;
      rows += 1;
      if (sign <= 0) a = left.next().value;
      if (sign >= 0) b = right.next().value;
    }
  } finally {
    left.return?.();
    right.return?.();
  }
  for (const found of renamed(runs).slice(0, MOST)) report(found, table, order, findings);
  return rows;
}

/**
 * A row that is gone and one that is new, alike but for one column, are one row whose place in the order was changed.
 */
function renamed(runs: readonly Run[]): Run[] {
  const found = [...runs];
  for (const gone of runs.filter(({ rule, count }) => rule === 'row-removed' && count === 1)) {
    const isOther = ({ rule, count, row }: Run): boolean => rule === 'row-inserted' && count === 1 && differing(row, gone.row).length === 1;
    const other = found.find(isOther);
    if (other === undefined) continue;
    found.splice(found.indexOf(other), 1);
    found.splice(found.indexOf(gone), 1, { ...gone, rule: 'row-changed', columns: differing(other.row, gone.row) });
  }
  return found;
}

function report({ rule, row, columns, count }: Run, table: string, order: readonly string[], findings: Findings): void {
  const where = { table, row: printed(row, order), ...(count > 1 ? { rows: count } : {}) };
  const many = count > 1 ? `; ${count} rows side by side` : '';
  if (rule === 'row-inserted') findings.add(rule, where, `读库中多出的行 (the log gives no such row${many})`);
  else if (rule === 'row-removed') findings.add(rule, where, `读库中缺少的行 (the log gives a row that is not there${many})`);
  else findings.add(rule, where, `读库中的行被改动 (the log gives another ${columns.join(', ')}${many})`);
}

function differing(a: Row, b: Row): string[] {
  return Object.keys(a).filter((column) => compareValues(a[column], b[column]) !== 0);
}

function compareKeys(a: Row, b: Row, order: readonly string[]): number {
  for (const column of order) {
    const sign = compareValues(a[column], b[column]);
    if (sign !== 0) return sign;
  }
  return 0;
}

/** SQLite's own order: nothing, numbers, text by its bytes, bytes. */
function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  const [left, right] = [classOf(a), classOf(b)];
  if (left !== right) return left - right;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a === null) return 0;
  return Buffer.compare(bytesOf(a), bytesOf(b));
}

function classOf(value: unknown): number {
  if (value === null) return 0;
  return typeof value === 'number' ? 1 : typeof value === 'string' ? 2 : 3;
}

function bytesOf(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value));
}

function printed(row: Row, order: readonly string[]): Row {
  return Object.fromEntries(order.map((column) => [column, Buffer.isBuffer(row[column]) ? row[column].toString('hex') : row[column]]));
}
