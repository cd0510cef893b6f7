/** A finding on one line. */
import type { Finding } from '../../statistics/checks.js';
import { shortCell } from './render-table.js';

export const MARK = { error: '✗ 错误', warning: '! 提示', info: '· 说明' } as const;

/** Cases named on a line; how many there are is said beside them. */
const NAMED = 5;

export function withPrefix(finding: Finding, form: string): string {
  const { severity, rule, message } = finding;
  return `${MARK[severity]} ${rule}: ${withHeads(message, form)}${sides(finding)}${caseList(finding)}`;
}

/** Cells by the heads that the form prints over them. */
function withHeads(message: string, form: string): string {
  return message.replace(/\d[\w.]*:[a-z][a-z-]*/g, (cell) => shortCell(form, cell));
}

/** What the table prints and what it should be; of a finding that has one of them, that one. */
function sides({ left, right }: Finding): string {
  if (left !== null && right !== null) return ` [${left} ≠ ${right}]`;
  if (left !== null) return ` [表中 printed ${left}]`;
  return right === null ? '' : ` [应为 computed ${right}]`;
}

function caseList({ message, cases = [], caseCount = cases.length }: Finding): string {
  if (caseCount === 0) return '';
  if (cases.every((name) => message.includes(name))) return ` (${caseCount})`;
  const more = caseCount > NAMED ? ` 等 …` : '';
  return ` (${caseCount}: ${cases.slice(0, NAMED).join(', ')}${more})`;
}
