/** The service: an open ledger and its addresses. */
import { Module, type DynamicModule } from '@nestjs/common';
import { ExportsModule } from './exports/exports.module.js';
import { HttpModule } from './http/http.module.js';
import { LedgerModule } from './runtime/ledger.module.js';
import type { Parts } from './runtime/parts.js';

@Module({})
export class AppModule {
  static around(parts: Parts): DynamicModule {
    return { module: AppModule, imports: [LedgerModule.around(parts), ExportsModule, HttpModule] };
  }
}
