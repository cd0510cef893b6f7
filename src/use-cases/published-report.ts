/** The yearly report that was published last by some moment: its table as it was frozen, byte for byte, and where in the log it stands. */
import type Database from 'better-sqlite3';
import type { Form } from '../statistics/form.js';
import type { Scope } from './figures.js';
import { QueryProblem } from './query-problem.js';
import type { Table } from './table-reader.js';

export interface FrozenReport {
  /** Indexes of the compilation that froze the table, and of the last event in the table. */
  readonly compiled: number;
  readonly asOf: number;
  readonly table: Table;
}

export interface PublishedReport extends FrozenReport {
  /** Index of the publication. */
  readonly published: number;
}

interface Preparing {
  prepare(sql: string): Database.Statement;
}

/** The table a compilation froze, by the index of that compilation. */
export function frozenReport(db: Preparing, compiled: number): FrozenReport {
  const { asOf, body } = db.prepare('SELECT as_of AS asOf, body FROM report_tables WHERE idx = ?').get(compiled) as {
    asOf: number;
    body: string;
  };
  return { compiled, asOf, table: JSON.parse(body) as Table };
}

/** null where nothing was published for the year by then. */
export function publishedReport(db: Preparing, { agencyId, year, index }: Scope): PublishedReport | null {
  const row = db
    .prepare(
      `SELECT idx AS published, compiled_idx AS compiled FROM report_acts
       WHERE agency_id = ? AND year = ? AND type = 'report.published' AND idx <= ? ORDER BY idx DESC LIMIT 1`,
    )
    .get(agencyId, year, index) as { published: number; compiled: number } | undefined;
  return row === undefined ? null : { published: row.published, ...frozenReport(db, row.compiled) };
}

/** The same for a question that needs one. Errors: `no-published-table`, also where it was published in another form than the one asked for. */
export function requirePublished(db: Preparing, scope: Scope, form: Form | undefined): PublishedReport {
  const found = publishedReport(db, scope);
  if (found === null)
    throw new QueryProblem(
      'no-published-table',
      `No table of ${scope.year} was published by then.`,
      'Compile, clear, approve and publish one on report/<year>, or ask for the live view.',
    );
  if (form !== undefined && form.id !== found.table.form)
    throw new QueryProblem(
      'no-published-table',
      `The table published for ${scope.year} is in form ${found.table.form}.`,
      'Leave the form out, or ask for the live view.',
    );
  return found;
}
