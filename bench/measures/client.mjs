// The bare client of EventStoreDB: appends and reads as anybody would write them, with the events this ledger stores.
import { EventStoreDBClient, jsonEvent, NO_STREAM, START, streamNameFilter } from '@eventstore/db-client';
import { EventStoreDbEventLog } from '../../dist/log/eventstoredb-event-log.js';
import { inFlight, timed } from '../measure.mjs';
import { byCase, storedEvents } from './events.mjs';

function casesOf(log, count, from, to) {
  const publications = storedEvents(log, count).filter(({ stream }) => stream.includes('publication'));
  return byCase(publications, ({ stream }) => stream).slice(from, to);
}

/**
 * Each case in order with exact revisions, `flight` appends at once, one event a call. `calls`: a call of its own for
 * each append, as our adapter must do it, instead of the client's one long stream.
 */
export async function append({ url, namespace, log, count, from, to, flight, calls }) {
  const client = EventStoreDBClient.connectionString(url);
  if (calls) client.supports = async () => false;
  const cases = casesOf(log, count, from, to).map((events) =>
    events.map((event) => ({ ...event, data: JSON.parse(event.data), metadata: JSON.parse(event.metadata) })),
  );
  let next = 0;
  const { seconds, cpu } = await timed(() =>
    inFlight(flight, () => {
      const events = cases[next++];
      if (events === undefined) return undefined;
      return async () => {
        for (const { stream, revision, id, type, data, metadata } of events) {
          const expectedRevision = revision === 0 ? NO_STREAM : BigInt(revision - 1);
          await client.appendToStream(namespace + stream, jsonEvent({ id, type, data, metadata }), { expectedRevision });
        }
      };
    }),
  );
  await client.dispose();
  return { count: cases.flat().length, seconds, cpu };
}

/** Copies events of an embedded log into the server, as our adapter stores them, a stream an append. */
export async function copy({ url, namespace, log, count }) {
  const target = new EventStoreDbEventLog({ url, namespace });
  const cases = byCase(storedEvents(log, count), ({ stream }) => stream);
  let next = 0;
  await inFlight(64, () => {
    const events = cases[next++];
    if (events === undefined) return undefined;
    const [{ stream }] = events;
    const parsed = events.map(({ id, type, version, data, metadata }) => ({
      id,
      type,
      version,
      data: JSON.parse(data),
      metadata: JSON.parse(metadata),
    }));
    return () => target.append(stream, 'no-stream', parsed);
  });
  await target.close();
  return { count: cases.flat().length };
}

/** All events of the namespace by the client's subscription, each touched once. */
export async function read({ url, namespace, count }) {
  const client = EventStoreDBClient.connectionString(url);
  let seen = 0;
  let bytes = 0;
  const { seconds, cpu } = await timed(
    () =>
      new Promise((resolve, reject) => {
        const subscription = client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [namespace] }) });
        subscription.on('error', reject);
        subscription.on('data', ({ event }) => {
          seen += 1;
          bytes += event.data.derived === undefined ? 0 : event.type.length;
          if (seen < count) return;
          subscription.unsubscribe().catch(() => undefined);
          resolve();
        });
      }),
  );
  await client.dispose();
  return { count: seen, seconds, cpu, bytes };
}

/** Deletes every stream of the namespaces: the server is somebody's, and the next scavenge gives the space back. */
export async function remove({ url, prefix }) {
  const client = EventStoreDBClient.connectionString(url);
  const streams = new Set();
  const subscription = client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [prefix] }) });
  await new Promise((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('caughtUp', resolve);
    subscription.on('data', ({ event }) => event !== undefined && streams.add(event.streamId));
  });
  await subscription.unsubscribe();
  const names = [...streams];
  await inFlight(64, () => {
    const name = names.pop();
    return name === undefined ? undefined : () => client.deleteStream(name);
  });
  await client.dispose();
  return { count: streams.size };
}
