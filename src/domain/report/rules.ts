/**
 * The rules of the yearly report (年度报告, 政府信息公开条例 2008 art. 31–32, 2019 art. 49–50), on `report/<year>`: its table
 * compiled, cleared, approved, published. A compilation freezes the table with everything it says; from then on the
 * hash of that table is what the chain signs and what is published. Compiled again, also after publication, it goes
 * through the chain anew: a later publication is a restatement, and the earlier one stays readable.
 */
import type { CommandOf, FactsByType } from '../acts.js';
import type { Agency } from '../agency/state.js';
import { outOfOrder, unknownAgency, type CaseRules, type DecisionContext } from '../case.js';
import { decideApproved, decideCleared, isEmptyChain, refuseReturned, requireChain, returnedBefore, type Signing } from '../clearance.js';
import { accept, refuse, type Decision, type Refused } from '../decider.js';
import { standingBy } from '../standing.js';
import { caseName } from '../identifiers.js';
import type { AcceptedFinding, ReportType } from './acts.js';
import type { Compiling, FrozenTable, TableFinding } from './frozen-table.js';
import { evolveReport, type CompiledReport, type Report } from './state.js';
import { REPORT_STANDING } from './status.js';

type DecisionOn<T extends ReportType> = Decision<FactsByType[T]>;

function decide(view: Report, command: CommandOf<ReportType>, context: DecisionContext): DecisionOn<ReportType> {
  if (command.type === 'report.compiled') return decideCompiled(view, command, context);
  if (view.status === 'unknown')
    return refuse(
      'not-compiled',
      `No table is compiled on ${caseName(command.subject)}.`,
      'Send report.compiled first, on report/<year>, with the index and the hash of the table.',
    );
  const { agency, checkpoint = null } = context;
  if (agency === null) return unknownAgency(command);
  switch (command.type) {
    case 'report.cleared':
      return refuseSigning(view) ?? decideCleared(signingOf(view, command, agency), command);
    case 'report.approved':
      return refuseSigning(view) ?? decideApproved(signingOf(view, command, agency), command);
    case 'report.published':
      return decidePublished(view, command, { agency, checkpoint });
  }
}

function signingOf(
  { round, drafters }: CompiledReport,
  { data }: CommandOf<'report.cleared' | 'report.approved'>,
  agency: Agency,
): Signing {
  return { round, drafters, agency, changed: refuseOtherTable(round.contentHash, data.tableHash) };
}

const COMPILE_AGAIN = 'Compile the table again: that opens a new round, and its publication is a restatement.';

function refuseOtherTable(expected: string, actual: string): Refused | null {
  if (actual === expected) return null;
  return refuse(
    'table-hash-mismatch',
    'The hash is not that of the table compiled last.',
    `Sign ${expected}, or compile the table that is meant.`,
    { expected, actual },
  );
}

function isPublished({ round, published }: CompiledReport): boolean {
  return published?.compiled === round.opener.eventId;
}

/** What went out directly, under a chain that was empty, is signed no more. */
function refuseSigning(view: CompiledReport): Refused | null {
  if (!isPublished(view) || view.round.approval !== null) return null;
  return refuse('already-released', `This table was published without review on ${view.published?.at}.`, COMPILE_AGAIN);
}

function decideCompiled(
  view: Report,
  command: CommandOf<'report.compiled'>,
  { forms, compiling }: DecisionContext,
): DecisionOn<'report.compiled'> {
  const { year, form, index, tableHash, accepted = [] } = command.data;
  if (command.subject.number !== String(year))
    return refuse('bad-subject', `The report of ${year} is compiled on report/${year}.`, 'Let subject and data.year name the same year.', {
      year,
    });
  if (!forms.isKnown(form)) return refuse('unknown-form', `There is no form ${form}.`, 'docs/contract/forms.md lists the forms.', { form });
  if (view.status === 'recorded' && command.instant < view.round.opener.instant)
    return outOfOrder(command, 'A report is not compiled again before it was compiled', view.round.opener);
  const found = compiling ?? { lastIndex: -1 };
  if (!('table' in found)) return refuseNoTable(found, index);
  const { table, formHash } = found;
  if (table.hash !== tableHash)
    return refuse(
      'table-hash-mismatch',
      `The table of ${year} in form ${form} as of index:${index} has another hash.`,
      `It is ${table.hash} as of index:${index}: look at that table, or name the index of the one that is meant.`,
      { expected: table.hash, actual: tableHash, index, form },
    );
  const refused = refuseFindings(table, accepted);
  if (refused !== null) return refused;
  const basis = view.status === 'unknown' ? [] : [view.round.opener.eventId, ...returnedBefore(view.round, command)];
  return accept({ basis, role: null, year, policy: table.policy, formHash, table });
}

function refuseNoTable(why: Exclude<Compiling, { table: FrozenTable }>, index: number): Refused {
  if ('bytes' in why)
    return refuse(
      'too-large',
      `The table with its findings has ${why.bytes} bytes, and an event holds ${why.limit}.`,
      'Mend what most of its findings name (acts without review, items released twice), and compile it again.',
      why,
    );
  if ('unregistered' in why)
    return refuse(
      'invalid-data',
      `The agency was not registered as of index:${index}.`,
      'Take index and hash of one and the same answer: asOf.index and hash of the table.',
      { index },
    );
  return refuse(
    'invalid-data',
    `No event has the index ${index}.`,
    'Take index and hash of one and the same answer: asOf.index and hash of the table.',
    { index, lastIndex: why.lastIndex },
  );
}

/** Findings named in one refusal at most: it must stay smaller than the message. */
const NAMED = 20;

/**
 * Each error stands by name, with a reason, or nothing is compiled; and what is accepted is really said of the table.
 */
function refuseFindings({ findings }: FrozenTable, accepted: readonly AcceptedFinding[]): Refused | null {
  const unmatched = accepted.filter((entry) => !findings.some((found) => isSame(found, entry)));
  if (unmatched.length > 0)
    return refuse(
      'invalid-data',
      `The table has no such finding: ${unmatched.slice(0, NAMED).map(nameOf).join('; ')}.`,
      'Accept only findings of this very table, each by its rule and all of its cells.',
      { accepted: unmatched.slice(0, NAMED).map(({ rule, cells }) => ({ rule, cells })) },
    );
  const open = findings.filter((found) => found.severity === 'error' && !accepted.some((entry) => isSame(found, entry)));
  if (open.length === 0) return null;
  const named = open.slice(0, NAMED);
  return refuse(
    'open-error-finding',
    `The table has errors that are not accepted: ${named.map(nameOf).join('; ')}${open.length > NAMED ? ` and ${open.length - NAMED} more` : ''}.`,
    'Correct what they rest on, or accept each in data.accepted by its rule and cells, with a reason.',
    { findings: named },
  );
}

function nameOf({ rule, cells }: Pick<TableFinding, 'rule' | 'cells'>): string {
  return `${rule} ${cells.slice(0, NAMED).join(', ')}`.trimEnd();
}

function isSame(found: TableFinding, { rule, cells }: AcceptedFinding): boolean {
  const wanted = new Set(cells);
  return found.rule === rule && found.cells.length === wanted.size && found.cells.every((cell) => wanted.has(cell));
}

/** What is published is the table that was approved last, or under an empty chain the one compiled last; each once. */
function decidePublished(
  view: CompiledReport,
  command: CommandOf<'report.published'>,
  { agency, checkpoint }: { readonly agency: Agency; readonly checkpoint: string | null },
): DecisionOn<'report.published'> {
  const required = requireChain(agency, command.instant);
  if (!required.ok) return required;
  const { round } = view;
  if (isPublished(view)) return refuse('already-released', `This table was published on ${view.published?.at}.`, COMPILE_AGAIN);
  if (round.approval === null) {
    const returned = refuseReturned(round);
    if (returned !== null) return returned;
    if (!isEmptyChain(required.value))
      return refuse(
        'not-approved',
        'The table compiled last is not approved.',
        'Every step of the chain clears it and the approver approves it first; a table compiled again needs its own round.',
      );
  }
  const { eventId, instant, at } = round.approval ?? round.opener;
  if (command.instant < instant)
    return outOfOrder(command, `A report is not published before it was ${round.approval === null ? 'compiled' : 'approved'}`, { at });
  const changed = refuseOtherTable(round.contentHash, command.data.tableHash);
  if (changed !== null) return changed;
  const approval = round.approval?.eventId ?? null;
  return accept({ basis: [eventId], approval, role: null, year: view.year, compiled: round.opener.eventId, checkpoint });
}

export const reportRules: CaseRules<Report, ReportType> = {
  kind: 'report',
  ...standingBy(REPORT_STANDING),
  initial: { status: 'unknown' },
  evolve: evolveReport,
  decide,
  notVoidable: new Set(['report.published']),
};
