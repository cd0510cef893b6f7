/**
 * Questions that read models alone answer: the handlers of this room.
 * What they work with comes from the runtime (runtime/parts.module.ts).
 */
import { Module } from '@nestjs/common';
import { GetDeadlinesHandler } from './deadlines/deadlines.query.js';
import { ReckonDeadlineHandler } from './deadlines/reckoned.query.js';
import { ReadEventsHandler } from './journal/events.query.js';
import { GetPermissionsHandler } from './permissions/permissions.query.js';
import { GetYearSummaryHandler } from './trail/year-summary.query.js';

@Module({
  providers: [GetDeadlinesHandler, ReckonDeadlineHandler, ReadEventsHandler, GetPermissionsHandler, GetYearSummaryHandler],
})
export class ReadModelsModule {}
