/** Reads of one stream, so that nobody sees a part of an append. */
import { ErrorType, type EventStoreDBClient, type RecordedEvent } from '@eventstore/db-client';
import { errorType } from './eventstoredb-server.js';

export interface StreamRead {
  /** As the database names it. */
  readonly stream: string;
  /** 0-based, inclusive. */
  readonly from: number;
  readonly limit: number;
}

export interface Reading {
  readonly client: () => EventStoreDBClient;
  /** Rejects what takes longer than an attempt may. */
  readonly inTime: (attempt: Promise<void>) => Promise<void>;
}

/**
 * How many events of a stream the server reads at once (`ReadBatchSize` of its 24.x). It looks up the last revision
 * first and the events after: where an append comes between the two and is longer than what is left of the lot, the
 * server takes the end of the lot for the end of the stream.
 */
const SERVER_LOT = 32;

/**
 * The events in their order; empty where there is no stream, or nothing behind `from`. What ends with a full lot of the
 * server's may be part of an append: then what is behind it is asked for.
 */
export async function recordedIn(read: StreamRead, reading: Reading): Promise<RecordedEvent[]> {
  const events = await recordedAtOnce(read, reading);
  const last = events.at(-1);
  const whole = last === undefined || events.length >= read.limit || events.length % SERVER_LOT !== 0;
  if (whole) return events;
  const onwards = { stream: read.stream, from: Number(last.revision) + 1, limit: read.limit - events.length };
  return [...events, ...(await recordedIn(onwards, reading))];
}

async function recordedAtOnce({ stream, from, limit }: StreamRead, { client, inTime }: Reading): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  const read = client().readStream(stream, { fromRevision: BigInt(from), maxCount: limit });
  try {
    await inTime(
      (async () => {
        for await (const { event } of read) if (event !== undefined) events.push(event);
      })(),
    );
  } catch (error) {
    if (errorType(error) === ErrorType.STREAM_NOT_FOUND) return [];
    read.cancel().catch(() => undefined);
    throw error;
  }
  return events;
}
