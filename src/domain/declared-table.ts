/**
 * A yearly table known from paper only, on `table/<year>`: what a printed report said before the ledger began. Declared whole; declaring it again
 * replaces the earlier one whole, and a void brings that back.
 */
import type { Act, CaseRules, Command, DecisionContext } from './case.js';
import { accept, refuse, type Decision } from './decider.js';

// ---- events -------------------------------------------------------------------------------------------------------------------------

export interface DeclaredTableData {
  readonly year: number;
  readonly form: string;
  /** By the name of the cell: the value as printed, with its own unit if it prints one; null where it is blank. */
  readonly cells: Readonly<Record<string, string | null>>;
  readonly evidence: string;
}

// ---- state --------------------------------------------------------------------------------------------------------------------------

/** The declaration that stands: the last recorded one. */
export type DeclaredTable = { readonly eventId: string; readonly year: number } | null;

// ---- evolve -------------------------------------------------------------------------------------------------------------------------

function evolve(_view: DeclaredTable, act: Act): DeclaredTable {
  return { eventId: act.eventId, year: (act.data as unknown as DeclaredTableData).year };
}

// ---- decide -------------------------------------------------------------------------------------------------------------------------

/** How printed values of what is declared from now on are read: kept with the decision, so that a later reader changes no earlier table. */
const READER = 2;

/** Cells named in one refusal at most: it must stay smaller than the message. */
const NAMED = 20;

function decide(view: DeclaredTable, command: Command, { forms }: DecisionContext): Decision {
  const { year, form, cells } = command.data as unknown as DeclaredTableData;
  if (command.subject.number !== String(year))
    return refuse('bad-subject', `The table of ${year} is declared on table/${year}.`, 'Let subject and data.year name the same year.', {
      year,
    });
  if (!forms.isKnown(form)) return refuse('unknown-form', `There is no form ${form}.`, 'Name a form listed in the README.', { form });
  const unknown = Object.entries(cells).flatMap(([cell, value]) => (forms.prints(form, year, cell, value !== null) ? [] : [cell]));
  if (unknown.length > 0) {
    const named = unknown.slice(0, NAMED).map((cell) => cell.slice(0, 100));
    return refuse(
      'unknown-cell',
      `Form ${form} prints no value in ${named.join(', ')} for ${year}${unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : ''}.`,
      'Cells are named by the code of their row, with :column where the row prints several; leave out what the form does not print.',
      { form, cells: named },
    );
  }
  return accept({ basis: [], role: null, table: { year, was: view?.eventId ?? null, is: command.eventId }, printed: READER });
}

export const declaredTableRules: CaseRules<DeclaredTable> = {
  kind: 'table',
  types: ['table.declared'],
  initial: null,
  evolve,
  decide,
  voidFacts: (before, after, target) => ({
    table: {
      year: (target.data as unknown as DeclaredTableData).year,
      was: before?.eventId ?? null,
      is: after?.eventId ?? null,
    },
  }),
  describe: (view) => (view === null ? { state: 'unknown', title: null } : { state: 'declared', title: `${view.year}` }),
  standingAfter: (_before, act) => ({ state: 'declared', title: `${(act.data as unknown as DeclaredTableData).year}` }),
};
