/** A real ledger for a test: SQLite files in a folder of its own, the ordinary recorder and read models. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as eventStoreDb from '../../src/log/eventstoredb-event-log.js';
import { openWriter, type Runtime } from '../../src/runtime/runtime.js';
import type { ReadStore } from '../../src/read-models/read-store.js';
import { RightsReader } from '../../src/access/rights.js';
import { Hierarchy } from '../../src/read-models/agencies/hierarchy.js';
import { CaseStore } from '../../src/recording/facts/case-store.js';
import { MessageIndex } from '../../src/read-models/journal/message-index.js';
import { MessageRecorder } from '../../src/recording/message-recorder.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { RemedyIndex } from '../../src/read-models/cases/remedy-index.js';
import { ReportFactsService } from '../../src/tables/report-facts.js';
import type { Follower } from '../../src/read-models/follower.js';
import { checkLedger } from './check-ledger.js';
import { THREAD } from './thread.js';
import { PATIENCE_MS } from './until.js';

export interface TestLedger extends Omit<Runtime, 'writer' | 'close'> {
  readonly folder: string;
  readonly recorder: MessageRecorder;
  readonly runner: Follower;
  /** Records one after the other; gives the receipts. */
  send(...messages: readonly unknown[]): Promise<Receipt[]>;
  /** Waits until the read models are at the end of the log. */
  settled(): Promise<void>;
  /** Checks the whole ledger (rebuild = live), then closes and removes it. */
  finish(): Promise<void>;
  /** Closes it unchecked and leaves the folder, to be opened again. */
  stop(): Promise<void>;
  /** Closes and removes it unchecked: for read models that a test wrote into by hand. */
  discard(): Promise<void>;
}

/** Long after every act of the tests, so that no history is in the future. */
export const TEST_NOW = Date.parse('2030-01-01T00:00:00+08:00');

export interface TestLedgerOptions {
  readonly now?: () => number;
  readonly folder?: string;
  /** The read models have a thread of their own; absent = as the run says. */
  readonly thread?: boolean;
  /** A server, a namespace on it, and the key store that its replicas share; absent = the embedded log. */
  readonly server?: { readonly url: string; readonly namespace: string; readonly keys?: string };
}

export function openTestLedger(options: TestLedgerOptions = {}): TestLedger {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'disclosure-test-'));
  const { url = null, namespace, keys } = options.server ?? {};
  const runtime = openWriter({
    config: { data: folder, eventStoreDbUrl: url, namespace, keys },
    now: options.now ?? (() => TEST_NOW),
    eventStoreDb,
    thread: options.thread ?? THREAD,
  });
  if (runtime?.writer == null) throw new Error('the test ledger is locked');
  const { recorder, runner } = runtime.writer;
  const settled = async (): Promise<void> => {
    if (!(await runner.caughtUp(PATIENCE_MS))) throw new Error(`the read models did not catch up: ${JSON.stringify(runner.status())}`);
  };
  const stop = (): Promise<void> => runtime.close();
  const discard = async (): Promise<void> => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    ...runtime,
    stop,
    discard,
    folder,
    recorder,
    runner,
    settled,
    send: async (...messages) => {
      const receipts: Receipt[] = [];
      for (const message of messages) receipts.push(await recorder.recordValue(message, NO_IDENTITY));
      return receipts;
    },
    finish: async () => {
      await settled();
      await checkLedger(runtime.log, runtime.store);
      await discard();
    },
  };
}

/**
 * A second recorder on the log of `ledger`, as of a process that has just begun: it knows the log, and of other cases
 * what `store` says.
 */
export function recorderBeside(
  ledger: TestLedger,
  store: ReadStore,
  { log, keys }: Pick<TestLedger, 'log' | 'keys'> = ledger,
): MessageRecorder {
  return new MessageRecorder({
    log,
    cases: new CaseStore(log, keys),
    index: new MessageIndex(store),
    remedies: new RemedyIndex(store),
    refusals: ledger.refusals,
    keys,
    reports: new ReportFactsService({ ...ledger, cut: null, notice: () => undefined }),
    rights: new RightsReader(store, () => TEST_NOW),
    hierarchy: new Hierarchy(store, (timeout) => ledger.runner.caughtUp(timeout)),
    now: () => TEST_NOW,
  });
}
