/**
 * Yearly tables and reports: the handlers of this room. What they work with comes from the runtime
 * (runtime/parts.module.ts).
 */
import { Module } from '@nestjs/common';
import { GetTableHandler, GetDifferenceHandler, ExplainCellHandler, GetReportHandler } from './handlers.js';

@Module({
  providers: [GetTableHandler, GetDifferenceHandler, ExplainCellHandler, GetReportHandler],
})
export class TablesModule {}
