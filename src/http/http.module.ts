/** The addresses and what they share. Only the service loads it; a command starts without. */
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AgenciesController } from './controllers/agencies.controller.js';
import { AuditController } from './controllers/audit.controller.js';
import { CaseListController } from './controllers/case-list.controller.js';
import { CasesController } from './controllers/cases.controller.js';
import { DeadlinesController } from './controllers/deadlines.controller.js';
import { ExportsController } from './files/exports.controller.js';
import { FeedController } from './controllers/feed.controller.js';
import { FormsController } from './controllers/forms.controller.js';
import { IntakeController } from './controllers/intake.controller.js';
import { LedgerController } from './controllers/ledger.controller.js';
import { ManyTablesController } from './controllers/many-tables.controller.js';
import { Metrics } from './metrics.js';
import { Revealing } from './access/revealing.js';
import { OperationController } from './controllers/operation.controller.js';
import { OfficersController } from './controllers/officers.controller.js';
import { PersonalDataController } from './controllers/personal-data.controller.js';
import { RefusalsController } from './controllers/refusals.controller.js';
import { PermissionsController } from './controllers/permissions.controller.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { ReadModels } from './read-models.js';
import { ReportsController } from './controllers/reports.controller.js';
import { SchemasController } from './controllers/schemas.controller.js';
import { ValidationPipe } from './validation.pipe.js';
import { TableAnswers } from './serving/table-answers.js';
import { TablesController } from './controllers/tables.controller.js';

@Module({
  controllers: [
    IntakeController,
    AgenciesController,
    RefusalsController,
    AuditController,
    FeedController,
    TablesController,
    ExportsController,
    ManyTablesController,
    FormsController,
    ReportsController,
    CaseListController,
    CasesController,
    PersonalDataController,
    DeadlinesController,
    OfficersController,
    PermissionsController,
    LedgerController,
    OperationController,
    SchemasController,
  ],
  providers: [
    ReadModels,
    TableAnswers,
    Metrics,
    Revealing,
    { provide: APP_FILTER, useClass: ProblemDetailsFilter },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
})
export class HttpModule {}
