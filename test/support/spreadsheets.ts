/** Spreadsheets read by code that shares nothing with what writes them: the archive, then the cells of each sheet. */
import { Parser } from 'htmlparser2';
import { strFromU8, unzipSync } from 'fflate';

export interface ReadCell {
  readonly text: string;
  /** As the file says: `inlineStr`, or `n` of a number. */
  readonly type: string;
}

/** The cells of the first sheet, as `cellsOf`. */
export function firstSheet(xlsx: Uint8Array): ReadonlyMap<string, ReadCell> {
  const [sheet] = cellsOf(xlsx);
  if (sheet === undefined) throw new Error('the workbook has no sheet');
  return sheet;
}

/** By sheet, by the name of the cell (`B7`). Formulas are an error. */
export function cellsOf(xlsx: Uint8Array): ReadonlyMap<string, ReadCell>[] {
  const parts = Object.entries(unzipSync(xlsx)).filter(([name]) => name.startsWith('xl/worksheets/'));
  return parts.map(([, bytes]) => sheetOf(strFromU8(bytes)));
}

function sheetOf(xml: string): ReadonlyMap<string, ReadCell> {
  const cells = new Map<string, ReadCell>();
  let open: { name: string; type: string; text: string } | null = null;
  let isText = false;
  const parser = new Parser(
    {
      onopentag: (tag, { r = '', t = 'n' }) => {
        if (tag === 'f') throw new Error('a sheet holds a formula');
        if (tag === 'c') open = { name: r, type: t, text: '' };
        isText = tag === 't' || tag === 'v';
      },
      ontext: (text) => {
        if (open !== null && isText) open.text += text;
      },
      onclosetag: (tag) => {
        isText = false;
        if (tag !== 'c' || open === null) return;
        const { name, type, text } = open;
        cells.set(name, { type, text: text.replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))) });
        open = null;
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return cells;
}

/** The texts of a column from its second row on. */
export function column(cells: ReadonlyMap<string, ReadCell>, letter: string): string[] {
  const found: string[] = [];
  for (let row = 2; cells.has(`${letter}${row}`); row++) found.push(cells.get(`${letter}${row}`)?.text ?? '');
  return found;
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
