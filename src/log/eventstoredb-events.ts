/** How this ledger's events look in EventStoreDB: what is written beside them, and what is read back. */
import { ANY, NO_STREAM, STREAM_EXISTS, type AppendExpectedRevision, type Position, type RecordedEvent } from '@eventstore/db-client';
import { isDeepStrictEqual } from 'node:util';
import { membersOf } from '../encoding/unknown-values.js';
import { uuidV5 } from '../encoding/uuid.js';
import type { ExpectedRevision, JsonObject, SerialisedEvent, StoredEvent } from './event-log.js';

/** What a stored event's metadata carries beside the caller's, under one key so that the two never mix. */
export interface Recording {
  readonly id: string;
  readonly version: number;
  readonly recordedAt: string;
  /** The caller's own value under this key, where there is one. */
  readonly shadowed?: unknown;
}

export function positionOf(event: RecordedEvent): string | undefined {
  return event.position === undefined ? undefined : String(event.position.commit);
}

export function toPosition(position: string): Position {
  return { commit: BigInt(position), prepare: BigInt(position) };
}

/** Somebody else wrote under the names of this ledger. */
export class ForeignEvent extends Error {
  override readonly name = 'ForeignEvent';
}

/** An event as this ledger wrote it. Errors: `ForeignEvent` for any other, nobody else may write under its names. */
export function toStored(event: RecordedEvent, namespace: string): StoredEvent {
  const { $recording, ...rest } = (event.metadata ?? {}) as JsonObject & { $recording?: Recording };
  const position = positionOf(event);
  if ($recording === undefined || position === undefined || !event.isJson) {
    throw new ForeignEvent(`event ${event.id} of stream ${event.streamId} was not written by this ledger`);
  }
  return {
    id: $recording.id,
    stream: event.streamId.slice(namespace.length),
    revision: Number(event.revision),
    position,
    type: event.type,
    version: $recording.version,
    recordedAt: $recording.recordedAt,
    data: event.data as JsonObject,
    metadata: 'shadowed' in $recording ? { ...(event.metadata as JsonObject), $recording: $recording.shadowed } : rest,
  };
}

/** The text of the metadata with what is recorded beside the caller's. */
export function withRecording(metadata: string, recording: Recording): string {
  if (metadata.includes('$recording')) {
    const parsed = membersOf(JSON.parse(metadata));
    const shadowing = '$recording' in parsed ? { ...recording, shadowed: parsed['$recording'] } : recording;
    return JSON.stringify({ ...parsed, $recording: shadowing });
  }
  return `${metadata.slice(0, -1)}${metadata === '{}' ? '' : ','}"$recording":${JSON.stringify(recording)}}`;
}

/**
 * The server takes an event with a known id for a retry and acknowledges it unread. Two processes that give one id to
 * different events at the same moment would both be told that theirs is stored: so the id in the database depends on
 * the content too, and the second of them conflicts. With a `writer` it depends on that too: the second of two that
 * send the same event conflicts, and finds out that it was there already.
 */
export function idInDatabase({ id, type, version, data, metadata }: SerialisedEvent, writer: string | null): string {
  return uuidV5(JSON.stringify([type, version, data, metadata, ...(writer === null ? [] : [writer])]), id);
}

/** Whether a stored event, whoever wrote it, is this one. */
export function holds(stored: RecordedEvent | undefined, event: SerialisedEvent): boolean {
  if (stored === undefined) return false;
  const { id, type, version, data, metadata } = toStored(stored, '');
  const given: readonly unknown[] = [JSON.parse(event.data), JSON.parse(event.metadata)];
  return id === event.id && type === event.type && version === event.version && isDeepStrictEqual([data, metadata], given);
}

/** The condition of an append as the client names it. */
export function toExpected(expected: ExpectedRevision): AppendExpectedRevision {
  switch (expected) {
    case 'any':
      return ANY;
    case 'no-stream':
      return NO_STREAM;
    case 'stream-exists':
      return STREAM_EXISTS;
    default:
      return BigInt(expected);
  }
}
