/**
 * Finds events by filters. One filter leads: its index gives the events of each of its keys in the order of the ledger
 * (the days of a range, the types of an agency), and those of all keys are merged. The others look at what it gives.
 */
import type { Preparing } from '../../sqlite/statements.js';
import { mergedHeads, type Headed, type Order } from '../lists.js';
import { dayKey, lateKey, type EventIndex } from './event-indexes.js';
import type { Wanted } from './event-filter.js';

/** Indexes of events, first and last; where it goes on, behind which it looks. */
export interface Span {
  readonly low: number;
  readonly high: number;
  readonly order: Order;
}

/** A filter that an index serves. */
interface Leader {
  readonly index: EventIndex;
  /** The columns of the index that are one value. */
  readonly fixed: string;
  /** The column whose values are its keys; null for one list. */
  readonly over: 'agency_id' | 'type_id' | 'day' | 'late' | null;
  /** The column behind it that is one value. */
  readonly then?: string;
  /** Of the keys, both included. */
  readonly from?: number;
  readonly to?: number;
}

/** Looked at of each filter to find which is the narrowest. */
const COUNTED = 20_000;

interface Bound extends Omit<Wanted, 'timed'>, Omit<Span, 'order'> {
  readonly keyFrom: number;
  readonly keyTo: number;
}

export class EventSearch {
  readonly #db: Preparing;
  readonly #hasIndex: (name: EventIndex) => boolean;

  constructor(db: Preparing, hasIndex: (name: EventIndex) => boolean) {
    this.#db = db;
    this.#hasIndex = hasIndex;
  }

  /** Indexes in the ledger, in the order of the span. */
  find(wanted: Wanted, span: Span): Iterable<number> {
    if (span.low > span.high) return [];
    if (wanted.case !== null) return this.#ofCase(wanted, span);
    const leaders = leadersOf(wanted);
    const [only] = leaders;
    if (only === undefined) return this.#alongTheLedger(wanted, span);
    return this.#led(leaders.length === 1 ? only : this.#narrowest(leaders, wanted, span), wanted, span);
  }

  /** The statements that a search runs; test/read-models/event-plans.test.ts looks at how. */
  statements(wanted: Wanted, order: Order): string[] {
    if (wanted.case !== null) return [this.#caseHeads(wanted, order), caseRows(wanted, order)];
    const leaders = leadersOf(wanted);
    if (leaders.length === 0) return [along(wanted, order)];
    return leaders.flatMap((leader) => [
      ...(leader.over === null ? [] : [this.#heads(leader, wanted, order)]),
      this.#rows(leader, wanted, order),
    ]);
  }

  #alongTheLedger(wanted: Wanted, span: Span): Iterable<number> {
    return mergedHeads([this.#whole(along(wanted, span.order), bound(wanted, span))].flatMap(headed(span)), span.order);
  }

  #whole(sql: string, values: object): Rest {
    const statement = this.#db.prepare<unknown[], { idx: number }>(sql);
    return (after, count) => statement.all({ ...values, key: null, after, count }).map(({ idx }) => idx);
  }

  #led(leader: Leader, wanted: Wanted, span: Span): Iterable<number> {
    const values = { ...bound(wanted, span), keyFrom: leader.from ?? 0, keyTo: leader.to ?? Number.MAX_SAFE_INTEGER };
    const rows = this.#rows(leader, wanted, span.order);
    if (leader.over === null) return mergedHeads([this.#whole(rows, values)].flatMap(headed(span)), span.order);
    return this.#merged(this.#heads(leader, wanted, span.order), { rows, values, span });
  }

  #ofCase(wanted: Wanted, span: Span): Iterable<number> {
    const values = bound(wanted, span);
    return this.#merged(this.#caseHeads(wanted, span.order), { rows: caseRows(wanted, span.order), values, span });
  }

  #merged(heads: string, { rows, values, span }: { readonly rows: string; readonly values: Bound; readonly span: Span }): Iterable<number> {
    const found = this.#db
      .prepare<unknown[], { key: number; head: number | null }>(heads)
      .all({ ...values, after: behind(span), count: 1 });
    const statement = this.#db.prepare<unknown[], { idx: number }>(rows);
    const sources = found.flatMap(({ key, head }): Headed[] =>
      head === null ? [] : [{ head, rest: (after, count) => statement.all({ ...values, key, after, count }).map(({ idx }) => idx) }],
    );
    return mergedHeads(sources, span.order);
  }

  #narrowest(leaders: readonly Leader[], wanted: Wanted, span: Span): Leader {
    const counted = leaders.map((leader) => {
      const values = { ...bound(wanted, span), keyFrom: leader.from ?? 0, keyTo: leader.to ?? Number.MAX_SAFE_INTEGER, count: COUNTED };
      return { leader, rows: this.#db.prepare<unknown[], { rows: number }>(this.#count(leader)).get(values)?.rows ?? 0 };
    });
    return counted.reduce((least, other) => (other.rows < least.rows ? other : least)).leader;
  }

  /** A reader of a store that is still built finds no index, and looks through the rows. */
  #by(index: EventIndex): string {
    return this.#hasIndex(index) ? `INDEXED BY ${index}` : '';
  }

  /** The rows of one key, behind one, as they follow in the ledger. */
  #rows({ index, fixed, over, then }: Leader, wanted: Wanted, order: Order): string {
    const key = over === null ? null : `${over} = @key`;
    return `SELECT idx FROM events ${this.#by(index)} WHERE ${all([fixed, key, then, checks(wanted), further(order)])} ORDER BY idx ${order} LIMIT @count`;
  }

  /** The keys there are, found by leaps, each with its first row. */
  #heads(leader: Leader, wanted: Wanted, order: Order): string {
    return `${this.#keys(leader)} SELECT v AS key, (${this.#rows(leader, wanted, order).replace('@key', 'v')}) AS head FROM keys WHERE v <= @keyTo`;
  }

  #count({ index, fixed, over, then }: Leader): string {
    const from = over === null ? `events ${this.#by(index)} WHERE ${fixed}` : '';
    if (over === null) return `SELECT COUNT(*) AS rows FROM (SELECT 1 FROM ${from} LIMIT @count)`;
    const leader: Leader = { index, fixed, over };
    return `${this.#keys(leader)} SELECT COUNT(*) AS rows FROM (SELECT 1 FROM keys CROSS JOIN events ${this.#by(index)}
      ON ${all([fixed, `${over} = v`, then])} WHERE v <= @keyTo LIMIT @count)`;
  }

  #keys({ index, fixed, over }: Leader): string {
    const next = (condition: string): string =>
      `SELECT ${over} AS v FROM events ${this.#by(index)} WHERE ${all([fixed, condition])} ORDER BY ${over} LIMIT 1`;
    return `WITH RECURSIVE keys (v) AS (SELECT * FROM (${next(`${over} >= @keyFrom`)})
      UNION ALL SELECT (${next(`${over} > keys.v`)}) FROM keys WHERE keys.v < @keyTo)`;
  }

  #caseHeads(wanted: Wanted, order: Order): string {
    const row = caseRows(wanted, order).replace('@key', 's.stream_id');
    return `SELECT s.stream_id AS key, (${row}) AS head FROM streams s ${this.#by('streams_by_subject')}
      WHERE ${all(['s.subject = @case', wanted.agency === null ? null : 's.agency_id = @agency'])}`;
  }
}

type Rest = Headed['rest'];

/** Its first id, and the rest. */
function headed(span: Span): (rest: Rest) => Headed[] {
  return (rest) => rest(behind(span), 1).map((head) => ({ head, rest }));
}

const behind = ({ low, high, order }: Span): number => (order === 'asc' ? low - 1 : high + 1);

function bound({ timed: _, ...wanted }: Wanted, { low, high }: Span): Bound {
  return { ...wanted, low, high, keyFrom: 0, keyTo: 0 };
}

const all = (conditions: readonly (string | null | undefined)[]): string =>
  conditions.filter((condition) => condition != null && condition !== '').join(' AND ');

const further = (order: Order): string => (order === 'asc' ? 'idx > @after AND idx <= @high' : 'idx < @after AND idx >= @low');

/** Every filter of a row's own columns. */
function checks({ agency, type, actor, from, to, late, timed }: Wanted): string {
  return all([
    agency === null ? null : 'agency_id = @agency',
    type === null ? null : 'type_id = @type',
    actor === null ? null : 'actor_id = @actor',
    from === null ? null : 'instant >= @from',
    to === null ? null : 'instant <= @to',
    late === null ? null : 'recorded_at - instant >= @late',
    timed ? 'instant IS NOT NULL' : null,
  ]);
}

function along(wanted: Wanted, order: Order): string {
  return `SELECT idx FROM events NOT INDEXED WHERE ${all([checks(wanted), further(order)])} ORDER BY idx ${order} LIMIT @count`;
}

/** Of one stream; a case holds acts alone, and the trail has each of them. */
function caseRows(wanted: Wanted, order: Order): string {
  return `SELECT idx FROM trail CROSS JOIN events USING (idx) WHERE ${all(['trail.stream_id = @key', checks(wanted).replaceAll('instant', 'events.instant'), further(order)])} ORDER BY idx ${order} LIMIT @count`;
}

/** Every filter that an index serves, alone or within the agency. */
function leadersOf({ agency, type, actor, from, to, late }: Wanted): Leader[] {
  const fixed = agency === null ? '' : 'agency_id = @agency';
  const found: Leader[] = [];
  const by = (index: EventIndex, column: string): Leader =>
    agency === null ? { index, fixed, over: 'agency_id', then: column } : { index, fixed: all([fixed, column]), over: null };
  if (type !== null) found.push(by('events_by_type', 'type_id = @type'));
  if (actor !== null) found.push(by('events_by_actor', 'actor_id = @actor'));
  if (from !== null || to !== null)
    found.push({
      index: agency === null ? 'events_by_day' : 'events_by_agency_day',
      fixed,
      over: 'day',
      ...(from === null ? {} : { from: dayKey(from) }),
      ...(to === null ? {} : { to: dayKey(to) }),
    });
  if (late !== null)
    found.push({ index: agency === null ? 'events_by_delay' : 'events_by_agency_delay', fixed, over: 'late', from: lateKey(late) });
  if (found.length === 0 && agency !== null) found.push({ index: 'events_by_type', fixed, over: 'type_id' });
  return found;
}
