/**
 * Yearly tables and the events behind each cell, live or as of an earlier moment. The default view of a year is the table declared for it, where one
 * stands, else the counted one; rules between years look at the default view of the year before.
 */
import { CHINA_CALENDAR } from '../calendars/china.js';
import { dateInShanghai, formatDecimal, yearOf } from '../domain/values.js';
import type { ReadStore } from '../projections/read-store.js';
import { printAmount, type Amount } from '../statistics/amount.js';
import { withCaseCount, type Finding } from '../statistics/checks.js';
import { cellOf, explainedBy, headingOf, type Form } from '../statistics/form.js';
import { findForm } from '../statistics/forms/registry.js';
import { POLICY } from '../statistics/measures.js';
import { checkPrinted, paperDiffers, printedRows } from '../statistics/published-table.js';
import { computeRows, computeTable, valuesOf, type TableRow } from '../statistics/table.js';
import { agencyIdOf, profilesAsOf } from './agency-reader.js';
import { describeMoment, momentOf, type AsOf } from './as-of.js';
import { changesBetween, type Change } from './changes.js';
import { explainedEvent, type ExplainedEvent } from './explained-event.js';
import { Figures, type FormScope, type Paper, type Scope, type Share } from './figures.js';
import { requirePublished, type PublishedReport } from './published-report.js';
import { QueryProblem } from './query-problem.js';
import { remarksOf } from './remarks.js';
import { RollUp, type Member } from './roll-up.js';
import { tableHash } from './table-hash.js';
import { amountsOfLastYear, formOf, lastYearOf, VIEWS, type AgencyScope, type Shown, type View } from './year-view.js';

export interface TableQuestion {
  readonly agency: string;
  readonly year: number;
  readonly form?: string;
  /** Position, `index:N`, time or date; absent = live. */
  readonly asOf?: string;
  /** The agency with those below it, added up. */
  readonly rollup?: boolean;
  /** `live`, `paper`, `published`; absent = paper where a table is declared for the year, else live. */
  readonly view?: string;
}

export interface Table {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly policy: string;
  /** Version of the built-in working days by which closes are on time or extended; what was announced instead stands in the events. */
  readonly calendar: string;
  /** `paper` = the table declared for the year, as it was printed; `published` = the one of its last published report, as it was frozen. */
  readonly view: View | 'published';
  readonly asOf: AsOf;
  /** SHA-256 of the RFC 8785 form of everything here but `hash`, `view` and `asOf.position`. */
  readonly hash: string;
  /** Of a roll-up: the agency itself, then those below it. */
  readonly members?: readonly Member[];
  readonly rows: readonly TableRow[];
  readonly findings: readonly Finding[];
  /** Present when a read model stopped: nothing from this event on is in the table. No part of the hash. */
  readonly stale?: { readonly projection: string; readonly eventId: string; readonly why: string };
}

export interface Explanation {
  readonly cell: string;
  readonly value: string | null;
  readonly events: readonly ExplainedEvent[];
}

export interface Difference {
  readonly changes: readonly Change[];
}

/** Read models a table is made of; a published one stands in its own. */
const READ: readonly string[] = ['contributions', 'agencies', 'audit-trail', 'clock', 'dates'];

type Content = Pick<Table, 'rows' | 'findings' | 'members'> & { readonly view: View };

export class TableReader {
  readonly #store: ReadStore;
  readonly #figures: Figures;
  readonly #rollUp: RollUp;
  readonly #now: () => number;

  /** `now`: the clock, which says whether a year has begun. */
  constructor(store: ReadStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#figures = new Figures(store);
    this.#rollUp = new RollUp(this.#figures);
  }

  /** Index of the last event counted; -1 before the first. */
  lastIndex(): number {
    return this.#figures.answer(() => this.#figures.lastIndex());
  }

  /** `years` any: also one that has not begun. A pack has a table of every year that something was recorded of. */
  async table(question: TableQuestion, years: 'begun' | 'any' = 'begun'): Promise<Table> {
    return this.#figures.answer(() => {
      const scope = this.#scope(question, years);
      if (question.view === 'published')
        return { ...this.#published(scope, question).table, view: 'published', ...this.#stale(['reports']) };
      const shown = this.#show(scope, question);
      const { view, rows, findings: found, ...members } = this.#compute(scope, shown, question);
      const findings = found.map(withCaseCount);
      const asOf = describeMoment(this.#store.db, scope);
      const content = { agency: question.agency, year: question.year, form: shown.form.id, policy: POLICY, calendar: CHINA_CALENDAR };
      const hash = tableHash({ ...content, view, asOf, ...members, rows, findings });
      return { ...content, view, asOf, hash, ...members, rows, findings, ...this.#stale() };
    });
  }

  /**
   * Where the figures of a year no longer are what was published, and by which events: against the counted table, or where a declared one was published
   * against what stands declared.
   */
  async difference(question: TableQuestion): Promise<Difference> {
    return this.#figures.answer(() => {
      const scope = this.#scope(question);
      const { asOf, table } = this.#published(scope, question);
      const { stale } = this.#stale([...READ, 'reports']);
      if (stale !== undefined)
        throw new QueryProblem(
          'read-model-stopped',
          `The figures stand still at event ${stale.eventId}.`,
          'Have an operator look at /health/ready.',
        );
      const form = findForm(table.form);
      if (form === undefined) throw new Error(`a table was published in the form ${table.form}, which this program does not hold`);
      const view = table.view === 'live' ? 'live' : undefined;
      const now = this.#show(scope, { ...question, form: form.id, view });
      const live = valuesOf(
        now.view === 'paper' ? printedRows(now.paper.table) : computeRows(form, scope.year, this.#figures.of({ ...scope, form })),
      );
      const between = { before: valuesOf(table.rows), after: live, paper: table.view !== 'live' };
      return { changes: changesBetween(this.#figures, { ...scope, form }, asOf, between) };
    });
  }

  #published(scope: AgencyScope, { form, rollup }: TableQuestion): PublishedReport {
    if (rollup === true)
      throw new QueryProblem(
        'bad-view',
        'A roll-up is not published.',
        'Leave the view out, or ask for the published table of one agency.',
      );
    return requirePublished(this.#figures, scope, namedForm(form));
  }

  async explain(question: TableQuestion & { readonly cell: string }): Promise<Explanation> {
    return this.#figures.answer(() => {
      const scope = this.#scope(question);
      if (question.view !== 'published') return this.#explain(scope, question);
      const { asOf, table } = this.#published(scope, question);
      const then = this.#explain({ ...scope, index: asOf }, { ...question, form: table.form, view: table.view });
      return { ...then, value: valuesOf(table.rows).get(question.cell) ?? null };
    });
  }

  #explain(scope: AgencyScope, question: TableQuestion & { readonly cell: string }): Explanation {
    const shown = this.#show(scope, question);
    const asked = cellOf(shown.form, question.cell);
    if (asked === undefined && headingOf(shown.form, question.cell) === undefined) {
      throw new QueryProblem(
        'unknown-cell',
        `Form ${shown.form.id} has no cell ${question.cell}.`,
        'Cells are named by the code of their row, with :column where the row prints several.',
      );
    }
    if (question.rollup === true) return this.#explainRolledUp(scope, shown.form, question);
    return shown.view === 'paper'
      ? this.#explainPaper(shown.paper, question.cell)
      : this.#explainCounted({ ...scope, form: shown.form }, question.cell, asked?.scale ?? 0);
  }

  #explainCounted(scope: FormScope, cell: string, scale: number): Explanation {
    const value = valuesOf(computeRows(scope.form, scope.year, this.#figures.of(scope))).get(cell) ?? null;
    const shares = explainedBy(scope.form, cell).flatMap((part) => this.#figures.behind(scope, part));
    return {
      cell,
      value,
      events: this.#events(shares).map(({ index, amount }) => explainedEvent(this.#figures, index, formatDecimal(amount, scale))),
    };
  }

  #explainRolledUp(scope: AgencyScope, form: Form, { cell, view }: { readonly cell: string; readonly view?: string }): Explanation {
    const { value, shares } = this.#rollUp.behind(scope, form, view, cell);
    const agencies = new Map(shares.map(({ index, agency }) => [index, agency]));
    const events = this.#events(shares).map(({ index, amount }) => ({
      ...explainedEvent(this.#figures, index, printAmount(amount)),
      agency: agencies.get(index) as string,
    }));
    return { cell, value, events };
  }

  /** One row per event, in the order of the log; an event whose shares cancel out (an earlier release within the year) is no part of the figure. */
  #events(shares: readonly Share[]): Share[] {
    const amounts = new Map<number, bigint>();
    for (const { index, amount } of shares) amounts.set(index, (amounts.get(index) ?? 0n) + amount);
    return [...amounts]
      .filter(([, amount]) => amount !== 0n)
      .sort(([a], [b]) => a - b)
      .map(([index, amount]) => ({ index, amount }));
  }

  /** On paper one event says every value. One that is no number is its amount as it is printed: nothing adds up there. */
  #explainPaper({ table, index }: Paper, cell: string): Explanation {
    const value = valuesOf(printedRows(table)).get(cell) ?? null;
    const amount: Amount = table.amounts.get(cell) ?? null;
    return {
      cell,
      value,
      events: value === null ? [] : [explainedEvent(this.#figures, index, typeof amount === 'bigint' ? printAmount(amount) : value)],
    };
  }

  #scope({ agency, year, asOf }: TableQuestion, years: 'begun' | 'any' = 'begun'): AgencyScope {
    if (!Number.isInteger(year) || year < 2000 || year > 2100)
      throw new QueryProblem('bad-year', `${year} is no statistics year.`, 'Give a year from 2000 to 2100.');
    const last = yearOf(dateInShanghai(this.#now()));
    if (years === 'begun' && year > last)
      throw new QueryProblem('bad-year', `${year} has not begun in Asia/Shanghai.`, `Give a year from 2000 to ${last}.`);
    const { db } = this.#store;
    const { index } = momentOf(db, asOf, this.#figures.lastIndex());
    const agencyId = agencyIdOf(this.#figures, agency);
    const found = profilesAsOf(this.#figures, agencyId, index);
    if (found === null)
      throw new QueryProblem(
        'unknown-agency',
        `Agency ${agency} is not registered${asOf === undefined ? '' : ' as of then'}.`,
        'Codes are those of agency.registered.',
      );
    return { agencyId, agency: found, year, index };
  }

  /** Which table a question is about. A form named beside it asks for that form: counted, unless the paper is in it. */
  #show(scope: AgencyScope, { form, view, rollup }: TableQuestion): Shown {
    if (view !== undefined && view !== 'live' && view !== 'paper')
      throw new QueryProblem(
        'bad-view',
        `There is no such view here: ${view}.`,
        `Views are ${VIEWS.join(', ')}; only a table has a difference.`,
      );
    const named = namedForm(form);
    if (view === 'paper' && rollup === true)
      throw new QueryProblem(
        'bad-view',
        'A roll-up has no paper view of its own.',
        'Leave the view out: each member adds its declared table where it has one.',
      );
    const paper = view === 'live' ? null : this.#figures.paper(scope);
    if (paper !== null && (named === undefined || named === paper.table.form)) return { view: 'paper', form: paper.table.form, paper };
    if (view === 'paper')
      throw new QueryProblem(
        'no-paper-table',
        paper === null
          ? `No table is declared for ${scope.year}${this.#asOfThen(scope)}.`
          : `The table declared for ${scope.year} is in form ${paper.table.form.id}.`,
        paper === null ? 'Declare one with table.declared, or ask for the live view.' : 'Leave the form out, or ask for the live view.',
      );
    const chosen = named ?? formOf(scope.agency, scope.year);
    if (chosen === undefined)
      throw new QueryProblem(
        'unknown-form',
        `No form of agency ${scope.agency.code} serves ${scope.year}.`,
        'Name one with form=, or add one with agency.changed.',
      );
    return { view: 'live', form: chosen };
  }

  #asOfThen({ index }: Scope): string {
    return index === this.#figures.lastIndex() ? '' : ' as of then';
  }

  #compute(scope: AgencyScope, shown: Shown, { rollup, view }: TableQuestion): Content {
    const { form } = shown;
    if (rollup === true) return this.#rollUp.table(scope, form, view);
    const figures = this.#figures.of({ ...scope, form });
    const lastYear = lastYearOf(this.#figures, scope, form, (before, last) => amountsOfLastYear(this.#figures, before, last));
    if (shown.view === 'live') {
      const facts = { ...figures, ...remarksOf(this.#figures, { ...scope, form }, figures), lastYear };
      return { view: 'live', ...computeTable(form, scope.year, facts) };
    }
    const { table } = shown.paper;
    return { view: 'paper', rows: printedRows(table), findings: [...checkPrinted(table, lastYear), ...paperDiffers(table, figures)] };
  }

  #stale(read = READ): Pick<Table, 'stale'> {
    const found = this.#store.bookmarks().find(({ name, stopped }) => stopped !== null && read.includes(name));
    return found?.stopped == null ? {} : { stale: { projection: found.name, ...found.stopped } };
  }
}

/** The form a question names; undefined where it names none. */
function namedForm(form: string | undefined): Form | undefined {
  const found = form === undefined ? undefined : findForm(form);
  if (form !== undefined && found === undefined)
    throw new QueryProblem('unknown-form', `There is no form ${form}.`, 'Name a form listed in the README.');
  return found;
}
