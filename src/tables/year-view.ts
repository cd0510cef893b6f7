/**
 * What a year of an agency is shown as: the table declared for it, or the counted one of a form; by default the
 * declared one where it stands.
 */
import { profileOn, type Profiles } from '../domain/agency/state.js';
import type { Amounts } from '../statistics/amount.js';
import type { LastYear } from '../statistics/checks.js';
import type { Form } from '../statistics/form.js';
import { formForYear } from '../statistics/forms/registry.js';
import { amountsOf, computeRows, valuesOf } from '../statistics/table.js';
import { agencyIdOf, profilesAsOf } from '../read-models/agencies/agency-reader.js';
import { instantOf, momentOf } from '../read-models/journal/as-of.js';
import type { Figures, Paper, Scope } from '../read-models/figures/figures.js';
import { isMissing } from '../read-models/nothing-recorded.js';
import { QueryProblem } from '../read-models/query-problem.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { Until } from '../read-models/staleness.js';

export const VIEWS = ['live', 'paper', 'published', 'difference'] as const;
/** Of a cell, which has no difference. */
export const CELL_VIEWS = VIEWS.slice(0, 3);
export const VIEWS_HINT = `Views are ${VIEWS.join(', ')}; only a table has a difference.`;
export const noView = (view: unknown): string => `There is no such view here: ${String(view)}.`;

/** What a year is shown as from the figures themselves. */
export type View = 'live' | 'paper';

/** `asOf`: position, `index:N`, time or date; absent = live. */
export interface YearQuestion {
  readonly agency: string;
  readonly year: number;
  readonly asOf?: string;
}

export interface AgencyScope extends Scope {
  readonly agency: Profiles;
}

export type YearView =
  { readonly view: 'paper'; readonly form: Form; readonly paper: Paper } | { readonly view: 'live'; readonly form: Form };

/**
 * The year of an agency as of a moment. Errors: `unknown-agency` where it was not registered by then, `bad-as-of`,
 * `not-reached`.
 */
export function scopeOf(figures: Figures, { db }: ReadStore, { agency, year, asOf }: YearQuestion): AgencyScope {
  const { index } = momentOf(db, asOf, figures.lastIndex());
  const agencyId = agencyIdOf(figures, agency);
  const found = profilesAsOf(figures, agencyId, index);
  if (found === null)
    throw new QueryProblem(
      'unknown-agency',
      `Agency ${agency} is not registered${asOf === undefined ? '' : ' as of then'}.`,
      'Codes are those of agency.registered.',
    );
  return { agencyId, agency: found, year, index };
}

/** What an answer is about: of one as of an earlier event or time nothing is missing that came later. */
export function untilOf({ index }: Scope, { asOf }: YearQuestion): Until {
  if (asOf === undefined) return null;
  const time = instantOf(asOf);
  return time === null ? { index } : { time };
}

/** The form an agency reports a year on; undefined when none of its forms serves it. */
export function formOf(agency: Profiles, year: number): Form | undefined {
  return formForYear(profileOn(agency, `${year}-12-31`).forms, year);
}

/** null where nothing is declared and no form of the agency serves the year. */
export function defaultView(figures: Figures, scope: AgencyScope): YearView | null {
  const paper = figures.paper(scope);
  if (paper !== null) return { view: 'paper', form: paper.table.form, paper };
  const form = formOf(scope.agency, scope.year);
  return form === undefined ? null : { view: 'live', form };
}

export function amountsOfView(figures: Figures, scope: Scope, shown: YearView): Amounts {
  if (shown.view === 'paper') return shown.paper.table.amounts;
  const { form } = shown;
  return amountsOf(form, scope.year, valuesOf(computeRows(form, scope.year, figures.of({ ...scope, form }))));
}

/** The same of a year that another is compared with: where nothing is recorded a zero counts nothing, it is blank. */
export function amountsOfLastYear(figures: Figures, scope: Scope, shown: YearView): Amounts {
  const amounts = amountsOfView(figures, scope, shown);
  return isMissing(figures, scope) ? new Map([...amounts].filter(([, amount]) => amount !== 0n)) : amounts;
}

/**
 * Last year, for the rules of a form that look back; null where none does. `amounts` gives what the year is shown as in
 * a form: of one agency, or summed. The default view counts; where that is in another form, what this form's own cells
 * hold of the year is beside it.
 */
export function lastYearOf(
  figures: Figures,
  scope: AgencyScope,
  form: Form,
  amounts: (before: AgencyScope, shown: YearView) => Amounts,
): LastYear | null {
  if (!form.rules.some(({ rule }) => rule === 'roll-forward')) return null;
  const before = { ...scope, year: scope.year - 1 };
  const shown = defaultView(figures, before);
  const inView: Amounts = shown === null ? new Map() : amounts(before, shown);
  return { shown: inView, inForm: shown?.form === form ? inView : amounts(before, { view: 'live', form }) };
}
