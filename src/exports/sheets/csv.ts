/** A list as CSV (RFC 4180) for spreadsheets, or plain; written row by row. */
import Papa from 'papaparse';
import { guard } from '../../encoding/spreadsheet-guard.js';
import { BOM } from '../../tables/representations/csv.js';
import type { Sheet } from './sheet.js';

const LINE_END = '\r\n';

/**
 * `bom`: a byte order mark, and no text that a spreadsheet takes for a formula; our own readers take both off. Every
 * field is in quotes, as a spreadsheet may be told to take what is quoted for a text.
 */
export async function* csvOf({ rows }: Sheet, bom: boolean): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  if (bom) yield encoder.encode(BOM);
  for await (const row of rows) {
    const fields = row.map((cell) => cell?.text ?? '').map((text) => (bom ? guard(text) : text));
    yield encoder.encode(Papa.unparse([fields], { newline: LINE_END, quotes: bom }) + LINE_END);
  }
}
