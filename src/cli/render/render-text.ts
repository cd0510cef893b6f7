/** The text of a yearly report for people: its parts with their tables, the whole table behind them. */
import type { ReportPart, ReportText } from '../../tables/texts/report-text.js';
import type { Table } from '../../tables/table.js';
import { renderRows } from './render-table.js';

export function renderReportText({ title, opening, parts, annex, statistics, table, ...said }: ReportText): string[] {
  return [
    title,
    ...opening,
    ...parts.flatMap((part) => renderPart(part, table)),
    ...(annex === null ? [] : [`附件:${annex}`, '', annex, ...renderRows(table)]),
    '',
    ...(statistics.length === 0 ? [] : [`下列数据不在统计表内 (in no table and no pack): ${statistics.join(' ')}`]),
    ...said.warnings.map(({ part, message }) => `! 第${part}部分 ${message}`),
    `表 ${table.form} ${table.hash}`,
    ...(said.text === null ? [] : [`正文 text ${STATUS[said.text.status]} ${said.text.textHash}`]),
    // Outside what either hash covers: it was signed after both.
    said.checkpoint === null
      ? '无签名检查点 no signed checkpoint'
      : `检查点 checkpoint 事件数 size ${said.checkpoint.size}  树根 root ${said.checkpoint.root}`,
  ];
}

const STATUS = { 'under-way': '未公布 not published', published: '已公布 published' } as const;

function renderPart({ number, title, paragraphs, rows }: ReportPart, table: Table): string[] {
  const printed = new Set(rows);
  const own = printed.size === 0 ? [] : renderRows({ ...table, rows: table.rows.filter(({ code }) => printed.has(code)) });
  return [`${number}、${title}`, ...paragraphs, ...own];
}
