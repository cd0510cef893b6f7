// The same commands and the same counting projection with other event-sourcing libraries on SQLite, from the folder
// they were installed in.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';
import { openWriter } from '../../dist/runtime/runtime.js';
import { messageLines } from '../../dist/cli/message-lines.js';
import { NO_IDENTITY } from '../../dist/recording/sender.js';
import { inFlight, timed } from '../measure.mjs';
import { byCase, storedEvents } from './events.mjs';

const PAGE = 1000;

function parsedEvents(log, count) {
  return storedEvents(log, count).map(({ stream, type, data, metadata }) => ({
    stream,
    type,
    data: JSON.parse(data),
    metadata: JSON.parse(metadata),
  }));
}

/** Ours: the whole way of a message, validation, keys, read models and all. */
export async function ourCommands({ file, folder, flight, count }) {
  const runtime = openWriter({ config: { data: folder, eventStoreDbUrl: null } });
  const lines = [];
  for await (const { bytes } of messageLines([file], () => undefined)) {
    lines.push(bytes);
    if (lines.length === count) break;
  }
  let next = 0;
  const { seconds, cpu } = await timed(() =>
    inFlight(flight, () => {
      const bytes = lines[next++];
      if (bytes === undefined) return undefined;
      return async () => {
        const receipt = await runtime.writer.recorder.recordBytes(bytes, NO_IDENTITY);
        if (receipt.status !== 'recorded') throw new Error(JSON.stringify(receipt));
      };
    }),
  );
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
  return { count: lines.length, seconds, cpu };
}

/** A log of our own with as many events as the others get. */
export async function fillOurs({ folder, log, count }) {
  mkdirSync(folder, { recursive: true });
  const target = new SqliteEventLog({ file: join(folder, 'log.db') });
  const appended = storedEvents(log, count).map(({ stream, id, type, version, data, metadata }) =>
    target.append(stream, 'any', [{ id, type, version, data: JSON.parse(data), metadata: JSON.parse(metadata) }]),
  );
  await Promise.all(appended);
  await target.close();
  return { count: appended.length };
}

async function openEvtstore(installed, folder, synchronous) {
  const require = createRequire(join(installed, 'package.json'));
  const { createDomain, createAggregate, createCommands } = require('evtstore');
  const { createProvider, migrate } = require('evtstore/provider/knex');
  mkdirSync(folder, { recursive: true });
  const client = require('knex')({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'evtstore.db') },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate(connection, done) {
        connection.pragma('journal_mode = WAL');
        connection.pragma(`synchronous = ${synchronous}`);
        done(null, connection);
      },
    },
  });
  await migrate({ client, events: 'events', bookmarks: 'bookmarks' });
  let transaction = null;
  const table = (name) => (transaction ?? client)(name);
  const provider = createProvider({ limit: PAGE, events: () => table('events'), bookmarks: () => table('bookmarks') });
  const aggregate = createAggregate({ stream: 'case', create: () => ({ acts: 0 }), fold: (_event, state) => ({ acts: state.acts + 1 }) });
  const { domain, createHandler } = createDomain({ provider, useCache: true }, { case: aggregate });
  const commands = createCommands(domain.case, {
    record: async ({ events }) => events.map(({ type, data, metadata }) => ({ type, data, metadata })),
  });
  return { client, createHandler, commands, setTransaction: (next) => (transaction = next) };
}

export async function evtstoreCommands({ installed, folder, log, count, flight }) {
  const { client, commands } = await openEvtstore(installed, folder, 'FULL');
  const events = parsedEvents(log, count);
  // A case at a time: two of its commands side by side would be a conflict, which is not what is measured.
  const cases = byCase(events, ({ stream }) => stream);
  let next = 0;
  const { seconds, cpu } = await timed(() =>
    inFlight(flight, () => {
      const acts = cases[next++];
      if (acts === undefined) return undefined;
      return async () => {
        for (const event of acts) await commands.record(event.stream, { events: [event] });
      };
    }),
  );
  await client.destroy();
  rmSync(folder, { recursive: true, force: true });
  return { count: events.length, seconds, cpu };
}

export async function fillEvtstore({ installed, folder, log, count }) {
  const { client, commands } = await openEvtstore(installed, folder, 'NORMAL');
  for (const events of byCase(parsedEvents(log, count), ({ stream }) => stream)) await commands.record(events[0].stream, { events });
  await client.destroy();
  return { count };
}

/**
 * Counts in memory, written with the bookmark in a transaction for each page: its hooks allow what its documentation
 * does not show.
 */
export async function evtstoreRebuild({ installed, folder, log, count, round }) {
  const { client, createHandler, setTransaction } = await openEvtstore(installed, folder, 'NORMAL');
  const types = new Set(storedEvents(log, count).map(({ type }) => type));
  await client.schema.dropTableIfExists('counts');
  await client.schema.createTable('counts', (table) => {
    table.string('type').primary();
    table.integer('n');
  });
  const counts = new Map();
  let transaction = null;
  const hooks = {
    async preRun() {
      transaction = await client.transaction();
      setTransaction(transaction);
    },
    async postRun() {
      for (const [type, n] of counts) await transaction('counts').insert({ type, n }).onConflict('type').merge();
      await transaction.commit();
      setTransaction(null);
    },
  };
  const handler = createHandler(`counting-${round}`, ['case'], { hooks });
  for (const type of types)
    handler.handle('case', type, async (_id, event) => void counts.set(event.type, (counts.get(event.type) ?? 0) + 1));
  const { seconds, cpu } = await timed(() => handler.runOnce());
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  await client.destroy();
  if (total !== count) throw new Error(`evtstore counted ${total} of ${count}`);
  return { count: total, seconds, cpu };
}

async function openEmmett(installed, folder) {
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
export async function emmettCommands({ installed, folder, log, count }) {
  const { store, kept, CommandHandler } = await openEmmett(installed, folder);
  const handle = CommandHandler({ evolve: (state) => ({ acts: state.acts + 1 }), initialState: () => ({ acts: 0 }) });
  const events = parsedEvents(log, count);
  const { seconds, cpu } = await timed(async () => {
    for (const event of events) await insisting(() => handle(store, event.stream, () => emmettEvent(event)));
  });
  kept.close();
  rmSync(folder, { recursive: true, force: true });
  return { count: events.length, seconds, cpu, failed };
}

export async function fillEmmett({ installed, folder, log, count }) {
  const { store, kept } = await openEmmett(installed, folder);
  for (const events of byCase(parsedEvents(log, count), ({ stream }) => stream))
    await insisting(() => store.appendToStream(events[0].stream, events.map(emmettEvent)));
  kept.close();
  return { count };
}

export async function emmettRebuild({ installed, folder, log, count, round }) {
  const { store, kept } = await openEmmett(installed, folder);
  await kept.command('CREATE TABLE IF NOT EXISTS counts (round INTEGER, type TEXT, n INTEGER, PRIMARY KEY (round, type))');
  const canHandle = [...new Set(storedEvents(log, count).map(({ type }) => type))];
  const sql = 'INSERT INTO counts VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1';
  const consumer = store.consumer({ pulling: { batchSize: PAGE, pullingFrequencyInMs: 0 } });
  consumer.processor({
    processorId: `counting-${round}`,
    startFrom: 'BEGINNING',
    projection: {
      name: 'counting',
      canHandle,
      handle: async (events, { connection }) => {
        for (const { type } of events) await connection.command(sql, [round, type]);
      },
    },
    stopAfter: ({ metadata }) => metadata.globalPosition >= BigInt(count),
  });
  const { seconds, cpu } = await timed(() => consumer.start());
  const [{ total }] = await kept.query('SELECT SUM(n) AS total FROM counts WHERE round = ?', [round]);
  await consumer.close();
  kept.close();
  if (total !== count) throw new Error(`emmett-sqlite counted ${total} of ${count}`);
  return { count: total, seconds, cpu };
}
