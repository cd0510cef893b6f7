/**
 * `disclosure replay`: every read model built anew from the log beside the running one, compared row by row, taken over
 * where nobody else writes.
 */
import { EXIT, type ExitCode } from '../exit-codes.js';
import { inHeapThread } from '../heap-thread.js';
import { print, printJson } from '../render/output.js';
import { progressBar } from '../render/progress.js';
import type { Replayed, ReplayProgress } from '../replay/replayed.js';

export async function replay(options: { readonly json?: boolean }): Promise<ExitCode> {
  const bar = progressBar();
  const heard = ({ events, of }: ReplayProgress): void => bar.update('replaying', events, of);
  const outcome = await inHeapThread<ReplayProgress, Replayed>({ file: 'cli/replay/thread', begun: null, heard }).finally(() => bar.stop());
  if (options.json === true) printJson(outcome);
  else {
    print(
      `events ${outcome.events}, rows ${outcome.rows}: ${outcome.equal ? '一致 equal' : `不一致 different at ${outcome.difference ?? ''}`}`,
    );
    if (!outcome.tookOver) print('另一进程正在写入, 未替换 another process writes this folder: nothing was taken over');
  }
  return outcome.equal ? EXIT.done : EXIT.failed;
}
