/**
 * An open ledger with its buses and the handlers of every trade: what a command needs of Nest. Neither controllers nor
 * Swagger are loaded with it.
 */
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { PrivacyModule } from '../privacy/privacy.module.js';
import { ReadModelsModule } from '../read-models/read-models.module.js';
import { RecordingModule } from '../recording/recording.module.js';
import { SigningModule } from '../signing/signing.module.js';
import { TablesModule } from '../tables/tables.module.js';
import { PartsModule } from './parts.module.js';
import type { Parts } from './parts.js';

@Module({})
export class LedgerModule {
  static around(parts: Parts): DynamicModule {
    return {
      module: LedgerModule,
      imports: [
        CqrsModule.forRoot(),
        PartsModule.around(parts),
        RecordingModule,
        TablesModule,
        PrivacyModule,
        SigningModule,
        ReadModelsModule,
      ],
    };
  }
}
