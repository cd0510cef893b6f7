/** A question that has no answer: what is asked for does not exist, or not yet. `code` is stable; HTTP status and exit code follow from it. */
export const QUERY_CODES = [
  'unknown-agency',
  'unknown-form',
  'unknown-cell',
  'unknown-case',
  'unknown-refusal',
  'unknown-event',
  'unknown-tile',
  'no-checkpoint',
  'no-notice',
  'bad-year',
  'bad-as-of',
  'bad-view',
  'no-paper-table',
  'no-published-table',
  'bad-parameter',
  'not-permitted',
  'already-erased',
  'not-reached',
  'read-model-stopped',
  'read-damaged',
  'ledger-differs',
] as const;

export type QueryCode = (typeof QUERY_CODES)[number];

export function isQueryCode(code: string): code is QueryCode {
  return QUERY_CODES.some((known) => known === code);
}

export class QueryProblem extends Error {
  override readonly name = 'QueryProblem';
  constructor(
    readonly code: QueryCode,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** `name`: `kind/number`. */
export function unknownCase(agency: string, name: string): QueryProblem {
  return new QueryProblem(
    'unknown-case',
    `Agency ${agency} has no case ${name}.`,
    'A case is named kind/number, as in the subject of its messages.',
  );
}

/** Another process holds the data folder: this one may read, not write. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
  constructor() {
    super('another process holds the data folder');
  }
}
