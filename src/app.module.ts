/** The service: an open ledger and its addresses. */
import { Module, type DynamicModule } from '@nestjs/common';
import { HttpModule } from './http/http.module.js';
import { LedgerModule } from './runtime/ledger.module.js';
import type { Parts } from './runtime/parts.js';

@Module({})
export class AppModule {
  static around(parts: Parts): DynamicModule {
    return { module: AppModule, imports: [LedgerModule.around(parts), HttpModule] };
  }
}
