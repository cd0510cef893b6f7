/**
 * `disclosure replay`: every read model built anew from the log beside the running one, compared row by row, taken over
 * where nobody else writes.
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config/config.js';
import { compareReadStores, ReadStore, removeReadStore } from '../../read-models/read-store.js';
import { runUntil } from '../../read-models/rebuild.js';
import { ProjectionRunner } from '../../read-models/runner.js';
import { openCaughtUp } from '../../runtime/open-caught-up.js';
import { damageFound } from '../../runtime/stores.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print, printJson } from '../render/output.js';
import { progressBar } from '../render/progress.js';

export async function replay(options: { readonly json?: boolean }): Promise<ExitCode> {
  const config = readConfig(process.env);
  const running = join(config.data, 'read.db');
  const beside = join(config.data, `read.replay-${process.pid}.db`);
  const runtime = await openCaughtUp({ config });
  removeReadStore(beside);
  const rebuilt = new ReadStore(beside);
  let outcome: { events: number; rows: number; equal: boolean; difference: string | null; tookOver: boolean };
  let takeOver = false;
  try {
    // The copies are compared at the same event: the end of what the running one holds now.
    // Beside a writer one read transaction holds the running copy still until both are compared.
    if (runtime.writer === null) runtime.store.db.exec('BEGIN');
    const end = runtime.store.bookmarks().find(({ name }) => name === 'journal');
    const events = await rebuild(rebuilt, runtime.log, end?.position ?? null, end?.index ?? -1);
    const { rows, difference } = compareReadStores(runtime.store, rebuilt);
    if (runtime.writer === null) runtime.store.db.exec('COMMIT');
    const stopped = rebuilt.bookmarks().find((bookmark) => bookmark.stopped !== null);
    takeOver = runtime.writer !== null && stopped === undefined;
    outcome = { events, rows, equal: difference === null, difference, tookOver: takeOver };
  } catch (error) {
    throw damageFound(runtime, error);
  } finally {
    rebuilt.db.pragma('wal_checkpoint(TRUNCATE)');
    rebuilt.close();
    // The lock is held until the files are swapped; a crash in between leaves a missing read store, which is built
    // anew.
    await runtime.close(() => {
      if (takeOver && existsSync(beside)) {
        removeReadStore(running);
        renameSync(beside, running);
      }
    });
    removeReadStore(beside);
  }
  if (options.json === true) printJson(outcome);
  else {
    print(
      `events ${outcome.events}, rows ${outcome.rows}: ${outcome.equal ? '一致 equal' : `不一致 different at ${outcome.difference ?? ''}`}`,
    );
    if (!outcome.tookOver) print('另一进程正在写入, 未替换 another process writes this folder: nothing was taken over');
  }
  return outcome.equal ? EXIT.done : EXIT.failed;
}

async function rebuild(
  store: ReadStore,
  log: ConstructorParameters<typeof ProjectionRunner>[0],
  position: string | null,
  index: number,
): Promise<number> {
  if (position === null) return 0;
  const bar = progressBar();
  const runner = new ProjectionRunner(log, store, { until: position });
  const events = await runUntil(runner, position, (done) => bar.update('replaying', done, index + 1)).finally(() => bar.stop());
  while (store.createNextIndex());
  return events;
}
