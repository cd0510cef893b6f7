/** A ledger that a test closes and opens again: the same files, another process as far as they can tell. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Follower } from '../../src/read-models/follower.js';
import type { Signing } from '../../src/runtime/signing-keys.js';
import { openWriter, type Runtime } from '../../src/runtime/runtime.js';
import type { MessageRecorder } from '../../src/recording/message-recorder.js';
import { TEST_NOW } from '../support/ledger.js';
import { THREAD } from '../support/thread.js';
import { PATIENCE_MS } from '../support/until.js';

export interface OpenLedger extends Runtime {
  readonly folder: string;
  readonly recorder: MessageRecorder;
  readonly runner: Follower;
  settled(): Promise<void>;
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'disclosure-test-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

export function openLedger(
  folder: string,
  now: () => number = () => TEST_NOW,
  notice?: (line: string) => void,
  signing?: Signing,
): OpenLedger {
  const runtime = openWriter({ config: { data: folder, eventStoreDbUrl: null }, now, notice, signing, thread: THREAD });
  if (runtime?.writer == null) throw new Error('the ledger is locked');
  const { recorder, runner } = runtime.writer;
  const settled = async (): Promise<void> => {
    if (!(await runner.caughtUp(PATIENCE_MS))) throw new Error(`the read models did not catch up: ${JSON.stringify(runner.status())}`);
  };
  return { ...runtime, folder, recorder, runner, settled };
}
