/** An event behind a figure, as answers name it. */
import { formatInstant } from '../../time/instant.js';
import { publicType } from '../../events/catalog.js';
import { idText } from './journal.js';
import type { Figures } from '../figures/figures.js';
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
