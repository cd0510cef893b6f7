/**
 * Yearly tables and reports: the handlers of this room. What they work with comes from the runtime
 * (runtime/parts.module.ts).
 */
import { Module } from '@nestjs/common';
import { GetFormHandler, ListFormsHandler } from './forms.query.js';
import { AgenciesForHandler } from './many-tables.query.js';
import {
  GetHistoryHandler,
  ListTablesHandler,
  ListViewsHandler,
  ListYearsHandler,
  GetTableHandler,
  GetDifferenceHandler,
  ExplainCellHandler,
  FindBehindCellHandler,
  GetReportHandler,
  GetStatisticsHandler,
  GetReportTextHandler,
} from './handlers.js';

@Module({
  providers: [
    GetTableHandler,
    AgenciesForHandler,
    GetDifferenceHandler,
    ExplainCellHandler,
    FindBehindCellHandler,
    GetReportHandler,
    GetStatisticsHandler,
    GetReportTextHandler,
    ListFormsHandler,
    GetFormHandler,
    ListTablesHandler,
    ListViewsHandler,
    ListYearsHandler,
    GetHistoryHandler,
  ],
})
export class TablesModule {}
