/** An event behind a figure, as answers name it. */
import { formatInstant } from '../../time/instant.js';
import { publicType } from '../../events/catalog.js';
import { idText } from './journal.js';
import type { Figures } from '../figures/figures.js';
import { nextTurn } from '../../intake/json/slices.js';
import { one } from '../../sqlite/statements.js';

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
  /** Of a roll-up: whose event it is. */
  readonly agency?: string;
}

/** An event by its index in the ledger, and what of it is printed. */
export interface PrintedShare extends Pick<ExplainedEvent, 'amount' | 'agency'> {
  readonly index: number;
}

/** Events named in one turn of the event loop: a millisecond. */
const AT_ONCE = 100;

/** Any number in one question: each question has its price. */
const NAMED = `SELECT e.event_id AS eventId, n.name AS source, e.message_id AS id, t.name AS type, s.subject AS "case", tr.on_day AS occurredOn, e.recorded_at AS recordedAt
  FROM json_each(?) j CROSS JOIN events e ON e.idx = j.value
  JOIN names n ON n.name_id = e.source_id JOIN names t ON t.name_id = e.type_id JOIN streams s USING (stream_id)
  JOIN trail tr ON tr.stream_id = e.stream_id AND tr.idx = e.idx ORDER BY j.key`;

type NamedRow = Omit<ExplainedEvent, 'eventId' | 'recordedAt' | 'amount'> & { eventId: Buffer; recordedAt: number };

/** In the order of the shares. */
export function eventsNamed(figures: Figures, shares: readonly PrintedShare[]): ExplainedEvent[] {
  const rows = figures.prepare<unknown[], NamedRow>(NAMED).all(JSON.stringify(shares.map(({ index }) => index)));
  return shares.map(({ amount, agency }, at) => {
    const row = one(rows[at]);
    const event = { ...row, eventId: idText(row.eventId), type: publicType(row.type), recordedAt: formatInstant(row.recordedAt), amount };
    return agency === undefined ? event : { ...event, agency };
  });
}

/** Events that are still to be named. */
export interface UnnamedEvents {
  /** In the order of the log. */
  readonly shares: readonly PrintedShare[];
  /** Gives events in the order of the shares, which are some of these. */
  readonly named: (shares: readonly PrintedShare[]) => ExplainedEvent[];
}

/** All of them, some at a time: others have their turn in between, as rows of events never change. */
export async function* namedInPieces({ shares, named }: UnnamedEvents): AsyncGenerator<ExplainedEvent[]> {
  for (let from = 0; from < shares.length; from += AT_ONCE) {
    if (from > 0) await nextTurn();
    yield named(shares.slice(from, from + AT_ONCE));
  }
}
