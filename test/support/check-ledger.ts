/**
 * What must hold of any ledger at any time: revisions without gaps, read models that run, and a rebuild from nothing
 * that gives the same rows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '../../src/log/event-log.js';
import { compareReadStores, ReadStore } from '../../src/read-models/read-store.js';
import { ProjectionRunner } from '../../src/read-models/runner.js';
import { PATIENCE_MS } from './until.js';

export async function checkLedger(log: EventLog, live: ReadStore): Promise<void> {
  const stopped = live.bookmarks().filter((bookmark) => bookmark.stopped !== null);
  if (stopped.length > 0) throw new Error(`read models stopped: ${JSON.stringify(stopped)}`);
  const revisions = new Map<string, number>();
  for (let after: string | null = null; ;) {
    const page = await log.readAll(after, 1000);
    for (const event of page) {
      const expected = (revisions.get(event.stream) ?? -1) + 1;
      if (event.revision !== expected) throw new Error(`${event.stream}: revision ${event.revision} where ${expected} should follow`);
      revisions.set(event.stream, event.revision);
    }
    if (page.length < 1000) break;
    after = page.at(-1)?.position ?? null;
  }
  const end = live.bookmarks().find(({ name }) => name === 'journal')?.position ?? null;
  if (end === null) return;
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-rebuild-'));
  const rebuilt = new ReadStore(join(folder, 'read.db'));
  const runner = new ProjectionRunner(log, rebuilt, { until: end });
  try {
    runner.start();
    if (!(await runner.reached(end, PATIENCE_MS))) throw new Error(`the rebuild did not finish: ${JSON.stringify(runner.status())}`);
    const { difference } = compareReadStores(live, rebuilt);
    if (difference !== null) throw new Error(`a rebuild from nothing differs from the live read models: ${difference}`);
  } finally {
    await runner.stop();
    rebuilt.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
