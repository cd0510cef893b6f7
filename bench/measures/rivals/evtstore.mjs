// evtstore over knex and better-sqlite3, from the folder it was installed in.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inFlight, timed } from '../../measure.mjs';
import { byCase } from '../events.mjs';
import { DROP, PAGE, parsedEvents, sureOf, TABLES, together, TOTALS } from './same-work.mjs';

async function open(installed, folder, synchronous) {
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

export async function commands({ installed, folder, log, count, flight }) {
  const { client, commands: sent } = await open(installed, folder, 'FULL');
  const events = parsedEvents(log, count);
  // A case at a time: two of its commands side by side would be a conflict, which is not what is measured.
  const cases = byCase(events, ({ stream }) => stream);
  let next = 0;
  const { seconds, cpu } = await timed(() =>
    inFlight(flight, () => {
      const acts = cases[next++];
      if (acts === undefined) return undefined;
      return async () => {
        for (const event of acts) await sent.record(event.stream, { events: [event] });
      };
    }),
  );
  await client.destroy();
  rmSync(folder, { recursive: true, force: true });
  return { count: events.length, seconds, cpu };
}

export async function fill({ installed, folder, log, count }) {
  const { client, commands: sent } = await open(installed, folder, 'NORMAL');
  for (const events of byCase(parsedEvents(log, count), ({ stream }) => stream)) await sent.record(events[0].stream, { events });
  await client.destroy();
  return { count };
}

/** A page in memory, written with the bookmark in one transaction: its hooks allow what is not documented. */
export async function project({ installed, folder, log, count, round }) {
  const { client, createHandler, setTransaction } = await open(installed, folder, 'NORMAL');
  for (const sql of [...DROP, ...TABLES]) await client.raw(sql);
  let page = [];
  let transaction = null;
  const hooks = {
    async preRun() {
      page = [];
      transaction = await client.transaction();
      setTransaction(transaction);
    },
    async postRun() {
      if (page.length > 0) for (const { sql, values } of together(page)) await transaction.raw(sql, values);
      await transaction.commit();
      setTransaction(null);
    },
  };
  const handler = createHandler(`projecting-${round}`, ['case'], { hooks });
  const types = new Set(parsedEvents(log, count).map(({ type }) => type));
  const take = async (stream, { type, metadata }) => void page.push({ stream, type, agency: metadata.agency, at: metadata.at });
  for (const type of types) handler.handle('case', type, take);
  const { seconds, cpu } = await timed(() => handler.runOnce());
  const [totals] = await client.raw(TOTALS);
  await client.destroy();
  sureOf('evtstore', totals, count);
  return { count, seconds, cpu };
}
