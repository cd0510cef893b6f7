/**
 * Yearly tables and the events behind each cell, live or as of an earlier moment. The default view of a year is the
 * table declared for it, where one stands, else the counted one; rules between years look at the default view of the
 * year before.
 */
import { CHINA_CALENDAR } from '../calendars/china.js';
import type { Profiles } from '../domain/agency/state.js';
import { sure } from '../encoding/unknown-values.js';
import { dateInShanghai } from '../time/instant.js';
import { formatDecimal } from '../encoding/decimal.js';
import { yearOf } from '../time/calendar-date.js';
import type { Bookmark, ReadStore } from '../read-models/read-store.js';
import { NotWhole } from '../sqlite/open-database.js';
import { printAmount, type Amount } from '../statistics/amount.js';
import { withCaseCount } from '../statistics/checks.js';
import { cellOf, cellsIn, explainedBy, headingOf, prints, type Form, type FormCell } from '../statistics/form.js';
import { columnsOf, sectionOf } from '../statistics/heads.js';
import { findForm, headsOf } from '../statistics/forms/registry.js';
import { POLICY } from '../statistics/measures.js';
import { checkPrinted, paperDiffers, printedRows } from '../statistics/published-table.js';
import { computeRows, computeTable, valuesOf, type TableRow } from '../statistics/table.js';
import { describeMoment } from '../read-models/journal/as-of.js';
import { changesBetween } from '../read-models/figures/changes.js';
import { eventsNamed } from '../read-models/journal/explained-event.js';
import { Figures, perEvent, type FormScope, type Paper, type Scope, type Share } from '../read-models/figures/figures.js';
import { requirePublished, standingReport, type PublishedReport } from './published-report.js';
import { QueryProblem } from '../read-models/query-problem.js';
import { remarksOf } from '../read-models/remarks.js';
import { RollUp } from './roll-up.js';
import type { Staleness } from '../read-models/staleness.js';
import { byDay, cellHistories } from './cell-history.js';
import { REPORTS, TABLE_MODELS } from './table-models.js';
import { compared, type Earlier } from './compared.js';
import { contentHash, tableHash } from './table-hash.js';
import {
  amountsOfLastYear,
  formOf,
  lastYearOf,
  noView,
  scopeOf,
  untilOf,
  VIEWS_HINT,
  type AgencyScope,
  type YearQuestion,
  type YearView,
  type View,
} from './year-view.js';
import { explanationOf, MAX_CELLS } from './table.js';
import type {
  Behind,
  CellQuestion,
  Difference,
  Explanation,
  History,
  HistoryQuestion,
  MarkedTable,
  PlainTable,
  PublishedMark,
  Table,
  TableQuestion,
} from './table.js';

/** What a cell stands for. */
type Found = Omit<Behind, 'named'>;

type Content = Pick<Table, 'rows' | 'findings' | 'members'> & { readonly view: View };

export class TableReader {
  readonly #store: ReadStore;
  readonly #staleness: Staleness | null;
  readonly #figures: Figures;
  readonly #rollUp: RollUp;
  readonly #now: () => number;
  #computed = 0;

  /**
   * `now`: the clock, which says whether a year has begun. `staleness` is left out where nobody asks for a whole table.
   */
  constructor(store: ReadStore, now: () => number, staleness: Staleness | null = null) {
    this.#store = store;
    this.#now = now;
    this.#staleness = staleness;
    this.#figures = new Figures(store);
    this.#rollUp = new RollUp(this.#figures);
  }

  /** How many tables were computed since the start. */
  get computed(): number {
    return this.#computed;
  }

  /** Index of the last event counted; -1 before the first. */
  lastIndex(): number {
    return this.#figures.answer(() => this.#figures.lastIndex());
  }

  /** Bookmarks of what tables are made of. */
  marks(): readonly Bookmark[] {
    return this.#marks(TABLE_MODELS);
  }

  async table(question: TableQuestion): Promise<Table> {
    const { found, published, earlier } = this.#figures.answer(() => {
      const scope = this.#scope(question);
      const plain = this.#plain(scope, question);
      const isLive = plain.table.view === 'live';
      return {
        earlier: this.#earlier(question, plain.table.form),
        found: { ...plain, until: untilOf(scope, question) },
        published: isLive ? { published: question.rollup === true ? null : this.#mark(scope, plain.table) } : {},
      };
    });
    const stale = (await this.#staleness?.of(found.marks, found.until)) ?? null;
    const table = withHeads(found.table);
    return { ...table, ...(earlier === null ? {} : compared(table.rows, earlier)), ...published, stale };
  }

  /** The agency as it was known at a moment. Errors: as of a table, but those of forms and views. */
  agencyAsOf(question: YearQuestion): Profiles {
    return this.#figures.answer(() => this.#scope(question).agency);
  }

  /**
   * As it is frozen and packed. `years` any: also one that has not begun. A pack has a table of every year that
   * something was recorded of.
   */
  plain(question: TableQuestion, years: 'begun' | 'any' = 'begun'): MarkedTable {
    return this.#figures.answer(() => this.#plain(this.#scope(question, years), question));
  }

  #plain(scope: AgencyScope, question: TableQuestion): MarkedTable {
    if (question.view === 'published')
      return { table: { ...this.#published(scope, question).table, view: 'published' }, marks: this.#marks([REPORTS]) };
    const shown = this.#show(scope, question);
    const { view, rows, findings: found, ...members } = this.#compute(scope, shown, question);
    const findings = found.map(withCaseCount);
    const asOf = describeMoment(this.#store.db, scope);
    const content = { agency: question.agency, year: question.year, form: shown.form.id, policy: POLICY, calendar: CHINA_CALENDAR };
    const hash = tableHash({ ...content, view, asOf, ...members, rows, findings });
    return { table: { ...content, view, asOf, hash, ...members, rows, findings }, marks: this.#marks(TABLE_MODELS) };
  }

  /** The default view of the year that the table is compared with; null where it is compared with none. */
  #earlier({ compare, view: _, ...question }: TableQuestion, form: string): Earlier | null {
    if (compare === undefined) return null;
    const { table } = this.#plain(this.#scope({ ...question, year: compare }), { ...question, form: undefined, year: compare });
    // One code is another row in another form.
    const values = table.form === form ? valuesOf(table.rows) : new Map<string, string | null>();
    return { said: { year: compare, form: table.form, view: table.view }, values };
  }

  /** What stands published for the year by then, and whether the figures still are what it says. */
  #mark(scope: AgencyScope, { form: id }: PlainTable): PublishedMark | null {
    const standing = standingReport(this.#figures, scope);
    if (standing === null || standing.form !== id) return null;
    const form = findForm(id);
    const differs = form === undefined || standing.table === null || this.#differs(scope, form, standing.table);
    return { hash: standing.hash, index: standing.asOf, differs };
  }

  #differs(scope: AgencyScope, form: Form, table: PlainTable): boolean {
    const before = valuesOf(table.rows);
    const now = this.#standing(scope, form, table);
    return cellsIn(form, scope.year).some(({ cell }) => (before.get(cell) ?? null) !== (now.get(cell) ?? null));
  }

  /**
   * The figures that a published table is held against: those declared from paper where it was of these and they still
   * stand, else the counted ones.
   */
  #standing(scope: AgencyScope, form: Form, table: PlainTable): Map<string, string | null> {
    const { agency, year } = table;
    const now = this.#show(scope, { agency, year, form: form.id, view: table.view === 'live' ? 'live' : undefined });
    return valuesOf(
      now.view === 'paper' ? printedRows(now.paper.table) : computeRows(form, scope.year, this.#figures.of({ ...scope, form })),
    );
  }

  /**
   * Where the figures of a year no longer are what was published, and by which events: against the counted table, or
   * where a declared one was published against what stands declared.
   */
  async difference(question: TableQuestion): Promise<Difference> {
    if (question.rollup === true)
      throw new QueryProblem('bad-view', 'A roll-up has no difference.', 'Leave the view out, or ask for the difference of one agency.');
    return this.#figures.answer(() => {
      const scope = this.#scope(question);
      const { asOf, table } = this.#published(scope, question);
      const stopped = this.#marks([...TABLE_MODELS, REPORTS]).find((mark) => mark.stopped !== null)?.stopped;
      if (stopped != null)
        throw new QueryProblem(
          'read-model-stopped',
          `The figures stand still at event ${stopped.eventId}.`,
          'Have an operator look at /health/ready.',
        );
      const form = findForm(table.form);
      if (form === undefined) throw new Error(`a table was published in the form ${table.form}, which this program does not hold`);
      const live = this.#standing(scope, form, table);
      const between = { before: valuesOf(table.rows), after: live, paper: table.view !== 'live' };
      return { changes: changesBetween(this.#figures, { ...scope, form }, asOf, between) };
    });
  }

  #published(scope: AgencyScope, { form, rollup = false, hash }: TableQuestion): PublishedReport {
    return requirePublished(this.#figures, { ...scope, rollup }, { form: namedForm(form), hash });
  }

  /** Errors: as of a table, `unknown-cell`, `bad-parameter` (none, too many or one twice). */
  async history({ agency, year, cells, by }: HistoryQuestion): Promise<History> {
    if (cells.length < 1 || cells.length > MAX_CELLS || new Set(cells).size < cells.length)
      throw new QueryProblem('bad-parameter', `A history is of 1 to ${MAX_CELLS} cells, each named once.`, 'Write cells=1.1,3.1:total.');
    return this.#figures.answer(() => {
      const scope = this.#scope({ agency, year });
      const { form } = this.#show(scope, { agency, year });
      for (const cell of cells) if (!prints(form, year, cell, true)) throw unknownCell(form, cell);
      const found = cellHistories(this.#figures, scope, cells);
      return { agency, year, form: form.id, cells: by === 'day' ? found.map(byDay) : found };
    });
  }

  async explain(question: CellQuestion): Promise<Explanation> {
    return explanationOf(this.behind(question));
  }

  /** Errors: as of a table, `unknown-cell`. */
  behind(question: CellQuestion): Behind {
    const found = this.#figures.answer((): Found => {
      const scope = this.#scope(question);
      if (question.view !== 'published') return this.#behind(scope, question);
      const { asOf, table } = this.#published(scope, question);
      // A roll-up is compiled of the default view of each member.
      const view = question.rollup === true ? undefined : table.view;
      const then = this.#behind({ ...scope, index: asOf }, { ...question, form: table.form, view });
      return { ...then, value: valuesOf(table.rows).get(question.cell) ?? null };
    });
    return { ...found, named: (shares) => eventsNamed(this.#figures, shares) };
  }

  #behind(scope: AgencyScope, question: CellQuestion): Found {
    const shown = this.#show(scope, question);
    const asked = cellOf(shown.form, question.cell);
    if (asked === undefined && headingOf(shown.form, question.cell) === undefined) throw unknownCell(shown.form, question.cell);
    if (question.rollup === true) return this.#behindRolledUp(scope, shown.form, question);
    return shown.view === 'paper'
      ? this.#behindPaper(shown.paper, question.cell)
      : this.#behindCounted({ ...scope, form: shown.form }, question.cell, asked?.scale ?? 0);
  }

  #behindCounted(scope: FormScope, cell: string, scale: number): Found {
    const value = valuesOf(computeRows(scope.form, scope.year, this.#figures.of(scope))).get(cell) ?? null;
    const parts = explainedBy(scope.form, cell);
    const shares = perEvent(parts.flatMap((part) => this.#figures.behind(scope, part)));
    if (isSum(value, parts)) requireSum(cell, value, formatDecimal(totalOf(shares), scale));
    return { cell, value, shares: shares.map(({ index, amount }) => ({ index, amount: formatDecimal(amount, scale) })) };
  }

  #behindRolledUp(scope: AgencyScope, form: Form, { cell, view }: { readonly cell: string; readonly view?: string }): Found {
    const { value, shares } = this.#rollUp.behind(scope, form, view, cell);
    if (isSum(value, explainedBy(form, cell))) requireSum(cell, value, printAmount(totalOf(shares)));
    const agencies = new Map(shares.map(({ index, agency }) => [index, agency]));
    const printed = perEvent(shares).map(({ index, amount }) => ({
      index,
      amount: printAmount(amount),
      agency: sure(agencies.get(index)),
    }));
    return { cell, value, shares: printed };
  }

  /**
   * On paper one event says every value. One that is no number is its amount as it is printed: nothing adds up there.
   */
  #behindPaper({ table, index }: Paper, cell: string): Found {
    const value = valuesOf(printedRows(table)).get(cell) ?? null;
    const amount: Amount = table.amounts.get(cell) ?? null;
    return { cell, value, shares: value === null ? [] : [{ index, amount: typeof amount === 'bigint' ? printAmount(amount) : value }] };
  }

  /** Errors: `bad-year` for none that a table is given of. */
  requireYear(year: number, years: 'begun' | 'any' = 'begun'): void {
    if (!Number.isInteger(year) || year < 2000 || year > 2100)
      throw new QueryProblem('bad-year', `${year} is no statistics year.`, 'Give a year from 2000 to 2100.');
    const last = yearOf(dateInShanghai(this.#now()));
    if (years === 'begun' && year > last)
      throw new QueryProblem('bad-year', `${year} has not begun in Asia/Shanghai.`, `Give a year from 2000 to ${last}.`);
  }

  #scope(question: YearQuestion, years: 'begun' | 'any' = 'begun'): AgencyScope {
    this.requireYear(question.year, years);
    return scopeOf(this.#figures, this.#store, question);
  }

  /** Which table a question is about. A form named beside it asks for that form: counted, unless the paper is in it. */
  #show(scope: AgencyScope, { form, view, rollup }: TableQuestion): YearView {
    if (view !== undefined && view !== 'live' && view !== 'paper') throw new QueryProblem('bad-view', noView(view), VIEWS_HINT);
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
          ? `No table is declared for ${scope.year}${this.#asOfText(scope)}.`
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

  #asOfText({ index }: Scope): string {
    return index === this.#figures.lastIndex() ? '' : ' as of then';
  }

  #compute(scope: AgencyScope, shown: YearView, { rollup, view }: TableQuestion): Content {
    this.#computed += 1;
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

  #marks(read: readonly string[]): Bookmark[] {
    return this.#store.bookmarks().filter(({ name }) => read.includes(name));
  }
}

function withHeads(table: PlainTable): Omit<Table, 'published' | 'stale'> {
  const { agency, year, form, policy, calendar, view, asOf, hash, members, rows, findings } = table;
  const heads = headsOf(form);
  const inSections = rows.map((row): TableRow => {
    const section = row.cells === undefined ? undefined : sectionOf(heads, row.code)?.section;
    return section === undefined ? row : { ...row, section };
  });
  return {
    ...{ agency, year, form, policy, calendar, view, asOf, hash, contentHash: contentHash(table), columns: columnsOf(heads) },
    ...(members === undefined ? {} : { members }),
    ...{ rows: inSections, findings },
  };
}

function unknownCell({ id }: Form, cell: string): QueryProblem {
  return new QueryProblem(
    'unknown-cell',
    `Form ${id} has no cell ${cell}.`,
    'Cells are named by the code of their row, with :column where the row prints several.',
  );
}

/** Whether a value is nothing but what events add to it, without bases and declared figures. */
function isSum(value: string | null, parts: readonly FormCell[]): value is string {
  return value !== null && parts.every(({ source }) => source.basis === 'counted');
}

function totalOf(shares: readonly Share[]): bigint {
  return shares.reduce((total, { amount }) => total + amount, 0n);
}

/**
 * A figure and the events behind it are read by different indexes. Where they do not add up one of them has rotted, and
 * neither is given. Errors: `NotWhole`.
 */
function requireSum(cell: string, value: string, sum: string): void {
  if (sum !== value) throw new NotWhole(`the events behind ${cell} add up to ${sum}, the table says ${value}`);
}

/** The form a question names; undefined where it names none. */
function namedForm(form: string | undefined): Form | undefined {
  const found = form === undefined ? undefined : findForm(form);
  if (form !== undefined && found === undefined)
    throw new QueryProblem('unknown-form', `There is no form ${form}.`, 'docs/contract/forms.md lists the forms.');
  return found;
}
