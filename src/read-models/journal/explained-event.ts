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

/** Events named in one turn of the event loop: some milliseconds. */
const AT_ONCE = 100;

const EXPLAINED = `SELECT e.event_id AS eventId, n.name AS source, e.message_id AS id, t.name AS type, s.subject AS "case", tr.on_day AS occurredOn, e.recorded_at AS recordedAt
  FROM events e JOIN names n ON n.name_id = e.source_id JOIN names t ON t.name_id = e.type_id JOIN streams s USING (stream_id)
  JOIN trail tr ON tr.stream_id = e.stream_id AND tr.idx = e.idx WHERE e.idx = ?`;

/** `amount` as it is to be printed. */
export function explainedEvent(figures: Figures, index: number, amount: string): ExplainedEvent {
  const row = one(
    figures
      .prepare<unknown[], Omit<ExplainedEvent, 'eventId' | 'recordedAt' | 'amount'> & { eventId: Buffer; recordedAt: number }>(EXPLAINED)
      .get(index),
  );
  return { ...row, eventId: idText(row.eventId), type: publicType(row.type), recordedAt: formatInstant(row.recordedAt), amount };
}

/** The same of any number, some at a time: others have their turn in between, as rows of events never change. */
export async function explainedEvents(figures: Figures, shares: readonly PrintedShare[]): Promise<ExplainedEvent[]> {
  const events: ExplainedEvent[] = [];
  for (const { index, amount, agency } of shares) {
    if (events.length > 0 && events.length % AT_ONCE === 0) await nextTurn();
    events.push({ ...explainedEvent(figures, index, amount), ...(agency === undefined ? {} : { agency }) });
  }
  return events;
}
