/** What `disclosure import --map` does with the rows of spreadsheets: makes them messages, and keeps those refused. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BadConfiguration } from '../../config/config.js';
import { packageFile } from '../../config/package-files.js';
import { DocumentProblem } from '../../documents/problem.js';
import { mappedSheet, type SheetListener } from '../../spreadsheets/mapped-rows.js';
import type { Mapping } from '../../spreadsheets/mapping.js';
import { MappingProblem } from '../../spreadsheets/mapping-problem.js';
import { readMapping } from '../../spreadsheets/read-mapping.js';
import { RefusedRows } from '../../spreadsheets/refused-rows.js';
import type { RowMessages } from '../../spreadsheets/row-messages.js';
import { declaredTable } from '../../spreadsheets/table-sheet.js';
import type { MessageLine } from '../message-lines.js';
import {
  counting,
  nothingYet,
  recordLines,
  type Answered,
  type ImportProgress,
  type ImportResult,
  type RecordOptions,
} from './record-files.js';

export interface MapOptions {
  /** The file of a mapping, or the name of one that the package brings. */
  readonly map: string;
  /** Constants that take the place of those of the mapping. */
  readonly given: Readonly<Record<string, string>>;
  /** Where the rows that are refused are written; else beside each spreadsheet. */
  readonly refusedTo?: string | undefined;
}

interface SkippedRow {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface RowsTold {
  /** Files of refused rows. */
  readonly refusedFiles: readonly string[];
  /** Rows that are no acts, the first of them. */
  readonly skipped: readonly SkippedRow[];
  readonly skippedCount: number;
  /** By type: messages that were, or would be, recorded. */
  readonly recorded: Readonly<Record<string, number>>;
}

export interface RecordedRows {
  readonly result: ImportResult;
  readonly rows: RowsTold;
}

/** Skipped rows that are named. */
const NAMED = 20;

/** What is left of a row until all its messages are answered. */
interface PendingRow {
  readonly cells: readonly string[];
  readonly to: RefusedRows | null;
  left: number;
  readonly reasons: string[];
}

interface RowLine extends MessageLine {
  readonly type: string;
  readonly row: PendingRow;
}

/** Errors: as `recordFiles`; `MappingProblem`, `DocumentProblem`. What was recorded before stays. */
export async function recordRows(
  files: readonly string[],
  options: RecordOptions & MapOptions,
  heard: (progress: ImportProgress) => void,
): Promise<RecordedRows> {
  for (const file of files) checkRefusedTo(file, options.refusedTo);
  const result = nothingYet();
  const written: RefusedRows[] = [];
  const skipped: SkippedRow[] = [];
  let skippedCount = 0;
  const recorded: Record<string, number> = {};
  const mapping = mappingNamed(options.map, options.given);
  const read = counting(result, heard);
  const lines = linesOf(files, mapping, {
    read,
    refusedOf: (file, heads) => {
      const rows = new RefusedRows(file, options.refusedTo, heads);
      written.push(rows);
      return rows;
    },
    skipped: (file, line, text) => {
      skippedCount += 1;
      if (skipped.length < NAMED) skipped.push({ file, line, text });
    },
  });
  const answered = (answer: Answered<RowLine>): void => settle(answer, recorded);
  try {
    await recordLines(result, lines, { ...options, answered });
  } finally {
    for (const rows of written) rows.close();
  }
  const refusedFiles = written.flatMap(({ file }) => (file === null ? [] : [file]));
  return { result, rows: { refusedFiles, skipped, skippedCount, recorded } };
}

function settle({ at: { row, type }, receipt }: Answered<RowLine>, recorded: Record<string, number>): void {
  const { status, error } = receipt;
  if (status === 'recorded' || status === 'would-record') recorded[type] = (recorded[type] ?? 0) + 1;
  if (error !== undefined) row.reasons.push(`${error.code}: ${error.message} ${error.hint}`);
  row.left -= 1;
  if (row.left === 0 && row.reasons.length > 0) row.to?.add(row.cells, row.reasons.join(' '));
}

/** Whether refused rows can be written is known before anything is recorded. Errors: `BadConfiguration`. */
function checkRefusedTo(file: string, asked: string | undefined): void {
  if (asked !== undefined && existsSync(asked)) throw new BadConfiguration(`--refused: ${asked} is there already`);
  const folder = dirname(asked ?? file);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new BadConfiguration(`refused rows cannot be written into ${folder}: name another file with --refused`);
  }
}

/** Errors: `MappingProblem`, those of the file system. */
function mappingNamed(map: string, given: Readonly<Record<string, string>>): Mapping {
  const own = packageFile(`examples/mappings/${map}.json`);
  const file = !existsSync(map) && /^[a-z0-9-]+$/.test(map) && existsSync(own) ? own : map;
  try {
    return readMapping(readFileSync(file, 'utf8'), given);
  } catch (error) {
    throw error instanceof MappingProblem ? new MappingProblem(error.code, `${map}: ${error.message}`, error.hint) : error;
  }
}

interface Listener {
  readonly read: (bytes: number) => void;
  readonly skipped: (file: string, line: number, text: string) => void;
  readonly refusedOf: (file: string, heads: readonly (readonly string[])[]) => RefusedRows;
}

async function* linesOf(files: readonly string[], mapping: Mapping, listener: Listener): AsyncGenerator<RowLine> {
  for (const file of files) {
    let before = 0;
    const own: SheetListener = {
      read: (bytes) => {
        listener.read(bytes - before);
        before = bytes;
      },
      skipped: (line, text) => listener.skipped(file, line, text),
    };
    try {
      if (mapping.table !== undefined) yield* linesOfRow({ file, line: 1, cells: [], to: null }, await declaredTable(file, mapping, own));
      else {
        const sheet = await mappedSheet(file, mapping, own);
        const to = listener.refusedOf(file, sheet.heads);
        for await (const { line, cells, made } of sheet.rows) yield* linesOfRow({ file, line, cells, to }, made);
      }
    } catch (error) {
      throw error instanceof DocumentProblem ? new DocumentProblem(error.code, `${file}: ${error.message}`, error.hint) : error;
    }
  }
}

interface RowPlace extends Pick<PendingRow, 'cells' | 'to'> {
  readonly file: string;
  readonly line: number;
}

function linesOfRow({ file, line, cells, to }: RowPlace, made: RowMessages): RowLine[] {
  const row: PendingRow = { cells, to, left: made.ok ? made.messages.length : 1, reasons: [] };
  if (!made.ok) {
    const { source, refusal } = made;
    return [{ file, line, bytes: new Uint8Array(), refused: { source, refusal }, type: '', row }];
  }
  return made.messages.map((message) => ({ file, line, bytes: Buffer.from(JSON.stringify(message)), type: String(message['type']), row }));
}
