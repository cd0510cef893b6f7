/**
 * The rules of the yearly report (年度报告, 政府信息公开条例 2008 art. 31–32, 2019 art. 49–50), on `report/<year>`, of a roll-up on
 * `report/<year>-rollup`: its table compiled, its text written, both cleared, approved, published. A compilation
 * freezes the table with everything it says. From then on its hash, and that of the text where officers wrote one, are
 * what the chain signs and what is published. Compiled or written again, also after publication, it goes through the
 * chain once more: a later publication is a restatement, and the earlier one stays readable.
 */
import type { CommandOf, FactsByType } from '../acts.js';
import type { Agency } from '../agency/state.js';
import { alreadyExists, outOfOrder, unknownAgency, unknownForm, type CaseRules, type DecisionContext } from '../case.js';
import { decideApproved, decideCleared, isEmptyChain, refuseReturned, requireChain, returnedBefore, type Signing } from '../clearance.js';
import { accept, refuse, type Decision, type Refused } from '../decider.js';
import { standingBy } from '../standing.js';
import { caseName } from '../identifiers.js';
import type { AcceptedFinding, ReportType } from './acts.js';
import type { Compiling, FrozenTable, TableFinding } from './frozen-table.js';
import { evolveReport, isPublished, type Compilation, type RecordedReport, type Report } from './state.js';
import { REPORT_STANDING } from './status.js';
import { reportNumber, textHashOf } from './text.js';

type DecisionOn<T extends ReportType> = Decision<FactsByType[T]>;
type WritingText = CommandOf<'report.text-drafted' | 'report.text-revised'>;
/** Signs or publishes, and names the hashes of what. */
type Naming = CommandOf<'report.cleared' | 'report.approved' | 'report.published'>;

interface CompiledReport extends RecordedReport {
  readonly compiled: Compilation;
}

function isCompiled(view: Report): view is Report & CompiledReport {
  return view.status === 'recorded' && view.compiled !== null;
}

function decide(view: Report, command: CommandOf<ReportType>, context: DecisionContext): DecisionOn<ReportType> {
  if (command.type === 'report.compiled') return decideCompiled(view, command, context);
  if (command.type === 'report.text-drafted' || command.type === 'report.text-revised') return decideText(view, command, context);
  if (!isCompiled(view))
    return refuse(
      'not-compiled',
      `No table is compiled on ${caseName(command.subject)}.`,
      'Send report.compiled first, with the index and the hash of the table.',
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

function signingOf(view: CompiledReport, command: CommandOf<'report.cleared' | 'report.approved'>, agency: Agency): Signing {
  const { round, drafters } = view;
  return { round, drafters, agency, changed: refuseOther(view, command) };
}

const AGAIN = 'Compile the table or revise the text again: that opens a new round, and its publication is a restatement.';

/** One signature is of both: the table compiled last and, once officers wrote a text, the text written last. */
function refuseOther(view: CompiledReport, { data }: Naming): Refused | null {
  return refuseOtherTable(view.compiled.tableHash, data.tableHash) ?? refuseOtherText(view, data.textHash);
}

function refuseOtherTable(expected: string, actual: string): Refused | null {
  if (actual === expected) return null;
  return refuse(
    'table-hash-mismatch',
    'The hash is not that of the table compiled last.',
    `Sign ${expected}, or compile the table that is meant.`,
    { expected, actual },
  );
}

function refuseOtherText({ text, compiled }: CompiledReport, actual: string | undefined): Refused | null {
  if (text === null)
    return actual === undefined ? null : misnamed('names a text, and none is written', 'Leave data.textHash out, or draft the text first.');
  const { textHash: expected } = text;
  if (actual === undefined)
    return misnamed(`is missing: a text is written, and one signature is of both`, `Give data.textHash: ${expected}.`);
  if (actual !== expected)
    return refuse(
      'content-changed',
      'data.textHash is not that of the text written last.',
      `Sign ${expected}, or revise the text to the one that is meant.`,
      { expected, actual },
    );
  if (text.form === compiled.form) return null;
  return refuse(
    'content-changed',
    `The text is of form ${text.form}, and the table is compiled in form ${compiled.form}.`,
    'Revise the text in the form of the table, or compile the table in that of the text.',
    { form: compiled.form },
  );
}

function misnamed(what: string, hint: string): Refused {
  return invalid([{ field: 'data.textHash', problem: `data.textHash ${what}` }], hint);
}

interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

function invalid(problems: readonly FieldProblem[], hint: string, details: Readonly<Record<string, unknown>> = {}): Refused {
  return refuse('invalid-data', `${problems.map(({ problem }) => problem).join('; ')}.`, hint, { problems, ...details });
}

/** What went out directly, under a chain that was empty, is signed no more. */
function refuseSigning(view: CompiledReport): Refused | null {
  if (!isPublished(view) || view.round.approval !== null) return null;
  return refuse('already-released', `This table was published without review on ${view.published?.at}.`, AGAIN);
}

/** The refusal of a case that is not the report the message speaks of. */
function refuseSubject({ subject }: CommandOf<ReportType>, year: number, numbers: readonly string[]): Refused | null {
  if (numbers.includes(subject.number)) return null;
  const names = numbers.map((number) => `report/${number}`).join(' or ');
  return refuse(
    'bad-subject',
    `It belongs to ${names}.`,
    'Let subject and data.year name the same year; a roll-up is on report/<year>-rollup.',
    {
      year,
    },
  );
}

/** What a new version rests on: the version before it, and its return where it answers one. */
function restsOn(view: Report, command: CommandOf<ReportType>): string[] {
  return view.status === 'unknown' ? [] : [view.round.opener.eventId, ...returnedBefore(view.round, command)];
}

function decideCompiled(
  view: Report,
  command: CommandOf<'report.compiled'>,
  { forms, compiling }: DecisionContext,
): DecisionOn<'report.compiled'> {
  const { year, form, index, tableHash, accepted = [], rollup = false } = command.data;
  const misplaced = refuseSubject(command, year, [reportNumber(year, rollup)]);
  if (misplaced !== null) return misplaced;
  if (!forms.isKnown(form)) return unknownForm(form);
  if (view.status === 'recorded' && command.instant < view.round.opener.instant)
    return outOfOrder(command, 'A report is not compiled before it was compiled, or its text written, last', view.round.opener);
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
  return accept({ basis: restsOn(view, command), role: null, year, policy: table.policy, formHash, table });
}

/** A text may come before the table or after it; what stands of it is decided when it is signed. */
function decideText(view: Report, command: WritingText, { forms, texts, agency }: DecisionContext): DecisionOn<'report.text-drafted'> {
  if (agency === null) return unknownAgency(command);
  const { year, form, textHash, parts } = command.data;
  const misplaced = refuseSubject(command, year, [reportNumber(year, false), reportNumber(year, true)]);
  if (misplaced !== null) return misplaced;
  if (!forms.isKnown(form)) return unknownForm(form);
  const standing = view.status === 'unknown' ? null : view.text;
  if (command.type === 'report.text-drafted' && standing !== null) return alreadyExists(command);
  if (command.type === 'report.text-revised' && standing === null)
    return refuse('out-of-order', 'No text is drafted that could be revised.', 'Record report.text-drafted first.');
  if (view.status === 'recorded' && command.instant < view.round.opener.instant)
    return outOfOrder(command, 'A text is not written before the version before it', view.round.opener);
  if (isCompiled(view) && view.compiled.form !== form)
    return invalid(
      [{ field: 'data.form', problem: `data.form is ${form}, and the table is compiled in form ${view.compiled.form}` }],
      `Write the text for form ${view.compiled.form}, or compile the table in form ${form} first.`,
    );
  const flaws = texts.flaws(form, parts).slice(0, NAMED);
  if (flaws.length > 0)
    return invalid(
      flaws.map(({ part, problem }) => ({ field: `data.parts.${part}`, problem: `data.parts.${part} ${problem}` })),
      'Write each number as a reference to a cell or a code, like {3.1#}; docs/reports.md says what a text may hold.',
    );
  const expected = textHashOf({ year, form, parts });
  if (textHash !== expected)
    return invalid(
      [{ field: 'data.textHash', problem: 'data.textHash is not that of the parts' }],
      `It is ${expected}: sha256: of the RFC 8785 form of {form, parts, year}.`,
      { expected, actual: textHash },
    );
  return accept({ basis: restsOn(view, command), role: null });
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

/**
 * What is published is the table and the text that were approved last, or under an empty chain those written last; each
 * round once. From then on the text is public.
 */
function decidePublished(
  view: CompiledReport,
  command: CommandOf<'report.published'>,
  { agency, checkpoint }: { readonly agency: Agency; readonly checkpoint: string | null },
): DecisionOn<'report.published'> {
  const required = requireChain(agency, command.instant);
  if (!required.ok) return required;
  const { round, compiled } = view;
  if (isPublished(view)) return refuse('already-released', `This table was published on ${view.published?.at}.`, AGAIN);
  if (round.approval === null) {
    const returned = refuseReturned(round);
    if (returned !== null) return returned;
    if (!isEmptyChain(required.value))
      return refuse(
        'not-approved',
        'The table compiled last, with the text written last, is not approved.',
        'Every step of the chain clears them and the approver approves them first; what is written again needs its own round.',
      );
  }
  const { eventId, instant, at } = round.approval ?? round.opener;
  if (command.instant < instant)
    return outOfOrder(command, `A report is not published before it was ${round.approval === null ? 'compiled' : 'approved'}`, { at });
  const changed = refuseOther(view, command);
  if (changed !== null) return changed;
  const approval = round.approval?.eventId ?? null;
  return accept({
    ...{ basis: [eventId], approval, role: null, year: view.year, compiled: compiled.eventId, checkpoint },
    ...publicText(view),
  });
}

function publicText({ year, text }: RecordedReport): Pick<FactsByType['report.published'], 'text'> {
  return text?.parts === undefined ? {} : { text: { year, form: text.form, parts: text.parts } };
}

/** What is public was never only an officer's: it stays. */
function refuseErasure(view: Report): Refused | null {
  if (view.status === 'unknown' || view.published === null) return null;
  return refuse(
    'already-released',
    `This report was published on ${view.published.at}.`,
    'A report is erased only before it is published; restate it instead.',
  );
}

export const reportRules: CaseRules<Report, ReportType> = {
  kind: 'report',
  ...standingBy(REPORT_STANDING),
  initial: { status: 'unknown' },
  evolve: evolveReport,
  decide,
  notVoidable: new Set(['report.published']),
  refuseErasure,
};
