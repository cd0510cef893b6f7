/** A yearly table as sheets in its official layout: one for each block. */
import type { PrintedBlock, PrintedCell, PrintedTable } from '../documents/printed-table.js';
import type { Merge, Sheet, SheetCell, SheetRow } from './sheet.js';

/** Characters that a sheet of paper takes across, at the size of its text. */
const ACROSS = 92;

export function tableSheets(table: PrintedTable): Sheet[] {
  return table.blocks.map((block) => blockSheet(table, block));
}

function blockSheet({ title, notes }: PrintedTable, block: PrintedBlock): Sheet {
  const columns = block.widths.length;
  const grid = new Grid(columns);
  grid.whole({ text: title, look: 'title' });
  if (block.title !== null) grid.whole({ text: block.title, look: 'block' });
  const headRows = grid.rows.length + block.headRows;
  for (const row of block.rows) grid.row(row);
  for (const text of notes) grid.whole({ text, look: 'note' });
  return {
    name: block.title ?? '统计表',
    widths: block.widths.map((width) => (width / 100) * ACROSS),
    headRows,
    merges: grid.merges,
    rows: grid.rows,
  };
}

/** Cells put into rows and columns, with what each covers. */
class Grid {
  readonly rows: (SheetCell | null)[][] = [];
  readonly merges: Merge[] = [];
  readonly #columns: number;
  /** Places that a cell above covers, by row and column. */
  readonly #covered = new Map<string, SheetCell>();

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** A line over the whole width. */
  whole(cell: SheetCell): void {
    const row = this.rows.length;
    this.rows.push([cell, ...Array.from({ length: this.#columns - 1 }, () => null)]);
    this.#merge({ row, column: 0 }, { row, column: this.#columns - 1 });
  }

  row(cells: readonly PrintedCell[]): void {
    const row = this.rows.length;
    const left = [...cells];
    const line: SheetRow = Array.from({ length: this.#columns }, (_, column) => {
      const covered = this.#covered.get(`${row} ${column}`);
      if (covered !== undefined) return covered;
      const cell = left.shift();
      if (cell === undefined) return null;
      this.#cover(cell, { row, column });
      return sheetCell(cell);
    });
    this.rows.push([...line]);
  }

  /** What is covered has the look of the cell over it, so that its border goes all the way round. */
  #cover(cell: PrintedCell, from: Merge['from']): void {
    const to = { row: from.row + cell.rowspan - 1, column: from.column + cell.colspan - 1 };
    for (let row = from.row; row <= to.row; row++)
      for (let column = from.column; column <= to.column; column++)
        if (row !== from.row || column !== from.column)
          this.#covered.set(`${row} ${column}`, { ...sheetCell(cell), text: '', number: false });
    this.#merge(from, to);
  }

  #merge(from: Merge['from'], to: Merge['to']): void {
    if (from.row !== to.row || from.column !== to.column) this.merges.push({ from, to });
  }
}

function sheetCell({ kind, text, indent, align }: PrintedCell): SheetCell {
  if (kind === 'value') return { text, look: 'value', number: isExact(text) };
  if (kind === 'unit') return { text, look: 'value' };
  return align === 'start' ? { text, look: 'label', indent } : { text, look: 'head' };
}

/** A decimal number that a spreadsheet holds and shows as it is printed. */
function isExact(text: string): boolean {
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(text) && String(Number(text)) === text;
}
