/**
 * A CSV row by row, in UTF-8, UTF-16 with its mark, or GB 18030, which Chinese spreadsheets write. Read by csv-parse:
 * it reads a stream and bounds a row, so a quotation mark that is never closed does not gather the rest of the file.
 */
import { parse } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../../encoding/unknown-values.js';
import { unguarded } from '../../encoding/spreadsheet-guard.js';
import { DocumentProblem } from '../problem.js';
import type { CsvEncoding, CsvForm } from './csv-form.js';
import { MAX_COLUMNS, MAX_ROWS, sheetTooLarge, type SheetCell, type SheetRow } from './cell.js';

const CHUNK_BYTES = 64 * 1024;
const MAX_ROW = 1024 * 1024;
const LINE_ENDS = ['\r\n', '\n', '\r'];

/** The rows that hold something; a line end inside a cell begins no row. Errors: `DocumentProblem`, also after rows. */
export async function* rowsOfCsv(
  file: string,
  { encoding, delimiter = ',' }: CsvForm,
  heard: (bytes: number) => void,
): AsyncGenerator<SheetRow> {
  const known = encoding ?? (await encodingOf(file));
  const parser = parse({
    delimiter,
    record_delimiter: LINE_ENDS,
    relax_column_count: true,
    max_record_size: MAX_ROW,
    bom: true,
  });
  const read = pipeline(Readable.from(decoded(file, known, heard)), parser);
  read.catch(() => undefined);
  let line = 0;
  try {
    for await (const record of parser) {
      line += 1;
      const cells = cellsOf(record, line);
      if (cells.length > 0) yield { line, cells };
    }
    await read;
  } catch (error) {
    throw problemOf(error, line + 1);
  } finally {
    parser.destroy();
  }
}

function cellsOf(record: unknown, line: number): (SheetCell | null)[] {
  if (line > MAX_ROWS) throw sheetTooLarge(`it has more than ${MAX_ROWS} rows`);
  const texts = Array.isArray(record) ? record.map(String) : [];
  const filled = texts.findLastIndex((text) => text !== '') + 1;
  if (filled > MAX_COLUMNS) throw sheetTooLarge(`it has more than ${MAX_COLUMNS} columns`);
  return texts.slice(0, filled).map((text) => (text === '' ? null : { kind: 'text', text: unguarded(text) }));
}

async function* decoded(file: string, encoding: CsvEncoding, heard: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const input = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const chunks: AsyncIterable<Buffer> = input;
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text.includes('\0')) throw notCsv();
    heard(input.bytesRead);
    yield text;
  }
  yield decoder.decode();
}

/** Looked for in all of the file: the first Chinese character may stand in its last row. */
async function encodingOf(file: string): Promise<CsvEncoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun = false;
  try {
    const chunks: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    for await (const chunk of chunks) {
      if (!begun && isUtf16(chunk)) return 'utf-16le';
      begun = true;
      decoder.decode(chunk, { stream: true });
    }
    decoder.decode();
    return 'utf-8';
  } catch (error) {
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'gb18030';
    throw error;
  }
}

function isUtf16(chunk: Buffer): boolean {
  return chunk.subarray(0, 2).toString('hex') === 'fffe';
}

function problemOf(error: unknown, line: number): unknown {
  const code = codeOf(error);
  if (code === 'CSV_MAX_RECORD_SIZE') return sheetTooLarge(`row ${line} is longer than a row is: is a quotation mark not closed?`);
  if (code?.startsWith('CSV_') === true)
    return new DocumentProblem('not-a-document', `row ${line} is no CSV: a quotation mark stands where none may`, HINT);
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? notCsv() : error;
}

const HINT = 'Save it again, or give the XLSX itself.';

function notCsv(): DocumentProblem {
  return new DocumentProblem('not-a-document', 'it is neither XLSX nor CSV in UTF-8, UTF-16 or GB 18030', HINT);
}
