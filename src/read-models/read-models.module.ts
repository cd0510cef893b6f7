/** Questions that read models alone answer: the handlers of this room. What they work with comes from the runtime (runtime/parts.module.ts). */
import { Module } from '@nestjs/common';
import { GetYearSummaryHandler, GetDeadlinesHandler, ReadEventsHandler } from './handlers.js';

@Module({
  providers: [GetYearSummaryHandler, GetDeadlinesHandler, ReadEventsHandler],
})
export class ReadModelsModule {}
