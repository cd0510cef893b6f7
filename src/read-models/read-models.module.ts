/**
 * Questions that read models alone answer: the handlers of this room.
 * What they work with comes from the runtime (runtime/parts.module.ts).
 */
import { Module } from '@nestjs/common';
import { GetAgencyHandler, ListAgenciesHandler, ListPublicAgenciesHandler } from './agencies/agencies.query.js';
import { CountCasesHandler, GetCasesHandler } from './cases/case-list.query.js';
import { FindByTitleHandler } from './cases/case-titles.query.js';
import { GetReopenedHandler } from './cases/reopened.query.js';
import { GetDeadlinesHandler } from './deadlines/deadlines.query.js';
import { ReckonDeadlineHandler } from './deadlines/reckoned.query.js';
import { ReadEventsHandler } from './journal/events.query.js';
import { GetOfficerHandler, GetOfficersHandler } from './officers/officers.query.js';
import { GetPermissionsHandler } from './permissions/permissions.query.js';
import { GetReviewWaitsHandler } from './trail/review-waits.query.js';
import { GetYearSummaryHandler } from './trail/year-summary.query.js';

@Module({
  providers: [
    GetCasesHandler,
    FindByTitleHandler,
    GetReopenedHandler,
    CountCasesHandler,
    GetOfficersHandler,
    GetOfficerHandler,
    GetAgencyHandler,
    ListAgenciesHandler,
    ListPublicAgenciesHandler,
    GetDeadlinesHandler,
    ReckonDeadlineHandler,
    ReadEventsHandler,
    GetPermissionsHandler,
    GetReviewWaitsHandler,
    GetYearSummaryHandler,
  ],
})
export class ReadModelsModule {}
