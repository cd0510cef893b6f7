/** The read models that tables are made of, by name. */
import { itemsProjection } from '../read-models/items/items.js';
import { reportsProjection } from '../read-models/reports/reports.js';
import { moversProjection } from '../read-models/movers/movers.js';

/** What the figures of a table are made of; a published one stands in `REPORTS`. */
export const TABLE_MODELS: readonly string[] = ['contributions', 'agencies', 'audit-trail', 'clock', 'dates'];
/** What figures that only the prose has are made of. */
export const STATISTICS_MODELS: readonly string[] = ['contributions', 'agencies', 'audit-trail', 'clock', itemsProjection.name];
export const REPORTS = reportsProjection.name;
/** Says which tables an event may move. */
export const MOVERS = moversProjection.name;
