/**
 * A yearly table as text for people: the form's own heads over its values, block by block, in 100 columns where the
 * values leave room. Labels are wrapped, never cut, so nothing runs into what stands beside it. Keys of columns are for
 * programs: they are nowhere here.
 */
import { headOver } from '../../statistics/cell-label.js';
import { findForm, headsOf } from '../../statistics/forms/registry.js';
import { sectionOf, type Head, type SectionHeads } from '../../statistics/heads.js';
import type { Table } from '../../tables/table.js';
import { pad, padCentre, padLeft, widthOf, wrap } from './output.js';

type Row = Table['rows'][number];

/** Columns of a terminal that a table is laid out for. */
const WIDTH = 100;
/** A label column is not made narrower than this; a wider line is the lesser evil. */
const LEAST_LABEL = 16;
const LEAST_COLUMN = 6;

/** Where the value of a row comes from, in a word and, where there is no room for it, in a character. */
const BASIS: Readonly<Record<string, string>> = { counted: '计 counted', declared: '报 declared', computed: '合 sum', paper: '纸 paper' };
const LEGEND = '依据 basis: 计 counted  报 declared  合 sum  纸 paper';
const PARTIAL = '不全 partial';
/** With less room for its labels a block has the basis in one character. */
const ENOUGH_LABEL = 40;

/** One block of the print: rows under one row of heads. */
interface Block {
  readonly heads: Pick<SectionHeads, 'title' | 'rowHead' | 'note' | 'over' | 'before'>;
  readonly columns: readonly Head[];
  readonly rows: readonly Row[];
  /** Levels of indentation of a row's label. */
  readonly level: (row: Row) => number;
}

export function renderRows(table: Table): string[] {
  const blocks = blocksOf(table);
  const isShort = blocks.some((block) => widthsOf(block).short);
  const { compared } = table;
  const beside = compared === undefined ? [] : [`括号内为${compared.year}年数 in brackets: ${compared.year} (${compared.form})`, ''];
  return [...beside, ...blocks.flatMap((block) => [...renderBlock(block), '']), ...(isShort ? [LEGEND] : [])];
}

/** The printed title of a form. */
export function titleOf(form: string): string {
  return findForm(form)?.title ?? '政府信息公开工作情况统计表';
}

/** A cell for people: code and label of its row, and the head over it. */
export function cellLabel(table: Pick<Table, 'form' | 'rows'>, cell: string): string {
  const [code = '', key] = cell.split(':');
  const label = table.rows.find((row) => row.code === code)?.label;
  return [shortCell(table.form, cell), ...(label === undefined ? [] : [label])].join(key === undefined ? ' ' : '  ');
}

/** A cell by its code and the head over it; what is none as it is. */
export function shortCell(form: string, cell: string): string {
  const [code = '', key] = cell.split(':');
  if (key === undefined) return code;
  const head = headOver(form, cell);
  return head === undefined ? cell : `${code} ${head.label}`;
}

function blocksOf({ form, rows }: Table): Block[] {
  const heads = headsOf(form);
  const single = rows.filter((row) => row.cells === undefined);
  const level = (row: Row): number => row.code.split('.').length - 1;
  const ofOneValue: Block = { heads: { title: null, rowHead: '统计指标' }, columns: [{ key: '', label: '统计数' }], rows: single, level };
  const inSections = heads.map((section): Block => {
    const own = rows.filter((row) => row.cells !== undefined && sectionOf(heads, row.code) === section);
    return { heads: section, columns: section.columns, rows: own, level: section.title === null ? level : () => 0 };
  });
  return [ofOneValue, ...inSections].filter((block) => block.rows.length > 0);
}

/** Widths of the columns of a block; `unit` is 0 where no unit is printed. */
interface Widths {
  readonly code: number;
  readonly label: number;
  readonly unit: number;
  readonly columns: readonly number[];
  /** The basis is one character. */
  readonly short: boolean;
}

function renderBlock(block: Block): string[] {
  const widths = widthsOf(block);
  const { heads, rows } = block;
  const body = rows.flatMap((row) => {
    const over = heads.before?.[row.code];
    return [...(over === undefined ? [] : [`${' '.repeat(widths.code)}${over}`]), ...renderRow(block, row, widths)];
  });
  const top = renderHeads(block, widths);
  const longest = Math.max(...[...top, ...body].map(widthOf));
  return [...[heads.title, heads.note].filter((line) => line != null), ...top, '─'.repeat(Math.min(longest, WIDTH)), ...body];
}

function widthsOf({ columns, rows, heads }: Block): Widths {
  const code = Math.max(4, ...rows.map((row) => widthOf(row.code))) + 2;
  const printed = columns.map(
    ({ key, label }) => Math.max(LEAST_COLUMN, widthOf(label), ...rows.map((row) => widthOf(textIn(row, key)))) + 1,
  );
  const units = rows.flatMap(({ unit }) => (unit === null || columns.some(({ label }) => label.includes(unit)) ? [] : [widthOf(unit)]));
  const unit = units.length === 0 ? 0 : Math.max(4, ...units) + 1;
  const left = WIDTH - code - unit - printed.reduce((sum, width) => sum + width, 0) - 1;
  const basis = (short: boolean): number => Math.max(...rows.map((row) => widthOf(basisOf(row, short))));
  const short = left - basis(false) < ENOUGH_LABEL;
  const room = left - basis(short);
  const wanted = Math.max(widthOf(heads.rowHead), ...rows.map((row) => widthOf(row.label) + 8));
  return { code, label: Math.max(LEAST_LABEL, Math.min(room, wanted)) + 1, unit, columns: printed, short };
}

/** Behind the values of a row; nothing behind a heading. */
function basisOf({ basis, partial }: Row, short: boolean): string {
  if (basis === null) return '';
  const words = [BASIS[basis] ?? '', ...(partial === true ? [PARTIAL] : [])];
  return `  ${words.map((word) => (short ? (word.split(' ')[0] ?? '') : word)).join(' ')}`;
}

/** What a row prints in a column; a heading prints nothing, and what was left blank is a dash. */
function textIn(row: Row, key: string): string {
  const value = row.cells === undefined ? row.value : row.cells[key];
  return row.basis === null ? '' : `${value ?? '—'}${besides(row, key)}`;
}

/** In brackets what the year printed that the table is compared with. */
function besides({ previous }: Row, key: string): string {
  if (previous === undefined) return '';
  const value = typeof previous === 'object' && previous !== null ? previous[key] : previous;
  return ` (${value ?? '—'})`;
}

function renderRow({ columns, level }: Block, row: Row, widths: Widths): string[] {
  const indent = '  '.repeat(level(row));
  const lines = wrap(row.label, widths.label - 1 - indent.length).map((line) => indent + line);
  const values = columns.map(({ key }, at) => padLeft(textIn(row, key), widths.columns[at] ?? 0)).join('');
  const basis = basisOf(row, widths.short);
  const unit = widths.unit === 0 ? '' : pad(row.unit ?? '', widths.unit);
  // The values stand beside the first line of a label.
  return lines.map((line, at) => {
    const head = `${pad(at === 0 ? row.code : '', widths.code)}${pad(line, widths.label)}`;
    return (at === 0 ? `${head}${unit}${values}${basis}` : head).trimEnd();
  });
}

/** The heads of a block, from the outermost: over all columns, over several, over one. */
function renderHeads({ heads, columns }: Block, widths: Widths): string[] {
  const outer = [
    ...(heads.over === undefined
      ? []
      : [
          spanning(
            columns.map(() => heads.over),
            widths.columns,
          ),
        ]),
    ...(columns.some(({ group }) => group !== undefined)
      ? [
          spanning(
            columns.map(({ group }) => group),
            widths.columns,
          ),
        ]
      : []),
  ];
  const own = columns.map(({ label }, at) => padLeft(label, widths.columns[at] ?? 0)).join('');
  const unit = pad(widths.unit === 0 ? '' : '单位', widths.unit);
  const right = [...outer.map((line) => ' '.repeat(widths.unit) + line), `${unit}${own}`];
  const left = (at: number): string =>
    at < right.length - 1 ? ' '.repeat(widths.code + widths.label) : pad('编号', widths.code) + pad(heads.rowHead, widths.label);
  return right.map((line, at) => `${left(at)}${line}`.trimEnd());
}

/** One head over each run of columns that share it, in the middle of them. */
function spanning(groups: readonly (string | undefined)[], widths: readonly number[]): string {
  let line = '';
  for (let at = 0; at < groups.length;) {
    let end = at;
    let width = 0;
    while (end < groups.length && groups[end] === groups[at]) width += widths[end++] ?? 0;
    line += padCentre(groups[at] ?? '', width);
    at = end;
  }
  return line;
}
