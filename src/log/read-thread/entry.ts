/**
 * The thread that reads ahead, as it begins: see reader.ts. One read that the server filters, up to the end. What goes
 * wrong ends the thread, and nobody needs to know why: who follows the log comes to the same place.
 */
import { EventStoreDBClient } from '@eventstore/db-client';
import { parentPort, workerData } from 'node:worker_threads';
import { membersOf, sure } from '../../encoding/unknown-values.js';
import { comparePositions, type StoredEvent } from '../event-log.js';
import { toPosition, toStored } from '../eventstoredb-events.js';
import { readFiltered } from '../eventstoredb-filtered.js';
import type { Ahead, Begun } from './reader.js';

/** Events that are told at once, and such lots that are on their way. */
const TOLD = 250;
const ON_THEIR_WAY = 8;

function isBegun(data: unknown): data is Begun {
  return 'namespace' in membersOf(data);
}

if (!isBegun(workerData)) throw new Error('this is no program: reader.ts begins it');
const { url, namespace, after } = workerData;
const port = sure(parentPort);
let waiting = 0;
let wake = (): void => undefined;
port.on('message', () => {
  waiting -= 1;
  wake();
});

async function tell(events: Ahead): Promise<void> {
  port.postMessage(events);
  waiting += 1;
  while (waiting >= ON_THEIR_WAY) await new Promise<void>((resolve) => (wake = resolve));
}

const client = EventStoreDBClient.connectionString(url);
let events: StoredEvent[] = [];
const from = after === null ? null : toPosition(after);
for await (const { event } of readFiltered(client, { prefix: { streams: [namespace] }, range: { from } })) {
  if (event === undefined) continue;
  const stored = toStored(event, namespace);
  // It begins with the event at the position.
  if (after !== null && comparePositions(stored.position, after) <= 0) continue;
  events.push(stored);
  if (events.length < TOLD) continue;
  await tell(events);
  events = [];
}
if (events.length > 0) await tell(events);
port.postMessage(null);
port.close();
await client.dispose();
