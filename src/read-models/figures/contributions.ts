/**
 * Contributions and their sums: what every event counts, and per block of the log what it adds up to. A table is the
 * sum over blocks; a table as of an earlier event is the sum over the whole blocks before it and the contributions of
 * the last, part block. Explaining a cell lists its rows.
 */
import type Database from 'better-sqlite3';
import type { ActOf } from '../../domain/acts.js';
import { statisticsYear } from '../../domain/case.js';
import { yearOf } from '../../time/calendar-date.js';
import {
  BALANCES,
  COUNTED_TYPES,
  slotMeasure,
  slotsOf,
  UNCOUNTED_TYPES,
  type Contribution,
  type Declaration,
  type PaperDeclaration,
} from '../../statistics/measures.js';
import type { EventsById } from '../journal/events-by-id.js';
import { idBytes } from '../journal/journal.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';
import { one } from '../../sqlite/statements.js';

/** Events per block of sums: bounds both the rows of a sum and the part block an as-of table adds up. */
export const BLOCK_BITS = 13;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS measures (key_id INTEGER PRIMARY KEY, measure TEXT NOT NULL, dimensions TEXT NOT NULL, UNIQUE (measure, dimensions)) STRICT;
  CREATE TABLE IF NOT EXISTS contributions (
    idx INTEGER NOT NULL,
    n INTEGER NOT NULL,
    agency_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    first INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    PRIMARY KEY (idx, n)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sums (
    agency_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    block INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (agency_id, year, key_id, block)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS declarations (
    agency_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    form TEXT NOT NULL,
    cell TEXT NOT NULL,
    idx INTEGER NOT NULL,
    value TEXT,
    event_id BLOB,
    PRIMARY KEY (agency_id, year, form, cell, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS papers (
    agency_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    declared_idx INTEGER,
    form TEXT,
    printed INTEGER,
    PRIMARY KEY (agency_id, year, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS papers_by_event ON papers (declared_idx);
  CREATE TABLE IF NOT EXISTS paper_cells (idx INTEGER NOT NULL, cell TEXT NOT NULL, value TEXT, PRIMARY KEY (idx, cell)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS item_marks (
    agency_id INTEGER NOT NULL,
    mark TEXT NOT NULL,
    idx INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    ended_idx INTEGER,
    PRIMARY KEY (agency_id, mark, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS item_marks_by_event ON item_marks (idx);
  CREATE TABLE IF NOT EXISTS shared_marks (agency_id INTEGER NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (agency_id, mark)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS slot_acts (
    stream_id INTEGER NOT NULL,
    slot TEXT NOT NULL,
    idx INTEGER NOT NULL,
    year INTEGER NOT NULL,
    instant INTEGER NOT NULL,
    ended_idx INTEGER,
    PRIMARY KEY (stream_id, slot, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reused_ids (idx INTEGER PRIMARY KEY, agency_id INTEGER NOT NULL, year INTEGER NOT NULL, stream_id INTEGER NOT NULL) STRICT;
`;

const INDEXES = { contributions_by_cell: 'contributions (agency_id, year, key_id, idx)' };

interface Row {
  readonly year: number;
  readonly key_id: number;
  readonly amount: number;
}

interface BlockSum {
  readonly agencyId: number;
  readonly year: number;
  readonly key: number;
  readonly block: number;
  amount: number;
}

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    key: db.prepare<unknown[], number>('SELECT key_id FROM measures WHERE measure = ? AND dimensions = ?').pluck(),
    addKey: db.prepare('INSERT INTO measures (measure, dimensions) VALUES (?, ?)'),
    add: db.prepare(
      'INSERT INTO contributions (idx, n, agency_id, year, key_id, amount, first, stream_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    sum: db.prepare(
      'INSERT INTO sums (agency_id, year, key_id, block, amount) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount',
    ),
    ofEvent: db.prepare<unknown[], Row>('SELECT year, key_id, amount FROM contributions WHERE idx = ? AND first = 0 ORDER BY n'),
    // Only asked in cases with a reused id: no index serves it.
    balance: db.prepare<unknown[], number>('SELECT COALESCE(SUM(amount), 0) FROM contributions WHERE stream_id = ? AND key_id = ?').pluck(),
    declare: db.prepare('INSERT INTO declarations (agency_id, year, form, cell, idx, value, event_id) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    paper: db.prepare('INSERT INTO papers (agency_id, year, idx, declared_idx, form, printed) VALUES (?, ?, ?, ?, ?, ?)'),
    paperCell: db.prepare('INSERT INTO paper_cells (idx, cell, value) VALUES (?, ?, ?)'),
    paperForm: db.prepare<unknown[], { form: string; printed: number }>('SELECT form, printed FROM papers WHERE declared_idx = ? LIMIT 1'),
    mark: db.prepare('INSERT INTO item_marks (agency_id, mark, idx, stream_id, year) VALUES (?, ?, ?, ?, ?)'),
    otherCase: db.prepare('SELECT 1 FROM item_marks WHERE agency_id = ? AND mark = ? AND stream_id <> ? LIMIT 1').pluck(),
    share: db.prepare('INSERT OR IGNORE INTO shared_marks (agency_id, mark) VALUES (?, ?)'),
    endMarks: db.prepare('UPDATE item_marks SET ended_idx = ? WHERE idx = ?'),
    reused: db.prepare('INSERT INTO reused_ids (idx, agency_id, year, stream_id) VALUES (?, ?, ?, ?)'),
    repeats: db.prepare<unknown[], number>('SELECT DISTINCT stream_id FROM reused_ids').pluck(),
    slot: db.prepare('INSERT INTO slot_acts (stream_id, slot, idx, year, instant) VALUES (?, ?, ?, ?, ?)'),
    slots: db.prepare<unknown[], { slot: string; year: number }>(
      'SELECT slot, year FROM slot_acts WHERE stream_id = ? AND ended_idx IS NULL ORDER BY slot, instant, idx',
    ),
    endSlots: db.prepare('UPDATE slot_acts SET ended_idx = ? WHERE stream_id = ? AND idx = ?'),
  };
}

class ContributionsApplier implements Applier {
  readonly #keys = new Map<string, number>();
  /** What the events since the last flush add to each sum. */
  readonly #added = new Map<string, BlockSum>();
  /** Streams with an act whose id another case had used before. */
  #repeats: Set<number>;
  readonly #sql: ReturnType<typeof statements>;
  readonly #events: EventsById;

  constructor(db: Database.Database, events: EventsById) {
    this.#events = events;
    this.#sql = statements(db);
    this.#repeats = new Set(this.#sql.repeats.all());
  }

  flush(): void {
    for (const { agencyId, year, key, block, amount } of this.#added.values()) this.#sql.sum.run(agencyId, year, key, block, amount);
    this.#added.clear();
  }

  #sum(agencyId: number, year: number, key: number, block: number, amount: number): void {
    const name = `${agencyId} ${year} ${key} ${block}`;
    const sum = this.#added.get(name);
    if (sum === undefined) this.#added.set(name, { agencyId, year, key, block, amount });
    else sum.amount += amount;
  }

  reset(): void {
    this.#keys.clear();
    this.#added.clear();
    this.#repeats = new Set(this.#sql.repeats.all());
  }

  apply(event: ProjectedEvent): void {
    const { act, index, agencyId, streamId } = event;
    if (act === null) return;
    if (event.reused) {
      this.#sql.reused.run(index, agencyId, statisticsYear(act), streamId);
      this.#repeats.add(streamId);
      // Its case has taken the act back all the same, and may hold it again since: a void counts nothing of its own,
      // and only what it leaves is right.
      if (act.type !== 'record.voided') return;
    }
    const counted = event.counted();
    let n = 0;
    const add = (year: number, key: number, amount: number, first: boolean): void => {
      this.#sql.add.run(index, n++, agencyId, year, key, amount, first ? 1 : 0, streamId);
      this.#sum(agencyId, year, key, index >> BLOCK_BITS, amount);
    };
    if (!this.#endsNothing(counted.contributions, streamId))
      for (const row of counted.contributions) add(yearOf(row.on), this.#key(row), row.amount, false);
    const before = this.#repeats.has(streamId) ? this.#firstYears(streamId) : null;
    for (const slot of slotsOf(act)) this.#sql.slot.run(streamId, slot, index, yearOf(act.on), act.instant);
    if (before === null) for (const row of counted.firsts) add(yearOf(row.on), this.#key(row), row.amount, true);
    if (counted.reverses !== null) this.#reverse(counted.reverses, event, add);
    if (before !== null) this.#moveFirsts(before, event, add);
    if (counted.declaration !== null) this.#declare(counted.declaration, event);
    if (counted.paper !== null) this.#declarePaper(counted.paper, event);
    if (act.type === 'publication.released') this.#mark(event, act);
  }

  /** The end of a case whose opening counts nothing, because its id was another case's: it counts nothing either. */
  #endsNothing(contributions: readonly Contribution[], streamId: number): boolean {
    if (!this.#repeats.has(streamId)) return false;
    const ends = contributions.filter(({ measure, amount }) => amount < 0 && BALANCES.has(measure));
    return ends.some((end) => one(this.#sql.balance.get(streamId, this.#key(end))) < 1);
  }

  /**
   * A void negates the rows of the event it names, each in its year; what counted once on the first act it has said
   * itself.
   */
  #reverse(eventId: string, event: ProjectedEvent, add: (year: number, key: number, amount: number, first: boolean) => void): void {
    const target = this.#events.inStream(idBytes(eventId), event.streamId);
    if (target === undefined) throw new Error(`the void ${event.stored.id} names ${eventId}, which its case does not hold`);
    for (const row of this.#sql.ofEvent.all(target)) add(row.year, row.key_id, -row.amount, false);
    this.#sql.endMarks.run(event.index, target);
    this.#sql.endSlots.run(event.index, event.streamId, target);
  }

  /**
   * In a case that holds an act that counts nothing, what its decisions took for the first act may be that one: there
   * the first is looked up among the acts that count.
   */
  #moveFirsts(
    before: ReadonlyMap<string, number>,
    event: ProjectedEvent,
    add: (year: number, key: number, amount: number, first: boolean) => void,
  ): void {
    const after = this.#firstYears(event.streamId);
    for (const slot of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(slot), after.get(slot)];
      if (was === is || event.act === null) continue;
      const { measure, dimensions } = slotMeasure(slot, event.act);
      const key = this.#key({ measure, dimensions });
      if (was !== undefined) add(was, key, -1, true);
      if (is !== undefined) add(is, key, 1, true);
    }
  }

  #firstYears(streamId: number): Map<string, number> {
    const years = new Map<string, number>();
    for (const { slot, year } of this.#sql.slots.all(streamId)) if (!years.has(slot)) years.set(slot, year);
    return years;
  }

  #declare({ year, form, cell, value, eventId }: Declaration, event: ProjectedEvent): void {
    this.#sql.declare.run(event.agencyId, year, form, cell, event.index, value, eventId === null ? null : idBytes(eventId));
  }

  /** Which declared table stands from this event on: its own, or the one a void of a later one brings back. */
  #declarePaper({ year, eventId, printed }: PaperDeclaration, { act, agencyId, index, stored, streamId }: ProjectedEvent): void {
    if (act === null) return;
    if (eventId === stored.id && act.type === 'table.declared') {
      const { form, cells } = act.data;
      if (printed === null) throw new Error(`the declared table ${stored.id} does not say how it is read`);
      this.#sql.paper.run(agencyId, year, index, index, form, printed);
      for (const [cell, value] of Object.entries(cells)) this.#sql.paperCell.run(index, cell, value);
      return;
    }
    const declared = eventId === null ? undefined : this.#events.inStream(idBytes(eventId), streamId);
    // A declaration whose id another case had used before stands for nothing: it has no rows.
    const back = declared === undefined ? undefined : this.#sql.paperForm.get(declared);
    this.#sql.paper.run(agencyId, year, index, back === undefined ? null : declared, back?.form ?? null, back?.printed ?? null);
  }

  /** What two items should not share: their content and their document number. */
  #mark({ agencyId, index, streamId }: ProjectedEvent, act: ActOf<'publication.released'>): void {
    const number = act.derived.documentNumber;
    const marks = [act.data.contentHash, ...(number === null ? [] : [`number:${number}`])];
    for (const mark of marks) {
      if (this.#sql.otherCase.get(agencyId, mark, streamId) === 1) this.#sql.share.run(agencyId, mark);
      this.#sql.mark.run(agencyId, mark, index, streamId, yearOf(act.on));
    }
  }

  #key({ measure, dimensions }: Pick<Contribution, 'measure' | 'dimensions'>): number {
    // As it comes, in whatever order: two orders of the same dimensions are remembered twice, and have one row.
    let name: string = measure;
    for (const dimension in dimensions) name += `\n${dimension}\n${dimensions[dimension]}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const written = JSON.stringify(Object.fromEntries(Object.entries(dimensions).sort()));
    const id = this.#sql.key.get(measure, written) ?? Number(this.#sql.addKey.run(measure, written).lastInsertRowid);
    this.#keys.set(name, id);
    return id;
  }
}

export const contributionsProjection: Projection = {
  name: 'contributions',
  version: 5,
  figures: ['measures', 'contributions', 'sums', 'declarations', 'papers', 'paper_cells', 'item_marks', 'shared_marks', 'slot_acts'],
  schema: SCHEMA,
  indexes: INDEXES,
  tables: {
    measures: 'key_id',
    contributions: 'idx, n',
    sums: 'agency_id, year, key_id, block',
    declarations: 'agency_id, year, form, cell, idx',
    papers: 'agency_id, year, idx',
    paper_cells: 'idx, cell',
    item_marks: 'agency_id, mark, idx',
    shared_marks: 'agency_id, mark',
    slot_acts: 'stream_id, slot, idx',
    reused_ids: 'idx',
  },
  handles: COUNTED_TYPES,
  ignores: UNCOUNTED_TYPES,
  open: (db, events) => new ContributionsApplier(db, events),
};
