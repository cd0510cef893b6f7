/** The forms that this program holds, for who draws a table or reads one. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { QueryProblem } from '../read-models/query-problem.js';
import type { Rule } from '../statistics/checks.js';
import { FINDING_RULES, type Severity } from '../statistics/finding-rules.js';
import type { Form, FormRow } from '../statistics/form.js';
import { findForm, FORMS, headsOf } from '../statistics/forms/registry.js';
import { columnsOf, sectionOf, type ColumnHead, type SectionHeads } from '../statistics/heads.js';

/** Report years, both inclusive; `to` null = still in force. */
export interface FormYears {
  readonly from: number;
  readonly to: number | null;
}

export interface FormEntry {
  readonly form: string;
  /** The title, as printed. */
  readonly label: string;
  readonly years: FormYears;
}

export interface Forms {
  /** In the order in which an agency's forms are looked through for the one of a year. */
  readonly forms: readonly FormEntry[];
}

export interface RowOfForm {
  readonly code: string;
  /** As printed. */
  readonly label: string;
  readonly unit: string | null;
  /** The block whose `columns` stand over it; null for a row of one value. */
  readonly section: string | null;
  /** Keys of its columns: cells are `code:key`. Empty: the one cell is `code`, or the row is a heading. */
  readonly columns: readonly string[];
  /** On a row that prints no value. */
  readonly heading?: true;
  /** On a row that the form prints in some of its years only. */
  readonly years?: FormYears;
}

export interface FormDescription {
  readonly form: string;
  readonly label: string;
  readonly years: FormYears;
  /** Where labels, order and rules come from. */
  readonly basis: string;
  /** In the printed order. */
  readonly rows: readonly RowOfForm[];
  readonly columns: readonly ColumnHead[];
  /** What tables of the form are checked for, each rule and severity once. */
  readonly rules: readonly { readonly rule: string; readonly severity: Severity }[];
}

export class ListForms extends Query<Forms> {}

/** Errors: `unknown-form`. */
export class GetForm extends Query<FormDescription> {
  constructor(readonly form: string) {
    super();
  }
}

@QueryHandler(ListForms)
export class ListFormsHandler implements IQueryHandler<ListForms> {
  execute(): Promise<Forms> {
    return Promise.resolve({ forms: FORMS.map(entryOf) });
  }
}

@QueryHandler(GetForm)
export class GetFormHandler implements IQueryHandler<GetForm> {
  execute({ form: id }: GetForm): Promise<FormDescription> {
    const form = findForm(id);
    if (form === undefined)
      return Promise.reject(
        new QueryProblem('unknown-form', `There is no form ${id}.`, `Forms are ${FORMS.map((known) => known.id).join(', ')}.`),
      );
    return Promise.resolve(describe(form));
  }
}

const entryOf = ({ id, title, firstYear, lastYear }: Form): FormEntry => ({
  form: id,
  label: title,
  years: { from: firstYear, to: lastYear },
});

function describe(form: Form): FormDescription {
  const heads = headsOf(form.id);
  return {
    ...entryOf(form),
    basis: form.basis,
    rows: form.rows.map((row) => rowOf(row, heads)),
    columns: columnsOf(heads),
    rules: rulesOf(form),
  };
}

function rowOf(row: FormRow, heads: readonly SectionHeads[]): RowOfForm {
  const { code, label, unit, years } = row;
  const columns = 'columns' in row ? Object.keys(row.columns) : [];
  return {
    ...{ code, label, unit, section: columns.length === 0 ? null : (sectionOf(heads, code)?.section ?? null), columns },
    ...('source' in row && row.source === null ? { heading: true as const } : {}),
    ...(years === undefined ? {} : { years: { from: years[0], to: years[1] } }),
  };
}

function rulesOf(form: Form): { readonly rule: string; readonly severity: Severity }[] {
  const said = form.rules.flatMap((rule) => severitiesOf(rule).map((severity) => ({ rule: rule.rule, severity })));
  const notes = form.notes.map(({ rule, severity }) => ({ rule, severity }));
  const named = [...said, ...notes].map((entry) => [`${entry.rule} ${entry.severity}`, entry] as const);
  return [...new Map(named).values()];
}

function severitiesOf(rule: Rule): readonly Severity[] {
  if ('severity' in rule) return [rule.severity];
  const { severity } = FINDING_RULES[rule.rule];
  return typeof severity === 'string' ? [severity] : severity;
}
