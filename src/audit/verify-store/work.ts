/**
 * What of `verify` reads the log, each part into a file: what it gives can be told from one thread to another. Here
 * they are done one after the other; the command does them in threads (cli/verify/threads.ts).
 */
import type Database from 'better-sqlite3';
import type { EventLog } from '../../log/event-log.js';
import { Findings, type FoundElsewhere, type StoreFinding } from './findings.js';
import { SCRATCH_SCHEMA, scanLog, type Scanned } from './log-scan.js';
import { buildRows, type RowsWanted } from './rows-copy.js';

export type Step = 'reading' | 'rebuilding';
type Progress = (events: number) => void;

/** What reading the log gave, beside the scratch file. */
export interface Scan {
  readonly scanned: Scanned;
  readonly found: FoundElsewhere;
  /** What the files of the store say of themselves. */
  readonly files: readonly StoreFinding[];
}

/** Rows on their way into the file of the copy. */
export interface Building extends Pick<RowsWanted, 'until' | 'tiled'> {
  /** Errors: `StoreUnavailable`. */
  readonly done: Promise<void>;
  /** Returns when nothing is built any more: it is finished, or given up. */
  stop(): Promise<void>;
}

export interface Work {
  /** Rows can be built while the log is read. */
  readonly beside: boolean;
  /** Up to a position, null for an empty log, into the scratch file. Errors: `StoreUnavailable`. */
  scan(until: string | null, progress: Progress): Promise<Scan>;
  rows(wanted: RowsWanted, progress: Progress): Building;
}

/** Fills an empty scratch file. */
export async function scanInto(
  { log, scratch }: { readonly log: EventLog; readonly scratch: Database.Database },
  until: string | null,
  progress: Progress,
): Promise<Omit<Scan, 'files'>> {
  scratch.exec(SCRATCH_SCHEMA);
  const findings = new Findings();
  const scanned = await scanLog({ log, scratch, until, findings, progress });
  return { scanned, found: findings.told() };
}

/** Looks at no files: who has them looks at them. */
export function workHere(parts: { readonly log: EventLog; readonly scratch: Database.Database }): Work {
  return {
    beside: false,
    scan: async (until, progress) => ({ ...(await scanInto(parts, until, progress)), files: [] }),
    rows: (wanted, progress) => {
      const done = buildRows(parts.log, wanted, progress);
      return { ...wanted, done, stop: () => done.catch(() => undefined) };
    },
  };
}
