/** Spreadsheets as office programs write them, small and made here. */
import { archiveOf } from './documents.js';

/** A text, a number, `{ day }` a number shown as a day, `{ formula }` with its last value, `{ padded }` with zeros. */
export type Cell =
  | string
  | number
  | null
  | { readonly day: number }
  | { readonly formula: string; readonly value: string | number }
  | { readonly padded: number }
  | { readonly error: string };

export interface BookOptions {
  readonly date1904?: boolean;
  /** Texts stand in the cells themselves. */
  readonly inline?: boolean;
  readonly sheets?: readonly { readonly name: string; readonly state?: string; readonly rows: readonly (readonly Cell[])[] }[];
  readonly more?: readonly { readonly name: string; readonly data: Buffer; readonly claimed?: number }[];
}

const escaped = (text: string): string =>
  text
    .replace(/_x[0-9A-Fa-f]{4}_/g, (found) => `_x005F${found}`)
    .replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
    // eslint-disable-next-line no-control-regex -- what XML cannot say
    .replace(/[\u0000-\u001f]/g, (letter) => `_x${letter.charCodeAt(0).toString(16).padStart(4, '0')}_`);

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Style 1 shows a day, 2 a day in a format of its own, 3 six digits with zeros in front. */
const STYLES = `<styleSheet ${MAIN}><numFmts count="2"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="177" formatCode="000000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs></styleSheet>`;

function columnName(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : columnName(Math.floor(at / 26) - 1) + columnName(at % 26);
}

export function xlsxOf(rows: readonly (readonly Cell[])[], options: BookOptions = {}): Buffer {
  const strings: string[] = [];
  const sheets = options.sheets ?? [{ name: 'Sheet1', rows }];
  const parts = sheets.map((sheet, at) => ({
    name: `xl/worksheets/sheet${at + 1}.xml`,
    data: Buffer.from(sheetXml(sheet.rows, strings, options.inline === true)),
  }));
  const named = sheets
    .map(
      ({ name, state }, at) =>
        `<sheet name="${escaped(name)}" sheetId="${at + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${at + 1}"/>`,
    )
    .join('');
  const targets = sheets
    .map((_sheet, at) => `<Relationship Id="rId${at + 1}" Type="${RELS}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`)
    .join('');
  const shared = strings.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('');
  const date1904 = options.date1904 === true ? ' date1904="1"' : '';
  return archiveOf([
    { name: '[Content_Types].xml', data: Buffer.from('<Types/>') },
    {
      name: 'xl/workbook.xml',
      data: Buffer.from(
        `<?xml version="1.0"?><workbook ${MAIN} xmlns:r="${RELS}"><workbookPr${date1904}/><sheets>${named}</sheets></workbook>`,
      ),
    },
    { name: 'xl/_rels/workbook.xml.rels', data: Buffer.from(`<Relationships>${targets}</Relationships>`) },
    { name: 'xl/styles.xml', data: Buffer.from(STYLES) },
    ...(shared === '' ? [] : [{ name: 'xl/sharedStrings.xml', data: Buffer.from(`<sst ${MAIN}>${shared}</sst>`) }]),
    ...parts,
    ...(options.more ?? []),
  ]);
}

function sheetXml(rows: readonly (readonly Cell[])[], strings: string[], inline: boolean): string {
  const lines = rows.map((cells, line) => {
    const written = cells.map((cell, column) => cellXml(cell, `${columnName(column)}${line + 1}`, inline ? null : strings)).join('');
    return written === '' ? '' : `<row r="${line + 1}">${written}</row>`;
  });
  return `<?xml version="1.0"?><worksheet ${MAIN}><sheetData>${lines.join('')}</sheetData></worksheet>`;
}

function cellXml(cell: Cell, at: string, strings: string[] | null): string {
  if (cell === null) return `<c r="${at}" s="1"/>`;
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
  if (typeof cell === 'string') {
    if (strings === null) return `<c r="${at}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
    strings.push(cell);
    return `<c r="${at}" t="s"><v>${strings.length - 1}</v></c>`;
  }
  if ('day' in cell) return `<c r="${at}" s="${at.charCodeAt(at.length - 1) % 2 === 0 ? 1 : 2}"><v>${cell.day}</v></c>`;
  if ('padded' in cell) return `<c r="${at}" s="3"><v>${cell.padded}</v></c>`;
  if ('error' in cell) return `<c r="${at}" t="e"><v>${cell.error}</v></c>`;
  const { formula, value } = cell;
  return `<c r="${at}"${typeof value === 'string' ? ' t="str"' : ''}><f>${escaped(formula)}</f><v>${escaped(String(value))}</v></c>`;
}
