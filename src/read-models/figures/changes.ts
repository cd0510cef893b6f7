/**
 * What moved the cells of a year from one moment of the log to another: per cell the events recorded in between that
 * contribute to it, voids too, each with what it added.
 */
import { printAmount, SCALE, UNREADABLE, type Amount } from '../../statistics/amount.js';
import { cellsIn, explainedBy, readIn, type FormCell, type Selection } from '../../statistics/form.js';
import { printedRows } from '../../statistics/published-table.js';
import { amountsOf, computeRows, lastBase, valuesOf } from '../../statistics/table.js';
import { eventsNamed, type ExplainedEvent } from '../journal/explained-event.js';
import type { Figures, FormScope, Share } from './figures.js';

/**
 * What an event does to a cell; `sets`: it says the value itself, so it is part of a change that adds nothing (blank to
 * 0).
 */
interface Step extends Share {
  readonly sets: boolean;
}

/** The cells as they stand at a moment, counted or declared from paper. */
interface Standing {
  readonly texts: ReadonlyMap<string, string | null>;
  readonly amounts: ReadonlyMap<string, Amount>;
}

/** A cell that is no longer as it was published. */
export interface Change {
  readonly cell: string;
  readonly published: string | null;
  /** What it is by now; of two publications what the later one says. */
  readonly live: string | null;
  /** The events that changed it, in the order of the log; their amounts add up to the difference. */
  readonly events: readonly ExplainedEvent[];
}

type Values = ReadonlyMap<string, string | null>;

/**
 * Every cell of the form whose value differs between `before`, the values as of event `from`, and `after`, those as of
 * the scope. `paper`: a table declared for the year stands for its figures where there is one, at either end and in
 * between. Where `from` is the later moment, the events are taken back.
 */
export function changesBetween(
  figures: Figures,
  scope: FormScope,
  from: number,
  { before, after, paper }: { readonly before: Values; readonly after: Values; readonly paper: boolean },
): Change[] {
  const { form, year, index } = scope;
  const differing = cellsIn(form, year).filter(({ cell }) => (before.get(cell) ?? null) !== (after.get(cell) ?? null));
  if (differing.length === 0) return [];
  const [first, last, sign] = from <= index ? [from, index, 1n] : [index, from, -1n];
  const walk = new Path(figures, { ...scope, index: last }, first, paper);
  return differing.map(({ cell }) => ({
    cell,
    published: before.get(cell) ?? null,
    live: after.get(cell) ?? null,
    events: eventsNamed(
      figures,
      merged(walk.steps(cell)).map(({ index: event, amount }) => ({ index: event, amount: printAmount(sign * amount) })),
    ),
  }));
}

/** One share per event. What adds nothing is no part of the change, unless nothing else is. */
function merged(steps: readonly Step[]): Share[] {
  const byEvent = new Map<number, Step>();
  for (const { index, amount, sets } of steps) {
    const known = byEvent.get(index);
    byEvent.set(index, { index, amount: (known?.amount ?? 0n) + amount, sets: sets || known?.sets === true });
  }
  const all = [...byEvent.values()].sort((a, b) => a.index - b.index);
  const moving = all.filter(({ amount }) => amount !== 0n);
  return (moving.length > 0 ? moving : all.filter(({ sets }) => sets)).map(({ index, amount }) => ({ index, amount }));
}

interface Declaration {
  readonly idx: number;
  readonly value: string | null;
}

/** The way from one event to a later one, the scope's. */
class Path {
  readonly #figures: Figures;
  readonly #scope: FormScope;
  readonly #from: number;
  /** Events that put a declared table in the place of the counted one, another in its place, or take it away. */
  readonly #turns: readonly number[];
  readonly #paper: boolean;
  readonly #standing = new Map<number, Standing>();

  constructor(figures: Figures, scope: FormScope, from: number, paper: boolean) {
    this.#figures = figures;
    this.#scope = scope;
    this.#from = from;
    this.#paper = paper;
    const { agencyId, year, index } = scope;
    this.#turns = paper
      ? figures
          .prepare<unknown[], number>('SELECT idx FROM papers WHERE agency_id = ? AND year = ? AND idx > ? AND idx <= ? ORDER BY idx')
          .pluck()
          .all(agencyId, year, from, index)
      : [];
  }

  steps(cell: string): Step[] {
    const parts = explainedBy(this.#scope.form, cell);
    let at = this.#from;
    const steps: Step[] = [];
    for (const turn of this.#turns) {
      steps.push(...this.#counted(parts, at, turn - 1), ...this.#turned(cell, turn));
      at = turn;
    }
    return [...steps, ...this.#counted(parts, at, this.#scope.index)];
  }

  /** Whether a declared table in the form stands for the year at an event. */
  #onPaper(index: number): boolean {
    return this.#paper && this.#figures.paper({ ...this.#scope, index })?.table.form === this.#scope.form;
  }

  /**
   * A declared table comes or goes at this event: the cell is what it says, or what is counted, from one event to the
   * next.
   */
  #turned(cell: string, turn: number): Step[] {
    const [before, after] = [this.#at(turn - 1), this.#at(turn)];
    const [was, is] = [before.texts.get(cell) ?? null, after.texts.get(cell) ?? null];
    if (was === is) return [];
    return [{ index: turn, amount: added(before.amounts.get(cell)) * -1n + added(after.amounts.get(cell)), sets: true }];
  }

  #at(index: number): Standing {
    const known = this.#standing.get(index);
    if (known !== undefined) return known;
    const { form, year } = this.#scope;
    const paper = this.#onPaper(index) ? this.#figures.paper({ ...this.#scope, index }) : null;
    const texts = valuesOf(
      paper === null ? computeRows(form, year, this.#figures.of({ ...this.#scope, index })) : printedRows(paper.table),
    );
    const found = { texts, amounts: paper === null ? amountsOf(form, year, texts) : paper.table.amounts };
    this.#standing.set(index, found);
    return found;
  }

  #counted(parts: readonly FormCell[], from: number, to: number): Step[] {
    return from >= to || this.#onPaper(from) ? [] : parts.flatMap((part) => this.#ofPart(part, from, to));
  }

  #ofPart(part: FormCell, from: number, to: number): Step[] {
    const { source, scale } = part;
    const { year } = this.#scope;
    switch (source.basis) {
      case 'counted': {
        const years = { opening: [-Infinity, year - 1], closing: [-Infinity, year], flow: [year, year] } as const;
        const [since, through] = source.balance === undefined ? years.flow : source.balance === 'opening' ? years.opening : years.closing;
        return this.#rows(source.select, [since, through], from, to, scale);
      }
      case 'declared':
        return this.#declared(part, from, to);
      case 'stock':
        return this.#stock(part, source, from, to);
      case 'computed':
        return [];
    }
  }

  #rows(select: Selection, [since, through]: readonly [number, number], from: number, to: number, scale: number): Step[] {
    const rows = this.#figures.prepare<unknown[], { index: number; amount: number }>(
      'SELECT idx AS "index", amount FROM contributions WHERE agency_id = ? AND year >= ? AND year <= ? AND key_id = ? AND idx > ? AND idx <= ? ORDER BY idx, n',
    );
    const first = Math.max(since, 0);
    return this.#figures.keys(select).flatMap((key) =>
      rows.all(this.#scope.agencyId, first, through, key, from, to).map(({ index, amount }) => ({
        index,
        amount: BigInt(amount) * 10n ** BigInt(SCALE - scale),
        sets: false,
      })),
    );
  }

  /** Each declaration against the one before it; a void brings an earlier one back, or none. */
  #declared(place: FormCell, from: number, to: number): Step[] {
    const { cell } = place;
    const { agencyId, year, form } = this.#scope;
    const rows = this.#figures
      .prepare<unknown[], Declaration>(
        'SELECT idx, value FROM declarations WHERE agency_id = ? AND year = ? AND form = ? AND cell = ? AND idx <= ? ORDER BY idx',
      )
      .all(agencyId, year, form.id, cell, to);
    return rows.flatMap(({ idx, value }, at): Step[] => {
      const was = rows[at - 1]?.value ?? null;
      if (idx <= from || was === value) return [];
      return [{ index: idx, amount: declaredAmount(place, value) - declaredAmount(place, was), sets: true }];
    });
  }

  /**
   * A stock is its base and what came after the base's year: the flow of each event, and at a new base the step from
   * one to the other.
   */
  #stock(part: FormCell, source: Extract<FormCell['source'], { basis: 'stock' }>, from: number, to: number): Step[] {
    const { agencyId, year, form } = this.#scope;
    const bases = this.#figures
      .prepare<unknown[], number>(
        `SELECT idx FROM declarations WHERE agency_id = @agencyId AND year <= @year AND form = @form AND cell = @cell AND idx > @from AND idx <= @to
         UNION SELECT idx FROM papers WHERE agency_id = @agencyId AND year < @year AND idx > @from AND idx <= @to ORDER BY idx`,
      )
      .pluck()
      .all({ agencyId, year, form: form.id, cell: part.cell, from, to });
    const flow = (after: number, through: number): Step[] => {
      const base = lastBase(this.#figures.of({ ...this.#scope, index: after }), part.cell, year);
      if (base === null) return [];
      const years = [base.year + 1, year] as const;
      const minus = source.minus === undefined ? [] : this.#rows(source.minus, years, after, through, part.scale);
      return [...this.#rows(source.plus, years, after, through, part.scale), ...minus.map((step) => ({ ...step, amount: -step.amount }))];
    };
    const steps: Step[] = [];
    let at = from;
    for (const base of bases) {
      steps.push(...flow(at, base - 1), ...this.#based(part, base));
      at = base;
    }
    return [...steps, ...flow(at, to)];
  }

  #based(part: FormCell, index: number): Step[] {
    const [before, after] = [index - 1, index].map((moment) => this.#figures.behind({ ...this.#scope, index: moment }, part)) as [
      Share[],
      Share[],
    ];
    const sum = (shares: readonly Share[]): bigint => shares.reduce((total, { amount }) => total + amount, 0n);
    const amount = (sum(after) - sum(before)) * 10n ** BigInt(SCALE - part.scale);
    const sets = (before.length === 0) !== (after.length === 0);
    return amount === 0n && !sets ? [] : [{ index, amount, sets: true }];
  }
}

function declaredAmount(place: FormCell, value: string | null): bigint {
  return value === null ? 0n : added(readIn(place, value).amount);
}

/** What is blank or no number adds nothing. */
function added(amount: Amount | undefined): bigint {
  return amount === undefined || amount === null || amount === UNREADABLE ? 0n : amount;
}
