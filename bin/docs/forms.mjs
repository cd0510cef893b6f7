// Every form: its rows as printed, the cells and where their values come from, and its rules.
import { FORMS } from '../../dist/statistics/forms/registry.js';
import { code, paragraph, table } from './markdown.mjs';

export function formParts() {
  return FORMS.map((form) => [
    `form ${form.id}`,
    [
      paragraph(`**${form.title}.** Report years ${form.firstYear} to ${form.lastYear ?? 'now'}. ${form.basis}`),
      table(['row', 'printed', 'unit', 'cells', 'value'], form.rows.map(rowOf)),
      table(
        ['rule', 'says'],
        form.rules.map((rule) => [code(rule.rule), said(rule)]),
      ),
    ].join('\n\n'),
  ]);
}

function rowOf(row) {
  const label = row.label + (row.years === undefined ? '' : ` (${row.years[0]} to ${row.years[1]})`);
  const columns = Object.entries(row.columns ?? {});
  if (columns.length === 0) return [row.code, label, row.unit ?? '', row.source === null ? '' : code(row.code), basisOf(row.source)];
  const cells = columns.map(([name]) => code(`${row.code}:${name}`)).join(' ');
  return [row.code, label, row.unit ?? '', cells, [...new Set(columns.map(([, { source }]) => basisOf(source)))].join(', ')];
}

function basisOf(source) {
  if (source === null) return 'a heading';
  return source.balance === undefined ? source.basis : `open at the ${source.balance === 'opening' ? 'beginning' : 'end'} of the year`;
}

const sum = (cells) => cells.map(code).join(' + ');
const minus = (cells) => cells.map((cell) => ` − ${code(cell)}`).join('');

function said(rule) {
  switch (rule.rule) {
    case 'sum':
    case 'row-total':
      return `${code(rule.total)} = ${sum(rule.parts)}`;
    case 'balance':
      return `${sum([rule.received, rule.carriedIn])} = ${sum([rule.closed, rule.carriedOver])}`;
    case 'part-of':
      return `${sum(rule.parts)} ≤ ${code(rule.whole)}${rule.published ? ', on published tables' : ''}`;
    case 'distinct-bound':
      return `${code(rule.whole)} ≤ ${sum(rule.channels)}, and on published tables not below any of them`;
    case 'stock-below-flow':
      return `${code(rule.stock)} ≥ ${code(rule.plus)}${minus(rule.minus === undefined ? [] : [rule.minus])}`;
    case 'items-below-zero':
      return `${sum([rule.items, rule.change])} ≥ 0`;
    case 'blank-opening':
      return `${code(rule.opening)} is filled where ${code(rule.closing)} of the year before is above 0`;
    case 'pending-lost':
      return rule.rows.map(({ total, pending }) => `${code(total)} ≥ ${code(pending)} of the year before`).join('; ');
    case 'roll-forward':
      return (
        `${code(rule.cell)} = ${rule.last.map((cell) => `${code(cell)} of the year before`).join(' + ')}` +
        `${(rule.plus ?? []).map((cell) => ` + ${code(cell)}`).join('')}${minus(rule.minus ?? [])} (${rule.severity})`
      );
    default:
      throw new Error(`bin/docs/forms.mjs cannot say the rule ${rule.rule}`);
  }
}
