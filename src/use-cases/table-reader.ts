/** Yearly tables and the events behind each cell, live or as of an earlier moment. */
import type Database from 'better-sqlite3';
import { profileOn } from '../domain/agency-facts.js';
import { formatDecimal, formatInstant } from '../domain/values.js';
import { publicType } from '../events/catalog.js';
import { canonicalJson, sha256 } from '../ledger/canonical-json.js';
import type { EventLog } from '../log/event-log.js';
import { BLOCK_BITS } from '../projections/contributions.js';
import { idText } from '../projections/journal.js';
import type { ReadStore } from '../projections/read-store.js';
import type { Finding } from '../statistics/checks.js';
import {
  acrossYears,
  cellOf,
  explainedBy,
  headingOf,
  selects,
  type CellSource,
  type Form,
  type FormCell,
  type Selection,
} from '../statistics/form.js';
import { findForm, formForYear } from '../statistics/forms/registry.js';
import { POLICY } from '../statistics/measures.js';
import { computeTable, valuesOf, type TableBefore, type TableFacts, type TableRow, type YearSum } from '../statistics/table.js';
import { agencyAsOf, agencyIdOf } from './agency-reader.js';
import { describeMoment, momentOf, type AsOf } from './as-of.js';
import { QueryProblem } from './query-problem.js';
import { stillOpen, type BalanceRow } from './still-open.js';

export interface TableQuestion {
  readonly agency: string;
  readonly year: number;
  readonly form?: string;
  /** Position, `index:N`, time or date; absent = live. */
  readonly asOf?: string;
  readonly view?: string;
}

export interface Table {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly policy: string;
  /** Version of the calendar of working days; null as long as no counted cell depends on one. */
  readonly calendar: string | null;
  readonly view: 'live';
  readonly asOf: AsOf;
  /** SHA-256 of the RFC 8785 form of everything here but `hash`, `view` and `asOf.position`. */
  readonly hash: string;
  readonly rows: readonly TableRow[];
  readonly findings: readonly Finding[];
  /** Present when a read model stopped: nothing from this event on is in the table. No part of the hash. */
  readonly stale?: { readonly projection: string; readonly eventId: string; readonly why: string };
}

export interface ExplainedEvent {
  readonly eventId: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly case: string;
  /** Day of the act in Asia/Shanghai. */
  readonly occurredOn: string;
  readonly recordedAt: string;
  /** Decimal string in the unit of the cell; negative where the event takes back. */
  readonly amount: string;
}

export interface Explanation {
  readonly cell: string;
  readonly value: string | null;
  readonly events: readonly ExplainedEvent[];
}

interface Measure {
  readonly keyId: number;
  readonly measure: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Scope {
  readonly agencyId: number;
  readonly form: Form;
  readonly year: number;
  readonly index: number;
  /** The form of the year before, where a rule of this form looks back. */
  readonly formBefore: Form | null;
}

const EXPLAINED = `SELECT e.event_id AS eventId, n.name AS source, e.message_id AS id, t.name AS type, s.subject AS "case", tr.on_day AS occurredOn, e.recorded_at AS recordedAt
  FROM events e JOIN names n ON n.name_id = e.source_id JOIN names t ON t.name_id = e.type_id JOIN streams s USING (stream_id)
  JOIN trail tr ON tr.stream_id = e.stream_id AND tr.idx = e.idx WHERE e.idx = ?`;

export class TableReader {
  readonly #log: EventLog;
  readonly #store: ReadStore;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(log: EventLog, store: ReadStore) {
    this.#log = log;
    this.#store = store;
  }

  async table(question: TableQuestion): Promise<Table> {
    if (question.view !== undefined && question.view !== 'live') {
      throw new QueryProblem('bad-view', `There is no view ${question.view}.`, 'The view is live.');
    }
    const scope = await this.#scope(question);
    return this.#snapshot(() => {
      const { rows, findings } = computeTable(scope.form, scope.year, this.#facts(scope));
      const asOf = describeMoment(this.#store.db, scope);
      const content = { agency: question.agency, year: question.year, form: scope.form.id, policy: POLICY, calendar: null };
      const hash = sha256(canonicalJson({ ...content, asOf: { index: asOf.index, recordedAt: asOf.recordedAt }, rows, findings }));
      return { ...content, view: 'live' as const, asOf, hash, rows, findings, ...this.#stale() };
    });
  }

  async explain(question: TableQuestion & { readonly cell: string }): Promise<Explanation> {
    const scope = await this.#scope(question);
    const asked = cellOf(scope.form, question.cell);
    if (asked === undefined && headingOf(scope.form, question.cell) === undefined) {
      throw new QueryProblem(
        'unknown-cell',
        `Form ${scope.form.id} has no cell ${question.cell}.`,
        'Cells are named by the code of their row, with :column where the row prints several.',
      );
    }
    return this.#snapshot(() => {
      const facts = this.#facts(scope);
      const value = valuesOf(computeTable(scope.form, scope.year, facts).rows).get(question.cell) ?? null;
      const amounts = new Map<number, bigint>();
      for (const part of explainedBy(scope.form, question.cell)) {
        for (const { index, amount } of this.#behind(scope, part)) amounts.set(index, (amounts.get(index) ?? 0n) + amount);
      }
      // An event whose contributions to this cell cancel out (an earlier release within the year) is no part of the figure.
      const events = [...amounts].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => a - b);
      const scale = asked?.scale ?? 0;
      return { cell: question.cell, value, events: events.map(([index, amount]) => this.#event(index, formatDecimal(amount, scale))) };
    });
  }

  /** Statements are prepared once: an answer takes a dozen of them, and preparing costs more than running most. */
  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql) ?? this.#store.db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  /** All reads of one answer see the same state of the read store, also beside a writer in another process. */
  #snapshot<T>(read: () => T): T {
    return this.#store.db.transaction(read)();
  }

  async #scope({ agency, year, form, asOf }: TableQuestion): Promise<Scope> {
    if (!Number.isInteger(year) || year < 2000 || year > 2100)
      throw new QueryProblem('bad-year', `${year} is no statistics year.`, 'Give a year from 2000 to 2100.');
    const { db } = this.#store;
    const { index } = momentOf(db, asOf, this.#lastIndex());
    const view = await agencyAsOf(this.#log, db, agency, index);
    if (view === null)
      throw new QueryProblem(
        'unknown-agency',
        `Agency ${agency} is not registered${asOf === undefined ? '' : ' as of then'}.`,
        'Codes are those of agency.registered.',
      );
    const chosen = form === undefined ? formForYear(profileOn(view, `${year}-12-31`).forms, year) : findForm(form);
    if (chosen === undefined) {
      throw form === undefined
        ? new QueryProblem(
            'unknown-form',
            `No form of agency ${agency} serves ${year}.`,
            'Name one with form=, or add one with agency.changed.',
          )
        : new QueryProblem('unknown-form', `There is no form ${form}.`, 'Name a form listed in the README.');
    }
    const looksBack = chosen.rules.some(({ rule }) => rule === 'roll-forward');
    const formBefore = looksBack ? (formForYear(profileOn(view, `${year - 1}-12-31`).forms, year - 1) ?? null) : null;
    return { agencyId: agencyIdOf(db, agency), form: chosen, year, index, formBefore };
  }

  #stale(): Pick<Table, 'stale'> {
    const found = this.#store
      .bookmarks()
      .find(({ name, stopped }) => stopped !== null && (name === 'contributions' || name === 'audit-trail'));
    return found?.stopped == null ? {} : { stale: { projection: found.name, ...found.stopped } };
  }

  /** Index of the last event counted. */
  #lastIndex(): number {
    return this.#store.bookmarks().find(({ name }) => name === 'contributions')?.index ?? -1;
  }

  #measures(): Measure[] {
    const rows = this.#prepare('SELECT key_id AS keyId, measure, dimensions FROM measures').all() as (Omit<Measure, 'dimensions'> & {
      dimensions: string;
    })[];
    return rows.map((row) => ({ ...row, dimensions: JSON.parse(row.dimensions) as Record<string, string> }));
  }

  /** Sums of the year, or of each year before it: whole blocks from the sums, the part block up to the moment from its contributions. */
  #sums({ agencyId, year, index }: Scope, years: '=' | '<', wanted: (measure: Measure) => boolean = () => true): YearSum[] {
    // At the very end of the read model no block is part: its sums hold everything.
    const block = this.#lastIndex() === index ? Number.MAX_SAFE_INTEGER : (index + 1) >> BLOCK_BITS;
    const whole = this.#prepare(
      `SELECT year, key_id AS keyId, SUM(amount) AS amount FROM sums WHERE agency_id = ? AND year ${years} ? AND block < ? GROUP BY year, key_id`,
    );
    const part = this.#prepare(
      `SELECT year, key_id AS keyId, SUM(amount) AS amount FROM contributions WHERE idx >= ? AND idx <= ? AND +agency_id = ? AND +year ${years} ? GROUP BY year, key_id`,
    );
    const rows = [...whole.all(agencyId, year, block), ...part.all(block * 2 ** BLOCK_BITS, index, agencyId, year)] as {
      year: number;
      keyId: number;
      amount: number;
    }[];
    const measures = new Map(
      this.#measures()
        .filter(wanted)
        .map((measure) => [measure.keyId, measure]),
    );
    const totals = new Map<string, YearSum>();
    for (const row of rows) {
      const found = measures.get(row.keyId);
      if (found === undefined) continue;
      const { measure, dimensions } = found;
      const amount = (totals.get(`${row.year} ${row.keyId}`)?.amount ?? 0) + row.amount;
      totals.set(`${row.year} ${row.keyId}`, { year: row.year, measure, dimensions, amount });
    }
    return [...totals.values()];
  }

  /** Nothing is read of other years unless the form adds up over them. */
  #earlier(scope: Scope): YearSum[] {
    const selectors = acrossYears(scope.form);
    return selectors.length === 0 ? [] : this.#sums(scope, '<', ({ measure, dimensions }) => selects(selectors, measure, dimensions));
  }

  /** What the last declaration of each year says in each cell of the form, up to this year. */
  #bases({ agencyId, year, form, index }: Scope): TableFacts['bases'] {
    return this.#prepare(
      `SELECT year, cell, value FROM declarations d WHERE agency_id = ? AND year <= ? AND form = ? AND idx = (
           SELECT MAX(idx) FROM declarations l WHERE l.agency_id = d.agency_id AND l.year = d.year AND l.form = d.form AND l.cell = d.cell AND l.idx <= ?)`,
    ).all(agencyId, year, form.id, index) as { year: number; cell: string; value: string | null }[];
  }

  #before({ agencyId, year, index, formBefore }: Scope): TableBefore | null {
    if (formBefore === null) return null;
    const facts = this.#facts({ agencyId, year: year - 1, index, form: formBefore, formBefore: null });
    return { form: formBefore, rows: computeTable(formBefore, year - 1, facts).rows };
  }

  #facts(scope: Scope): TableFacts {
    const { agencyId, year, index } = scope;
    const bases = this.#bases(scope);
    const cases = (sql: string, ...values: unknown[]): string[] =>
      this.#prepare(sql)
        .pluck()
        .all(...values) as string[];
    return {
      sums: this.#sums(scope, '='),
      earlier: this.#earlier(scope),
      declarations: bases.filter((base) => base.year === year),
      bases,
      before: this.#before(scope),
      withoutReview: cases(
        `SELECT s.subject FROM measures m CROSS JOIN contributions c USING (key_id) JOIN streams s USING (stream_id)
         WHERE c.agency_id = ? AND c.year = ? AND c.idx <= ? AND m.measure = 'act.without-review' GROUP BY s.stream_id HAVING SUM(c.amount) > 0 ORDER BY s.stream_id`,
        agencyId,
        year,
        index,
      ),
      chainChanges: (
        this.#prepare(
          `SELECT m.dimensions ->> 'at' AS at, MIN(e.recorded_at) AS recordedAt, SUM(c.amount) AS times FROM measures m CROSS JOIN contributions c USING (key_id) JOIN events e USING (idx)
             WHERE c.agency_id = ? AND c.year = ? AND c.idx <= ? AND m.measure = 'chain.changed' GROUP BY m.key_id HAVING SUM(c.amount) > 0 ORDER BY MIN(c.idx)`,
        ).all(agencyId, year, index) as { at: string; recordedAt: number; times: number }[]
      ).flatMap(({ at, recordedAt, times }) => Array.from({ length: times }, () => ({ at, recordedAt: formatInstant(recordedAt) }))),
      signedWithoutRole: cases(
        `SELECT s.subject FROM signed_without_role w JOIN streams s USING (stream_id)
         WHERE w.agency_id = ? AND w.year = ? AND w.idx <= ? GROUP BY s.stream_id HAVING SUM(w.change) > 0 ORDER BY s.stream_id`,
        agencyId,
        year,
        index,
      ),
      sameItems: this.#sameItems(scope),
      reusedIds: cases(
        'SELECT DISTINCT s.subject FROM reused_ids r JOIN streams s USING (stream_id) WHERE r.agency_id = ? AND r.year = ? AND r.idx <= ? ORDER BY s.stream_id',
        agencyId,
        year,
        index,
      ),
    };
  }

  #sameItems({ agencyId, year, index }: Scope): string[][] {
    const marked = this.#prepare(
      `SELECT DISTINCT s.subject, s.stream_id FROM item_marks i JOIN streams s USING (stream_id)
       WHERE i.agency_id = ? AND i.mark = ? AND i.idx <= ? AND (i.ended_idx IS NULL OR i.ended_idx > ?)`,
    );
    const ofYear = this.#prepare(
      `SELECT DISTINCT mark FROM shared_marks CROSS JOIN item_marks USING (agency_id, mark)
       WHERE agency_id = ? AND year = ? AND idx <= ? AND (ended_idx IS NULL OR ended_idx > ?) ORDER BY mark`,
    );
    const groups = (ofYear.pluck().all(agencyId, year, index, index) as string[]).map((mark) =>
      (marked.all(agencyId, mark, index, index) as { subject: string; stream_id: number }[])
        .sort((a, b) => a.stream_id - b.stream_id)
        .map(({ subject }) => subject),
    );
    // Two items with the same content and the same number are one pair, not two.
    return [...new Map(groups.filter((group) => group.length > 1).map((group) => [group.join('\n'), group])).values()];
  }

  /** The events a counted or declared cell stands for, in units of 10^-scale. */
  #behind(scope: Scope, { cell, source, scale }: FormCell): { index: number; amount: bigint }[] {
    switch (source.basis) {
      case 'counted':
        return source.balance === undefined ? this.#counted(scope, source.select, scope.year - 1) : this.#open(scope, source);
      case 'declared':
        return this.#declared(scope, cell, scale);
      case 'stock': {
        const base = this.#bases(scope).filter((declared) => declared.cell === cell && declared.value !== null);
        if (base.length === 0) return [];
        const since = Math.max(...base.map(({ year }) => year));
        const minus = source.minus === undefined ? [] : this.#counted(scope, source.minus, since);
        return [
          ...this.#declared({ ...scope, year: since }, cell, scale),
          ...this.#counted(scope, source.plus, since),
          ...minus.map(({ index, amount }) => ({ index, amount: -amount })),
        ];
      }
      case 'computed':
        return [];
    }
  }

  #keys(select: Selection): number[] {
    return this.#measures()
      .filter(({ measure, dimensions }) => selects(select, measure, dimensions))
      .map(({ keyId }) => keyId);
  }

  /** Contributions after one year up to the table's. */
  #counted({ agencyId, year, index }: Scope, select: Selection, after: number): { index: number; amount: bigint }[] {
    const rows = this.#prepare(
      'SELECT idx AS "index", amount FROM contributions WHERE agency_id = ? AND year > ? AND year <= ? AND key_id = ? AND idx <= ? ORDER BY idx, n',
    );
    return this.#keys(select).flatMap((keyId) =>
      (rows.all(agencyId, after, year, keyId, index) as { index: number; amount: number }[]).map((row) => ({
        index: row.index,
        amount: BigInt(row.amount),
      })),
    );
  }

  #open(scope: Scope, { select, balance }: Extract<CellSource, { basis: 'counted' }>): { index: number; amount: bigint }[] {
    const { agencyId, year, index } = scope;
    const rows = this.#prepare(
      `SELECT c.idx AS "index", c.amount, c.stream_id AS stream, t.name AS type FROM contributions c JOIN events e USING (idx) JOIN names t ON t.name_id = e.type_id
       WHERE c.agency_id = ? AND c.year <= ? AND c.key_id = ? AND c.idx <= ? ORDER BY c.idx, c.n`,
    );
    const through = balance === 'opening' ? year - 1 : year;
    const found = this.#keys(select).flatMap((keyId) => rows.all(agencyId, through, keyId, index) as BalanceRow[]);
    return stillOpen(found).map((row) => ({ index: row.index, amount: BigInt(row.amount) }));
  }

  /** The one event whose declaration holds. */
  #declared({ agencyId, year, form, index }: Scope, cell: string, scale: number): { index: number; amount: bigint }[] {
    const row = this.#prepare(
      `SELECT d.value, (SELECT e.idx FROM events e WHERE e.event_id = d.event_id ORDER BY e.idx LIMIT 1) AS "index" FROM declarations d
         WHERE d.agency_id = ? AND d.year = ? AND d.form = ? AND d.cell = ? AND d.idx <= ? ORDER BY d.idx DESC LIMIT 1`,
    ).get(agencyId, year, form.id, cell, index) as { value: string | null; index: number | null } | undefined;
    if (row == null || row.value === null || row.index === null) return [];
    const [whole = '', fraction = ''] = row.value.split('.');
    return [{ index: row.index, amount: BigInt(whole + fraction.padEnd(scale, '0')) }];
  }

  #event(index: number, amount: string): ExplainedEvent {
    const row = this.#prepare(EXPLAINED).get(index) as Omit<ExplainedEvent, 'eventId' | 'recordedAt' | 'amount'> & {
      eventId: Buffer;
      recordedAt: number;
    };
    return { ...row, eventId: idText(row.eventId), type: publicType(row.type), recordedAt: formatInstant(row.recordedAt), amount };
  }
}
