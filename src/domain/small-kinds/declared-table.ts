/**
 * A yearly table known from paper only, on `table/<year>`: what a printed report said before the ledger began. Declared
 * whole; declaring it again replaces the earlier one whole, and a void brings that back.
 */
import type { ActOf, CommandOf, FactsByType } from '../acts.js';
import { unknownForm, type CaseRules, type DecisionContext } from '../case.js';
import { accept, refuse, type Decision } from '../decider.js';
import { standingBy } from '../standing.js';

// ---- state ----------------------------------------------------------------------------------------------------------

/** The declaration that stands: the last recorded one. */
export type DeclaredTable = { readonly eventId: string; readonly year: number } | null;

// ---- evolve ---------------------------------------------------------------------------------------------------------

function evolve(_view: DeclaredTable, act: ActOf<'table.declared'>): DeclaredTable {
  return { eventId: act.eventId, year: act.data.year };
}

// ---- decide ---------------------------------------------------------------------------------------------------------

/**
 * How printed values of what is declared from now on are read: kept with the decision, so that a later reader changes
 * no earlier table.
 */
const READER = 2;

/** Cells named in one refusal at most: it must stay smaller than the message. */
const NAMED = 20;

function decide(
  view: DeclaredTable,
  command: CommandOf<'table.declared'>,
  { forms }: DecisionContext,
): Decision<FactsByType['table.declared']> {
  const { year, form, cells } = command.data;
  if (command.subject.number !== String(year))
    return refuse('bad-subject', `The table of ${year} is declared on table/${year}.`, 'Let subject and data.year name the same year.', {
      year,
    });
  if (!forms.isKnown(form)) return unknownForm(form);
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

export const declaredTableRules: CaseRules<DeclaredTable, 'table.declared'> = {
  kind: 'table',
  ...standingBy({ 'table.declared': (_before, { data }) => ({ state: 'declared', title: `${data.year ?? ''}` }) }),
  initial: null,
  evolve,
  decide,
  voidFacts: (before, after, target) => ({
    table: {
      year: target.data.year,
      was: before?.eventId ?? null,
      is: after?.eventId ?? null,
    },
  }),
};
