/** The rows of a sheet out of the tags of its part. */
import type { XmlEvents } from '../xml.js';
import { MAX_COLUMNS, MAX_ROWS, sheetTooLarge, type DaySystem, type SheetCell, type SheetRow } from './cell.js';
import { printedNumber } from './shown.js';
import { localName, RichText, type NumberFormat } from './xlsx-parts.js';

const LETTERS = 26;
const A = 64;

export class RowReader implements XmlEvents {
  readonly #strings: readonly string[];
  readonly #styles: readonly NumberFormat[];
  readonly #days: DaySystem;
  readonly #inline = new RichText();
  #rows: SheetRow[] = [];
  #cells: (SheetCell | null)[] = [];
  #line = 0;
  #column = -1;
  #type = 'n';
  #style = 0;
  #inValue = false;
  #value = '';
  /** Whether it holds the rows of a sheet at all. */
  isSheet = false;

  constructor(strings: readonly string[], styles: readonly NumberFormat[], days: DaySystem) {
    this.#strings = strings;
    this.#styles = styles;
    this.#days = days;
  }

  /** The rows that are whole since it was asked last. */
  take(): readonly SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  readonly open = (tag: string, attributes: Readonly<Record<string, string>>): void => {
    const name = localName(tag);
    if (name === 'sheetData') this.isSheet = true;
    if (name === 'row') this.#beginRow(attributes['r']);
    if (name === 'c') this.#beginCell(attributes);
    if (name === 'v') this.#inValue = true;
    this.#inline.open(name);
  };

  readonly text = (text: string): void => {
    this.#inline.add(text);
    if (!this.#inValue) return;
    this.#value += text;
    if (this.#value.length > MAX_VALUE) throw sheetTooLarge('a cell holds more than a cell can');
  };

  readonly close = (tag: string): void => {
    const name = localName(tag);
    this.#inline.close(name);
    if (name === 'v') this.#inValue = false;
    if (name === 'c') this.#endCell();
    if (name === 'row' && this.#cells.length > 0) this.#rows.push({ line: this.#line, cells: this.#cells });
  };

  /** Rows that hold nothing may be left out, and so may their numbers. */
  #beginRow(number: string | undefined): void {
    this.#line = Math.max(this.#line + 1, Math.floor(Number(number ?? 0)) || 0);
    if (this.#line > MAX_ROWS) throw sheetTooLarge(`it has more than ${MAX_ROWS} rows`);
    this.#cells = [];
    this.#column = -1;
  }

  #beginCell({ r, t = 'n', s = '0' }: Readonly<Record<string, string>>): void {
    this.#column = r === undefined ? this.#column + 1 : columnOf(r);
    this.#type = t;
    this.#style = Number(s);
    this.#value = '';
    this.#inline.take();
  }

  #endCell(): void {
    const cell = this.#cellOf(this.#value, this.#inline.take());
    if (cell === null) return;
    if (this.#column < 0 || this.#column >= MAX_COLUMNS) throw sheetTooLarge(`it has more than ${MAX_COLUMNS} columns`);
    while (this.#cells.length < this.#column) this.#cells.push(null);
    this.#cells[this.#column] = cell;
  }

  #cellOf(value: string, inline: string): SheetCell | null {
    if (this.#type === 'inlineStr') return textCell(inline);
    if (value === '') return null;
    if (this.#type === 's') return textCell(this.#strings[Number(value)] ?? '');
    if (this.#type === 'e') return { kind: 'error', text: value };
    if (this.#type === 'b') return textCell(value === '1' ? 'TRUE' : 'FALSE');
    if (this.#type !== 'n') return textCell(unescaped(value));
    return this.#numberOf(value);
  }

  #numberOf(value: string): SheetCell {
    const number = Number(value);
    if (!Number.isFinite(number)) return { kind: 'error', text: value };
    const { asDay, width } = this.#styles[this.#style] ?? { asDay: false, width: 0 };
    const text = printedNumber(number);
    return { kind: 'number', text: /^\d+$/.test(text) ? text.padStart(width, '0') : text, days: this.#days, asDay };
  }
}

const MAX_VALUE = 256 * 1024;

function textCell(text: string): SheetCell | null {
  return text === '' ? null : { kind: 'text', text };
}

function unescaped(value: string): string {
  const text = new RichText();
  text.open('t');
  text.add(value);
  return text.take();
}

/** `B5` is 1. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/i.exec(reference)?.[0].toUpperCase() ?? '';
  return [...letters].reduce((column, letter) => column * LETTERS + letter.charCodeAt(0) - A, 0) - 1;
}
