/** The read models that tables are made of, by name. */
import { reportsProjection } from '../read-models/reports/reports.js';
import { moversProjection } from '../read-models/movers/movers.js';

/** What the figures of a table are made of; a published one stands in `REPORTS`. */
export const TABLE_MODELS: readonly string[] = ['contributions', 'agencies', 'audit-trail', 'clock', 'dates'];
export const REPORTS = reportsProjection.name;
/** Says which tables an event may move. */
export const MOVERS = moversProjection.name;
