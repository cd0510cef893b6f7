/** What a cell says, by what its column holds. */
import type { SheetCell } from '../documents/sheets/cell.js';
import { shownText } from '../documents/sheets/shown.js';
import { isContentHash } from '../domain/identifiers.js';
import { parseDecimal } from '../encoding/decimal.js';
import { nearest } from '../intake/nearest.js';
import { dayIn } from './days.js';
import type { CellKind, MappedColumn } from './mapping.js';

/** A value of a row: a text, a whole number, several texts of a cell that is split; null where it is blank. */
export type Value = string | number | readonly string[] | null;

/** What a cell says, or what is wrong with it. */
export type Read = { readonly value: Value } | { readonly problem: string };

const BLANK: Read = { value: null };

/** A number of which a spreadsheet has kept the first digits only, as it is written into a CSV, or as it is. */
const ROUNDED = /^-?\d(?:\.\d+)?e\+\d+$/i;
const TOO_LONG = /^-?\d{16,}$/;

export function readCell(cell: SheetCell | null | undefined, column: MappedColumn): Read {
  if (cell === null || cell === undefined || shownText(cell).trim() === '') return BLANK;
  const shown = shownText(cell).trim();
  if (cell.kind === 'error') return { problem: `is ${shown}, which its formula failed with` };
  const { is = 'text', values, split } = column;
  if (ROUNDED.test(cell.text) || (cell.kind === 'number' && TOO_LONG.test(cell.text)))
    return { problem: `is ${cell.text}: of a number 15 digits are kept, the last are lost; make the column text and type it again` };
  if (split !== undefined) return severalOf(shown, split, column);
  return values === undefined ? READERS[is](cell, column) : meantBy(shown, column);
}

function severalOf(shown: string, split: string, column: MappedColumn): Read {
  const parts = cutAt(shown.normalize('NFKC'), split.normalize('NFKC'));
  const read = parts.map((part) => (column.values === undefined ? { value: part } : meantBy(part, column)));
  const wrong = read.find((one) => 'problem' in one);
  if (wrong !== undefined) return wrong;
  const values = read.flatMap((one) => ('value' in one && typeof one.value === 'string' ? [one.value] : []));
  return values.length === 0 ? BLANK : { value: [...new Set(values)] };
}

function cutAt(text: string, at: string): string[] {
  const parts: string[] = [''];
  for (const character of text) {
    if (at.includes(character)) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** As written: without blanks, of one width. */
export function bare(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '');
}

function meantBy(shown: string, { values = {}, otherwise }: MappedColumn): Read {
  const meant = Object.entries(values).find(([written]) => bare(written) === bare(shown));
  if (meant !== undefined) return { value: meant[1] };
  if (otherwise !== undefined) return { value: otherwise };
  const near = nearest(shown, Object.keys(values));
  const known = Object.keys(values).slice(0, 30).join(', ');
  return {
    problem: `is ${shown.slice(0, 60)}, which the mapping does not know${near === null ? `; it knows ${known}` : ` (the nearest is ${near})`}`,
  };
}

type Reader = (cell: SheetCell, column: MappedColumn) => Read;

const READERS: Readonly<Record<CellKind, Reader>> = {
  text: (cell) => ({ value: shownText(cell).replace(/\r\n?/g, '\n').trim() }),
  name: (cell) => ({ value: nameIn(shownText(cell)) }),
  'case-number': (cell) => ({ value: caseNumberIn(shownText(cell)) }),
  day: (cell, column) => dayOf(cell, column, ({ day }) => day),
  time: (cell, column) => dayOf(cell, column, ({ day, clock }) => `${day}T${clock ?? `${column.clock ?? '09:00'}:00`}+08:00`),
  whole: (cell) => amountIn(cell, 0, 'a whole number'),
  yuan: (cell) => amountIn(cell, 2, 'an amount in yuan'),
  hash: (cell) => {
    const text = bare(shownText(cell)).toLowerCase();
    const hash = text.startsWith('sha256:') ? text : `sha256:${text}`;
    return isContentHash(hash) ? { value: hash } : { problem: 'is no SHA-256: 64 hexadecimal digits' };
  },
};

/** Between Chinese letters a blank only sets a name wider. */
function nameIn(text: string): string {
  return text
    .normalize('NFKC')
    .trim()
    .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '')
    .replace(/\s+/g, ' ');
}

/** As a case may be named: of one width, without blanks, the brackets of a document number as they are printed. */
function caseNumberIn(text: string): string {
  return bare(text)
    .replace(/[[【{]/g, '〔')
    .replace(/[\]】}]/g, '〕')
    .replace(/[/\\、,:#]/g, '-');
}

function dayOf(cell: SheetCell, { order = 'ymd' }: MappedColumn, said: (day: NonNullable<ReturnType<typeof dayIn>>) => string): Read {
  const found = dayIn(cell, order);
  return found === null
    ? { problem: `is ${shownText(cell).slice(0, 40)}, which is no day: write it as 2017-03-02` }
    : { value: said(found) };
}

const UNITS = /(?:元|件|条|次|个|天|日|个?工作日)$/;

function amountIn(cell: SheetCell, scale: number, what: string): Read {
  const text = bare(shownText(cell))
    .replace(/,/g, '')
    .replace(/^[¥￥]/, '')
    .replace(UNITS, '');
  const amount = parseDecimal(text, scale);
  const read = amount === null ? null : Number(amount);
  return read === null || !Number.isSafeInteger(read)
    ? { problem: `is ${shownText(cell).slice(0, 40)}, which is no ${what.replace(/^an? /, '')}` }
    : { value: read };
}
