/**
 * The second calculator: every cell of every table anew from the stored acts, independently of the program that printed
 * it. It takes events in log order and keeps what a figure may rest on; a table as of an earlier event is computed from
 * what stood then. It reads neither what decisions added to the acts nor what is sealed, and imports nothing of the
 * program.
 */
import { ActStore, NONE } from './act-store.js';
import { Act, closesApplication, inTime, READERS, says, stood, type ActOf } from './acts.js';
import { Agencies } from './agencies.js';
import { termOf, type ClockStep, type Term } from './clock.js';
import { momentOf, yearOfDay, type CalendarYear, type Moment } from './days.js';
import { fits, printed, readPrinted, scaled, written, type Decimal, type Edition } from './decimal.js';
import { FORM_SPECS, specOf, type FormSpec, type Recipe, type Recipes, type Stock } from './forms.js';
import { isAct, optionalText, requireKnown, textOf, Uncountable, type RawEvent } from './raw-event.js';
import { Rows } from './rows.js';
import { SeenIds } from './seen-ids.js';
import { tallyOf, type Case, type Tally } from './tally.js';

export type View = 'live' | 'paper';

export interface TableQuery {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  /** Absent: paper where a table in this form is declared for the year, else live. */
  readonly view?: View;
  /** Index of the last event that counts; absent = all that were added. */
  readonly at?: number;
}

export interface CalculatedTable {
  readonly view: View;
  /** In which edition the printed values of a paper view are read; null where acts are counted. */
  readonly edition: Edition | null;
  /** By the name of the cell: the value as the form prints it, null where it prints none. */
  readonly cells: Readonly<Record<string, string | null>>;
}

/** What one agency has recorded. */
interface Books {
  /** The numbers of its streams. */
  readonly cases: number[];
  /** Figures and tables it declared, in the order of recording. */
  readonly declared: (ActOf<'figure'> | ActOf<'table'>)[];
  /** Years in which an act of its work is dated, with the index of the first one recorded; taken back or not. */
  readonly years: Map<number, number>;
}

/** Acts that are no work of the agency's: they make no year one of which something is recorded. */
const OF_NO_YEAR = /^(agency|record|calendar|report|table)\./;

/** Columns of a stream: its kind's number, and the row of the act recorded last in it. */
const KIND = 0;
const LAST = 1;

/** The form that prints everything that may be open at the end of a year. */
const WITH_BALANCES = FORM_SPECS.filter(({ id }) => id === '2021');

/** Tables asked of one state of the log share its tally; older ones are forgotten. */
const TALLIES_KEPT = 64;

const READ = new Map(Object.entries(READERS));

export class Calculator {
  readonly #agencies: Agencies;
  readonly #books = new Map<string, Books>();
  /** The number of each stream, what is known of it, and the kinds there are. */
  readonly #numbers = new Map<string, number>();
  readonly #streams = new Rows(Int32Array, 2);
  readonly #kinds: string[] = [];
  readonly #kindNumbers = new Map<string, number>();
  readonly #acts = new ActStore();
  readonly #seen = new SeenIds();
  readonly #tallies = new Map<string, Tally>();
  #last = -1;

  constructor(options: { readonly calendars: readonly CalendarYear[] }) {
    this.#agencies = new Agencies(options.calendars);
  }

  /**
   * The next event of the log, or of a part of it. `first`: whether no other stream used its id before, from whoever
   * knows every entry; else it is found out from the events that were added. Errors: `Uncountable`; figures that would
   * hold it are then unknown.
   */
  add(event: RawEvent, first?: boolean): void {
    if (event.index <= this.#last) throw new Uncountable(event.index, event.type, `it comes behind event ${this.#last}`);
    this.#last = event.index;
    this.#tallies.clear();
    requireKnown(event);
    if (!isAct(event.type)) {
      if (first === undefined) this.#seen.firstUser(event.eventId, this.#stream(event.stream, null));
      return;
    }
    const agency = textOf(event, event.metadata['agency'], 'metadata.agency');
    const stream = this.#stream(event.stream, agency);
    const counts = first ?? this.#seen.firstUser(event.eventId, stream) === stream;
    if (event.type === 'record.voided') return this.#void(event, stream);
    if (event.type.startsWith('agency.') || event.type === 'calendar.announced') this.#ofAgency(event, agency);
    const read = READ.get(event.type);
    const isWork = !OF_NO_YEAR.test(event.type);
    if (read === undefined && !isWork) return;
    const moment = momentOf(event);
    if (isWork) this.#worked(agency, yearOfDay(moment.day), event.index);
    if (read === undefined) return;
    const said = read(event, moment);
    if (said === null) return;
    const { day, ms } = moment;
    const source = optionalText(event.metadata['source']) ?? '';
    const id = optionalText(event.metadata['id']) ?? '';
    const last = this.#streams.get(stream, LAST);
    const act = new Act(event.index, day, ms, counts, said, closesApplication(said) ? this.#acts.chain(last) : null);
    if (closesApplication(said)) act.term = this.#judge(event, act, agency);
    this.#streams.set(stream, LAST, this.#acts.add(act, last, { source, id }));
    if (says(act, 'figure') || says(act, 'table')) this.#booksOf(agency).declared.push(act);
  }

  /** Errors: RangeError for a form that is not known, or a paper view where no such table is declared. */
  table({ agency, year, form, view, at = this.#last }: TableQuery): CalculatedTable {
    const spec = specOf(form);
    const recipes = spec.recipes(year);
    const paper = view === 'live' ? null : this.#paper(agency, year, at);
    if (paper !== null && paper.said.form === form)
      return { view: 'paper', edition: paper.said.edition, cells: printedCells(recipes, paper) };
    if (view === 'paper') throw new RangeError(`no table in form ${form} is declared for ${agency} ${year}`);
    return { view: 'live', edition: null, cells: this.#count(agency, year, spec, recipes, at) };
  }

  /** Agencies registered by then. */
  agencies(at = this.#last): string[] {
    return this.#agencies.codes(at);
  }

  /** Years in which anything of an agency counts or is declared, in order. */
  years(agency: string, at = this.#last): number[] {
    const declared = this.#booksOf(agency).declared.filter((act) => act.counts && stood(act, at));
    return [...new Set([...this.#tally(agency, at).years, ...declared.map(({ said }) => said.year)])].sort((a, b) => a - b);
  }

  /**
   * The form of a year's table where none is named: of the table declared for it, else the agency's own; null where
   * none serves the year.
   */
  formOf(agency: string, year: number, at = this.#last): string | null {
    return this.#paper(agency, year, at)?.said.form ?? this.ownForm(agency, year, at);
  }

  /** The form of a year among the agency's own; null where none serves it. */
  ownForm(agency: string, year: number, at = this.#last): string | null {
    const forms = this.#agencies.profile(agency, lastDayOf(year), at)?.forms ?? [];
    return FORM_SPECS.find(({ id, years: [from, to] }) => forms.includes(id) && year >= from && year <= to)?.id ?? null;
  }

  /** Whether a table stands declared for the year. */
  isDeclared(agency: string, year: number, at = this.#last): boolean {
    return this.#paper(agency, year, at) !== null;
  }

  /** Agencies below one on 31 December of the year, in the order of a roll-up. */
  below(agency: string, year: number, at: number): { readonly agency: string; readonly vertical: boolean }[] {
    return this.#agencies.below(agency, lastDayOf(year), at);
  }

  /** Nothing is recorded of the year: no act dated in it, no figure and no table declared for it, nothing open. */
  isMissing(agency: string, year: number, at: number): boolean {
    const { declared, years } = this.#booksOf(agency);
    const isOf = (act: Books['declared'][number]): boolean => act.counts && stood(act, at) && act.said.year === year;
    if ((years.get(year) ?? Infinity) <= at || declared.some(isOf)) return false;
    const tally = this.#tally(agency, at);
    const open = WITH_BALANCES.flatMap((form) => [...form.recipes(year).values()]).filter((recipe) => recipe.how === 'open');
    return open.every(({ begun, ended }) => tally.between(begun, -Infinity, year) <= tally.between(ended, -Infinity, year));
  }

  #worked(agency: string, year: number, index: number): void {
    const { years } = this.#booksOf(agency);
    if (!years.has(year)) years.set(year, index);
  }

  #ofAgency(event: RawEvent, agency: string): void {
    if (event.type === 'agency.registered') this.#agencies.registered(event, agency, momentOf(event).day);
    if (event.type === 'agency.changed') this.#agencies.changed(event, agency, momentOf(event).day);
    if (event.type === 'calendar.announced') this.#agencies.announced(event, agency);
  }

  /** The case is then as if it had never had the act; a void of an act that counts nothing finds none here. */
  #void(event: RawEvent, stream: number): void {
    const { message } = event.data as { message?: { id?: unknown; source?: unknown } };
    const id = textOf(event, message?.id, 'data.message.id');
    const source = optionalText(message?.source) ?? optionalText(event.metadata['source']);
    this.#acts.void(this.#streams.get(stream, LAST), id, source, event.index);
  }

  /** By the acts before it and by the calendars announced so far. */
  #judge(event: RawEvent, close: Act, agency: string): Term {
    let received: ActOf<'received'> | null = null;
    const steps: (ClockStep & { readonly index: number })[] = [];
    for (let act = close.before; act !== null; act = act.before) {
      if (!stood(act, event.index) || isAfter(act, close)) continue;
      if (says(act, 'received')) received = act;
      const { said, day, ms, index } = act;
      if ('days' in said) steps.push({ what: said.what, days: said.days, day, ms, index });
    }
    if (received === null) throw new Uncountable(event.index, event.type, 'no receipt of the application stands before it');
    return termOf({
      law: received.said.law,
      received,
      steps: steps.sort(inTime),
      closed: close,
      isReply: close.said.what === 'replied',
      isWorked: this.#agencies.workedAt(agency, close.day),
    });
  }

  #count(agency: string, year: number, spec: FormSpec, recipes: Recipes, at: number): Record<string, string | null> {
    const tally = this.#tally(agency, at);
    const cells: Record<string, string | null> = {};
    const value = (cell: string): string | null => {
      const recipe = recipes.get(cell);
      if (recipe === undefined) return null;
      return (cells[cell] ??= this.#value(recipe, cell, { agency, year, form: spec.id, at, tally, value }));
    };
    return Object.fromEntries([...recipes.keys()].map((cell) => [cell, value(cell)]));
  }

  #value(recipe: Recipe, cell: string, of: Computing): string | null {
    const { tally, year } = of;
    switch (recipe.how) {
      case 'heading':
        return null;
      case 'flow':
        return written(scaled(tally.between(recipe.of, year - 1, year), recipe.places));
      case 'open': {
        const upTo = recipe.at === 'opening' ? year - 1 : year;
        return String(tally.between(recipe.begun, -Infinity, upTo) - tally.between(recipe.ended, -Infinity, upTo));
      }
      case 'declared':
        return this.#figure(of, cell, year)?.said.value ?? null;
      case 'stock':
        return this.#stock(recipe, cell, of);
      case 'total': {
        const parts = recipe.of.map(of.value).filter((part) => part !== null);
        return parts.length === 0 ? null : written(parts.reduce<Decimal>((sum, part) => sum + number(part, null), 0n));
      }
    }
  }

  #stock({ plus, minus, places, unit }: Stock, cell: string, of: Computing): string | null {
    const { tally, year } = of;
    const base = this.#base(of, cell, places, unit);
    if (base === null) return null;
    const change = tally.between(plus, base.year, year) - tally.between(minus, base.year, year);
    return change === 0 ? base.value : written(number(base.value, unit) + scaled(change, places));
  }

  /** The figure declared for a cell and year that was recorded last. */
  #figure({ agency, form, at }: Computing, cell: string, year: number): ActOf<'figure'> | null {
    for (const act of this.#booksOf(agency).declared.toReversed()) {
      if (!act.counts || !stood(act, at) || !says(act, 'figure')) continue;
      const { said } = act;
      if (said.cell === cell && said.year === year && said.form === form) return act;
    }
    return null;
  }

  /**
   * The stock at the end of the latest year for which one is declared: by itself, or for an earlier year in a table
   * known from paper. Of several for one year the last recorded holds; a printed value that is no number, or finer than
   * the cell, is none.
   */
  #base(of: Computing, cell: string, places: number, unit: '元' | null): { readonly year: number; readonly value: string } | null {
    const { agency, form, at, year } = of;
    const years = new Set(this.#booksOf(agency).declared.map(({ said }) => said.year));
    for (const past of [...years].filter((one) => one <= year).sort((a, b) => b - a)) {
      const figure = this.#figure(of, cell, past);
      const paper = past === year ? null : this.#paper(agency, past, at);
      const stock = paper === null || paper.said.form !== form ? null : readPrinted(paper.said.cells[cell], unit, paper.said.edition);
      if (paper !== null && stock !== null && fits(stock, places) && (figure === null || figure.index < paper.index))
        return { year: past, value: written(stock) };
      if (figure !== null) return { year: past, value: figure.said.value };
    }
    return null;
  }

  /** The table declared for a year that was recorded last. */
  #paper(agency: string, year: number, at: number): ActOf<'table'> | null {
    for (const act of this.#booksOf(agency).declared.toReversed())
      if (act.counts && stood(act, at) && says(act, 'table') && act.said.year === year) return act;
    return null;
  }

  #tally(agency: string, at: number): Tally {
    const name = `${at} ${agency}`;
    const known = this.#tallies.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.#tallies.keys();
    if (oldest !== undefined && this.#tallies.size >= TALLIES_KEPT) this.#tallies.delete(oldest);
    const tally = tallyOf(this.#casesOf(agency), at);
    this.#tallies.set(name, tally);
    return tally;
  }

  #booksOf(agency: string): Books {
    const books = this.#books.get(agency) ?? { cases: [], declared: [], years: new Map<number, number>() };
    this.#books.set(agency, books);
    return books;
  }

  *#casesOf(agency: string): Generator<Case> {
    for (const stream of this.#booksOf(agency).cases)
      yield {
        kind: this.#kinds[this.#streams.get(stream, KIND)] as string,
        last: this.#acts.chain(this.#streams.get(stream, LAST)),
      };
  }

  /** The number of a stream, which is a case of the agency; of none where that is null. */
  #stream(name: string, agency: string | null): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#streams.add();
    this.#numbers.set(name, number);
    const kind = agency === null ? '' : name.slice(0, name.indexOf(`-${agency}/`));
    this.#streams.set(number, KIND, this.#kindNumber(kind));
    this.#streams.set(number, LAST, NONE);
    if (agency !== null) this.#booksOf(agency).cases.push(number);
    return number;
  }

  #kindNumber(kind: string): number {
    const known = this.#kindNumbers.get(kind);
    if (known !== undefined) return known;
    const number = this.#kinds.push(kind) - 1;
    this.#kindNumbers.set(kind, number);
    return number;
  }
}

/** What a cell is being computed from. */
interface Computing {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly at: number;
  readonly tally: Tally;
  readonly value: (cell: string) => string | null;
}

/**
 * Of a figure, which was a number of its cell when it was declared: plain in version 1, and the second edition reads
 * that as the same.
 */
const number = (text: string, unit: '元' | null): Decimal => readPrinted(text, unit, 2) ?? 0n;

const isAfter = (a: Moment, b: Moment): boolean => a.day > b.day || (a.day === b.day && a.ms > b.ms);

const lastDayOf = (year: number): number => Date.UTC(year, 11, 31) / 86_400_000;

/** A table as it was printed. A heading prints nothing. */
function printedCells(recipes: Recipes, { said: { cells } }: ActOf<'table'>): Record<string, string | null> {
  return Object.fromEntries([...recipes].map(([cell, { how }]) => [cell, how === 'heading' ? null : printed(cells[cell])]));
}
