/**
 * Reads the whole log out of EventStoreDB for whoever checks it: not as a subscription does, which gives what the
 * ledger wrote, but everything under its names, also what the server was told of its streams. A deleted stream goes on
 * to be given in the order of the log until the server cleans up: that it was deleted, or limited to its last events,
 * stands in events of the server's own, wherever they are in the log.
 */
import type { AllStreamResolvedEvent, EventStoreDBClient, Position, RecordedEvent } from '@eventstore/db-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { membersOf, messageOf } from '../encoding/unknown-values.js';
import { comparePositions, StoreUnavailable, type Irregular, type StoredEvent } from './event-log.js';
import { positionOf, toStored } from './eventstoredb-events.js';
import { readFiltered } from './eventstoredb-filtered.js';
import { PAGE_EVENTS } from './pages.js';

export interface Scan {
  readonly namespace: string;
  /** Position of the last event wanted. */
  readonly until: string;
  /** How long the server may say nothing, ms. */
  readonly patience: number;
  readonly closing: AbortSignal;
  /** Rejects where the server does not answer others either: it may be looking through what others wrote. */
  readonly alive: () => Promise<void>;
}

const PAUSE_MS = 200;
const LOOK_MS = 500;
/** What the name of the stream of a stream's metadata begins with. */
const METADATA_OF = '$$';
const STREAM_DELETED = '$streamDeleted';
/** What metadata of a stream can make the server drop or withhold. */
const LIMITS = ['$tb', '$maxCount', '$maxAge'] as const;

/** Errors: `StoreUnavailable` where the server gives nothing more for `patience` ms. */
export async function* scanAll(client: () => EventStoreDBClient, scan: Scan): AsyncIterable<readonly (StoredEvent | Irregular)[]> {
  let from: Position | null = null;
  let heard = Date.now();
  /** Also what was read before a read failed: the next one goes on behind it. */
  let batch: (StoredEvent | Irregular)[] = [];
  for (;;) {
    if (scan.closing.aborted) throw new StoreUnavailable('the log is closed');
    const read = readFiltered(client(), { prefix: { streams: [scan.namespace, METADATA_OF + scan.namespace] }, range: { from } });
    const giveUp = (): unknown => read.destroy(new Error('silent'));
    // The client's reads have no deadline of their own.
    const watch = setInterval(() => {
      if (scan.closing.aborted) giveUp();
      else if (Date.now() - heard > scan.patience) scan.alive().then(() => (heard = Date.now()), giveUp);
    }, LOOK_MS);
    try {
      for await (const { event } of read as AsyncIterable<AllStreamResolvedEvent>) {
        heard = Date.now();
        // A read that goes on begins with the event the last one ended with.
        if (event === undefined || (from !== null && event.position?.commit === from.commit)) continue;
        const found = toScanned(event, scan);
        if (found !== null) batch.push(found);
        from = event.position ?? from;
        if (batch.length < PAGE_EVENTS) continue;
        yield batch;
        heard = Date.now();
        batch = [];
      }
      yield batch;
      return;
    } catch (cause) {
      if (Date.now() - heard >= scan.patience) throw new StoreUnavailable('EventStoreDB does not give its events to their end', { cause });
      await sleep(PAUSE_MS, undefined, { signal: scan.closing }).catch(() => undefined);
    } finally {
      clearInterval(watch);
      read.destroy();
    }
  }
}

/** null for what is no part of this ledger, or came after its end. */
function toScanned(event: RecordedEvent, { namespace, until }: Scan): StoredEvent | Irregular | null {
  const position = positionOf(event) ?? '0';
  if (event.streamId.startsWith(METADATA_OF + namespace)) return limited(event, position, METADATA_OF.length + namespace.length);
  if (!event.streamId.startsWith(namespace)) return null;
  const stream = event.streamId.slice(namespace.length);
  if (event.type === STREAM_DELETED)
    return { irregular: 'deleted', stream, revision: null, position, why: 'the server was told to delete the stream for ever' };
  if (comparePositions(position, until) > 0) return null;
  try {
    return toStored(event, namespace);
  } catch (error) {
    return { irregular: 'unreadable', stream, revision: Number(event.revision), position, why: messageOf(error) };
  }
}

function limited(event: RecordedEvent, position: string, prefix: number): Irregular | null {
  const metadata = membersOf(event.data);
  const said = LIMITS.filter((name) => metadata[name] !== undefined);
  const stream = event.streamId.slice(prefix);
  if (said.length === 0) return null;
  const why = said.map((name) => `${name} ${String(metadata[name])}`).join(', ');
  // A stream is deleted by having it begin behind the last revision there can be.
  const deleted = Number(metadata['$tb'] ?? 0) >= 2 ** 62;
  return {
    irregular: deleted ? 'deleted' : 'limited',
    stream,
    revision: null,
    position,
    why: deleted ? 'the server was told to delete the stream' : `the server was told to keep only a part of the stream: ${why}`,
  };
}
