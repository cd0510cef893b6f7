/**
 * Every read model built once more out of the log, into a file that is thrown away: what the rows of the read store are
 * compared with.
 */
import type Database from 'better-sqlite3';
import type { EventLog } from '../../log/event-log.js';
import { ledgerProjection, putTiles, storedTiles, untiledLedgerProjection } from '../../read-models/ledger/ledger.js';
import { JOURNAL_NAME, PROJECTIONS, ReadStore, removeReadStore, type Bookmark } from '../../read-models/read-store.js';
import { runUntil } from '../../read-models/rebuild.js';
import { ProjectionRunner } from '../../read-models/runner.js';
import { openDatabase } from '../../sqlite/open-database.js';
import { one } from '../../sqlite/statements.js';

export interface RowsWanted {
  /** File of the copy, to be made in place of one that was begun. */
  readonly file: string;
  /** Position of the last event the copy takes: one that the log has. */
  readonly until: string;
  /** With its tiles; else `addTiles` puts in those of a tree that was built elsewhere. */
  readonly tiled: boolean;
}

/** Of a cache for what is only written, one row after the other. */
export const WRITING_KIB = 2048;
const UNTILED = PROJECTIONS.map((projection) => (projection === ledgerProjection ? untiledLedgerProjection : projection));

/** `progress` hears how many events are in it. Errors: `StoreUnavailable`. */
export async function buildRows(log: EventLog, { file, until, tiled }: RowsWanted, progress: (events: number) => void): Promise<void> {
  removeReadStore(file);
  const copy = new ReadStore(file);
  try {
    // A crash leaves a file that nobody reads: neither a flush nor a log of what is written is worth it.
    copy.db.pragma('journal_mode = MEMORY');
    copy.db.pragma('synchronous = OFF');
    await runUntil(new ProjectionRunner(log, copy, { until, projections: tiled ? PROJECTIONS : UNTILED }), until, progress);
  } finally {
    copy.close();
  }
}

/** The tiles of the tree in a scratch file into a copy that was built without: as many leaves as its rows are of. */
export function addTiles(file: string, scratch: Database.Database): void {
  const copy = openDatabase(file);
  try {
    copy.pragma('journal_mode = OFF');
    copy.pragma('synchronous = OFF');
    copy.pragma(`cache_size = -${WRITING_KIB}`);
    const mark = copy.prepare<unknown[], number>('SELECT idx FROM projections WHERE name = ?').pluck().get(ledgerProjection.name);
    putTiles(copy, one(mark) + 1, storedTiles(scratch));
  } finally {
    copy.close();
    scratch.pragma('shrink_memory');
  }
}

/**
 * Whether the tiles of a tree built elsewhere are those that its own ledger would write: not where that stands still
 * before an event.
 */
export function areInStep(bookmarks: readonly Bookmark[]): boolean {
  const [journal, ledger] = [JOURNAL_NAME, ledgerProjection.name].map((name) => bookmarks.find((mark) => mark.name === name));
  return journal !== undefined && ledger?.stopped === null && ledger.index === journal.index && ledger.position === journal.position;
}
