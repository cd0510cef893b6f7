/** `disclosure export`: an audit pack, or tables, reports and lists as files that others open. */
import { statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Exporter, ExportQuestion } from '../../exports/exporter.js';
import { EXPORTS, isFormat, type ExportKind, type Format } from '../../exports/exported.js';
import type { WrittenFile } from '../../exports/write-file.js';
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { withLedger } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
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
  const kinds: readonly ExportKind[] = ['table', 'report', 'catalogue', 'register', 'cases', 'trail'];
  return kinds.filter((kind) => named[kind] === true);
}

/** Errors: `bad-parameter`, and those of what is exported. */
export async function exportFiles(kind: ExportKind, options: ExportFileOptions): Promise<ExitCode> {
  const formats = formatsIn(kind, options);
  requireFitting(kind, options, formats);
  const bar = progressBar();
  const files = await withLedger(async ({ queries, runtime: { store, tables } }) => {
    const { Exporter: Writer } = await import('../../exports/exporter.js');
    const exporter = new Writer({ queries, store, tables });
    const progress = (rows: number): void => bar.update('exporting', rows, rows);
    const written: WrittenFile[] = [];
    for (const format of formats) written.push(await writeOne(exporter, questionOf(kind, format, { ...options, progress }), options.out));
    return written;
  }).finally(() => bar.stop());
  tell(files, options);
  return EXIT.done;
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

function requireFitting(kind: ExportKind, options: ExportFileOptions, formats: readonly Format[]): void {
  const isYearly = kind === 'table' || kind === 'report';
  if (options.agency === undefined) throw missing('--agency');
  if (isYearly && options.year === undefined) throw missing('--year');
  if (options.out === '-' && (formats.length > 1 || options.json === true))
    throw new QueryProblem('bad-parameter', 'Standard output takes one file and nothing else.', 'Give one format, and no --json.');
  if (formats.length > 1 && options.out !== undefined && !isFolder(options.out))
    throw new QueryProblem('bad-parameter', 'Several formats are several files.', 'Let --out name a folder that is there.');
}

function missing(option: string): QueryProblem {
  return new QueryProblem('bad-parameter', `${option} is missing.`, `Give ${option}.`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function questionOf(
  kind: ExportKind,
  format: Format,
  { agency = '', year = 0, form, view, asOf, rollup, trail = '', bom, progress }: ExportFileOptions & { progress: (rows: number) => void },
): ExportQuestion {
  const written = { agency, format, bom };
  if (kind === 'table' || kind === 'report') return { kind, ...written, year, form, view, asOf, rollup };
  return kind === 'trail' ? { kind, ...written, ref: readCaseRef(trail), asOf } : { kind, ...written, progress };
}

async function writeOne(exporter: Exporter, question: ExportQuestion, out = '.'): Promise<WrittenFile> {
  const { writeFile, writeStream } = await import('../../exports/write-file.js');
  const exported = await exporter.export(question);
  if (out === '-') return writeStream(exported, process.stdout);
  return writeFile(exported, isFolder(out) ? join(out, basename(exported.name)) : out);
}
