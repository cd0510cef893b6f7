/**
 * The yearly report that was published last by some moment: its table as it was frozen, byte for byte, and where in the
 * log it stands.
 */
import type { Preparing } from '../sqlite/statements.js';
import type { Form } from '../statistics/form.js';
import type { Scope } from '../read-models/figures/figures.js';
import { QueryProblem } from '../read-models/query-problem.js';
import { tableHash } from './table-hash.js';
import type { PlainTable } from './table.js';
import { frozenRow, lastPublication, publicationOf, standingRow } from '../read-models/reports/report-rows.js';

export interface FrozenReport {
  /** Indexes of the compilation that froze the table, and of the last event in the table. */
  readonly compiled: number;
  readonly asOf: number;
  readonly table: PlainTable;
}

export interface PublishedReport extends FrozenReport {
  /** Index of the publication. */
  readonly published: number;
}

/**
 * The table a compilation froze, by the index of that compilation. It is handed out only if it still has the hash that
 * was signed. Errors: `read-model-stopped` where somebody wrote into the read models.
 */
export function frozenReport(db: Preparing, compiled: number): FrozenReport {
  const row = frozenRow(db, compiled);
  const table = row === undefined ? null : readTable(row.body);
  if (row === undefined || table === null || table.hash !== row.signed || tableHash(table) !== row.signed)
    throw notAsSigned('table compiled', compiled);
  return { compiled, asOf: row.asOf, table };
}

/** What an event froze or published is no longer what was signed of it. */
export function notAsSigned(what: string, index: number): QueryProblem {
  return new QueryProblem(
    'read-model-stopped',
    `The ${what} as event ${index} is not in the read models as it was signed.`,
    'The read models were written into: run disclosure replay, which builds them anew from the log, and have an operator look.',
  );
}

function readTable(body: string): PlainTable | null {
  try {
    const table = JSON.parse(body) as PlainTable;
    return typeof table.asOf.index === 'number' && Array.isArray(table.rows) ? table : null;
  } catch {
    return null;
  }
}

/** `rollup`: the report of the table with the agencies below. */
interface ReportScope extends Scope {
  readonly rollup?: boolean;
}

/** The last one, or the one with this hash; null where none was published for the year by then. */
function publishedReport(db: Preparing, scope: ReportScope, hash?: string): PublishedReport | null {
  const row = hash === undefined ? lastPublication(db, scope) : publicationOf(db, scope, hash);
  return row === undefined ? null : { published: row.published, ...frozenReport(db, row.compiled) };
}

/** What is said of a published report beside the figures of today. */
export interface StandingReport {
  readonly form: string;
  readonly hash: string;
  /** Index of the last event in its table. */
  readonly asOf: number;
  /** null where the read models no longer hold it as it was signed: whoever asks for it is told so. */
  readonly table: PlainTable | null;
}

/** The report that stands published by then; null where none does. Other figures are given whatever became of it. */
export function standingReport(db: Preparing, scope: Scope): StandingReport | null {
  const row = standingRow(db, scope);
  if (row === undefined) return null;
  const { compiled, ...standing } = row;
  try {
    return { ...standing, table: frozenReport(db, compiled).table };
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    return { ...standing, table: null };
  }
}

/** Which published table is asked for; absent = the last one, in whatever form. */
export interface PublishedWanted {
  readonly form: Form | undefined;
  readonly hash: string | undefined;
}

/**
 * The same for a question that needs one. Errors: `no-published-table`, also where it was published in another form, or
 * under another hash, than the one asked for.
 */
export function requirePublished(db: Preparing, scope: ReportScope, { form, hash }: PublishedWanted): PublishedReport {
  const found = publishedReport(db, scope, hash);
  if (found === null)
    throw hash === undefined
      ? new QueryProblem(
          'no-published-table',
          `No table of ${scope.year} was published by then.`,
          'Compile, clear, approve and publish one on report/<year>, or ask for the live view.',
        )
      : new QueryProblem(
          'no-published-table',
          `No table of ${scope.year} was published with the hash ${hash}.`,
          'Leave the hash out for the last published table; the report of the year lists all of them.',
        );
  if (form !== undefined && form.id !== found.table.form)
    throw new QueryProblem(
      'no-published-table',
      `The table published for ${scope.year} is in form ${found.table.form}.`,
      'Leave the form out, or ask for the live view.',
    );
  return found;
}
