/** Every read model built anew beside the running one, compared row by row, and taken over where nobody else writes. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config/config.js';
import type { EventLog } from '../../log/event-log.js';
import { compareReadStores, JOURNAL_NAME, ReadStore, removeReadStore } from '../../read-models/read-store.js';
import { runUntil } from '../../read-models/rebuild.js';
import { ProjectionRunner } from '../../read-models/runner.js';
import { openCaughtUp } from '../../runtime/open-caught-up.js';
import { damageFound } from '../../runtime/stores.js';

export interface Replayed {
  readonly events: number;
  /** That were compared. */
  readonly rows: number;
  readonly equal: boolean;
  /** The first table and row that is another; null where all are equal. */
  readonly difference: string | null;
  readonly tookOver: boolean;
}

export interface ReplayProgress {
  readonly events: number;
  readonly of: number;
}

type Heard = (progress: ReplayProgress) => void;

/** Errors: those of opening a ledger; `StoreUnavailable`, `DamagedFile`. */
export async function replayed(heard: Heard): Promise<Replayed> {
  const config = readConfig(process.env);
  const running = join(config.data, 'read.db');
  const beside = join(config.data, `read.replay-${process.pid}.db`);
  const runtime = await openCaughtUp({ config });
  removeReadStore(beside);
  const rebuilt = new ReadStore(beside);
  let tookOver = false;
  try {
    // The copies are compared at the same event: the end of what the running one holds now.
    // Beside a writer one read transaction holds the running copy still until both are compared.
    if (runtime.writer === null) runtime.store.db.exec('BEGIN');
    const end = runtime.store.bookmarks().find(({ name }) => name === JOURNAL_NAME);
    const events = await rebuild({ log: runtime.log, store: rebuilt }, end?.position ?? null, (done) =>
      heard({ events: done, of: (end?.index ?? -1) + 1 }),
    );
    const { rows, difference } = compareReadStores(runtime.store, rebuilt);
    if (runtime.writer === null) runtime.store.db.exec('COMMIT');
    tookOver = runtime.writer !== null && rebuilt.bookmarks().every(({ stopped }) => stopped === null);
    return { events, rows, equal: difference === null, difference, tookOver };
  } catch (error) {
    throw damageFound(runtime, error);
  } finally {
    rebuilt.db.pragma('wal_checkpoint(TRUNCATE)');
    rebuilt.close();
    // The lock is held until the files are swapped; a crash in between leaves a missing read store, which is built
    // anew.
    await runtime.close(() => {
      if (tookOver && existsSync(beside)) {
        removeReadStore(running);
        renameSync(beside, running);
      }
    });
    removeReadStore(beside);
  }
}

/** Up to a position, null for an empty log, with the indexes that are made late. */
async function rebuild(
  { log, store }: { readonly log: EventLog; readonly store: ReadStore },
  until: string | null,
  progress: (events: number) => void,
): Promise<number> {
  if (until === null) return 0;
  const events = await runUntil(new ProjectionRunner(log, store, { until }), until, progress);
  while (store.createNextIndex());
  return events;
}
