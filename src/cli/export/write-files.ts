/** The files that `disclosure export` writes. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Format, ExportKind } from '../../exports/exported.js';
import { Exporter, type ExportQuestion } from '../../exports/exporter.js';
import { writeFile, writeStream, type WrittenFile } from '../../exports/write-file.js';
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { withLedger } from '../context.js';

export interface FilesWanted {
  readonly kind: ExportKind;
  readonly formats: readonly Format[];
  /** A file, a folder that is there, or `-` for standard output; absent = a name of its own, here. */
  readonly out?: string;
  readonly agency: string;
  /** Of a table or a report. */
  readonly year?: number;
  readonly form?: string;
  readonly view?: string;
  readonly asOf?: string;
  readonly rollup?: boolean;
  /** Of a trail: `kind/number`. */
  readonly trail?: string;
  readonly bom: boolean;
}

export interface FilesProgress {
  readonly rows: number;
  readonly of: number;
}

/** Errors: those of what is exported, and of the file system. */
export async function writeFiles(wanted: FilesWanted, heard: (progress: FilesProgress) => void): Promise<WrittenFile[]> {
  const { formats, out } = wanted;
  return withLedger(async ({ queries, runtime: { store, tables } }) => {
    const exporter = new Exporter({ queries, store, tables });
    const written: WrittenFile[] = [];
    for (const format of formats) written.push(await writeOne(exporter, questionOf(wanted, format, heard), out));
    return written;
  });
}

function questionOf(wanted: FilesWanted, format: Format, heard: (progress: FilesProgress) => void): ExportQuestion {
  const { kind, agency, year = 0, form, view, asOf, rollup, trail = '', bom } = wanted;
  const written = { agency, format, bom };
  if (kind === 'table' || kind === 'report') return { kind, ...written, year, form, view, asOf, rollup };
  if (kind === 'trail') return { kind, ...written, ref: readCaseRef(trail), asOf };
  return { kind, ...written, progress: (rows, of) => heard({ rows, of }) };
}

async function writeOne(exporter: Exporter, question: ExportQuestion, out = '.'): Promise<WrittenFile> {
  const exported = await exporter.export(question);
  if (out === '-') return writeStream(exported, process.stdout);
  return writeFile(exported, isFolder(out) ? join(out, exported.name) : out);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
