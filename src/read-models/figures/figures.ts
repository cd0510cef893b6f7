/**
 * The figures of one agency and year as of a moment, and the events behind them: what a table is computed from, read
 * from the read store.
 */
import type Database from 'better-sqlite3';
import { preparedOnce, type Preparing } from '../../sqlite/statements.js';
import { parseDecimal } from '../../encoding/decimal.js';
import { BLOCK_BITS } from './contributions.js';
import type { ReadStore } from '../read-store.js';
import { printAmount, type PrintedVersion } from '../../statistics/amount.js';
import { BALANCES, type Measure } from '../../statistics/measures.js';
import {
  acrossYears,
  cellsOf,
  selects,
  unitsOf,
  type CellSource,
  type Form,
  type FormCell,
  type Selection,
} from '../../statistics/form.js';
import { findForm } from '../../statistics/forms/registry.js';
import { publishedTable, type PublishedTable } from '../../statistics/published-table.js';
import { lastBase, type Declared, type YearFigures, type YearSum } from '../../statistics/table.js';
import { stillOpen, type BalanceRow } from './still-open.js';

/** What is counted: an agency's year, up to an event of the ledger. */
export interface Scope {
  readonly agencyId: number;
  readonly year: number;
  /** Index of the last event included; -1 before the first. */
  readonly index: number;
}

/** The same, in the cells of a form. */
export interface FormScope extends Scope {
  readonly form: Form;
}

export interface MeasureKey {
  readonly keyId: number;
  readonly measure: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A figure that stands as declared, and the event that declared it. */
interface Base extends Declared {
  readonly index: number;
}

/** A declaration as the read store has it: null where a void left none. */
interface DeclaredRow {
  readonly year: number;
  readonly cell: string;
  readonly value: string | null;
  /** Index of the event whose declaration it is: a void that brings one back does not make it a later one. */
  readonly index: number | null;
}

/** A declared table that stands, and the event that declared it. */
export interface Paper {
  readonly table: PublishedTable;
  readonly index: number;
}

/** What an event adds to a cell, in units of 10^-scale of the cell. */
export interface Share {
  readonly index: number;
  readonly amount: bigint;
}

/**
 * One share per event, in the order of the log; an event whose shares cancel out (an earlier release within the year)
 * is no part of the figure.
 */
export function perEvent(shares: readonly Share[]): Share[] {
  const amounts = new Map<number, bigint>();
  for (const { index, amount } of shares) amounts.set(index, (amounts.get(index) ?? 0n) + amount);
  return [...amounts]
    .filter(([, amount]) => amount !== 0n)
    .sort(([a], [b]) => a - b)
    .map(([index, amount]) => ({ index, amount }));
}

interface KeySum {
  readonly year: number;
  readonly keyId: number;
  readonly amount: number;
}

function addedUp(rows: readonly KeySum[], measures: readonly MeasureKey[]): YearSum[] {
  const known = new Map(measures.map((measure) => [measure.keyId, measure]));
  const totals = new Map<string, YearSum>();
  for (const { year, keyId, amount } of rows) {
    const found = known.get(keyId);
    if (found === undefined) continue;
    const before = totals.get(`${year} ${keyId}`)?.amount ?? 0;
    totals.set(`${year} ${keyId}`, { year, measure: found.measure, dimensions: found.dimensions, amount: before + amount });
  }
  return [...totals.values()];
}

export class Figures {
  readonly #store: ReadStore;
  readonly #statements: Preparing;
  #lastIndex: number | null = null;
  #measures: readonly MeasureKey[] | null = null;
  readonly #dimensions = new Map<string, Readonly<Record<string, string>>>();

  constructor(store: ReadStore) {
    this.#store = store;
    this.#statements = preparedOnce(store.db);
  }

  /** Statements are prepared once: an answer takes a dozen of them, and preparing costs more than running most. */
  prepare<Bound extends unknown[], Row>(sql: string): Database.Statement<Bound, Row> {
    return this.#statements.prepare<Bound, Row>(sql);
  }

  /** One answer reads one state of the read store: what many of its questions share is read once. */
  answer<T>(read: () => T): T {
    return this.#store.db.transaction(() => {
      this.#lastIndex = null;
      this.#measures = null;
      return read();
    })();
  }

  /** Index of the last event counted. */
  lastIndex(): number {
    return (this.#lastIndex ??= this.#store.bookmarks().find(({ name }) => name === 'contributions')?.index ?? -1);
  }

  /** Every kind of contribution. Their texts are parsed once for all answers; a rebuild gives other keys to them. */
  measures(): readonly MeasureKey[] {
    return (this.#measures ??= this.#readMeasures());
  }

  #readMeasures(): MeasureKey[] {
    const rows = this.prepare<unknown[], [number, string, string]>('SELECT key_id, measure, dimensions FROM measures').raw().all();
    return rows.map(([keyId, measure, text]) => {
      const known = this.#dimensions.get(text) ?? (JSON.parse(text) as Record<string, string>);
      this.#dimensions.set(text, known);
      return { keyId, measure, dimensions: known };
    });
  }

  /** What the cells of the form are made of. */
  of(scope: FormScope): YearFigures {
    return { sums: this.#sums(scope), earlier: this.#earlier(scope), declared: this.#declared(scope) };
  }

  /** The declared table that stands for the year; null where none does. */
  paper(scope: Scope): Paper | null {
    const row = this.#paperRow(scope);
    if (row === null) return null;
    const form = findForm(row.form);
    if (form === undefined) throw new Error(`a table was declared in the form ${row.form}, which this program does not hold`);
    const cells = this.prepare<unknown[], [string, string | null]>('SELECT cell, value FROM paper_cells WHERE idx = ?')
      .raw()
      .all(row.index);
    const table = publishedTable({ form, year: scope.year, cells: Object.fromEntries(cells) }, row.printed);
    return { table, index: row.index };
  }

  /** Whether a figure declared for the year stands, in whatever form. */
  anyDeclared({ agencyId, year, index }: Scope): boolean {
    const row = this.prepare(
      `SELECT 1 FROM declarations d WHERE agency_id = ? AND year = ? AND value IS NOT NULL AND idx = (
         SELECT MAX(idx) FROM declarations l WHERE l.agency_id = d.agency_id AND l.year = d.year AND l.form = d.form AND l.cell = d.cell AND l.idx <= ?) LIMIT 1`,
    ).get(agencyId, year, index);
    return row !== undefined;
  }

  #paperRow({ agencyId, year, index }: Scope): { readonly index: number; readonly form: string; readonly printed: PrintedVersion } | null {
    const row = this.prepare<unknown[], { index: number | null; form: string | null; printed: PrintedVersion | null }>(
      'SELECT declared_idx AS "index", form, printed FROM papers WHERE agency_id = ? AND year = ? AND idx <= ? ORDER BY idx DESC LIMIT 1',
    ).get(agencyId, year, index);
    if (row === undefined || row.index === null || row.form === null || row.printed === null) return null;
    return { index: row.index, form: row.form, printed: row.printed };
  }

  /** Sums of the year: whole blocks from the sums, the part block up to the moment from its contributions. */
  #sums({ agencyId, year, index }: Scope): YearSum[] {
    const block = this.#wholeBlocks(index);
    const whole = this.prepare<unknown[], KeySum>(
      'SELECT year, key_id AS keyId, SUM(amount) AS amount FROM sums WHERE agency_id = ? AND year = ? AND block < ? GROUP BY key_id',
    );
    const part = this.prepare<unknown[], KeySum>(
      'SELECT year, key_id AS keyId, SUM(amount) AS amount FROM contributions WHERE idx >= ? AND idx <= ? AND +agency_id = ? AND +year = ? GROUP BY key_id',
    );
    const rows = [...whole.all(agencyId, year, block), ...part.all(block * 2 ** BLOCK_BITS, index, agencyId, year)];
    return addedUp(rows, this.measures());
  }

  /**
   * The same of each year before, of the measures the form adds up over the years; nothing is read where it adds up
   * none.
   */
  #earlier(scope: FormScope): YearSum[] {
    const selectors = acrossYears(scope.form);
    if (selectors.length === 0) return [];
    return this.#before(
      scope,
      this.measures().filter(({ measure, dimensions }) => selects(selectors, measure, dimensions)),
    );
  }

  /** Whether anything is open at the end of the year: an application, or a case that followed one. */
  anyBalance(scope: Scope): boolean {
    const balances = this.measures().filter(({ measure }) => BALANCES.has(measure as Measure));
    const totals = new Map<string, number>();
    for (const { measure, dimensions, amount } of this.#before({ ...scope, year: scope.year + 1 }, balances)) {
      const key = `${measure} ${JSON.stringify(dimensions)}`;
      totals.set(key, (totals.get(key) ?? 0) + amount);
    }
    return [...totals.values()].some((total) => total > 0);
  }

  /** What these measures come to in each year before the scope's. */
  #before({ agencyId, year, index }: Scope, wanted: readonly MeasureKey[]): YearSum[] {
    if (wanted.length === 0) return [];
    const block = this.#wholeBlocks(index);
    const keys = JSON.stringify(wanted.map(({ keyId }) => keyId));
    // Few keys of many: each is looked up in each year the agency has, rather than every sum of those years read.
    const whole = this.prepare<unknown[], KeySum>(
      `WITH RECURSIVE years (year) AS (
         SELECT MIN(year) FROM sums WHERE agency_id = @agencyId
         UNION ALL SELECT (SELECT MIN(s.year) FROM sums s WHERE s.agency_id = @agencyId AND s.year > years.year) FROM years WHERE year < @year)
       SELECT s.year, s.key_id AS keyId, SUM(s.amount) AS amount FROM years CROSS JOIN json_each(@keys) k CROSS JOIN sums s
         ON s.agency_id = @agencyId AND s.year = years.year AND s.key_id = k.value AND s.block < @block
       WHERE years.year < @year GROUP BY s.year, s.key_id`,
    );
    const part = this.prepare<unknown[], KeySum>(
      `SELECT year, key_id AS keyId, SUM(amount) AS amount FROM contributions
       WHERE idx >= ? AND idx <= ? AND +agency_id = ? AND +year < ? AND +key_id IN (SELECT value FROM json_each(?)) GROUP BY year, key_id`,
    );
    const rows = [...whole.all({ agencyId, year, keys, block }), ...part.all(block * 2 ** BLOCK_BITS, index, agencyId, year, keys)];
    return addedUp(rows, wanted);
  }

  /** Blocks before this one are whole. At the very end of the read model none is part: its sums hold everything. */
  #wholeBlocks(index: number): number {
    return this.lastIndex() === index ? Number.MAX_SAFE_INTEGER : (index + 1) >> BLOCK_BITS;
  }

  /**
   * What was last said of each year up to the scope's in each cell of the form: figures declared one by one, and cells
   * of a declared table that hold stocks, which are bases of later years only. Of several of one year the last recorded
   * holds.
   */
  #declared({ agencyId, year, form, index }: FormScope): Base[] {
    const single = this.prepare<unknown[], DeclaredRow>(
      `SELECT d.year, d.cell, d.value, (SELECT e.idx FROM events e WHERE e.event_id = d.event_id ORDER BY e.idx LIMIT 1) AS "index"
       FROM declarations d WHERE agency_id = ? AND year <= ? AND form = ? AND idx = (
         SELECT MAX(idx) FROM declarations l WHERE l.agency_id = d.agency_id AND l.year = d.year AND l.form = d.form AND l.cell = d.cell AND l.idx <= ?)`,
    ).all(agencyId, year, form.id, index);
    const last = new Map<string, Base & DeclaredRow>();
    for (const said of [...single, ...this.#paperStocks({ agencyId, year, form, index })]) {
      if (said.value === null || said.index === null) continue;
      const key = `${said.year} ${said.cell}`;
      if ((last.get(key)?.index ?? -1) < said.index) last.set(key, { ...said, value: said.value, index: said.index });
    }
    return [...last.values()].map(({ year: of, cell, value, index: event }) => ({ year: of, cell, value, index: event }));
  }

  #paperStocks({ agencyId, year, form, index }: FormScope): DeclaredRow[] {
    const stocks = new Map(form.rows.flatMap(cellsOf).flatMap((cell) => (cell.source.basis === 'stock' ? [[cell.cell, cell]] : [])));
    if (stocks.size === 0) return [];
    const years = this.prepare<unknown[], number>('SELECT DISTINCT year FROM papers WHERE agency_id = ? AND year < ?')
      .pluck()
      .all(agencyId, year);
    return years.flatMap((of) => {
      const paper = this.#paperRow({ agencyId, year: of, index });
      const found = paper === null || paper.form !== form.id ? null : this.paper({ agencyId, year: of, index });
      if (paper === null || found === null) return [];
      return [...stocks.values()].map(({ cell, scale }) => {
        const amount = found.table.amounts.get(cell);
        const value = typeof amount === 'bigint' ? printAmount(amount) : null;
        // A printed value finer than the cell is no base: what came after it could not be added.
        return { year: of, cell, value: value === null || parseDecimal(value, scale) === null ? null : value, index: found.index };
      });
    });
  }

  /** The events a counted or declared cell stands for. */
  behind(scope: FormScope, place: FormCell): Share[] {
    const { cell, source } = place;
    switch (source.basis) {
      case 'counted':
        return source.balance === undefined ? this.counted(scope, source.select) : this.#open(scope, source);
      case 'declared':
        return this.#declared(scope)
          .filter((declared) => declared.year === scope.year && declared.cell === cell)
          .map((declared) => shareOf(declared, place));
      case 'stock': {
        const base = lastBase({ declared: this.#declared(scope) }, cell, scope.year);
        if (base === null) return [];
        const minus = source.minus === undefined ? [] : this.#counted(scope, source.minus, base.year);
        return [
          shareOf(base, place),
          ...this.#counted(scope, source.plus, base.year),
          ...minus.map(({ index, amount }) => ({ index, amount: -amount })),
        ];
      }
      case 'computed':
        return [];
    }
  }

  keys(select: Selection): number[] {
    return this.measures()
      .filter(({ measure, dimensions }) => selects(select, measure, dimensions))
      .map(({ keyId }) => keyId);
  }

  /** The contributions of the scope's year. */
  counted(scope: Scope, select: Selection): Share[] {
    return this.#counted(scope, select, scope.year - 1);
  }

  /** Contributions after one year up to the table's. */
  #counted({ agencyId, year, index }: Scope, select: Selection, after: number): Share[] {
    const rows = this.prepare<unknown[], { index: number; amount: number }>(
      'SELECT idx AS "index", amount FROM contributions WHERE agency_id = ? AND year > ? AND year <= ? AND key_id = ? AND idx <= ? ORDER BY idx, n',
    );
    return this.keys(select).flatMap((keyId) =>
      rows.all(agencyId, after, year, keyId, index).map((row) => ({
        index: row.index,
        amount: BigInt(row.amount),
      })),
    );
  }

  #open(scope: Scope, { select, balance }: Extract<CellSource, { basis: 'counted' }>): Share[] {
    const { agencyId, year, index } = scope;
    const rows = this.prepare<unknown[], BalanceRow>(
      `SELECT c.idx AS "index", c.amount, c.stream_id AS stream, t.name AS type FROM contributions c JOIN events e USING (idx) JOIN names t ON t.name_id = e.type_id
       WHERE c.agency_id = ? AND c.year <= ? AND c.key_id = ? AND c.idx <= ? ORDER BY c.idx, c.n`,
    );
    const through = balance === 'opening' ? year - 1 : year;
    const found = this.keys(select).flatMap((keyId) => rows.all(agencyId, through, keyId, index));
    return stillOpen(found).map((row) => ({ index: row.index, amount: BigInt(row.amount) }));
  }
}

/** A declared value as what its event adds to the cell. */
function shareOf({ index, value }: Base, place: FormCell): Share {
  return { index, amount: unitsOf(place, value) };
}
