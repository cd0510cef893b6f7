/** What stands beside the sheets of an XLSX: their names, the texts they share, the formats of their numbers. */
import { posix } from 'node:path';
import { notOfKind, partOf, type Archive } from '../archive.js';
import { readXml } from '../xml.js';
import { MAX_CELL, sheetTooLarge, type DaySystem } from './cell.js';

export interface NamedSheet {
  readonly name: string;
  readonly part: string;
  readonly hidden: boolean;
}

export interface Workbook {
  readonly sheets: readonly NamedSheet[];
  readonly days: DaySystem;
}

/** Bytes unpacked. Texts are held whole, as a row names them by their place. */
const MAX_SMALL = 4 * 1024 * 1024;
const MAX_STRINGS_BYTES = 64 * 1024 * 1024;
/** More than the texts of 100,000 rows with five texts each. */
const MAX_STRINGS = 500_000;

const WORKBOOK = 'xl/workbook.xml';

/** Errors: `DocumentProblem`. */
export async function sheetsOf(archive: Archive): Promise<Workbook> {
  const targets = await targetsIn(archive);
  const sheets: NamedSheet[] = [];
  let days: DaySystem = 1900;
  await readXml(archive, partOf(archive, WORKBOOK, MAX_SMALL), {
    open: (name, attributes) => {
      if (localName(name) === 'workbookPr' && isTrue(attributes['date1904'])) days = 1904;
      if (localName(name) !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => localName(key) === 'id' && key !== 'id')?.[1] ?? '';
      const part = targets.get(id);
      if (part !== undefined)
        sheets.push({ name: attributes['name'] ?? '', part, hidden: (attributes['state'] ?? 'visible') !== 'visible' });
    },
  });
  if (sheets.length === 0) throw notOfKind(archive.kind);
  return { sheets, days };
}

/** Parts by the id under which the workbook names them. What stands outside of the archive is no part. */
async function targetsIn(archive: Archive): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  await readXml(archive, partOf(archive, 'xl/_rels/workbook.xml.rels', MAX_SMALL), {
    open: (name, { Id = '', Target = '', TargetMode }) => {
      if (localName(name) === 'Relationship' && TargetMode !== 'External')
        targets.set(Id, Target.startsWith('/') ? Target.slice(1) : posix.join('xl', Target));
    },
  });
  return targets;
}

/** Errors: `DocumentProblem`, also of more texts than a spreadsheet of any bureau has. */
export async function sharedStrings(archive: Archive): Promise<readonly string[]> {
  const name = 'xl/sharedStrings.xml';
  if (!archive.parts.has(name)) return [];
  const strings: string[] = [];
  const text = new RichText();
  await readXml(archive, partOf(archive, name, MAX_STRINGS_BYTES), {
    open: (tag) => text.open(localName(tag)),
    text: (part) => text.add(part),
    close: (tag) => {
      text.close(localName(tag));
      if (localName(tag) !== 'si') return;
      if (strings.length === MAX_STRINGS) throw sheetTooLarge(`it has more than ${MAX_STRINGS} texts`);
      strings.push(text.take());
    },
  });
  return strings;
}

/** A text in runs of different looks; how it is pronounced is no part of it. */
export class RichText {
  #inText = false;
  #spoken = 0;
  #text = '';

  open(tag: string): void {
    if (tag === 't') this.#inText = true;
    if (tag === 'rPh') this.#spoken += 1;
  }

  /** Errors: `document-too-large`. */
  add(text: string): void {
    if (!this.#inText || this.#spoken > 0) return;
    this.#text += text;
    if (this.#text.length > MAX_CELL * ESCAPED) throw sheetTooLarge('a cell holds more than a cell can');
  }

  close(tag: string): void {
    if (tag === 't') this.#inText = false;
    if (tag === 'rPh') this.#spoken -= 1;
  }

  /** Characters that XML does not take are written by their numbers. */
  take(): string {
    const text = this.#text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));
    this.#text = '';
    return text.toWellFormed();
  }
}

/** Characters of one that is written by its number. */
const ESCAPED = 7;

/** How the numbers of a style are shown: as a day, or with zeros in front up to a width. */
export interface NumberFormat {
  readonly asDay: boolean;
  readonly width: number;
}

const PLAIN: NumberFormat = { asDay: false, width: 0 };
/** Formats that a file need not describe; 27–36 and 50–58 are the days of Chinese, Japanese and Korean programs. */
const DAY_FORMATS = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const;

/** By the number of a style. */
export async function stylesOf(archive: Archive): Promise<readonly NumberFormat[]> {
  const name = 'xl/styles.xml';
  if (!archive.parts.has(name)) return [];
  const own = new Map<string, string>();
  const styles: NumberFormat[] = [];
  let inStyles = false;
  await readXml(archive, partOf(archive, name, MAX_SMALL), {
    open: (tag, { numFmtId = '0', formatCode = '' }) => {
      if (localName(tag) === 'numFmt') own.set(numFmtId, formatCode);
      if (localName(tag) === 'cellXfs') inStyles = true;
      if (inStyles && localName(tag) === 'xf') styles.push(formatOf(Number(numFmtId), own.get(numFmtId)));
    },
    close: (tag) => {
      if (localName(tag) === 'cellXfs') inStyles = false;
    },
  });
  return styles;
}

function formatOf(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return { asDay: DAY_FORMATS.some(([first, last]) => id >= first && id <= last), width: 0 };
  if (/general|standard/i.test(code)) return PLAIN;
  // What stands in quotes, in brackets or behind a backslash is shown as it is.
  const bare = code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, '');
  if (/^0+$/.test(bare)) return { asDay: false, width: bare.length };
  return /[ymdhs年月日]/i.test(bare) && !/[#0?]/.test(bare.replace(/\.0+/g, '')) ? { asDay: true, width: 0 } : PLAIN;
}

/** Without the prefix of a namespace. */
export function localName(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1);
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}
