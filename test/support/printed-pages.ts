/** A printed form read back from the PDF of a browser: each cell of the layout by the place of its text on paper. */
import { getDocumentProxy } from 'unpdf';
import type { HeadCell, LayoutBlock, LayoutCell, TableLayout } from '../../src/statistics/layout/layout.js';
import { titleLine } from '../../src/statistics/layout/layouts.js';
import { gridOf } from './layout-grid.js';

/** In points from the left and upper edge of the paper. */
interface Box {
  readonly page: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Piece extends Box {
  readonly text: string;
}

export interface Paper {
  readonly width: number;
  readonly height: number;
  /** By page its texts in the order in which they were printed: that of the document. */
  readonly pages: readonly (readonly Piece[])[];
}

export async function paperOf(pdf: Uint8Array): Promise<Paper> {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const pages: Piece[][] = [];
  let [width, height] = [0, 0];
  for (let page = 1; page <= document.numPages; page++) {
    const one = await document.getPage(page);
    [, , width = 0, height = 0] = one.view;
    const { items } = await one.getTextContent();
    pages.push(
      items.flatMap((item) => {
        if (!('str' in item) || item.str.trim() === '') return [];
        const [, , , , left = 0, base = 0] = item.transform.map(Number);
        const bottom = height - base;
        return [{ text: withoutBlanks(item.str), page, left, right: left + item.width, top: bottom - item.height, bottom }];
      }),
    );
  }
  return { width, height, pages };
}

const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');

/** Takes the texts of a paper one after the other; whatever stands between two of them is an error. */
class Reader {
  #page = 0;
  #at = 0;

  constructor(private readonly paper: Paper) {}

  get page(): number {
    return this.#page + 1;
  }

  /** Whether all of the page was taken, or nothing yet. */
  get atEdge(): boolean {
    return this.#at === 0 || this.#at === this.#pieces.length;
  }

  get atEnd(): boolean {
    return this.#at === this.#pieces.length && this.#page === this.paper.pages.length - 1;
  }

  turn(): void {
    if (this.#at !== this.#pieces.length || this.atEnd) return;
    this.#page++;
    this.#at = 0;
  }

  /** What a text covers; null for none. It is on one page. */
  take(text: string): Box | null {
    const wanted = withoutBlanks(text);
    if (wanted === '') return null;
    this.turn();
    const from = this.#at;
    let found = '';
    while (found.length < wanted.length && this.#at < this.#pieces.length) found += this.#pieces[this.#at++]?.text ?? '';
    if (found !== wanted) throw new Error(`page ${this.page}: not "${wanted}" but "${found}"`);
    return around(this.#pieces.slice(from, this.#at), this.page);
  }

  get #pieces(): readonly Piece[] {
    return this.paper.pages[this.#page] ?? [];
  }
}

function around(boxes: readonly Box[], page: number): Box {
  return {
    page,
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

interface Placed {
  readonly cell: LayoutCell;
  readonly row: number;
  readonly column: number;
  readonly box: Box;
}

export interface Expected {
  readonly layout: TableLayout;
  readonly agency: string;
  /** As declared; null = blank. */
  readonly valueOf: (cell: string) => string | null;
}

/**
 * What is not where the form has it; empty where all is. The paper says the texts of the form in their order and
 * nothing else, and each text stands in the row and the column of its cell.
 */
export function misplacedOn(paper: Paper, { layout, agency, valueOf }: Expected): string[] {
  const reader = new Reader(paper);
  const problems: string[] = [];
  reader.take(titleLine(layout, agency));
  for (const block of layout.blocks) {
    if (block.newPage && !reader.atEdge) problems.push(`${block.section} does not begin a page`);
    const placed = blockOn(reader, block, valueOf);
    if (block.newPage && new Set(placed.map(({ box }) => box.page)).size > 1) problems.push(`${block.section} is on two pages`);
    problems.push(...misplaced(placed, block), ...beyond(placed, paper));
  }
  for (const line of layout.notes) reader.take(line);
  for (const line of layout.signatures) reader.take(`${line}：`);
  if (!reader.atEnd) problems.push(`page ${reader.page} says more than the form`);
  return problems;
}

function blockOn(reader: Reader, block: LayoutBlock, valueOf: Expected['valueOf']): Placed[] {
  if (block.title !== null) reader.take(block.title);
  const grid = gridOf(block);
  const rowOn = (row: number): Placed[] =>
    (block.rows[row] ?? []).flatMap((cell) => {
      const box = reader.take(cell.kind === 'value' ? ((cell.cell === null ? null : valueOf(cell.cell)) ?? '') : cell.text);
      return box === null ? [] : [{ cell, row, column: grid[row]?.indexOf(cell) ?? -1, box }];
    });
  return block.rows.flatMap((_, row) => {
    // Where the block goes on on another page its heads stand there too.
    const again = row > block.headRows && reader.atEdge ? Array.from({ length: block.headRows }, (_none, at) => rowOn(at)).flat() : [];
    return [...again, ...rowOn(row)];
  });
}

/** Points that a text may be off its place: half a blank of the print. */
const NEAR = 1.5;

function misplaced(placed: readonly Placed[], { widths, rows }: LayoutBlock): string[] {
  const problems: string[] = [];
  const textOf = ({ cell, box }: Placed): string => `${cell.kind === 'value' ? cell.cell : cell.text} on page ${box.page}`;
  const middle = ({ box }: Placed): number => (box.top + box.bottom) / 2;
  const centre = ({ box }: Placed): number => (box.left + box.right) / 2;
  const single = placed.filter(({ cell }) => cell.colspan === 1);
  const ends = widths.map((_, column) => {
    const own = single.filter((one) => one.column === column).map(({ box }) => box);
    return own.length === 0 ? null : { left: Math.min(...own.map(({ left }) => left)), right: Math.max(...own.map(({ right }) => right)) };
  });
  for (const one of placed) {
    const { cell, row, column, box } = one;
    // Between the columns before and behind it.
    const before = ends.slice(0, column).findLast((end) => end !== null);
    const behind = ends.slice(column + cell.colspan).find((end) => end !== null);
    if (before != null && box.left < before.right) problems.push(`${textOf(one)} stands in the column before it`);
    if (behind != null && box.right > behind.left) problems.push(`${textOf(one)} stands in the column behind it`);
    // In line with the others of its row, and above the rows that come.
    const beside = placed.filter((other) => other.row === row && other.cell.rowspan === cell.rowspan && other.box.page === box.page);
    if (beside.some((other) => Math.abs(middle(other) - middle(one)) > NEAR)) problems.push(`${textOf(one)} is not in its line`);
    const below = placed.filter((other) => other.row >= row + cell.rowspan && other.box.page === box.page);
    if (below.some((other) => other.box.top < box.bottom - NEAR)) problems.push(`${textOf(one)} stands over a row below it`);
  }
  for (const one of single) {
    const { cell, column } = one;
    const like = single.filter(
      (other) => other.column === column && other.cell.align === cell.align && isHead(other.cell) === isHead(cell),
    );
    const off = like.filter((other) =>
      cell.align === 'centre'
        ? Math.abs(centre(other) - centre(one)) > NEAR
        : other.cell.indent === cell.indent && Math.abs(other.box.left - one.box.left) > NEAR,
    );
    if (off.length > 0) problems.push(`${textOf(one)} is not in line with ${off.length} others of column ${column + 1}`);
    const deeper = like.filter((other) => cell.align === 'start' && other.cell.indent > cell.indent && other.box.left <= one.box.left);
    if (deeper.length > 0) problems.push(`${textOf(one)} is indented as far as what is below it`);
  }
  const seen = new Set(placed.map(({ cell }) => cell));
  const lost = rows.flat().filter((cell) => cell.kind !== 'value' && cell.text !== '' && !seen.has(cell));
  return [...problems, ...lost.map((cell) => `${cell.kind === 'value' ? cell.cell : cell.text} is nowhere`)];
}

const isHead = (cell: LayoutCell): cell is HeadCell => cell.kind === 'head';

/** 12 mm are left blank at each edge. */
const MARGIN = (12 / 25.4) * 72;

function beyond(placed: readonly Placed[], { width, height }: Paper): string[] {
  return placed.flatMap(({ cell, box: { left, right, top, bottom } }) =>
    left < MARGIN || right > width - MARGIN || top < MARGIN || bottom > height - MARGIN
      ? [`${cell.kind === 'value' ? cell.cell : cell.text} stands on the margin`]
      : [],
  );
}
