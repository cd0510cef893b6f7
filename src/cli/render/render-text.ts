/** The text of a yearly report for people: its parts with their tables, the whole table behind them. */
import type { ReportPart, ReportText } from '../../tables/texts/report-text.js';
import type { Table } from '../../tables/table.js';
import { renderRows } from './render-table.js';

export function renderReportText({ title, opening, parts, annex, statistics, table }: ReportText): string[] {
  return [
    title,
    ...opening,
    ...parts.flatMap((part) => renderPart(part, table)),
    ...(annex === null ? [] : [`附件:${annex}`, '', annex, ...renderRows(table)]),
    '',
    ...(statistics.length === 0 ? [] : [`下列数据不在统计表内 (in no table and no pack): ${statistics.join(' ')}`]),
    `表 ${table.form} ${table.hash}`,
  ];
}

function renderPart({ number, title, paragraphs, rows }: ReportPart, table: Table): string[] {
  const printed = new Set(rows);
  const own = printed.size === 0 ? [] : renderRows({ ...table, rows: table.rows.filter(({ code }) => printed.has(code)) });
  return [`${number}、${title}`, ...paragraphs, ...own];
}
