/** Gathers rows of tables of a document as a grid: what is merged stands in its first place, blanks in the others. */
import { tooLarge } from './problem.js';

/** Texts by row and column, of all tables of a document in their order. */
export type Rows = readonly (readonly string[])[];

/** Columns and rows that one cell may take: the longest form has 69 rows. */
const MAX_SPAN = 100;
/** Places that are kept. A report with its tables is far below. */
const MAX_PLACES = 200_000;

interface Cell {
  text: string;
  columns: number;
  readonly rows: number;
}

/** A table within a cell is text of that cell. The reader that hands on texts bounds their length. */
export class TableRows {
  readonly #rows: string[][] = [];
  #cells: Cell[] = [];
  /** By column, in how many of the next rows a cell from above stands. */
  #taken: number[] = [];
  #depth = 0;
  #places = 0;

  openRow(): void {
    this.#depth += 1;
    if (this.#depth === 1) this.#cells = [];
  }

  openCell(columns = 1, rows = 1): void {
    if (this.#depth === 1) this.#cells.push({ text: '', columns: spanOf(columns), rows: spanOf(rows) });
  }

  /** The open cell takes so many columns. */
  widen(columns: number): void {
    const cell = this.#cells.at(-1);
    if (this.#depth === 1 && cell !== undefined) cell.columns = spanOf(columns);
  }

  text(text: string): void {
    const cell = this.#cells.at(-1);
    if (this.#depth > 0 && cell !== undefined) cell.text += text;
  }

  /** Errors: `document-too-large`. */
  closeRow(): void {
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth > 0) return;
    const row = this.#laidOut();
    this.#cells = [];
    this.#places += row.length;
    if (this.#places > MAX_PLACES) throw tooLarge('its tables have more cells than those of a report');
    this.#rows.push(row);
  }

  /** What spans rows ends with its table. */
  closeTable(): void {
    if (this.#depth === 0) this.#taken = [];
  }

  rows(): Rows {
    return this.#rows;
  }

  #laidOut(): string[] {
    const row: string[] = [];
    const taken = this.#taken.map((rows) => Math.max(0, rows - 1));
    for (const { text, columns, rows } of this.#cells) {
      while ((this.#taken[row.length] ?? 0) > 0) row.push('');
      for (let column = 0; column < columns; column += 1) {
        taken[row.length] = rows - 1;
        row.push(column === 0 ? text.trim() : '');
      }
    }
    this.#taken = Array.from(taken, (rows) => rows ?? 0);
    return row;
  }
}

function spanOf(said: number): number {
  return Number.isInteger(said) && said > 1 ? Math.min(said, MAX_SPAN) : 1;
}

/** A number behind words and a unit: 1.当面申请数 件 0. */
const LINE = /^(.*\S)\s+([^\s\d]{1,3})\s+([+-]?\d[\d,.]*)$/;

/** A line that is a row by its unit and its number. */
export function isRow(line: string): boolean {
  return LINE.test(line.trim());
}

/** Rows in plain text: cells between bars or tabs, or a label, its unit and its number. */
export function rowsInText(text: string): Rows {
  return text.split(/\r\n|\r|\n/).flatMap((line): string[][] => {
    if (/[|\t]/.test(line)) return [line.split(/[|\t]/).map((cell) => cell.trim())];
    const [, ...cells] = LINE.exec(line.trim()) ?? [];
    if (cells.length > 0) return [cells];
    return line.trim() === '' ? [] : [[line.trim()]];
  });
}
