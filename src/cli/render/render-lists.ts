/** Lists of tables and of what cells printed, as text for people. */
import type { History } from '../../tables/table.js';
import type { Statistics } from '../../tables/statistics-reader.js';
import type { TableList, YearEntry } from '../../tables/table-list.js';
import type { Line } from './columns.js';
import { shortCell } from './render-table.js';

export function renderTableList({ agency, tables }: TableList): Line[] {
  return [`${agency}: 年度 years ${tables.length}`, ...tables.map(renderYear)];
}

function renderYear({ year, form, views, published, restated, differsSince }: YearEntry): Line {
  const state =
    published === null ? '未发布 not published' : differsSince === null ? '已发布 published' : `发布后有变化 differs since ${differsSince}`;
  return [String(year), form ?? '无适用表式 no form', views.join(' '), `${state}${restated ? '  重新发布 restated' : ''}`];
}

export function renderHistory({ agency, year, form, cells }: History): Line[] {
  return [
    `${agency} ${year}`,
    ...cells.flatMap(({ cell, values }): Line[] => [
      shortCell(form, cell),
      ...values.map((entry): Line => {
        const value = entry.value ?? '—';
        if ('on' in entry) return [entry.on ?? '此前 before', value];
        return [entry.recordedAt ?? '此前 before', value, entry.eventId ?? ''];
      }),
    ]),
  ];
}

export function renderStatistics({ agency, year, statistics }: Statistics): Line[] {
  return [
    `${agency} ${year}`,
    ...statistics.map(({ code, label, unit, value, of }): Line => {
      const sums = of === undefined ? '' : ` = ${of.part.value}/${of.whole.value}`;
      return [code, label, value === null ? '—' : `${value}${unit}${sums}`];
    }),
  ];
}
