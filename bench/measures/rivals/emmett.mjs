// emmett-sqlite over its own driver, from the folder it was installed in.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { timed } from '../../measure.mjs';
import { byCase } from '../events.mjs';
import { ADD, COUNT, countedOf, DROP, PAGE, parsedEvents, rowOf, sureOf, TABLES, TOTALS } from './same-work.mjs';

async function open(installed, folder) {
  // It prints every error it throws; the errors are counted here.
  console.log = () => undefined;
  const require = createRequire(join(installed, 'package.json'));
  const { CommandHandler } = require('@event-driven-io/emmett');
  const { getSQLiteEventStore, sqliteConnection } = require('@event-driven-io/emmett-sqlite');
  mkdirSync(folder, { recursive: true });
  const fileName = join(folder, 'emmett.db');
  // It opens and closes a connection for every call; one that stays open keeps the close from checkpointing the whole
  // file each time.
  const kept = sqliteConnection({ fileName });
  // Every connection asks for WAL without waiting for the answer; where it holds already none of them can be refused.
  await kept.command('PRAGMA journal_mode = WAL');
  const store = getSQLiteEventStore({ fileName });
  return { store, kept, CommandHandler };
}

/**
 * Now and then its COMMIT meets a statement still in progress (SQLITE_BUSY, also without load): the command is sent
 * again, as a caller would. The connection of the failed call is gone with its transaction.
 */
async function insisting(action) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      if (error?.code !== 'SQLITE_BUSY' || tries === 20) throw error;
      failed += 1;
    }
  }
}
let failed = 0;

const emmettEvent = ({ type, data, metadata }) => ({ type, data: { ...data, metadata } });

/** One command at a time: calls side by side share a connection and, with it, each other's transaction. */
export async function commands({ installed, folder, log, count }) {
  const { store, kept, CommandHandler } = await open(installed, folder);
  const handle = CommandHandler({ evolve: (state) => ({ acts: state.acts + 1 }), initialState: () => ({ acts: 0 }) });
  const events = parsedEvents(log, count);
  const { seconds, cpu } = await timed(async () => {
    for (const event of events) await insisting(() => handle(store, event.stream, () => emmettEvent(event)));
  });
  kept.close();
  rmSync(folder, { recursive: true, force: true });
  return { count: events.length, seconds, cpu, failed };
}

export async function fill({ installed, folder, log, count }) {
  const { store, kept } = await open(installed, folder);
  for (const events of byCase(parsedEvents(log, count), ({ stream }) => stream))
    await insisting(() => store.appendToStream(events[0].stream, events.map(emmettEvent)));
  kept.close();
  return { count };
}

/** It hands over one event at a time, so each is written by statements of its own; a batch is one transaction. */
export async function project({ installed, folder, log, count, round }) {
  const { store, kept } = await open(installed, folder);
  for (const sql of [...DROP, ...TABLES]) await kept.command(sql);
  const canHandle = [...new Set(parsedEvents(log, count).map(({ type }) => type))];
  const consumer = store.consumer({ pulling: { batchSize: PAGE, pullingFrequencyInMs: 0 } });
  consumer.processor({
    processorId: `projecting-${round}`,
    startFrom: 'BEGINNING',
    projection: {
      name: 'projecting',
      canHandle,
      handle: async (events, { connection }) => {
        for (const { type, data, metadata } of events) {
          const { agency, at } = data.metadata;
          const event = { stream: metadata.streamName, type, agency, at };
          await connection.command(COUNT, countedOf(event));
          await connection.command(ADD, rowOf(event));
        }
      },
    },
    stopAfter: ({ metadata }) => metadata.globalPosition >= BigInt(count),
  });
  const { seconds, cpu } = await timed(() => consumer.start());
  const [totals] = await kept.query(TOTALS);
  await consumer.close();
  kept.close();
  sureOf('emmett-sqlite', totals, count);
  return { count, seconds, cpu };
}
