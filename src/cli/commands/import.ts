/**
 * `disclosure import`: messages from files through the ordinary door; through the service where one serves the data
 * folder. What takes memory to load is loaded by the thread that uses it.
 */
import cliProgress from 'cli-progress';
import { statSync } from 'node:fs';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { importInThread } from '../import/in-thread.js';
import type { ImportProgress, ImportResult } from '../import/record-files.js';

/** From this size of the files on a thread for the read models is worth its start: a tenth of a second. */
const THREAD_BYTES = 256 * 1024;
/** From this size on memory is worth a thread for the whole import: what it saves is less than that takes before. */
const LARGE_BYTES = 4 * 1024 * 1024;

interface ImportOptions {
  /** Nothing is recorded. */
  readonly dryRun?: boolean;
}

export async function importFiles(files: readonly string[], options: ImportOptions & { readonly json?: boolean }): Promise<ExitCode> {
  const { dryRun = false } = options;
  const result = await runImport(files, { dryRun });
  const { note, print, printJson } = await import('../render/output.js');
  const { recorded, duplicate, refused, refusals } = result;
  if (options.json === true)
    printJson(dryRun ? { wouldRecord: recorded, wouldDuplicate: duplicate, wouldRefuse: refused, refusals } : result);
  else {
    for (const { file, line, id, error } of refusals)
      note(`${file}:${line} ${id ?? ''} ${dryRun ? 'would be refused' : 'refused'} ${error.code}: ${error.message} ${error.hint}`);
    if (dryRun) print(`would record ${recorded}, duplicate ${duplicate}, refuse ${refused}; nothing was recorded`);
    else print(`recorded ${recorded}, duplicate ${duplicate}, refused ${refused}`);
  }
  return result.refused > 0 ? EXIT.failed : EXIT.done;
}

/** Errors: as `recordFiles`; from a thread `FailedInThread`. */
export async function runImport(files: readonly string[], { dryRun = false }: ImportOptions = {}): Promise<ImportResult> {
  const total = files.reduce((sum, file) => sum + (file === '-' ? 0 : statSync(file).size), 0);
  const bar = new cliProgress.SingleBar(
    { format: 'importing {bar} {percentage}% | {recorded} recorded, {refused} refused | ETA {eta_formatted}', stream: process.stderr },
    cliProgress.Presets.shades_classic,
  );
  const showBar = process.stderr.isTTY && total > 0;
  if (showBar) bar.start(total, 0, { recorded: 0, refused: 0 });
  const show = ({ bytes, recorded, refused }: ImportProgress): void => {
    if (showBar) bar.update(bytes, { recorded, refused });
  };
  const isLong = (bytes: number): boolean => !dryRun && (total >= bytes || files.includes('-'));
  try {
    if (isLong(LARGE_BYTES)) return await importInThread(files, show);
    const { recordFiles } = await import('../import/record-files.js');
    return await recordFiles(files, { dryRun, thread: isLong(THREAD_BYTES) }, show);
  } finally {
    if (showBar) bar.stop();
  }
}
