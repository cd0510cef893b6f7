/** Parts two, three and four of the annual reports since 2019, as their formats print them. */
import type { MatrixRow } from '../form.js';
import { sectionOf, type Head, type SectionHeads } from '../heads.js';
import { head, value, widthsBeside, type LayoutBlock, type LayoutCell } from './layout.js';

/** The rows that stand under one row of heads. */
export interface Section {
  readonly heads: SectionHeads;
  readonly rows: readonly MatrixRow[];
}

/** Sections with their rows, in the order of the heads; one that prints no row is left out. */
export function sectionsOf(heads: readonly SectionHeads[], rows: readonly MatrixRow[]): Section[] {
  const all = heads.map((one) => ({ heads: one, rows: rows.filter(({ code }) => sectionOf(heads, code) === one) }));
  return all.filter((section) => section.rows.length > 0);
}

// ---- part two -------------------------------------------------------------------------------------------------------

/** Items of 第二十条 below each other, each under a head over the whole width. */
export function partTwo(sections: readonly Section[]): LayoutBlock {
  const values = Math.max(...sections.map(({ heads }) => heads.columns.length));
  return {
    section: '2',
    title: '二、主动公开政府信息情况',
    headRows: 0,
    widths: widthsBeside([31], values),
    newPage: false,
    rows: sections.flatMap(({ heads, rows }) => [
      [head(heads.title ?? '', 'colgroup', { colspan: values + 1 })],
      [
        head(heads.rowHead, 'col'),
        ...heads.columns.map(({ label }, at) => head(label, 'col', { colspan: spread(heads.columns, at, values) })),
      ],
      ...rows.map((row) => [
        head(row.label, 'row'),
        ...heads.columns.map(({ key }, at) => value(`${row.code}:${key}`, spread(heads.columns, at, values))),
      ]),
    ]),
  };
}

/** Where an item has fewer columns than the widest, its last one takes the rest. */
function spread(columns: readonly Head[], at: number, values: number): number {
  return at === columns.length - 1 ? values - at : 1;
}

// ---- part three -----------------------------------------------------------------------------------------------------

/** Columns of the grid on the left: part, group of results, result. */
const LEFT = 3;

export function partThree({ heads, rows }: Section): LayoutBlock {
  return {
    section: heads.section,
    title: heads.title,
    headRows: 3,
    widths: widthsBeside([6, 9, 29], heads.columns.length),
    newPage: true,
    rows: [...headsOfApplicants(heads), ...rows.map((row) => [...leftOf(row, heads, rows), ...valuesOf(row, heads.columns)])],
  };
}

function headsOfApplicants({ note = '', over = '', columns }: SectionHeads): LayoutCell[][] {
  return [
    [head(note, 'colgroup', { colspan: LEFT, rowspan: 3 }), head(over, 'colgroup', { colspan: columns.length })],
    columns.flatMap(({ label, group }, at) => {
      if (group === undefined) return [head(label, 'col', { rowspan: 2 })];
      if (columns[at - 1]?.group === group) return [];
      return [head(group, 'colgroup', { colspan: columns.filter((one) => one.group === group).length })];
    }),
    columns.flatMap(({ label, group }) => (group === undefined ? [] : [head(label, 'col')])),
  ];
}

function valuesOf({ code }: MatrixRow, columns: readonly Head[]): LayoutCell[] {
  return columns.map(({ key }) => value(`${code}:${key}`));
}

/** What stands before the values of a row; what an earlier row covers is not there again. */
function leftOf(row: MatrixRow, { before = {} }: SectionHeads, rows: readonly MatrixRow[]): LayoutCell[] {
  const [first = '', text = ''] = Object.entries(before)[0] ?? [];
  const results = rowsBelow(parentOf(first), rows);
  if (!results.includes(row)) return [head(row.label, 'row', { colspan: LEFT })];
  const part = row === results[0] ? [head(text, 'rowgroup', { rowspan: results.length })] : [];
  const group = rowsBelow(parentOf(row.code), rows);
  if (group.length === results.length) return [...part, head(row.label, 'row', { colspan: LEFT - 1 })];
  if (row !== group[0]) return [...part, head(row.label, 'row')];
  const [of, own] = groupAndRow(row.label);
  return [...part, head(of, 'rowgroup', { rowspan: group.length }), head(own, 'row')];
}

/** `3.3.` of `3.3.1`. */
const parentOf = (code: string): string => code.slice(0, code.lastIndexOf('.') + 1);

function rowsBelow(parent: string, rows: readonly MatrixRow[]): MatrixRow[] {
  return rows.filter(({ code }) => code.startsWith(parent));
}

/** The first row of a group carries the label of the group before its own: （三）不予公开 1.属于国家秘密. */
function groupAndRow(label: string): readonly [group: string, row: string] {
  const [, group = '', own = label] = /^(（\S+?）\S+)\s+(.+)$/.exec(label) ?? [];
  return [group, own];
}

// ---- part four ------------------------------------------------------------------------------------------------------

/** Its rows stand beside each other: one line of values under three rows of heads. */
export function partFour({ heads, rows }: Section): LayoutBlock {
  const { columns } = heads;
  const [first = '', over = ''] = Object.entries(heads.before ?? {})[0] ?? [];
  const from = rows.findIndex(({ code }) => code === first);
  const [alone, grouped] = from < 0 ? [rows, []] : [rows.slice(0, from), rows.slice(from)];
  const width = columns.length;
  const labels = (rowspan: number): LayoutCell[] => columns.map(({ label }) => head(label, 'col', { rowspan }));
  return {
    section: heads.section,
    title: heads.title,
    headRows: 3,
    widths: widthsBeside([], rows.length * width),
    newPage: false,
    rows: [
      [
        ...alone.map(({ label }) => head(label, 'colgroup', { colspan: width })),
        ...(grouped.length === 0 ? [] : [head(over, 'colgroup', { colspan: grouped.length * width })]),
      ],
      [...alone.flatMap(() => labels(2)), ...grouped.map(({ label }) => head(label, 'colgroup', { colspan: width }))],
      grouped.flatMap(() => labels(1)),
      rows.flatMap((row) => valuesOf(row, columns)),
    ],
  };
}
