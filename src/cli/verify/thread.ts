/**
 * A thread of `disclosure verify`: reads the log, by a connection of its own, into a file. It ends with what it was
 * begun for; `threads.ts` begins it and hears what it tells.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { checkFile } from '../../audit/verify-store/check-files.js';
import type { StoreFinding } from '../../audit/verify-store/findings.js';
import { buildRows, WRITING_KIB, type RowsWanted } from '../../audit/verify-store/rows-copy.js';
import { openScratch } from '../../audit/verify-store/verify-store.js';
import { scanInto, type Scan } from '../../audit/verify-store/work.js';
import type { Config } from '../../config/config.js';
import { codeOf, messageOf } from '../../encoding/unknown-values.js';
import { StoreUnavailable, type EventLog } from '../../log/event-log.js';
import { keysOf, openLog, withAdapter } from '../../runtime/stores.js';

/** What a thread is begun with. */
export type Order =
  | { readonly config: Config; readonly step: 'reading'; readonly scratch: string; readonly until: string | null }
  | ({ readonly config: Config; readonly step: 'rebuilding' } & RowsWanted);

/** What it tells: how far it is, and in the end what came of it. */
export type Told =
  | { readonly events: number }
  | { readonly done: Scan | null }
  | { readonly failed: { readonly message: string; readonly code: string | undefined; readonly unavailable: boolean } };

const tell = (told: Told): void => parentPort?.postMessage(told);
/** More often nobody sees it, ms. */
const PROGRESS_MS = 100;
let toldAt = 0;

function progress(events: number): void {
  if (performance.now() - toldAt < PROGRESS_MS) return;
  toldAt = performance.now();
  tell({ events });
}

async function run(order: Order): Promise<void> {
  try {
    const files = order.step === 'reading' ? damagedFiles(order.config) : [];
    const log = openLog(await withAdapter({ config: order.config }), true);
    try {
      tell({ done: order.step === 'reading' ? { ...(await scan(log, order)), files } : await rows(log, order) });
    } finally {
      await log.close();
    }
  } catch (error) {
    tell({ failed: { message: messageOf(error), code: codeOf(error), unavailable: error instanceof StoreUnavailable } });
  }
}

async function scan(log: EventLog, { scratch: file, until }: { readonly scratch: string; readonly until: string | null }) {
  const scratch = openScratch(file, WRITING_KIB);
  try {
    return await scanInto({ log, scratch }, until, progress);
  } finally {
    scratch.close();
  }
}

async function rows(log: EventLog, wanted: RowsWanted): Promise<null> {
  await buildRows(log, wanted, progress);
  return null;
}

/** Each file against itself: what it says of the log is nothing where it is not whole. */
function damagedFiles(config: Config): StoreFinding[] {
  const { data, eventStoreDbUrl } = config;
  const files = [
    ...(eventStoreDbUrl === null ? [['log-damaged', join(data, 'log.db')] as const] : []),
    ['read-damaged', join(data, 'read.db')] as const,
    ['keys-damaged', keysOf(config)] as const,
  ];
  return files.flatMap(([rule, file]) => (existsSync(file) ? checkFile(rule, file) : []));
}

parentPort?.once('message', (order: Order) => void run(order));
