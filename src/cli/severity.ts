/** A finding on one line. */
import type { Finding } from '../statistics/checks.js';

export const MARK = { error: '✗ 错误', warning: '! 提示', info: '· 说明' } as const;

export function withPrefix({ severity, rule, message, left, right, cases, caseCount }: Finding): string {
  const sides = left === null && right === null ? '' : ` [${left ?? '—'} ≠ ${right ?? '—'}]`;
  return `${MARK[severity]} ${rule}: ${message}${sides}${cases === undefined ? '' : ` (${caseCount ?? cases.length})`}`;
}
