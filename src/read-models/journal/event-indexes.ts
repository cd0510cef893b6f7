/**
 * How the events are found by a filter: columns that are reckoned from those of the row, and an index for each filter,
 * alone and within an agency. The indexes are made where the log was read to its end: rows that are built again are
 * written without them, and sorted once.
 */
import { BY_ID } from './events-by-id.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Asia/Shanghai, and a million days: SQLite cuts towards 0, so days are counted from one before every act. */
const DAY_SHIFT_MS = 8 * 60 * 60 * 1000 + 1_000_000 * DAY_MS;

/** `day`: that of the act in Asia/Shanghai; `late`: how late it was recorded. Both are null for what is no act. */
export const RECKONED_COLUMNS = `
    day INTEGER GENERATED ALWAYS AS ((instant + ${DAY_SHIFT_MS}) / ${DAY_MS}) VIRTUAL,
    late INTEGER GENERATED ALWAYS AS (CASE
      WHEN recorded_at < instant THEN NULL
      WHEN recorded_at - instant < 3600000 THEN (recorded_at - instant) / 60000
      WHEN recorded_at - instant < ${DAY_MS} THEN 60 + (recorded_at - instant) / 3600000
      ELSE 84 + (recorded_at - instant) / ${DAY_MS} END) VIRTUAL`;

/** The number of a day in the column `day`; of a moment in ms. */
export function dayKey(instant: number): number {
  return Math.floor((instant + DAY_SHIFT_MS) / DAY_MS);
}

/**
 * The class of a delay in the column `late`: minutes within the first hour, hours within the first day, then days. In
 * every class above that of a delay all are later than it; in its own each is looked at.
 */
export function lateKey(ms: number): number {
  if (ms < 3_600_000) return Math.floor(ms / 60_000);
  return ms < DAY_MS ? 60 + Math.floor(ms / 3_600_000) : 84 + Math.floor(ms / DAY_MS);
}

/** Name → what it is of. */
export const EVENT_INDEXES = {
  ...BY_ID,
  events_by_type: 'events (agency_id, type_id, idx)',
  events_by_actor: 'events (agency_id, actor_id, idx)',
  events_by_day: 'events (day, idx)',
  events_by_agency_day: 'events (agency_id, day, idx)',
  events_by_delay: 'events (late, idx)',
  events_by_agency_delay: 'events (agency_id, late, idx)',
  streams_by_subject: 'streams (subject)',
} as const;

export type EventIndex = keyof typeof EVENT_INDEXES;
