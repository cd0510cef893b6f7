/**
 * The cells of a form in the sheet of its printed table: rows are found by their labels in the order of the form,
 * values by the heads over them.
 */
import { cellsOf, rowsOf, type Form, type FormRow } from '../statistics/form.js';
import { headsOf } from '../statistics/forms/registry.js';
import { sectionOf, type Head } from '../statistics/heads.js';

/** The sheet as it is shown: texts by row and column. */
export type Grid = readonly (readonly string[])[];

export interface FoundCells {
  /** As printed, null where the sheet is blank. */
  readonly cells: Readonly<Record<string, string | null>>;
  /** Labels of rows, and heads of columns, that the sheet lacks. */
  readonly missing: readonly string[];
}

/** Over the values of a form that names no columns. */
const ONE_VALUE: readonly string[] = ['统计数', '数量', '数值', '数据', '统计数据'];

/** Rows under one row of heads; a form without heads is one block. */
interface Block {
  readonly columns: readonly Head[];
  readonly rows: readonly FormRow[];
}

export function cellsInGrid(grid: Grid, form: Form, year: number): FoundCells {
  const cells: Record<string, string | null> = {};
  const missing: string[] = [];
  let from = 0;
  for (const block of blocksOf(form, year)) {
    const found = across(grid, from, block) ?? below(grid, from, block);
    Object.assign(cells, found.cells);
    missing.push(...found.missing);
    from = found.next;
  }
  return { cells, missing };
}

function blocksOf(form: Form, year: number): Block[] {
  const heads = headsOf(form.id);
  const rows = rowsOf(form, year);
  const grouped = Map.groupBy(rows, ({ code }) => sectionOf(heads, code));
  return [...grouped].map(([section, of]) => ({ columns: section?.columns ?? [], rows: of }));
}

interface FoundBlock extends FoundCells {
  /** The row behind the last of the block. */
  readonly next: number;
}

// ---- a row of the sheet for each row of the form --------------------------------------------------------------------

function below(grid: Grid, from: number, { columns, rows }: Block): FoundBlock {
  const lines = linesOf(grid, from, rows);
  const first = lines.find((line) => line !== null) ?? from;
  const places = columns.length === 0 ? [onePlace(grid, from, lines)] : columns.map(({ label }) => placeOf(grid, from, { first, label }));
  const missing = [
    ...rows.flatMap((row, at) => (lines[at] === null ? [row.label] : [])),
    ...columns.flatMap((column, at) => (places[at] === null ? [column.label] : [])),
  ];
  const cells = rows.flatMap((row, at) => {
    const line = lines[at] ?? null;
    return cellsOf(row).map(({ cell }): [string, string | null] => {
      const place = places[columnOf(cell, row, columns)] ?? null;
      return [cell, line === null || place === null ? null : printed(grid[line]?.[place])];
    });
  });
  const last = lines.findLast((line) => line !== null) ?? from - 1;
  return { cells: Object.fromEntries(cells), missing, next: last + 1 };
}

/** Which of the columns a cell is under; of a form that names none the first. */
function columnOf(cell: string, { code }: FormRow, columns: readonly Head[]): number {
  const under = columns.findIndex(({ key }) => cell === `${code}:${key}`);
  return Math.max(0, under);
}

/** The rows of the sheet in which these rows of the form stand, each behind the one before it. */
function linesOf(grid: Grid, from: number, rows: readonly FormRow[]): (number | null)[] {
  const written = grid.map((texts) => texts.map(bareLabel).filter((text) => text !== ''));
  let next = from;
  return rows.map(({ label }) => {
    const wanted = new Set([label, label.slice(label.lastIndexOf(' ') + 1)].flatMap(spellingsOf));
    const line = written.findIndex((texts, at) => at >= next && isLabelled(texts, wanted));
    if (line < 0) return null;
    next = line + 1;
    return line;
  });
}

/** A label may be cut into cells: that of its group, and its own. */
function isLabelled(written: readonly string[], wanted: ReadonlySet<string>): boolean {
  return written.some((_text, first) => {
    let joined = '';
    for (let at = first; at < written.length && mayBegin(joined, wanted); at += 1) {
      joined += written[at] ?? '';
      if (spellingsOf(joined).some((spelled) => wanted.has(spelled))) return true;
    }
    return false;
  });
}

/** Characters of a remark that is cut into cells. */
const MAX_REMARK = 1000;

/** Whether more cells make a label of it, or end the remark behind one: not all ways of a long row are tried. */
function mayBegin(joined: string, wanted: ReadonlySet<string>): boolean {
  const bare = bareLabel(joined);
  return [...wanted].some((label) => {
    if (label.startsWith(bare)) return true;
    const remark = bare.slice(label.length);
    return bare.startsWith(label) && remark.length <= MAX_REMARK && /^\([^()]*$/.test(remark);
  });
}

/** Also without a remark in brackets at its end. */
function spellingsOf(label: string): string[] {
  const bare = bareLabel(label);
  const short = bare.replace(/\([^()]*\)$/, '');
  return short === '' ? [bare] : [bare, short];
}

/** Of one width, without blanks, quotation marks and stars, its numbers with a point. */
function bareLabel(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s"'“”‘’*]/g, '')
    .replace(/(?<=\d)[、,]/g, '.')
    .replace(/:$/, '');
}

/** The column of the values under a head, which stands above the first row. */
function placeOf(grid: Grid, from: number, { first, label }: { readonly first: number; readonly label: string }): number | null {
  for (let line = first - 1; line >= from; line -= 1) {
    const place = (grid[line] ?? []).findIndex((text) => bareLabel(text) === bareLabel(label));
    if (place >= 0) return place;
  }
  return null;
}

/** The column under a head of values; without one the last that holds anything. */
function onePlace(grid: Grid, from: number, lines: readonly (number | null)[]): number {
  const first = lines.find((line) => line !== null) ?? from;
  const named = ONE_VALUE.map((label) => placeOf(grid, from, { first, label })).find((place) => place !== null);
  const widths = lines.flatMap((line) => (line === null ? [] : [(grid[line] ?? []).findLastIndex((text) => text.trim() !== '')]));
  return named ?? Math.max(0, ...widths);
}

function printed(text: string | undefined): string | null {
  const bare = text?.trim() ?? '';
  return bare === '' ? null : bare;
}

// ---- all rows of the form beside each other -------------------------------------------------------------------------

/** As part four is printed: the heads once for each row of the form, the values in one row below. Else null. */
function across(grid: Grid, from: number, { columns, rows }: Block): FoundBlock | null {
  if (columns.length === 0 || rows.length < 2) return null;
  const isHeads = (line: number): boolean => columns.every(({ label }) => placesIn(headsAt(grid, line), label).length === rows.length);
  const line = grid.findIndex((_texts, at) => at >= from && isHeads(at));
  if (line < 0) return null;
  const heads = headsAt(grid, line);
  const values = grid[line + 1] ?? [];
  const cells = rows.flatMap(({ code }, row) =>
    columns.map(({ key, label }): [string, string | null] => [`${code}:${key}`, printed(values[placesIn(heads, label)[row] ?? -1])]),
  );
  return { cells: Object.fromEntries(cells), missing: [], next: line + 2 };
}

/** A head over two rows of the sheet stands in the upper one. */
function headsAt(grid: Grid, line: number): string[] {
  const [upper = [], lower = []] = [grid[line - 1], grid[line]];
  const width = Math.max(upper.length, lower.length);
  return Array.from({ length: width }, (_none, at) => ((lower[at] ?? '') === '' ? upper[at] : lower[at]) ?? '');
}

function placesIn(texts: readonly string[], label: string): number[] {
  return texts.flatMap((text, at) => (bareLabel(text) === bareLabel(label) ? [at] : []));
}
