/** RFC 9457 problem details, and the one table from codes to HTTP statuses. */
import type { RefusalCode } from '../domain/refusal-codes.js';
import type { QueryCode } from '../read-models/query-problem.js';
import type { AnyReceipt } from '../recording/trial/trial.js';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

export function problem(status: number, code: string, detail: string, hint?: string): Problem {
  return {
    type: `urn:disclosure:problem:${code}`,
    title: code.replaceAll('-', ' '),
    status,
    code,
    detail,
    ...(hint === undefined ? {} : { hint }),
  };
}

export const QUERY_STATUS: Readonly<Record<QueryCode, number>> = {
  'unknown-agency': 404,
  'unknown-form': 404,
  'unknown-cell': 404,
  'unknown-case': 404,
  'not-found': 404,
  'unknown-refusal': 404,
  'unknown-event': 404,
  'unknown-tile': 404,
  'no-checkpoint': 404,
  'no-notice': 404,
  'bad-year': 400,
  'bad-as-of': 400,
  'bad-view': 400,
  'no-paper-table': 404,
  'no-published-table': 404,
  'bad-parameter': 400,
  'not-permitted': 403,
  'already-erased': 410,
  'not-reached': 503,
  'read-model-stopped': 503,
  'read-damaged': 503,
  'ledger-differs': 503,
};

export const REFUSAL_STATUS: Partial<Record<RefusalCode, number>> = { 'id-reused': 409, conflict: 503, 'store-unavailable': 503 };

export function receiptStatus({ status, error }: AnyReceipt): number {
  switch (status) {
    case 'recorded':
      return 201;
    case 'duplicate':
      return 200;
    case 'would-record':
    case 'would-duplicate':
    case 'would-refuse':
      return 200;
    case 'refused':
      return (error === undefined ? undefined : REFUSAL_STATUS[error.code]) ?? 422;
  }
}
