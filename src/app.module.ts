/** Nest's edge around a ledger that was wired by hand: the buses, and for the service what web.ts adds. */
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { COMMAND_HANDLERS } from './runtime/commands.js';
import { PARTS, type Parts } from './runtime/parts.js';
import { QUERY_HANDLERS } from './runtime/queries.js';
import type { Web } from './http/web.js';

@Module({})
export class AppModule {
  /** `web` adds the HTTP controllers; a command needs only the buses. */
  static around(ledger: Parts, web: Web | null): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [...(web?.controllers ?? [])],
      providers: [{ provide: PARTS, useValue: ledger }, ...COMMAND_HANDLERS, ...QUERY_HANDLERS, ...(web?.providers ?? [])],
    };
  }
}
