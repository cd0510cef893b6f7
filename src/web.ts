/** What the service adds to the buses: the addresses and what they share. Only the service loads it; a command starts without. */
import type { Provider, Type } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuditController } from './http/audit.controller.js';
import { CasesController } from './http/cases.controller.js';
import { DeadlinesController } from './http/deadlines.controller.js';
import { IntakeController } from './http/intake.controller.js';
import { LedgerController } from './http/ledger.controller.js';
import { Metrics } from './http/metrics.js';
import { OperationController } from './http/operation.controller.js';
import { PersonalDataController } from './http/personal-data.controller.js';
import { ProblemDetailsFilter } from './http/problem-details.filter.js';
import { ReadModels } from './http/read-models.js';
import { ReportsController } from './http/reports.controller.js';
import { TablesController } from './http/tables.controller.js';

export interface Web {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

export const WEB: Web = {
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
};
