/** What may move the cells of an agency's year, in the order of the log. */
import { sure } from '../../encoding/unknown-values.js';
import { formatInstant } from '../../time/instant.js';
import { idText } from '../journal/journal.js';
import type { Figures, Scope } from './figures.js';

/**
 * Index of the first act of the year, or of the first declaration for it; null where there is none up to the scope's.
 */
export function firstMovement(figures: Figures, { agencyId, year, index }: Scope): number | null {
  return (
    figures
      .prepare<unknown[], number | null>(
        `SELECT MIN(idx) FROM (SELECT idx FROM agency_years WHERE agency_id = @agencyId AND year = @year
           UNION ALL SELECT MIN(idx) FROM declarations WHERE agency_id = @agencyId AND year = @year
           UNION ALL SELECT MIN(idx) FROM papers WHERE agency_id = @agencyId AND year = @year
           UNION ALL SELECT MIN(idx) FROM contributions WHERE agency_id = @agencyId AND year = @year) WHERE idx <= @index`,
      )
      .pluck()
      .get({ agencyId, year, index }) ?? null
  );
}

/** What one event adds to a year under a key of measures. */
export interface Addition {
  readonly index: number;
  readonly year: number;
  readonly keyId: number;
  readonly amount: number;
}

/** What events from `first` on add to the year and to the years before it. */
export function additionsFrom(figures: Figures, { agencyId, year, index }: Scope, first: number): Addition[] {
  return figures
    .prepare<unknown[], Addition>(
      `SELECT idx AS "index", year, key_id AS keyId, amount FROM contributions
       WHERE agency_id = ? AND year <= ? AND idx >= ? AND idx <= ? ORDER BY idx, n`,
    )
    .all(agencyId, year, first, index);
}

/** Indexes from `first` on of what changes cells otherwise: a figure or a table declared, another form. */
export function turnsFrom(figures: Figures, { agencyId, year, index }: Scope, first: number): number[] {
  return figures
    .prepare<unknown[], number>(
      `SELECT idx FROM declarations WHERE agency_id = @agencyId AND year <= @year AND idx >= @first AND idx <= @index
       UNION SELECT idx FROM papers WHERE agency_id = @agencyId AND year <= @year AND idx >= @first AND idx <= @index
       UNION SELECT idx FROM agency_profiles WHERE agency_id = @agencyId AND idx >= @first AND idx <= @index`,
    )
    .pluck()
    .all({ agencyId, year, first, index });
}

/** Which event has the index, and when it was recorded. */
export function recordingOf(figures: Figures, index: number): { readonly eventId: string; readonly recordedAt: string } {
  const row = figures
    .prepare<unknown[], { eventId: Buffer; recordedAt: number }>(
      'SELECT event_id AS eventId, recorded_at AS recordedAt FROM events WHERE idx = ?',
    )
    .get(index);
  const { eventId, recordedAt } = sure(row);
  return { eventId: idText(eventId), recordedAt: formatInstant(recordedAt) };
}
