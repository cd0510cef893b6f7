/**
 * `disclosure import`: messages from files through the ordinary door; through the service where one serves the data
 * folder. What takes memory to load is loaded by the thread that uses it.
 */
import cliProgress from 'cli-progress';
import { statSync } from 'node:fs';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { importInThread } from '../import/in-thread.js';
import type { ImportProgress, ImportResult } from '../import/record-files.js';
import type { MapOptions, RowsTold } from '../import/record-rows.js';
import type { Done } from '../import/words.js';
import { GIVEN, type Given } from '../../spreadsheets/given.js';

/** From this size of the files on a thread for the read models is worth its start: a tenth of a second. */
const THREAD_BYTES = 256 * 1024;
/** From this size on memory is worth a thread for the whole import: what it saves is less than that takes before. */
const LARGE_BYTES = 4 * 1024 * 1024;
/** So many times what a row of a spreadsheet takes in its file are its messages: some ten, and some thirty if packed. */
const BYTES_OF_ROW = 20;

interface ImportOptions {
  /** Nothing is recorded. */
  readonly dryRun?: boolean;
  /** The files are spreadsheets. */
  readonly mapped?: MapOptions;
}

/** As they are given on the command line. */
export interface ImportArguments extends Partial<Record<Exclude<Given, 'year'>, string>> {
  readonly year?: number;
  readonly dryRun?: boolean;
  readonly map?: string;
  readonly refused?: string;
  readonly json?: boolean;
}

export async function importFiles(files: readonly string[], options: ImportArguments): Promise<ExitCode> {
  const { dryRun = false, json = false } = options;
  const { result, rows } = await run(files, { dryRun, ...mappedBy(options) });
  const { note, print, printJson } = await import('../render/output.js');
  const { recorded, duplicate, refused, refusals } = result;
  if (json) printJson(dryRun ? { wouldRecord: recorded, wouldDuplicate: duplicate, wouldRefuse: refused, refusals } : result);
  else {
    for (const { file, line, id, error } of refusals)
      note(`${file}:${line} ${id ?? ''} ${dryRun ? 'would be refused' : 'refused'} ${error.code}: ${error.message} ${error.hint}`);
    if (dryRun) print(`would record ${recorded}, duplicate ${duplicate}, refuse ${refused}; nothing was recorded`);
    else print(`recorded ${recorded}, duplicate ${duplicate}, refused ${refused}`);
  }
  if (rows !== undefined) for (const line of toldOf(rows)) note(line);
  return refused > 0 ? EXIT.failed : EXIT.done;
}

function mappedBy({ map, refused: refusedTo, ...options }: ImportArguments): Pick<ImportOptions, 'mapped'> {
  if (map === undefined) return {};
  const given = Object.fromEntries(GIVEN.flatMap((name) => (options[name] === undefined ? [] : [[name, String(options[name])] as const])));
  return { mapped: { map, given, refusedTo } };
}

/** What is said of rows besides. */
function toldOf({ recorded, skipped, skippedCount, refusedFiles }: RowsTold): string[] {
  const types = Object.entries(recorded).map(([type, count]) => `${type} ${count}`);
  const rows = skipped.map(({ line, text }) => `${line} (${text})`).join(', ');
  return [
    ...(types.length === 0 ? [] : [`  ${types.join(', ')}`]),
    ...(skippedCount === 0 ? [] : [`  skipped ${skippedCount} rows that are no acts 非记录行: ${rows}`]),
    ...refusedFiles.map((file) => `  refused rows with their reasons 未录入的行及原因: ${file}`),
  ];
}

/** Errors: as `recordFiles`; from a thread `FailedInThread`. */
export async function runImport(files: readonly string[], options: ImportOptions = {}): Promise<ImportResult> {
  return (await run(files, options)).result;
}

async function run(files: readonly string[], { dryRun = false, mapped }: ImportOptions): Promise<Done> {
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
  const much = mapped === undefined ? total : total * BYTES_OF_ROW;
  const isLong = (bytes: number): boolean => !dryRun && (much >= bytes || files.includes('-'));
  try {
    const begun = { files, ...(mapped === undefined ? {} : { mapped }) };
    if (isLong(LARGE_BYTES)) return await importInThread(begun, show);
    const { recorded } = await import('../import/recorded.js');
    return await recorded(begun, { dryRun, thread: isLong(THREAD_BYTES) }, show);
  } finally {
    if (showBar) bar.stop();
  }
}
