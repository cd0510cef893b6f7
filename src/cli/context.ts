/** A runtime and Nest's buses for the time of one command. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AppModule } from '../app.module.js';
import { readConfig } from '../config.js';
import { PinoLogger } from '../logger.js';
import { damageFound, openCaughtUp, type Runtime } from '../runtime.js';

export interface CommandContext {
  readonly runtime: Runtime;
  readonly commands: CommandBus;
  readonly queries: QueryBus;
}

/** Opens, runs, closes. The read models are at the end of the log when `run` begins. */
export async function withLedger<T>(run: (context: CommandContext) => Promise<T>): Promise<T> {
  const runtime = await openCaughtUp({ config: readConfig(process.env) });
  try {
    const app = await NestFactory.createApplicationContext(AppModule.around(runtime, { web: false }), { logger: new PinoLogger() });
    try {
      return await run({ runtime, commands: app.get(CommandBus), queries: app.get(QueryBus) });
    } finally {
      await app.close();
    }
  } catch (error) {
    throw damageFound(runtime, error);
  } finally {
    await runtime.close();
  }
}
