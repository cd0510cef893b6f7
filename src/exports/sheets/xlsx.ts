/**
 * A sheet as XLSX (ISO/IEC 29500-1), row by row, so that a list of any length takes no more memory than a short one. By
 * hand: the kept libraries hold a whole sheet, or write the time of day into it.
 */
import { zipped, type ZipEntry } from '../zip.js';
import type { Look, Merge, Sheet, SheetCell, SheetRow } from './sheet.js';
import { escapeXml, sheetText } from './xml.js';

/** What a spreadsheet takes in one cell, in UTF-16 units. */
const LONGEST = 32_767;
const CUT = '…〔全文见CSV the whole text is in the CSV〕';

/** The deepest indentation that has a style of its own. */
const INDENTS = 6;

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Sheets in their order; no two may have one name. */
export function xlsxOf(sheets: readonly Sheet[]): AsyncGenerator<Uint8Array> {
  const part = (name: string, text: string): ZipEntry => ({ name, text: [HEAD + text] });
  const names = sheets.map((_, at) => `worksheets/sheet${at + 1}.xml`);
  const parts: ZipEntry[] = [
    part('[Content_Types].xml', contentTypes(names)),
    part('_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']])),
    part('xl/workbook.xml', workbook(sheets)),
    part(
      'xl/_rels/workbook.xml.rels',
      relations([...names.map((name): [string, string] => ['worksheet', name]), ['styles', 'styles.xml']]),
    ),
    part('xl/styles.xml', styles()),
    ...sheets.map((sheet, at) => ({ name: `xl/${names[at] ?? ''}`, text: worksheet(sheet) })),
  ];
  return zipped(parts);
}

function contentTypes(sheets: readonly string[]): string {
  const part = (name: string, type: string): string => `<Override PartName="/xl/${name}" ContentType="${TYPES}.${type}+xml"/>`;
  return (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    part('workbook.xml', 'sheet.main') +
    sheets.map((name) => part(name, 'worksheet')).join('') +
    part('styles.xml', 'styles') +
    '</Types>'
  );
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const each = targets.map(([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`);
  return `<Relationships xmlns="${RELATIONS}">${each.join('')}</Relationships>`;
}

function workbook(sheets: readonly Sheet[]): string {
  const each = sheets.map(({ name }, at) => `<sheet name="${escapeXml(sheetName(name))}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
  const titles = sheets.map(printedTitles).join('');
  const names = titles === '' ? '' : `<definedNames>${titles}</definedNames>`;
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each.join('')}</sheets>${names}</workbook>`;
}

/** The head rows are printed again on each page. */
function printedTitles({ name, headRows }: Sheet, at: number): string {
  if (headRows === 0) return '';
  return `<definedName name="_xlnm.Print_Titles" localSheetId="${at}">'${escapeXml(sheetName(name))}'!$1:$${headRows}</definedName>`;
}

/** A name of a sheet has at most 31 characters, and none of some. */
function sheetName(name: string): string {
  return [...name.replace(/[[\]:*?/\\'\p{C}]/gu, ' ')].slice(0, 28).join('').trim() || '1';
}

// ---- looks ----------------------------------------------------------------------------------------------------------

interface Style {
  readonly font: 0 | 1 | 2;
  readonly border: 0 | 1;
  readonly across: 'left' | 'center';
}

const STYLES: Readonly<Record<Look, Style>> = {
  text: { font: 0, border: 0, across: 'left' },
  title: { font: 2, border: 0, across: 'center' },
  block: { font: 1, border: 0, across: 'left' },
  head: { font: 1, border: 1, across: 'center' },
  value: { font: 0, border: 1, across: 'center' },
  note: { font: 0, border: 0, across: 'left' },
  label: { font: 0, border: 1, across: 'left' },
};
const LOOKS: readonly Look[] = ['text', 'title', 'block', 'head', 'value', 'note', 'label'];

/** Labels come last, one style for each indentation. */
function styleOf({ look, indent = 0 }: SheetCell): number {
  return LOOKS.indexOf(look) + 1 + (look === 'label' ? Math.min(indent, INDENTS) : 0);
}

function styles(): string {
  const font = (size: number, bold: boolean): string => `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><name val="SimSun"/></font>`;
  const line = '<left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/>';
  const all = [...LOOKS.map((look) => xf(STYLES[look], 0)), ...Array.from({ length: INDENTS }, (_, at) => xf(STYLES.label, at + 1))];
  return (
    `<styleSheet xmlns="${MAIN}"><fonts count="3">${font(10, false)}${font(10, true)}${font(16, true)}</fonts>` +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    `<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${line}</border></borders>` +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${all.length + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${all.join('')}</cellXfs></styleSheet>`
  );
}

function xf({ font, border, across }: Style, indent: number): string {
  const alignment = `<alignment horizontal="${across}" vertical="center" wrapText="1"${indent === 0 ? '' : ` indent="${indent}"`}/>`;
  return `<xf numFmtId="0" fontId="${font}" fillId="0" borderId="${border}" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">${alignment}</xf>`;
}

// ---- rows -----------------------------------------------------------------------------------------------------------

async function* worksheet(sheet: Sheet): AsyncGenerator<string> {
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>${pane(sheet)}${columns(sheet)}<sheetData>`;
  let at = 0;
  for await (const row of sheet.rows) yield rowOf(row, at++);
  yield `</sheetData>${merged(sheet.merges)}${PAGE}</worksheet>`;
}

const PAGE =
  '<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>' +
  '<pageSetup paperSize="9" orientation="portrait" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>&amp;P / &amp;N</oddFooter></headerFooter>';

function pane({ headRows }: Sheet): string {
  if (headRows === 0) return '<sheetViews><sheetView workbookViewId="0"/></sheetViews>';
  const below = `A${headRows + 1}`;
  return (
    `<sheetViews><sheetView workbookViewId="0"><pane ySplit="${headRows}" topLeftCell="${below}" activePane="bottomLeft" state="frozen"/>` +
    `<selection pane="bottomLeft" activeCell="${below}" sqref="${below}"/></sheetView></sheetViews>`
  );
}

function columns({ widths }: Sheet): string {
  const each = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width.toFixed(2)}" customWidth="1"/>`);
  return `<cols>${each.join('')}</cols>`;
}

function rowOf(row: SheetRow, at: number): string {
  const cells = row.map((cell, column) => (cell === null ? '' : cellOf(cell, nameOf(at, column))));
  return `<row r="${at + 1}">${cells.join('')}</row>`;
}

function cellOf(cell: SheetCell, name: string): string {
  const style = styleOf(cell);
  if (cell.text === '') return `<c r="${name}" s="${style}"/>`;
  if (cell.number === true) return `<c r="${name}" s="${style}"><v>${escapeXml(cell.text)}</v></c>`;
  return `<c r="${name}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${sheetText(shortened(cell.text))}</t></is></c>`;
}

function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  const kept = text.slice(0, LONGEST - CUT.length);
  return kept.replace(/[\uD800-\uDBFF]$/, '') + CUT;
}

/** `C7` of row 6, column 2. */
function nameOf(row: number, column: number): string {
  let name = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  return `${name}${row + 1}`;
}

function merged(merges: readonly Merge[]): string {
  if (merges.length === 0) return '';
  const each = merges.map(({ from, to }) => `<mergeCell ref="${nameOf(from.row, from.column)}:${nameOf(to.row, to.column)}"/>`);
  return `<mergeCells count="${merges.length}">${each.join('')}</mergeCells>`;
}
