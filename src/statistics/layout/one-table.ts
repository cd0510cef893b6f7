/** The forms of 2014: one table of 统计指标 | 单位 | values, its labels indented by level. */
import type { FormRow } from '../form.js';
import { WHOLE, type Head } from '../heads.js';
import { head, unit, value, widthsBeside, type LayoutBlock, type LayoutCell } from './layout.js';

/** Over the values where the form names no columns. */
const ONE_VALUE: readonly Head[] = [{ key: '', label: '统计数' }];

export function oneTable(rows: readonly FormRow[], named: readonly Head[] | undefined): LayoutBlock {
  const columns = named ?? ONE_VALUE;
  const label = columns.length === 1 ? 72 : 52;
  return {
    section: WHOLE,
    title: null,
    headRows: 1,
    widths: widthsBeside([label, 12], columns.length),
    newPage: false,
    rows: [
      [head('统计指标', 'col'), head('单位', 'col'), ...columns.map((column) => head(column.label, 'col'))],
      ...rows.map((row, at) => line(row, levelOf(row, rows.slice(0, at)), columns)),
    ],
  };
}

function line(row: FormRow, indent: number, columns: readonly Head[]): LayoutCell[] {
  const cells = columns.map(({ key }) => {
    if ('columns' in row) return value(key in row.columns ? `${row.code}:${key}` : null);
    return value(row.source === null ? null : row.code);
  });
  return [head(row.label, 'row', { indent }), unit(row.unit ?? ''), ...cells];
}

const OF_WHICH = /^其中[:：]/;

/**
 * By the parts of its code: 一、 / （一） / 1. / 其中. A row that goes on behind an 其中 row of the same whole, without the
 * word, stands one level further in.
 */
function levelOf({ code, label }: FormRow, before: readonly FormRow[]): number {
  const level = code.split('.').length - 1;
  const whole = code.slice(0, code.lastIndexOf('.') + 1);
  if (OF_WHICH.test(label) || whole === '' || /\.ref\d+$/.test(code)) return level;
  return before.some((row) => OF_WHICH.test(row.label) && row.code.startsWith(whole) && siblings(row.code, code)) ? level + 1 : level;
}

const siblings = (one: string, other: string): boolean => one.split('.').length === other.split('.').length;
