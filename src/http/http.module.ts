/** The addresses and what they share. Only the service loads it; a command starts without. */
import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuditController } from './audit.controller.js';
import { CasesController } from './cases.controller.js';
import { DeadlinesController } from './deadlines.controller.js';
import { IntakeController } from './intake.controller.js';
import { LedgerController } from './ledger.controller.js';
import { Metrics } from './metrics.js';
import { OperationController } from './operation.controller.js';
import { PersonalDataController } from './personal-data.controller.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { ReadModels } from './read-models.js';
import { ReportsController } from './reports.controller.js';
import { TablesController } from './tables.controller.js';

@Module({
  controllers: [
    IntakeController,
    AuditController,
    TablesController,
    ReportsController,
    CasesController,
    PersonalDataController,
    DeadlinesController,
    LedgerController,
    OperationController,
  ],
  providers: [ReadModels, Metrics, { provide: APP_FILTER, useClass: ProblemDetailsFilter }],
})
export class HttpModule {}
