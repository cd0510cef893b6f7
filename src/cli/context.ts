/** A runtime and Nest's buses for the time of one command. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { LedgerModule } from '../runtime/ledger.module.js';
import { readConfig } from '../config/config.js';
import { requireLedger } from '../runtime/data-folder.js';
import { PinoLogger } from '../runtime/logger.js';
import { openCaughtUp } from '../runtime/open-caught-up.js';
import { damageFound } from '../runtime/stores.js';
import { openCaughtUpWriter } from '../runtime/open-writer.js';
import type { Runtime } from '../runtime/runtime.js';
import type { ServiceAddress } from '../runtime/writer-lock.js';

export interface CommandContext {
  readonly runtime: Runtime;
  readonly commands: CommandBus;
  readonly queries: QueryBus;
}

/** Opens, runs, closes. The read models are at the end of the log when `run` begins. */
export async function withLedger<T>(run: (context: CommandContext) => Promise<T>): Promise<T> {
  return runIn(await openCaughtUp({ config: readConfig(process.env) }), run);
}

/**
 * Runs `here` with a ledger that can be written, or `through` the service that writes the data folder. `begins`: makes
 * one where there is none. `thread`: much is taken in, and a thread of its own for the read models is worth its start.
 */
export async function withWriter<T>(
  here: (context: CommandContext) => Promise<T>,
  through: (service: ServiceAddress) => Promise<T>,
  { begins = false, thread = false }: { readonly begins?: boolean; readonly thread?: boolean } = {},
): Promise<T> {
  const config = readConfig(process.env);
  if (!begins) requireLedger(config);
  const opened = await openCaughtUpWriter({ config, thread });
  return 'service' in opened ? through(opened.service) : runIn(opened.runtime, here);
}

async function runIn<T>(runtime: Runtime, run: (context: CommandContext) => Promise<T>): Promise<T> {
  try {
    const app = await NestFactory.createApplicationContext(LedgerModule.around(runtime), { logger: new PinoLogger() });
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
