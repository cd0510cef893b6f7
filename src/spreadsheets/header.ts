/** Where the columns of a mapping stand in a sheet: under heads that may take several rows, below a title. */
import type { SheetRow } from '../documents/sheets/cell.js';
import { DocumentProblem } from '../documents/problem.js';
import { shownText } from '../documents/sheets/shown.js';
import type { HeaderPlace, MappedColumn } from './mapping.js';
import { bare } from './values.js';

/** Rows among which heads are looked for. */
export const LOOKED_AT = 50;
/** Heads that make a row of heads, where no column is required. */
const ENOUGH = 2;

export interface Header {
  /** Rows of the sheet before the first of its acts. */
  readonly rows: readonly SheetRow[];
  /** Places of columns, 0-based, by their names; a column that the sheet lacks is not there. */
  readonly places: ReadonlyMap<string, number>;
}

/** `first`: the first rows of the sheet. Errors: `DocumentProblem`, with what the best of them lacks. */
export function findHeader(first: readonly SheetRow[], columns: readonly MappedColumn[], place: HeaderPlace = {}): Header {
  const { row, rows = 1 } = place;
  const all = first.map((_row, at) => headerAt(first.slice(Math.max(0, at - rows + 1), at + 1), columns));
  const fitting = all.filter((header) => fits(header, columns));
  const found = fitting.find((header) => lastLine(header) === row) ?? fitting[0];
  if (found !== undefined) return found;
  const best = all.toSorted((one, other) => other.places.size - one.places.size)[0];
  const missing = columns.filter(({ name, required }) => required === true && best?.places.has(name) !== true);
  const lacking = missing.map(({ heads }) => heads.join('/')).join(', ');
  throw new DocumentProblem(
    'no-such-head',
    best === undefined || best.places.size === 0
      ? 'no row has the heads of the mapping'
      : `row ${lastLine(best)} lacks the heads ${lacking}`,
    'Write what stands over the columns into "heads" of the mapping.',
  );
}

function fits({ places }: Header, columns: readonly MappedColumn[]): boolean {
  const required = columns.filter((column) => column.required === true);
  return required.every(({ name }) => places.has(name)) && places.size >= Math.min(ENOUGH, columns.length);
}

const lastLine = ({ rows }: Header): number => rows.at(-1)?.line ?? 0;

function headerAt(rows: readonly SheetRow[], columns: readonly MappedColumn[]): Header {
  const heads = headsOf(rows);
  return { rows, places: new Map(columns.flatMap(({ name, heads: spelled }) => placeOf(name, spelled, heads))) };
}

function placeOf(name: string, spelled: readonly string[], heads: readonly (readonly string[])[]): [string, number][] {
  for (const head of spelled.map(headOf)) {
    const places = heads.flatMap((written, at) => (written.includes(head) ? [at] : []));
    const [place, another] = places;
    if (place !== undefined && another === undefined) return [[name, place]];
    if (another !== undefined)
      throw new DocumentProblem('no-such-head', `${head} stands over ${places.length} columns`, 'Give each column a head of its own.');
  }
  return [];
}

/** What each column may be called by: its lowest head, and that with the head above it, `申请人/姓名`. */
function headsOf(rows: readonly SheetRow[]): string[][] {
  const texts = rows.map(({ cells }) => cells.map((cell) => headOf(shownText(cell))));
  const width = Math.max(0, ...texts.map(({ length }) => length));
  const above = texts.slice(0, -1).map(filledRight);
  return Array.from({ length: width }, (_none, at) => {
    const lowest = texts.at(-1)?.[at] ?? '';
    const higher = above.map((row) => row[at] ?? '').filter((text) => text !== '');
    if (lowest === '') return texts.slice(0, -1).flatMap((row) => (row[at] === undefined || row[at] === '' ? [] : [row[at]]));
    return [lowest, ...(higher.length === 0 ? [] : [[...higher, lowest].join('/')])];
  });
}

/** Of cells that are merged the first alone holds their text. */
function filledRight(texts: readonly string[]): string[] {
  let last = '';
  return texts.map((text) => (last = text === '' ? last : text));
}

/** Without the star of what must be filled in. */
function headOf(text: string): string {
  return bare(text).replace(/^\*+|\*+$/g, '');
}

/** Whether a row repeats the heads, as those of printed pages do. */
export function repeats(row: SheetRow, { rows, places }: Header): boolean {
  const heads = rows.at(-1)?.cells ?? [];
  const own = [...new Set(places.values())].filter((at) => shownText(heads[at]) !== '');
  return own.length > 0 && own.every((at) => bare(shownText(heads[at])) === bare(shownText(row.cells[at])));
}
