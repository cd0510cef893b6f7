/**
 * Questions that read models alone answer: the handlers of this room.
 * What they work with comes from the runtime (runtime/parts.module.ts).
 */
import { Module } from '@nestjs/common';
import { GetCasesHandler } from './cases/case-list.query.js';
import { GetDeadlinesHandler } from './deadlines/deadlines.query.js';
import { ReadEventsHandler } from './journal/events.query.js';
import { GetOfficerHandler, GetOfficersHandler } from './officers/officers.query.js';
import { GetPermissionsHandler } from './permissions/permissions.query.js';
import { GetYearSummaryHandler } from './trail/year-summary.query.js';

@Module({
  providers: [
    GetCasesHandler,
    GetOfficersHandler,
    GetOfficerHandler,
    GetDeadlinesHandler,
    ReadEventsHandler,
    GetPermissionsHandler,
    GetYearSummaryHandler,
  ],
})
export class ReadModelsModule {}
