/**
 * The entry of a stored event in the Merkle tree: RFC 8785 JSON of what identifies the event, with the digests of its
 * data and metadata, so that entries can be shown to anybody and stay true when what was sealed in the event is erased.
 * Made from what is stored, never from an upcast shape.
 *
 * Every stored event has one: acts, and what became of refused messages; checkpoints have none. Entries stand in log
 * order; the index of one is the ordinal of its event in this ledger. The position does not enter: it belongs to a
 * store, and another store may hold the same history.
 */
import { canonicalJson, sha256 } from '../encoding/canonical-json.js';

/** What an entry is made of: an event as the log gives it. */
export interface LoggedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly recordedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Leaf {
  readonly stream: string;
  /** 0-based place in the stream: from the entries alone anybody sees that no event of a stream is missing. */
  readonly revision: number;
  readonly eventId: string;
  /** As stored, without the prefix of messages. */
  readonly type: string;
  readonly version: number;
  /**
   * When the act happened, as its message said it. null for events that are no acts, such as a refusal kept: in the
   * agency nothing happened then.
   */
  readonly occurredAt: string | null;
  /** When the log recorded it: the event's own time, as the log prints it. */
  readonly recordedAt: string;
  /** `sha256:` of the RFC 8785 JSON of the stored data, sealed values as they were sealed. */
  readonly data: string;
  /** The same of the metadata: who sent it and how it came. */
  readonly metadata: string;
}

export function leafOf(event: LoggedEvent): Leaf {
  return leafWith(event, canonicalJson(event.data), canonicalJson(event.metadata));
}

/** The same where the RFC 8785 texts of data and metadata are at hand. */
export function leafWith(event: LoggedEvent, data: string, metadata: string): Leaf {
  const { stream, revision, id, type, version, recordedAt } = event;
  const at = event.metadata['at'];
  return {
    stream,
    revision,
    eventId: id,
    type,
    version,
    occurredAt: typeof at === 'string' ? at : null,
    recordedAt,
    data: sha256(data),
    metadata: sha256(metadata),
  };
}

/**
 * The entry's text; its UTF-8 bytes are what the tree hashes. Throws where the event holds what JSON has no text for
 * (half of a surrogate pair).
 */
export function leafText(event: LoggedEvent): string {
  return canonicalJson(leafOf(event));
}
