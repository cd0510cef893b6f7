/** `disclosure export`: an audit pack, or tables, reports and lists as files that others open. */
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { EXPORTS, isExportKind, isFormat, type ExportKind, type Format } from '../../exports/exported.js';
import type { WrittenFile } from '../../exports/write-file.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { FilesProgress, FilesWanted } from '../export/write-files.js';
import { inHeapThread } from '../heap-thread.js';
import { note, print, printJson } from '../render/output.js';
import { progressBar } from '../render/progress.js';

export interface ExportFileOptions {
  readonly table?: boolean;
  readonly report?: boolean;
  readonly catalogue?: boolean;
  readonly register?: boolean;
  readonly cases?: boolean;
  /** A case, `kind/number`. */
  readonly trail?: string;
  readonly agency?: string;
  readonly year?: number;
  readonly form?: string;
  readonly view?: string;
  readonly asOf?: string;
  readonly rollup?: boolean;
  /** Names with commas between them. */
  readonly format?: string;
  /** A file, a folder that is there, or `-` for standard output. */
  readonly out?: string;
  readonly bom: boolean;
  readonly json?: boolean;
}

/** Which of the kinds the options name. */
export function kindsIn(options: ExportFileOptions): ExportKind[] {
  const named = { ...options, trail: options.trail !== undefined };
  return Object.keys(EXPORTS)
    .filter(isExportKind)
    .filter((kind) => named[kind] === true);
}

/** The heap of the thread that writes a list, MB: rows live for a moment. */
const HEAP = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 192 };

/** Errors: `bad-parameter`, and those of what is exported. */
export async function exportFiles(kind: ExportKind, options: ExportFileOptions): Promise<ExitCode> {
  const formats = formatsIn(kind, options);
  const wanted = { ...wantedOf(options), kind, formats };
  requireFitting(wanted, options);
  const bar = progressBar('rows');
  const heard = ({ rows, of }: FilesProgress): void => bar.update('exporting', rows, of);
  const files = await written(wanted, heard).finally(() => bar.stop());
  tell(files, options);
  return EXIT.done;
}

/** A list may be long. What a thread writes to standard output may be lost with it. */
async function written(wanted: FilesWanted, heard: (progress: FilesProgress) => void): Promise<WrittenFile[]> {
  const { kind, out } = wanted;
  if (out !== '-' && (kind === 'catalogue' || kind === 'register' || kind === 'cases'))
    return inHeapThread<FilesProgress, WrittenFile[]>({ file: 'cli/export/thread', begun: wanted, heap: HEAP, heard });
  const { writeFiles } = await import('../export/write-files.js');
  return writeFiles(wanted, heard);
}

function wantedOf({ agency, year, form, view, asOf, rollup, trail, out, bom }: ExportFileOptions): Omit<FilesWanted, 'kind' | 'formats'> {
  if (agency === undefined) throw missing('--agency');
  return { agency, year, form, view, asOf, rollup, trail, out, bom };
}

function tell(files: readonly WrittenFile[], { json, out }: ExportFileOptions): void {
  if (json === true) printJson({ files });
  // Standard output is the file.
  else for (const file of files) (out === '-' ? note : print)(lineOf(file));
}

function lineOf({ file, bytes, sha256, index }: WrittenFile): string {
  return `文件 file ${file}, ${bytes} bytes, ${sha256}, ${index === null ? '无事项 no event' : `index:${index}`}`;
}

/** By `--format`, else by the ending of `--out`. */
function formatsIn(kind: ExportKind, { format, out = '' }: ExportFileOptions): Format[] {
  const named = (format ?? extname(out).slice(1)).split(',');
  const known = named.filter(isFormat);
  if (known.length === named.length) return known;
  const wrong = format === undefined ? 'Say in which format.' : `There is no format ${named.filter((one) => !isFormat(one)).join(', ')}.`;
  throw new QueryProblem('bad-parameter', wrong, `Give --format ${EXPORTS[kind].join('|')}, or --out with such an ending.`);
}

function requireFitting({ kind, year, formats, out }: FilesWanted, { json }: ExportFileOptions): void {
  if ((kind === 'table' || kind === 'report') && year === undefined) throw missing('--year');
  if (out === '-' && (formats.length > 1 || json === true))
    throw new QueryProblem('bad-parameter', 'Standard output takes one file and nothing else.', 'Give one format, and no --json.');
  if (formats.length > 1 && out !== undefined && statSync(out, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new QueryProblem('bad-parameter', 'Several formats are several files.', 'Let --out name a folder that is there.');
}

function missing(option: string): QueryProblem {
  return new QueryProblem('bad-parameter', `${option} is missing.`, `Give ${option}.`);
}
