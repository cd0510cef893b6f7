/**
 * A question that has no answer: what is asked for does not exist, or not yet. `code` is stable; HTTP status and exit
 * code follow from it.
 */
export const QUERIES = {
  'unknown-agency': 'The agency is not registered, or was not as of then.',
  'unknown-form': 'There is no such form, or the agency has none for the year.',
  'unknown-cell': 'The form has no such cell.',
  'unknown-case': 'The agency has no such case.',
  'not-found': 'The agency has no officer of this name.',
  'unknown-refusal': 'No refused message has this id.',
  'unknown-event': 'No event has this id.',
  'unknown-tile': 'No such tile is within the last checkpoint.',
  'no-checkpoint': 'No checkpoint was signed yet, or none by so many witnesses.',
  'no-notice': 'This release holds no notice of the working days of that year.',
  'bad-year': 'The year is none from 2000 to 2100, or has not begun in Asia/Shanghai.',
  'bad-as-of': 'The moment is no position, `index:N`, date or time.',
  'bad-view': 'There is no such view, or not of what is asked for.',
  'no-paper-table': 'No table is declared from paper for the year, or it is in another form.',
  'no-published-table': 'No table of the year was published, or it is in another form.',
  'bad-parameter': 'A parameter is unknown, given twice, empty, or has no such value.',
  'not-permitted': 'Who asks may not see this.',
  'already-erased': 'The sealed texts of the case were erased.',
  'not-reached': 'The read models are not there yet: ask again.',
  'read-model-stopped': 'A read model stands still before an event; an operator has to look.',
  'read-damaged': 'The read models are damaged: a restart builds them from the log.',
  'ledger-differs': 'The log is not the one the ledger was built from: run `verify`.',
} as const;

export type QueryCode = keyof typeof QUERIES;

export function isQueryCode(code: string): code is QueryCode {
  return Object.hasOwn(QUERIES, code);
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

/** A list of what `stopped` lacks would hide what came after the event it stands still before. `what`: the list. */
export function standsStill(what: string, stopped: { readonly eventId: string; readonly why: string }): QueryProblem {
  return new QueryProblem(
    'read-model-stopped',
    `${what} stand still before event ${stopped.eventId}: ${stopped.why}.`,
    '/health/ready names the read models that stopped; run a program that knows the event.',
  );
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
