/** What writes files, for the service. A command makes its own. */
import { Global, Module } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ReadStore } from '../read-models/read-store.js';
import { TableReader } from '../tables/table-reader.js';
import { Exporter } from './exporter.js';

@Global()
@Module({
  providers: [
    {
      provide: Exporter,
      useFactory: (queries: QueryBus, store: ReadStore, tables: TableReader): Exporter => new Exporter({ queries, store, tables }),
      inject: [QueryBus, ReadStore, TableReader],
    },
  ],
  exports: [Exporter],
})
export class ExportsModule {}
