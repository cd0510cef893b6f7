/**
 * What cells of a year printed after each event that changed them: the default view as of every moment. Contributions
 * are added up on the way; only where something else changes (a declared figure or table, a form) is it read again.
 */
import { sure } from '../encoding/unknown-values.js';
import { profilesAsOf } from '../read-models/agencies/agency-reader.js';
import type { Figures } from '../read-models/figures/figures.js';
import { additionsFrom, firstMovement, recordingOf, turnsFrom, type Addition } from '../read-models/figures/movements.js';
import { acrossYears, cellsIn, rowsOf, selects, type Form, type FormRow } from '../statistics/form.js';
import { printedRows } from '../statistics/published-table.js';
import { computeRows, valuesOf, type YearFigures, type YearSum } from '../statistics/table.js';
import type { CalendarDate } from '../time/calendar-date.js';
import { dateInShanghai } from '../time/instant.js';
import { defaultView, type AgencyScope } from './year-view.js';

/** From an event on the cell printed this; of the first entry, before the first act of the year, no event. */
export interface HistoryValue {
  readonly index: number;
  readonly recordedAt: string | null;
  readonly eventId: string | null;
  readonly value: string | null;
}

/** The last value of a day of recording in Asia/Shanghai; null before the first act of the year. */
export interface DayValue {
  readonly on: CalendarDate | null;
  readonly value: string | null;
}

export interface CellHistory<V = HistoryValue> {
  readonly cell: string;
  readonly values: readonly V[];
}

type Values = readonly (string | null)[];

/** The cells as the events before left them. `sums` null while a declared table stands in the place of the counted. */
interface Standing {
  readonly form: Form | null;
  readonly sums: Sums | null;
  readonly values: Values;
}

/** Sums by year, measure and dimensions, which contributions are added to. */
interface Sums {
  readonly own: Map<string, YearSum>;
  readonly earlier: Map<string, YearSum>;
  readonly declared: YearFigures['declared'];
}

const nameOf = ({ year, measure, dimensions }: Pick<YearSum, 'year' | 'measure' | 'dimensions'>): string =>
  `${year} ${measure} ${JSON.stringify(Object.entries(dimensions).sort())}`;

/** `scope.index`: up to which event. */
export function cellHistories(figures: Figures, scope: AgencyScope, cells: readonly string[]): CellHistory[] {
  const walk = new Walk(figures, scope, cells);
  const first = firstMovement(figures, scope) ?? scope.index + 1;
  let standing = walk.at(first - 1);
  const found = cells.map((cell, at): { cell: string; values: HistoryValue[] } => ({
    cell,
    values: [{ index: first - 1, recordedAt: null, eventId: null, value: standing.values[at] ?? null }],
  }));
  for (const { index, added } of walk.steps(first)) {
    const next = added === null ? walk.at(index) : walk.with(standing, added);
    next.values.forEach((value, at) => {
      if (value === (standing.values[at] ?? null)) return;
      sure(found[at]).values.push({ index, ...recordingOf(figures, index), value });
    });
    standing = next;
  }
  return found;
}

/** The same by the day of recording, each day's last value where it is another than the day before. */
export function byDay({ cell, values }: CellHistory): CellHistory<DayValue> {
  const days: DayValue[] = [];
  for (const { recordedAt, value } of values) {
    const on = recordedAt === null ? null : dateInShanghai(Date.parse(recordedAt));
    if (days.length > 0 && days.at(-1)?.on === on) days.pop();
    if (days.length === 0 || days.at(-1)?.value !== value) days.push({ on, value });
  }
  return { cell, values: days };
}

class Walk {
  readonly #figures: Figures;
  readonly #scope: AgencyScope;
  readonly #cells: readonly string[];
  readonly #parts = new Map<Form, Form>();

  constructor(figures: Figures, scope: AgencyScope, cells: readonly string[]) {
    this.#figures = figures;
    this.#scope = scope;
    this.#cells = cells;
  }

  /** The cells as of an event, read whole. */
  at(index: number): Standing {
    const agency = profilesAsOf(this.#figures, this.#scope.agencyId, index);
    const scope = agency === null ? null : { ...this.#scope, agency, index };
    const shown = scope === null ? null : defaultView(this.#figures, scope);
    if (scope === null || shown === null) return { form: null, sums: null, values: this.#cells.map(() => null) };
    if (shown.view === 'paper') return { form: shown.form, sums: null, values: this.#pick(valuesOf(printedRows(shown.paper.table))) };
    const form = this.#partOf(shown.form);
    const { sums, earlier, declared } = this.#figures.of({ ...scope, form });
    const own = sums.map((sum) => ({ ...sum, year: this.#scope.year }));
    return this.#counted(form, { own: named(own), earlier: named(earlier), declared });
  }

  /** The same with what one event contributes. */
  with(standing: Standing, added: readonly Addition[]): Standing {
    const { form, sums } = standing;
    if (form === null || sums === null) return standing;
    const across = acrossYears(form);
    for (const { year, keyId, amount } of added) {
      const key = sure(this.#figures.measures().find((measure) => measure.keyId === keyId));
      const { measure, dimensions } = key;
      const into = year === this.#scope.year ? sums.own : selects(across, measure, dimensions) ? sums.earlier : null;
      const name = nameOf({ year, measure, dimensions });
      into?.set(name, { year, measure, dimensions, amount: (into.get(name)?.amount ?? 0) + amount });
    }
    return this.#counted(form, sums);
  }

  #counted(form: Form, sums: Sums): Standing {
    const { own, earlier, declared } = sums;
    const rows = computeRows(form, this.#scope.year, { sums: [...own.values()], earlier: [...earlier.values()], declared });
    return { form, sums, values: this.#pick(valuesOf(rows)) };
  }

  #pick(values: ReadonlyMap<string, string | null>): Values {
    return this.#cells.map((cell) => values.get(cell) ?? null);
  }

  /** The form with nothing but the cells that are asked for and their parts: most of a table is not looked at. */
  #partOf(form: Form): Form {
    const known = this.#parts.get(form);
    if (known !== undefined) return known;
    const needed = new Set<string>();
    const need = (cell: string): void => {
      const found = cellsIn(form, this.#scope.year).find((place) => place.cell === cell);
      if (found === undefined || needed.has(cell)) return;
      needed.add(cell);
      if (found.source.basis === 'computed') found.source.sumOf.forEach(need);
    };
    this.#cells.forEach(need);
    const part = { ...form, rows: rowsOf(form, this.#scope.year).flatMap((row) => rowWith(row, needed)) };
    this.#parts.set(form, part);
    return part;
  }

  /** Events from `first` on that may move a cell, in their order; `added` null where it is to be read again. */
  *steps(first: number): Generator<{ readonly index: number; readonly added: readonly Addition[] | null }> {
    const turns = new Set(turnsFrom(this.#figures, this.#scope, first));
    const rows = Map.groupBy(additionsFrom(this.#figures, this.#scope, first), ({ index }) => index);
    const indexes = [...new Set([...turns, ...rows.keys()])].sort((a, b) => a - b);
    for (const index of indexes) yield { index, added: turns.has(index) ? null : (rows.get(index) ?? []) };
  }
}

const named = (sums: readonly YearSum[]): Map<string, YearSum> => new Map(sums.map((sum) => [nameOf(sum), sum]));

function rowWith(row: FormRow, needed: ReadonlySet<string>): FormRow[] {
  if (!('columns' in row)) return needed.has(row.code) ? [row] : [];
  const columns = Object.entries(row.columns).filter(([column]) => needed.has(`${row.code}:${column}`));
  return columns.length === 0 ? [] : [{ ...row, columns: Object.fromEntries(columns) }];
}
