/** Nest's edge around a ledger that was wired by hand: buses, controllers, the filter. */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
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
import { COMMAND_HANDLERS } from './use-cases/commands.js';
import { LEDGER, type Ledger } from './use-cases/ledger.js';
import { QUERY_HANDLERS } from './use-cases/queries.js';

@Module({})
export class AppModule {
  /** `web` adds the HTTP controllers; a command needs only the buses. */
  static around(ledger: Ledger, { web }: { readonly web: boolean }): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: web
        ? [
            IntakeController,
            AuditController,
            TablesController,
            ReportsController,
            CasesController,
            PersonalDataController,
            DeadlinesController,
            LedgerController,
            OperationController,
          ]
        : [],
      providers: [
        { provide: LEDGER, useValue: ledger },
        ...COMMAND_HANDLERS,
        ...QUERY_HANDLERS,
        ...(web ? [ReadModels, Metrics, { provide: APP_FILTER, useClass: ProblemDetailsFilter }] : []),
      ],
    };
  }
}
