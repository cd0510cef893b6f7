/**
 * Figures that only the prose of a report has, and the events behind each: counted from what tables are counted from,
 * live or as of an earlier moment. They belong to no form and no view: a table declared from paper says none of them.
 */
import { CHINA_CALENDAR } from '../calendars/china.js';
import { formatDecimal } from '../encoding/decimal.js';
import { answerTimes, type AnswerTime } from '../read-models/deadlines/answer-times.js';
import { Figures, perEvent, type Scope, type Share } from '../read-models/figures/figures.js';
import { releasedItems, type ReleasedItem } from '../read-models/items/released-items.js';
import { describeMoment, type AsOf } from '../read-models/journal/as-of.js';
import { eventsNamed } from '../read-models/journal/explained-event.js';
import { QueryProblem } from '../read-models/query-problem.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { Stale, Staleness } from '../read-models/staleness.js';
import { POLICY } from '../statistics/measures.js';
import {
  ANSWERS,
  ANSWERS_IN_TIME,
  COUNTED_FIGURES,
  groupHead,
  groupOf,
  MEDIAN_DAYS,
  medianOf,
  MONTHS,
  SHARE_IN_TIME,
  shareOf,
  WITHOUT_CATEGORY,
  WITHOUT_REVIEW,
  type CountedFigure,
  type Grouping,
  type ProseFigure,
} from '../statistics/prose/figures.js';
import { STATISTICS_MODELS } from './table-models.js';
import type { TableReader } from './table-reader.js';
import { explanationOf, type Behind, type Explanation } from './table.js';
import { scopeOf, untilOf, type AgencyScope, type YearQuestion } from './year-view.js';

export interface Statistics {
  readonly agency: string;
  readonly year: number;
  /** Version of the counting policy, and of the built-in working days, as of a table. */
  readonly policy: string;
  readonly calendar: string;
  readonly asOf: AsOf;
  readonly statistics: readonly ProseFigure[];
  /** Set while what they are made of lags, fails or stands still, as of a table. */
  readonly stale: Stale | null;
}

/** A cell of an explanation that is one of these; what only a table has may be named and is refused. */
export interface FigureQuestion extends YearQuestion {
  readonly cell: string;
  readonly view?: string;
  readonly rollup?: boolean;
}

type Explained = Pick<Explanation, 'value' | 'of'> & { readonly shares: readonly Share[]; readonly scale?: number };

export class StatisticsReader {
  readonly #store: ReadStore;
  readonly #tables: TableReader;
  readonly #staleness: Staleness;
  readonly #figures: Figures;

  constructor(store: ReadStore, tables: TableReader, staleness: Staleness) {
    this.#store = store;
    this.#tables = tables;
    this.#staleness = staleness;
    this.#figures = new Figures(store);
  }

  /** Errors: as of a table of the year, but those of forms and views. */
  async statistics(question: YearQuestion): Promise<Statistics> {
    const { answer, marks, until } = this.#figures.answer(() => {
      const scope = this.#scope(question);
      const { agency, year } = question;
      const asOf = describeMoment(this.#store.db, scope);
      return {
        answer: { agency, year, policy: POLICY, calendar: CHINA_CALENDAR, asOf, statistics: this.#all(scope) },
        marks: this.#store.bookmarks().filter(({ name }) => STATISTICS_MODELS.includes(name)),
        until: untilOf(scope, question),
      };
    });
    return { ...answer, stale: await this.#staleness.of(marks, until) };
  }

  /**
   * The events behind one, in the order of the log. Their amounts add up to the value; of a median they are the days of
   * each case, of a share 1 or 0. Errors: as of `statistics`, `unknown-cell`, `bad-view`, `bad-parameter` (a roll-up).
   */
  async explain(question: FigureQuestion): Promise<Explanation> {
    return explanationOf(this.behind(question));
  }

  /** Errors: as of `explain`. */
  behind(question: FigureQuestion): Behind {
    const { cell } = question;
    requireNoTable(question);
    const { value, shares, of, scale = 0 } = this.#figures.answer(() => this.#behind(this.#scope(question), cell));
    const printed = shares.map(({ index, amount }) => ({ index, amount: formatDecimal(amount, scale) }));
    return { cell, value, of, shares: printed, named: (some) => eventsNamed(this.#figures, some) };
  }

  #scope(question: YearQuestion): AgencyScope {
    this.#tables.requireYear(question.year);
    return scopeOf(this.#figures, this.#store, question);
  }

  #all(scope: Scope): ProseFigure[] {
    const items = releasedItems(this.#figures, scope);
    const { items: ofItems, others } = COUNTED_FIGURES;
    const counted = (heads: readonly CountedFigure[]): ProseFigure[] => heads.map((head) => this.#counted(scope, head));
    return [...counted(ofItems), ...groupsOf(items), ...counted(others), ...ofAnswers(answerTimes(this.#figures, scope))];
  }

  #counted(scope: Scope, { select, scale, ...head }: CountedFigure): ProseFigure {
    return { ...head, value: sumOf(this.#figures.counted(scope, select), scale) };
  }

  #behind(scope: Scope, code: string): Explained {
    const { items, others } = COUNTED_FIGURES;
    const counted = [...items, ...others].find((figure) => figure.code === code);
    if (counted !== undefined) return added(perEvent(this.#figures.counted(scope, counted.select)), counted.scale);
    const inGroup = groupTest(code);
    if (inGroup !== null) return added(releasedItems(this.#figures, scope).filter(inGroup).map(once));
    return this.#behindAnswers(scope, code);
  }

  #behindAnswers(scope: Scope, code: string): Explained {
    const answers = answerTimes(this.#figures, scope);
    const figure = ofAnswers(answers).find((one) => one.code === code);
    if (figure === undefined)
      throw new QueryProblem('unknown-cell', `There is no figure ${code}.`, 'The statistics of a year list their codes.');
    const { value, of } = figure;
    if (code === MEDIAN_DAYS.code) return { value, shares: answers.map(({ index, days }) => ({ index, amount: BigInt(days) })) };
    if (code === SHARE_IN_TIME.code)
      return { value, of, shares: answers.map(({ index, inTime }) => ({ index, amount: inTime ? 1n : 0n })) };
    return added(answers.filter(({ inTime }) => inTime || code === ANSWERS.code).map(once));
  }
}

/** A figure of no form has no view and is of one agency. Errors: `bad-view`, `bad-parameter`. */
function requireNoTable({ cell, view, rollup }: FigureQuestion): void {
  if (view !== undefined && view !== 'live')
    throw new QueryProblem('bad-view', `${cell} stands in no table: it has no view ${view}.`, 'Leave the view out.');
  if (rollup === true) throw new QueryProblem('bad-parameter', `${cell} is of one agency: it is not rolled up.`, 'Leave rollup out.');
}

/** The items by category, unit and month; months always, of the others those that occur, by code point. */
function groupsOf(items: readonly ReleasedItem[]): ProseFigure[] {
  const grouped = (grouping: Grouping, counts: ReadonlyMap<string, number>, dimensions: readonly string[]): ProseFigure[] =>
    dimensions.map((dimension) => ({ ...groupHead(grouping, dimension), value: String(counts.get(dimension) ?? 0) }));
  const categories = countsOf(items.flatMap(({ category }) => category ?? []));
  const units = countsOf(items.flatMap((item) => item.units));
  return [
    ...grouped('category', categories, [...categories.keys()].sort()),
    { ...WITHOUT_CATEGORY, value: String(items.filter(isWithoutCategory).length) },
    ...grouped('unit', units, [...units.keys()].sort()),
    { ...WITHOUT_REVIEW, value: String(items.filter(isWithoutReview).length) },
    ...grouped('month', countsOf(items.map(({ month }) => month)), MONTHS),
  ];
}

function countsOf(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function ofAnswers(answers: readonly AnswerTime[]): ProseFigure[] {
  const [whole, part] = [answers.length, answers.filter(({ inTime }) => inTime).length];
  const of = {
    part: { code: ANSWERS_IN_TIME.code, value: String(part) },
    whole: { code: ANSWERS.code, value: String(whole) },
  };
  return [
    { ...ANSWERS, value: String(whole) },
    { ...ANSWERS_IN_TIME, value: String(part) },
    { ...SHARE_IN_TIME, value: shareOf(BigInt(part), BigInt(whole)), of },
    {
      ...MEDIAN_DAYS,
      value: medianOf(answers.map(({ days }) => days)),
      cases: answers.map(({ case: name, days }) => ({ case: name, days })),
    },
  ];
}

const isWithoutCategory = ({ category }: ReleasedItem): boolean => category === null;
const isWithoutReview = ({ units }: ReleasedItem): boolean => units.length === 0;

function isIn(grouping: Grouping, dimension: string): (item: ReleasedItem) => boolean {
  return (item) => (grouping === 'unit' ? item.units.includes(dimension) : item[grouping] === dimension);
}

/** Which items a code of a group takes; null where it is none. */
function groupTest(code: string): ((item: ReleasedItem) => boolean) | null {
  if (code === WITHOUT_CATEGORY.code) return isWithoutCategory;
  if (code === WITHOUT_REVIEW.code) return isWithoutReview;
  const group = groupOf(code);
  return group === null ? null : isIn(group.grouping, group.dimension);
}

const once = ({ index }: { readonly index: number }): Share => ({ index, amount: 1n });

const sumOf = (shares: readonly Share[], scale = 0): string =>
  formatDecimal(
    shares.reduce((total, { amount }) => total + amount, 0n),
    scale,
  );

const added = (shares: readonly Share[], scale = 0): Explained => ({ value: sumOf(shares, scale), shares, scale });
